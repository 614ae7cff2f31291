// The answer as a network: the statements of a CONSTRUCT, or the pairs of two columns of entries.

import { columnsOf } from "./answer.js";
import { element, pageOf, rowsOf, settings, shortName } from "./settings.js";
import { _, ngettext } from "../texts.js";

const MOST_NODES = 300;
const TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";
const NAMES = ["skos:prefLabel", "rdfs:label", "dcterms:title"].map((name) => {
  const [prefix, local] = name.split(":");
  return settings.prefixes[prefix] + local;
});
const COLOURS = ["--c3", "--c2", "--c1", "--c4"];

export class Network {
  label = _("Graph");
  priority = 4;

  constructor(yasr) {
    this.yasr = yasr;
  }

  canHandleResults() {
    const results = this.yasr.results;
    if (!results) return false;
    if (results.getType() === "ttl") return (results.getStatements()?.length ?? 0) > 0;
    return (results.getBindings()?.length ?? 0) > 0 && pairOf(results).length === 2;
  }

  async draw() {
    const results = this.yasr.results;
    const graph = results.getType() === "ttl" ? fromStatements(results.getStatements()) : fromRows(results);
    await nameNodes(graph);
    const links = graph.edges.filter((edge) => graph.nodes.has(edge.from) && graph.nodes.has(edge.to));
    const count = element("p", { class: "count", role: "status" }, summary(graph, links));
    const place = element("div", { class: "network" });
    this.yasr.resultsEl.append(element("div", { class: "above" }, count, legendOf(graph)), place, listOf(graph, links));
    try {
      await this.drawNetwork(place, graph, links);
    } catch (error) {
      console.warn("The graph could not be drawn; its list has the same links.", error);
      place.remove();
    }
  }

  async drawNetwork(place, graph, links) {
    // cytoscape adds a style element unless it finds one with this name; ours is in ask.css.
    if (!document.getElementById("__________cytoscape_stylesheet")) {
      document.head.append(element("meta", { id: "__________cytoscape_stylesheet" }));
    }
    const { default: cytoscape } = await import("../vendor/cytoscape.js");
    const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
    const kinds = kindsOf(graph);
    // A large network is shown small: its hubs are drawn larger, and other names appear as it is enlarged.
    const size = Math.max(1, Math.sqrt(graph.nodes.size / 30));
    const degree = (id) => links.filter((edge) => edge.from === id || edge.to === id).length;
    const nodes = [...graph.nodes].map(([id, node]) => ({
      data: { id, label: node.label, colour: colour(colourOf(kinds, node.kind)), weight: Math.min(degree(id), 20) },
    }));
    this.drawn = cytoscape({
      container: place,
      elements: [...nodes, ...links.map((e) => ({ data: { source: e.from, target: e.to, label: e.label } }))],
      layout: { name: "cose", animate: false, randomize: false, nodeDimensionsIncludeLabels: true, padding: 20, componentSpacing: 30 },
      minZoom: 0.05,
      maxZoom: 3,
      style: [
        {
          selector: "node",
          style: {
            label: "data(label)", "background-color": "data(colour)", "font-size": `mapData(weight, 1, 20, 11, ${16 * size})`,
            width: `mapData(weight, 1, 20, ${12 * size}, ${26 * size})`,
            height: `mapData(weight, 1, 20, ${12 * size}, ${26 * size})`,
            "min-zoomed-font-size": 9,
            color: colour("--ink"), "text-wrap": "wrap", "text-max-width": 130, "text-valign": "bottom", "text-margin-y": 4,
          },
        },
        { selector: "node.near", style: { "min-zoomed-font-size": 0, "z-index": 9 } },
        { selector: "edge", style: { width: 1, "line-color": colour("--soft"), "curve-style": "straight", opacity: 0.6 } },
        {
          selector: "edge.near",
          style: {
            label: "data(label)", "font-size": 9, color: colour("--soft"), opacity: 1, width: 2, "text-rotation": "autorotate",
            "text-background-color": colour("--paper"), "text-background-opacity": 1,
          },
        },
        { selector: ".far", style: { opacity: 0.15 } },
      ],
    });
    this.drawn.on("tap", (event) => {
      const all = this.drawn.elements().removeClass("far near");
      if (event.target === this.drawn || !event.target.isNode()) return;
      const near = event.target.closedNeighborhood();
      all.not(near).addClass("far");
      near.addClass("near");
    });
    this.drawn.on("dbltap", "node", (event) => {
      const address = pageOf(event.target.id());
      if (address) location.href = address;
    });
  }

  destroy() {
    this.drawn?.destroy();
    this.drawn = undefined;
  }

  getIcon() {}
}

