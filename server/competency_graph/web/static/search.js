// Suggestions under the search field of the header: a combobox with a list (WAI-ARIA 1.2).
// Without script, the form leads to the page of results.

import { _ } from "./texts.js";

const DELAY = 80;
const field = document.querySelector(".find input[name=q]");

if (field) {
  const list = document.createElement("ul");
  list.id = "suggestions";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", _("Suggestions"));
  field.after(list);
  for (const [name, value] of Object.entries({
    role: "combobox",
    "aria-autocomplete": "list",
    "aria-controls": list.id,
    "aria-expanded": "false",
  })) field.setAttribute(name, value);

  let chosen = -1;
  let timer;
  let request;

  const close = () => {
    list.hidden = true;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
    chosen = -1;
  };

  const choose = (place) => {
    const options = list.children;
    options[chosen]?.setAttribute("aria-selected", "false");
    // One place before the first and after the last is the field itself.
    chosen = ((place + 1 + options.length + 1) % (options.length + 1)) - 1;
    if (chosen < 0) return field.removeAttribute("aria-activedescendant");
    options[chosen].setAttribute("aria-selected", "true");
    options[chosen].scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", options[chosen].id);
  };

  const go = (option) => location.assign(option.dataset.path);

  const show = ([, labels, kinds, addresses]) => {
    list.replaceChildren(
      ...labels.map((label, place) => {
        const option = document.createElement("li");
        const kind = document.createElement("span");
        const address = new URL(addresses[place]);
        option.id = `suggestion-${place}`;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        option.dataset.path = address.pathname + address.search;
        kind.textContent = kinds[place];
        option.append(label, " ", kind);
        return option;
      }),
    );
    chosen = -1;
    field.removeAttribute("aria-activedescendant");
    list.hidden = labels.length === 0;
    field.setAttribute("aria-expanded", String(!list.hidden));
  };

  // A site without a server searches in the browser.
  const suggestHere = async (text) => {
    const { suggestions } = await import("./static-search.js");
    const found = await suggestions(text, field.form.dataset.search);
    if (field.value === text && document.activeElement === field) show(found);
  };

  const suggest = async () => {
    request?.abort();
    if (!field.value.trim()) return close();
    if (field.form.dataset.search) return suggestHere(field.value);
    request = new AbortController();
    const parameters = new URLSearchParams({ q: field.value, format: "suggestions", lang: document.documentElement.lang });
    try {
      const reply = await fetch(`${field.form.action}?${parameters}`, { signal: request.signal });
      if (reply.ok && document.activeElement === field) show(await reply.json());
    } catch (error) {
      if (error.name !== "AbortError") close();
    }
  };

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(suggest, DELAY);
  });
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) suggest();
      else choose(event.key === "ArrowDown" ? chosen + 1 : chosen - 1);
    } else if (event.key === "Enter" && !list.hidden && chosen >= 0) {
      event.preventDefault();
      go(list.children[chosen]);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      request?.abort();
      close();
    }
  });
  field.addEventListener("blur", () => {
    clearTimeout(timer);
    request?.abort();
    close();
  });
  // The field keeps the focus when a suggestion is pressed.
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) go(option);
  });
}
