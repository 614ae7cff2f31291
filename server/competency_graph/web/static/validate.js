// Validates while the author types, shows findings next to the text, and applies remedies.
// Nothing leaves the page but the text itself, which the server does not keep.

import { Editor, isLong } from "./editor.js";
import { _, ngettext } from "./texts.js";

const WAIT = 400; // milliseconds without typing until the text is validated
const MOST = 300; // findings shown
const COUNTED = {
  violation: (n) => ngettext("%(number)s violation", "%(number)s violations", n),
  warning: (n) => ngettext("%(number)s warning", "%(number)s warnings", n),
  info: (n) => ngettext("%(number)s remark", "%(number)s remarks", n),
};
const NAMES = { violation: _("Violation"), warning: _("Warning"), info: _("Info") };
const BLOCKING = ["CG001", "CG002", "CG003", "CG004"]; // nothing else is checked until they are fixed
const form = document.querySelector("#check");
const { base, syntax } = form.elements;
const field = form.querySelector("textarea");
const file = form.querySelector("input[type=file]");
const panel = form.querySelector(".findings");
const summary = panel.querySelector(".summary");
const status = panel.querySelector("[role=status]");
const filters = panel.querySelector(".filters");
const beginning = [...summary.childNodes];
const list = panel.querySelector(".remarks");
const applyAll = panel.querySelector("[data-apply-all]");
const take = panel.querySelector(".take");

let findings = [];
let hidden = new Set();
let current = -1;
let timer = 0;
let request = null;

const editor = new Editor(field, { onChange: changed, onLine: showLine });

function element(name, properties = {}, ...content) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...content);
  return made;
}

// --- the text: kept while the tab is open ---

const KEPT = "validate";

function keep() {
  try {
    const kept = { text: field.value, base: base.value, syntax: syntax.value };
    if (kept.text) sessionStorage.setItem(KEPT, JSON.stringify(kept));
    else sessionStorage.removeItem(KEPT);
  } catch {
    // storage is full or forbidden: the text stays on the page
  }
}

function restore() {
  if (field.value) return;
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEPT));
    if (!kept) return;
    [field.value, base.value, syntax.value] = [kept.text, kept.base, kept.syntax];
    field.dispatchEvent(new Event("input"));
  } catch {
    // nothing can be restored
  }
}

function changed() {
  keep();
  update();
  schedule(WAIT);
}

// Replace the whole text, unless the author keeps a text that could not be brought back.
function replaceText(text) {
  const lost = field.value && (isLong(text) || isLong(field.value));
  if (lost && !confirm(_("Replace your text? This cannot be undone."))) return false;
  const top = { scrollTop: 0, scrollLeft: 0 };
  editor.replace(0, field.value.length, text.replace(/\r\n?/g, "\n"), top);
  field.setSelectionRange(0, 0);
  return true;
}

// --- validation ---

function schedule(milliseconds) {
  clearTimeout(timer);
  request?.abort();
  timer = setTimeout(validate, milliseconds);
}

async function ask(parameters = "") {
  const chosen = syntax.selectedOptions[0];
  request = new AbortController();
  return fetch(`/validate?base=${base.value}${parameters}`, {
    method: "POST",
    headers: { "Content-Type": chosen.dataset.type, Accept: "application/json" },
    body: field.value,
    signal: request.signal,
  });
}

async function validate() {
  if (!field.value.trim()) {
    show(null);
    return;
  }
  panel.ariaBusy = "true";
  const text = field.value;
  let answer;
  try {
    answer = await ask();
    const body = await answer.json();
    if (text !== field.value) return;
    if (answer.ok) show(body, text);
    else fail(body, Number(answer.headers.get("Retry-After")));
  } catch (error) {
    if (error.name === "AbortError") return;
    fail({ detail: _("The server cannot be reached") }, 5);
  }
  panel.ariaBusy = "false";
}

// What is wrong with the request, not with the text; a busy server is asked again.
function fail(problem, seconds) {
  const detail = problem.detail.replace(/\.?$/, ".");
  let said = _("Not validated: %(reason)s", { reason: detail });
  if (seconds) {
    said += " " + _("Your text stays here, and is sent again in %(seconds)s s.", { seconds });
    clearTimeout(timer);
    timer = setTimeout(validate, seconds * 1000);
  } else if (problem.remedy) {
    said += ` ${problem.remedy.replace(/\.?$/, ".")}`;
  }
  summary.textContent = said;
  summary.className = "summary failed";
  say(said);
}

// Offsets count code points on the server, and units of UTF-16 here.
function unitsBefore(text) {
  if (!/[\ud800-\udbff]/.test(text)) return (offset) => offset;
  const starts = [0];
  for (const point of text) starts.push(starts.at(-1) + point.length);
  return (offset) => starts[Math.min(offset, starts.length - 1)];
}

