// The answer of a SELECT query as columns for people: an entry and its label are one column.

import { shortName } from "./settings.js";

// "knowledgeLabel" gives "Knowledge label".
const heading = (name) => {
  const words = name.replace(/_/g, " ").replace(/([a-z0-9])([A-Z])/g, (_, a, b) => `${a} ${b.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
};

export function columnsOf(results) {
  const names = results.getVariables();
  const rows = results.getBindings() ?? [];
  return names
    .filter((name) => !(name.endsWith("Label") && names.includes(name.slice(0, -5))))
    .map((name) => {
      const label = `${name}Label`;
      const terms = rows.map((row) => row[name]).filter(Boolean);
      return {
        name,
        heading: heading(name),
        // The text that stands for the term of a row.
        text: (row) => row[label]?.value ?? (row[name] ? textOf(row[name]) : ""),
        numeric: terms.length > 0 && terms.every((term) => term.type === "literal" && isNumber(term.value)),
        iris: terms.length > 0 && terms.every((term) => term.type === "uri"),
      };
    });
}

export const textOf = (term) => (term.type === "uri" ? shortName(term.value) : term.value);
const isNumber = (text) => text.trim() !== "" && Number.isFinite(Number(text));
