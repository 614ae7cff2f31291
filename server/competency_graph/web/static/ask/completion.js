// Completion from this service alone: prefixes, classes, properties, and entries by label.

import { rowsOf, settings, shortName } from "./settings.js";

const MOST = 40;
const VOCABULARY = `\
PREFIX owl: <${settings.prefixes.owl}>
PREFIX rdfs: <${settings.prefixes.rdfs}>
SELECT ?term ?kind (SAMPLE(?name) AS ?label) WHERE {
  { SELECT DISTINCT ?term ("class" AS ?kind) { { [] a ?term } UNION { ?term a owl:Class } } }
  UNION
  { SELECT DISTINCT ?term ("property" AS ?kind) { [] ?term [] } }
  FILTER(ISIRI(?term))
  OPTIONAL { ?term rdfs:label ?name }
} GROUP BY ?term ?kind`;

let vocabulary; // asked once, on first use
const labels = new Map();

async function terms(kind) {
  vocabulary ??= rowsOf(VOCABULARY);
  return (await vocabulary)
    .filter((row) => row.kind.value === kind)
    .map((row) => ({ iri: row.term.value, label: row.label?.value ?? "" }));
}

// Entries whose label or name contains a text, in one namespace if it is given.
async function entries(text, namespace = "") {
  const rows = await rowsOf(`\
PREFIX skos: <${settings.prefixes.skos}>
SELECT ?entry (SAMPLE(?name) AS ?label) WHERE {
  ?entry skos:inScheme ?dictionary ; skos:prefLabel ?name
  FILTER(STRSTARTS(STR(?entry), ${JSON.stringify(namespace)}))
  FILTER(CONTAINS(LCASE(?name), ${JSON.stringify(text.toLowerCase())}) || CONTAINS(STR(?entry), ${JSON.stringify(text)}))
} GROUP BY ?entry ORDER BY ?label LIMIT ${MOST}`);
  return rows.map((row) => ({ iri: row.entry.value, label: row.label.value }));
}

const matches = (text) => (term) => {
  const words = text.toLowerCase();
  return shortName(term.iri).toLowerCase().includes(words) || term.label.toLowerCase().includes(words);
};

// What a token may become: after "a" a class, in the middle of a statement a property, else an entry.
async function suggestions(yasqe, token) {
  const text = token.string.trim().replace(/^</, "");
  const [prefix, local] = text.includes(":") ? text.split(/:(.*)/) : ["", text];
  const namespace = text.includes(":") ? settings.prefixes[prefix] : "";
  const cursor = yasqe.getDoc().getCursor();
  const before = yasqe.getPreviousNonWsToken(cursor.line, token).string;
  const parts = [];
  if (["a", "rdf:type"].includes(before)) {
    parts.push((await terms("class")).filter(matches(text)));
  } else {
    if (token.state.possibleCurrent.includes("a")) parts.push((await terms("property")).filter(matches(text)));
    if (namespace !== undefined && (local || namespace)) parts.push(await entries(local, namespace));
    if (!parts.flat().length) {
      parts.push((await terms("class")).filter(matches(text)), (await terms("property")).filter(matches(text)));
    }
  }
  const found = parts.flat().slice(0, MOST);
  for (const { iri, label } of found) labels.set(written(iri), label);
  return found.map((term) => term.iri);
}

const written = (iri) => (shortName(iri) === iri ? `<${iri}>` : shortName(iri));

const isWord = (token) => /^[\p{L}<][^?$"'#\s]*$/u.test(token.string.trim());
const isName = (token) => isWord(token) && token.string.includes(":");

function position(accepts) {
  return (yasqe) => {
    const token = yasqe.getCompleteToken();
    if (["comment", "string", "keyword"].includes(token.type) || !accepts(token)) return false;
    const cursor = yasqe.getDoc().getCursor();
    return yasqe.getPreviousNonWsToken(cursor.line, token).string.toUpperCase() !== "PREFIX";
  };
}

const completer = {
  bulk: false,
  get: (yasqe, token) => (token ? suggestions(yasqe, token) : []),
  postProcessSuggestion: (yasqe, token, iri) => written(iri),
  postprocessHints: (yasqe, hints) =>
    hints.map((hint) => ({ ...hint, displayText: [hint.text, labels.get(hint.text)].filter(Boolean).join("  ·  ") })),
};

export function registerCompletion(Yasqe) {
  const prefixes = Object.entries(settings.prefixes).map(([prefix, namespace]) => `${prefix}: <${namespace}>`);
  const original = Yasqe.Autocompleters.prefixes;
  for (const name of Object.keys(Yasqe.Autocompleters)) {
    if (name !== "variables") delete Yasqe.Autocompleters[name]; // they ask other servers
  }
  Yasqe.defaults.autocompleters.splice(0, Infinity, "variables");
  Yasqe.registerAutocompleter({ ...original, get: prefixes.sort(), persistenceId: null });
  Yasqe.registerAutocompleter({ ...completer, name: "names", autoShow: true, isValidCompletionPosition: position(isName) });
  Yasqe.registerAutocompleter({
    ...completer,
    name: "labels",
    isValidCompletionPosition: position((token) => isWord(token) && !isName(token) && token.string.trim().length > 2),
  });
}
