// The search of a site without a server: it loads the texts of all entries once, when they are
// needed, and looks for words in them with MiniSearch.

import MiniSearch from "./vendor/minisearch.js";
import { stemmer } from "./vendor/stemmer.js";

const ROOT = new URL("..", import.meta.url);
const MOST_SUGGESTED = 8;
const FIELDS = { label: 6, code: 8, names: 4, definition: 2, examples: 2, linked: 1 };
const OPTIONS = {
  processTerm: (word) => rootOf(word),
  boost: FIELDS,
  prefix: (word) => word.length > 1,
  // One typo in a word of up to five letters, two in a longer one.
  fuzzy: (word) => (word.length > 2 ? 0.25 : false),
  maxFuzzy: 2,
  weights: { prefix: 0.6, fuzzy: 0.3 },
};
const folded = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const rootOf = (word) => stemmer(folded(word));
// A word is found by its beginning and by its other forms.
const forms = (word) => [...new Set([folded(word), rootOf(word)])];

let loading;

async function load(address) {
  const reply = await fetch(address);
  if (!reply.ok) throw new Error(`${address} answers ${reply.status}`);
  const { kinds, entries } = await reply.json();
  const index = new MiniSearch({ idField: "path", fields: Object.keys(FIELDS), processTerm: forms });
  index.addAll(entries);
  return { kinds, index, byPath: new Map(entries.map((entry) => [entry.path, entry])) };
}

// The entries that have all words of a text, best first, or else those that have some of them.
export async function search(text, address) {
  loading ??= load(address);
  const { kinds, index, byPath } = await loading.catch((error) => {
    loading = undefined;
    throw error;
  });
  let found = index.search(text, { ...OPTIONS, combineWith: "AND" });
  const hasAll = found.length > 0;
  if (!hasAll) found = index.search(text, OPTIONS);
  const same = (entry) => Number(folded(entry.label) === folded(text.trim()));
  const hits = found.map(({ id, terms }) => ({ ...byPath.get(id), terms }));
  return { kinds, hasAll, hits: hits.sort((a, b) => same(b) - same(a)) };
}

export const addressOf = (entry) => new URL(entry.path, ROOT).href;

// Completions in the form of OpenSearch, as the server gives them.
export async function suggestions(text, address) {
  const { kinds, hits } = await search(text, address);
  const shown = hits.slice(0, MOST_SUGGESTED);
  return [
    text,
    shown.map((entry) => entry.label),
    shown.map((entry) => kinds[entry.kind].one),
    shown.map(addressOf),
  ];
}