function located(finding, text, units) {
  const { line, column, end_line, end_column } = finding.place;
  const found = { ...finding, at: line > 0, start: 0, end: 0 };
  if (line) {
    const inLine = (number, which) => {
      const start = editor.startOf(number);
      const said = text.slice(start, editor.endOf(number));
      return start + unitsBefore(said)(which - 1);
    };
    found.start = column ? inLine(line, column) : editor.startOf(line);
    found.end = end_column && column ? inLine(end_line, end_column) : editor.endOf(line);
  }
  found.edits = finding.edits.map((edit) => ({
    start: units(edit.start),
    end: units(edit.end),
    text: edit.text,
    old: text.slice(units(edit.start), units(edit.end)),
  }));
  return found;
}

function show(report, text = "") {
  const units = unitsBefore(text);
  findings = report ? report.findings.slice(0, MOST).map((f) => located(f, text, units)) : [];
  current = -1;
  editor.marks = findings.filter((finding) => finding.at);
  summary.className = `summary ${report && !report.findings.length ? "passed" : ""}`;
  summary.replaceChildren(...(report ? [inWords(report)] : beginning));
  filters.replaceChildren(...(report ? severities(report) : []));
  list.replaceChildren(...findings.map(item));
  applyAll.hidden = !findings.some((finding) => finding.edits.length);
  panel.querySelector(".actions").hidden = !findings.length;
  take.hidden = !report;
  filter();
  if (report) say(totals(report));
}

function totals(report) {
  const counts = Object.entries(report.summary).filter(([, number]) => number);
  if (!counts.length) return _("Nothing is missing or wrong.");
  return counts.map(([severity, number]) => COUNTED[severity](number)).join(", ") + ".";
}

function inWords(report) {
  const entries = ngettext("%(number)s entry", "%(number)s entries", report.entries);
  const statements = ngettext("%(number)s statement", "%(number)s statements", report.statements);
  const blocked = report.findings.some((finding) => BLOCKING.includes(finding.rule.code));
  const checked = blocked
    ? _("Nothing else was checked; it will be once this is fixed.")
    : _("Checked: %(entries)s, %(statements)s.", { entries, statements });
  const parts = [...(report.findings.length ? [] : [_("Nothing is missing or wrong.")]), checked];
  if (report.held_back) {
    parts.push(
      ngettext(
        "%(number)s further finding follows from these, and will be shown once they are fixed.",
        "%(number)s further findings follow from these, and will be shown once they are fixed.",
        report.held_back,
      ),
    );
  }
  if (report.findings.length > MOST) parts.push(_("Here are the first %(number)s.", { number: MOST }));
  if (report.partial) parts.push(report.partial);
  return parts.join(" ");
}

let said = "";

// For screen readers: only what has changed.
function say(words) {
  if (words !== said) status.textContent = words;
  said = words;
}

// --- the findings ---

function severities(report) {
  return Object.entries(report.summary)
    .filter(([, number]) => number)
    .map(([severity, number]) => {
      const shown = element("button", {
        type: "button",
        className: `filter ${severity}`,
        ariaPressed: String(!hidden.has(severity)),
        textContent: COUNTED[severity](number),
      });
      shown.addEventListener("click", () => {
        if (!hidden.delete(severity)) hidden.add(severity);
        shown.ariaPressed = String(!hidden.has(severity));
        filter();
      });
      return shown;
    });
}

function filter() {
  findings.forEach((finding, number) => {
    list.children[number].hidden = hidden.has(finding.severity);
  });
}

function item(finding, number) {
  const { rule, severity } = finding;
  const place = element("button", { type: "button", className: "link place" });
  place.addEventListener("click", () => go(number));
  const which = element(
    "p",
    { className: "which" },
    element("b", { textContent: NAMES[severity] }),
    " ",
    ...(finding.at ? [place, " "] : []),
    element("a", { href: `/rules/${rule.code}`, title: rule.title, lang: "en", target: "_blank" },
      `${rule.code} ${rule.name}`),
  );
  if (finding.label) {
    which.append(" ", element("span", { title: finding.focus, textContent: finding.label }));
  }
  const made = element(
    "li",
    { className: `remark ${severity}` },
    which,
    element("p", { className: "message", lang: "en", textContent: finding.message }),
    element("p", { lang: "en", textContent: finding.remedy }),
  );
  if (finding.edits.length) made.append(remedy(finding, number));
  else if (finding.patch) {
    made.append(element("pre", { className: "patch", textContent: finding.patch }));
  }
  made.addEventListener("click", (event) => {
    if (!event.target.closest("a, button") && !String(getSelection())) go(number);
  });
  setPlace(made, finding);
  return made;
}

function remedy(finding, number) {
  const apply = element("button", { type: "button", className: "plain", textContent: _("Apply") });
  apply.ariaLabel = _("Apply the remedy of finding %(number)s", { number: number + 1 });
  apply.addEventListener("click", () => {
    editor.change(finding.edits);
    schedule(0);
  });
  const changes = finding.edits.map((edit) =>
    element(
      "code",
      {},
      ...(edit.old ? [element("del", { textContent: edit.old }), " "] : []),
      element("ins", { textContent: edit.old ? edit.text : edit.text.replace(/^[\s;]+/, "") }),
    ),
  );
  return element("div", { className: "remedy" }, apply, " ", ...changes);
}