const kindsOf = (graph) => [...new Set([...graph.nodes.values()].map((node) => node.kind))];
const colourOf = (kinds, kind) => COLOURS[kinds.indexOf(kind) % COLOURS.length];

// Which colour stands for what; empty if all are of one kind or unknown.
function legendOf(graph) {
  const kinds = kindsOf(graph).filter(Boolean);
  const legend = element("p", { class: "legend" });
  if (kinds.length < 2 || kinds.length > COLOURS.length) return legend;
  for (const kind of kinds) {
    const dot = element("i");
    dot.style.background = `var(${colourOf(kindsOf(graph), kind)})`;
    legend.append(dot, `${shortName(kind).replace(/^[\w-]+:/, "")} `);
  }
  return legend;
}

// The first two columns of IRIs.
const pairOf = (results) => columnsOf(results).filter((column) => column.iris).slice(0, 2);

function fromRows(results) {
  const [left, right] = pairOf(results);
  const nodes = new Map();
  const edges = new Map();
  for (const row of results.getBindings()) {
    const terms = Object.values(row);
    if (terms.some((term) => term.value === "false" && term.datatype?.endsWith("#boolean"))) continue;
    const property = row.property ?? row.relation;
    const [from, to] = [row[left.name]?.value, row[right.name]?.value];
    for (const [id, column] of [[from, left], [to, right]]) {
      if (id && nodes.size < MOST_NODES && !nodes.has(id)) nodes.set(id, { label: column.text(row), kind: column.name });
    }
    const label = property ? shortName(property.value) : right.heading;
    if (from && to) edges.set(`${from} ${to} ${label}`, { from, to, label });
  }
  return { nodes, edges: [...edges.values()] };
}

function fromStatements(statements) {
  const nodes = new Map();
  const names = new Map();
  const kinds = new Map();
  const edges = [];
  const add = (term) => {
    if (nodes.size < MOST_NODES && !nodes.has(term.value)) nodes.set(term.value, { label: "", kind: "" });
  };
  for (const { subject, predicate, object } of statements) {
    if (object.termType === "Literal") {
      if (NAMES.includes(predicate.value) && better(object.language, names.get(subject.value))) {
        names.set(subject.value, { text: object.value, language: object.language });
      }
      add(subject);
    } else if (predicate.value === TYPE) {
      kinds.set(subject.value, object.value);
      add(subject);
    } else {
      add(subject);
      add(object);
      edges.push({ from: subject.value, to: object.value, label: shortName(predicate.value) });
    }
  }
  for (const [id, node] of nodes) {
    node.label = names.get(id)?.text ?? "";
    node.kind = kinds.get(id) ?? "";
  }
  return { nodes, edges };
}

const better = (language, known) => !known || (known.language !== document.documentElement.lang && language === document.documentElement.lang);

// Looks up the labels that the answer does not contain, and the classes that colour the nodes.
async function nameNodes(graph) {
  const unnamed = [...graph.nodes].filter(([id, node]) => !node.label && /^[a-z][\w+.-]*:[^\s<>"{}|\\^`]*$/i.test(id));
  if (unnamed.length) {
    const values = unnamed.map(([id]) => `<${id}>`).join(" ");
    const names = NAMES.map((name) => `<${name}>`).join("|");
    const query = `SELECT ?thing ?name ?kind { VALUES ?thing { ${values} } ?thing ${names} ?name OPTIONAL { ?thing a ?kind } }`;
    for (const { thing, name, kind } of await rowsOf(query)) {
      const node = graph.nodes.get(thing.value);
      if (!node.label || name["xml:lang"] === document.documentElement.lang) node.label = name.value;
      node.kind ||= kind?.value ?? "";
    }
  }
  for (const [id, node] of graph.nodes) node.label ||= shortName(id);
}

function summary(graph, links) {
  const things = ngettext("%(number)s thing", "%(number)s things", graph.nodes.size);
  const edges = ngettext("%(number)s link", "%(number)s links", links.length);
  const numbers = `${things}, ${edges}`;
  return graph.nodes.size === MOST_NODES
    ? _("The first %(numbers)s", { numbers })
    : _("%(numbers)s. Select a thing to see its links, double-click it to open its page.", { numbers });
}

// The same as a list, for keyboards and screen readers.
function listOf(graph, links) {
  const name = (id) => {
    const address = pageOf(id);
    const label = graph.nodes.get(id).label;
    return address ? element("a", { href: address }, label) : label;
  };
  const items = links.map((edge) => element("li", {}, name(edge.from), ` – ${edge.label} – `, name(edge.to)));
  return element("details", { class: "query" }, element("summary", {}, _("The same as a list")), element("ul", {}, ...items));
}
