// Makes a key of each action of a review, and shows the next link without loading a whole page.
// Without this script, the same forms and links work.

const status = document.getElementById("status");
let busy = false;

/** Ask the server, and show its page in place of the current one. */
async function show(address, options = {}, remember = true) {
  if (busy) return; // a key that is pressed before the next link is visible is not about that link
  busy = true;
  document.body.setAttribute("aria-busy", "true");
  try {
    const response = await fetch(address, options);
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const main = page.getElementById("main");
    if (!main) throw new Error("no page");
    const helping = document.querySelector(".help")?.open;
    const keys = usesKeys();
    document.getElementById("main").replaceWith(main);
    document.title = page.title;
    // An address that only takes forms is no place to return to.
    if (remember && (options.method !== "POST" || response.redirected)) history.pushState(null, "", response.url);
    prepare(keys);
    const help = document.querySelector(".help");
    if (help && helping) help.open = true;
    scrollTo(0, 0);
    main.querySelector("h1")?.focus({ preventScroll: true });
    status.textContent = options.method === "POST" && response.ok ? "Saved." : "";
  } catch {
    const said = document.createElement("p");
    said.className = "warning";
    said.setAttribute("role", "alert");
    said.textContent = "The review does not answer. What was decided before is saved. "
      + "Start “competency link review” again, and open the address that it shows.";
    document.querySelector("main > .warning")?.remove();
    document.getElementById("main").prepend(said);
    scrollTo(0, 0);
  } finally {
    busy = false;
    document.body.removeAttribute("aria-busy");
  }
}

function usesKeys() {
  return document.getElementById("keys")?.checked ?? true;
}

function prepare(keys) {
  const box = document.getElementById("keys");
  if (!box) return;
  box.checked = keys;
  box.parentElement.hidden = false;
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  const data = new URLSearchParams(new FormData(form, event.submitter));
  event.preventDefault();
  if (form.method === "post") show(form.action, { method: "POST", body: data });
  else show(`${form.action.split("#")[0].split("?")[0]}?${data}`);
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  if (!link || link.hash || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  show(link.href);
});

addEventListener("popstate", () => show(location.href, {}, false));

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.isComposing) return;
  const field = event.target.closest("input:not([type=checkbox]), textarea, select");
  if (field) {
    if (event.key === "Escape" || (event.key === "Enter" && field.name === "comment" && !event.shiftKey)) {
      event.preventDefault();
      document.querySelector("h1").focus();
    }
    return;
  }
  if (!usesKeys()) return;
  if (event.key === "Enter" && event.target.closest("a, button, summary, label")) return;
  const key = event.key === "Enter" ? "a" : event.key.toLowerCase();
  const found = [...document.querySelectorAll("[data-key]")].find((each) => each.dataset.key === key);
  if (!found) return;
  event.preventDefault();
  if (found.matches("details")) {
    found.open = !found.open;
    found.scrollIntoView({ block: "nearest" });
  }
  else if (found.matches("input, textarea")) {
    found.scrollIntoView({ block: "nearest" });
    found.focus();
  } else found.click();
});

// The list of concepts follows what is typed.
let typed = 0;
document.addEventListener("input", (event) => {
  if (event.target.name !== "q") return;
  clearTimeout(typed);
  typed = setTimeout(async () => {
    const form = event.target.form;
    const asked = event.target.value;
    const address = `${form.action.split("#")[0].split("?")[0]}?${new URLSearchParams(new FormData(form))}`;
    const page = new DOMParser().parseFromString(await (await fetch(address)).text(), "text/html");
    const list = page.getElementById("found");
    if (list && event.target.isConnected && event.target.value === asked) {
      document.getElementById("found")?.replaceWith(list);
      const number = list.querySelectorAll("button").length;
      status.textContent = number === 1 ? "1 concept" : `${number} concepts`;
    }
  }, 120);
});

prepare(true);
