// Links to the answer in each format, which the server makes.

import { element, questionAddress } from "./settings.js";
import { _ } from "../texts.js";

const FORMATS = {
  table: { csv: "CSV", xlsx: "XLSX", json: "JSON", tsv: "TSV", xml: "XML" },
  boolean: { json: "JSON", xml: "XML" },
  graph: { turtle: "Turtle", jsonld: "JSON-LD", ntriples: "N-Triples", rdfxml: "RDF/XML" },
};

export function takeAlong(place, results, query) {
  if (!results || results.hasError()) return place.replaceChildren();
  const kind = results.getType() === "ttl" ? "graph" : results.getBoolean() === undefined ? "table" : "boolean";
  const links = Object.entries(FORMATS[kind]).flatMap(([format, name]) => [
    element("a", { href: `${questionAddress(query)}&format=${format}`, download: "" }, name),
    " ",
  ]);
  place.replaceChildren(_("Download:"), " ", ...links);
}