function setPlace(shown, finding) {
  const place = shown.querySelector(".place");
  if (place) place.textContent = _("line %(number)s", { number: editor.lineAt(finding.start) });
}

// While a change is not validated, findings keep their places, and remedies in it are withdrawn.
function update() {
  findings.forEach((finding, number) => {
    const shown = list.children[number];
    setPlace(shown, finding);
    const apply = shown.querySelector(".remedy button");
    if (apply) apply.disabled = !finding.edits.length;
  });
}

function go(number) {
  const finding = findings[number];
  if (!finding) return;
  mark(number);
  if (finding.at) editor.select(finding.start, finding.end);
}

function mark(number) {
  list.children[current]?.removeAttribute("aria-current");
  current = number;
  const shown = list.children[number];
  shown.setAttribute("aria-current", "true");
  if (getComputedStyle(list).overflowY !== "visible") {
    const [inner, outer] = [shown.getBoundingClientRect(), list.getBoundingClientRect()];
    if (inner.top < outer.top || inner.bottom > outer.bottom) {
      list.scrollTop += inner.top - outer.top - 8;
    }
  }
}

function step(by) {
  const shown = findings.flatMap((f, number) => (hidden.has(f.severity) ? [] : [number]));
  if (!shown.length) return;
  const at = shown.indexOf(current);
  const next = at < 0 ? (by > 0 ? 0 : shown.length - 1) : (at + by + shown.length) % shown.length;
  go(shown[next]);
}

function showLine(line, asked) {
  const number = findings.findIndex((f) => f.at && editor.lineAt(f.start) === line);
  if (number < 0) return;
  mark(number);
  if (asked) list.children[number].scrollIntoView({ block: "nearest" });
}

// --- files ---

async function open(given) {
  const ending = given.name.split(".").pop().toLowerCase();
  const known = [...syntax.options].find((each) => each.dataset.endings.split(" ").includes(ending));
  if (!known) {
    const endings = [...syntax.options].map((each) => `.${each.dataset.endings.split(" ")[0]}`);
    fail({
      detail: _("“%(file)s” is not in a known syntax, as its ending is not one of %(endings)s", {
        file: given.name,
        endings: endings.join(", "),
      }),
    });
    return;
  }
  if (!replaceText(await given.text())) return;
  syntax.value = known.value;
  keep();
  schedule(0);
}

function save(content, name) {
  const link = element("a", { href: URL.createObjectURL(content), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

async function saveReport(name) {
  const body = new FormData();
  for (const [key, value] of [["data", field.value], ["base", base.value], ["syntax", syntax.value]]) {
    body.set(key, value);
  }
  body.set("download", "report");
  const answer = await fetch(`/validate?format=${name}`, { method: "POST", body });
  if (!answer.ok) {
    fail(await answer.json(), 0);
    return;
  }
  const called = /filename="(.+?)"/.exec(answer.headers.get("Content-Disposition"))?.[1];
  save(await answer.blob(), called ?? "validation");
}

// --- what the author does ---

document.addEventListener("keydown", (event) => {
  if (event.key === "F8" && !event.ctrlKey && !event.altKey && !event.metaKey) {
    event.preventDefault();
    step(event.shiftKey ? -1 : 1);
  }
});
panel.addEventListener("click", (event) => {
  const { go: by, report, save: saving, clear } = event.target.dataset;
  if (by) step(Number(by));
  if (report) saveReport(report);
  if (saving !== undefined) {
    const ending = syntax.selectedOptions[0].dataset.endings.split(" ")[0];
    save(new Blob([field.value]), `dictionary.${ending}`);
  }
  if (clear !== undefined) replaceText("");
});
applyAll.addEventListener("click", () => {
  editor.change(findings.flatMap((finding) => finding.edits));
  schedule(0);
});
for (const choice of [base, syntax]) {
  choice.addEventListener("change", () => {
    keep();
    schedule(0);
  });
}
file.addEventListener("change", () => {
  if (file.files[0]) open(file.files[0]);
  file.value = "";
});
const pane = form.querySelector(".editor");
for (const [name, over] of [["dragenter", true], ["dragover", true], ["dragleave", false], ["drop", false]]) {
  pane.addEventListener(name, (event) => {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    pane.classList.toggle("over", over);
    if (name === "drop" && event.dataTransfer.files[0]) open(event.dataTransfer.files[0]);
  });
}
for (const link of document.querySelectorAll("[data-example]")) {
  link.addEventListener("click", async (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const answer = await fetch(link.dataset.example);
    if (!replaceText(await answer.text())) return;
    syntax.value = "turtle";
    base.value = base.options[0].value;
    keep();
    schedule(0);
  });
}
form.addEventListener("submit", (event) => {
  event.preventDefault();
  schedule(0);
});

form.querySelector(".pane > button").hidden = true; // it is done all the time
restore();
validate();
