// The results on the search page of a site without a server. Its texts are in the page itself.

import { addressOf, search } from "./static-search.js";

const FIRST = 6;
const MOST_CHARACTERS = 240;
const text = new URLSearchParams(location.search).get("q")?.trim() ?? "";
const main = document.querySelector("main");
const field = document.querySelector(".find input[name=q]");
const words = document.getElementById("search-words")?.dataset;

const element = (name, ...content) => {
  const made = document.createElement(name);
  made.append(...content);
  return made;
};
const filled = (phrase, value) => phrase.replace("{}", () => value);

function marked(content, terms) {
  const longest = [...terms].sort((a, b) => b.length - a.length);
  const parts = longest.map((term) => term.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  if (!parts.length) return [content];
  return content
    .split(new RegExp(`(${parts.join("|")})`, "iu"))
    .map((part, place) => (place % 2 ? element("mark", part) : part));
}

// The text that has most of the words; a definition if the label has them.
function excerpt(entry) {
  const count = (content) =>
    entry.terms.filter((term) => content?.toLowerCase().includes(term)).length;
  const texts = ["definition", "names", "examples", "linked"].map((name) => entry[name]);
  const inLabel = count(entry.label) === entry.terms.length;
  const best = inLabel ? entry.definition : texts.sort((a, b) => count(b) - count(a))[0];
  if (!best) return "";
  return best.length > MOST_CHARACTERS ? `${best.slice(0, MOST_CHARACTERS)} …` : best;
}

function item(entry) {
  const link = element("a", ...marked(entry.label, entry.terms));
  link.href = addressOf(entry);
  const row = element("li", link);
  if (entry.code) {
    const code = element("span", entry.code);
    code.className = "code";
    row.append(" ", code);
  }
  const content = excerpt(entry);
  if (content) row.append(element("p", ...marked(content, entry.terms)));
  return row;
}

function section(name, entries) {
  const count = element("p", String(entries.length));
  count.className = "more";
  const head = element("div", element("h2", name), count);
  head.className = "head";
  const list = element("ol", ...entries.slice(0, FIRST).map(item));
  list.className = "hits";
  const made = element("section", head, list);
  made.className = "found";
  if (entries.length > FIRST) {
    const rest = element("ol", ...entries.slice(FIRST).map(item));
    rest.className = "hits";
    const folded = element("details", element("summary", filled(words.rest, entries.length - FIRST)), rest);
    folded.className = "rest";
    made.append(folded);
  }
  return made;
}

async function show() {
  const { kinds, hasAll, hits } = await search(text, field.form.dataset.search);
  if (!hits.length) {
    main.querySelector("h1").textContent = filled(words.nothing, text);
    return;
  }
  const groups = Map.groupBy
    ? Map.groupBy(hits, (entry) => entry.kind)
    : hits.reduce((all, e) => all.set(e.kind, [...(all.get(e.kind) ?? []), e]), new Map());
  const content = [element("h1", filled(words.found, text))];
  if (!hasAll) {
    const note = element("p", words.some);
    note.className = "lead";
    content.push(note);
  }
  for (const [kind, entries] of groups) content.push(section(kinds[kind].many, entries));
  main.replaceChildren(...content);
}

if (text && words) {
  field.value = text;
  document.title = `${text} – ${document.title}`;
  show();
}
