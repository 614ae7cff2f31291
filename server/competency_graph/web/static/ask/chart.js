// The answer as bars: a number for each row, or how many rows each value has.

import { columnsOf } from "./answer.js";
import { element } from "./settings.js";

const MOST_BARS = 40;
const WIDTH = 900;
const NAMES = 330;
const STEP = 28;

export class Chart {
  label = "Chart";
  priority = 5;

  constructor(yasr) {
    this.yasr = yasr;
  }

  canHandleResults() {
    const results = this.yasr.results;
    return results?.getType() !== "ttl" && (results?.getBindings()?.length ?? 0) > 0;
  }

  draw() {
    const columns = columnsOf(this.yasr.results);
    const numbers = columns.filter((column) => column.numeric);
    const groups = columns.filter((column) => !column.numeric);
    if (!groups.length) groups.push(columns[0]);
    const rows = this.yasr.results.getBindings();
    const by = choice("Bars", groups, numbers.length ? 0 : fewest(groups, rows));
    const of = choice("Length", [...numbers, { heading: "Number of rows" }], 0);
    const place = element("div", { class: "chart" });
    const fill = () => {
      const bars = barsOf(rows, groups[by.select.value], numbers[of.select.value]);
      place.replaceChildren(drawing(bars.slice(0, MOST_BARS), `${of.text()} by ${by.text()}`));
      if (bars.length > MOST_BARS) {
        place.append(element("p", { class: "count" }, `The ${MOST_BARS} longest of ${bars.length} bars`));
      }
    };
    by.select.addEventListener("change", fill);
    of.select.addEventListener("change", fill);
    fill();
    this.yasr.resultsEl.append(element("div", { class: "above" }, by.label, of.label), place);
  }

  getIcon() {}
}

function choice(name, options, selected) {
  const select = element("select", {}, ...options.map((each, index) => element("option", { value: index }, each.heading)));
  select.value = selected;
  const text = () => select.selectedOptions[0].textContent;
  return { select, label: element("label", {}, `${name} `, select), text };
}

// The column with the fewest values, but more than one: the one worth counting by.
function fewest(columns, rows) {
  const sizes = columns.map((column) => new Set(rows.map(column.text)).size);
  const several = sizes.filter((size) => size > 1);
  return several.length ? sizes.indexOf(Math.min(...several)) : 0;
}

function barsOf(rows, group, number) {
  const bars = new Map();
  for (const row of rows) {
    const name = group.text(row) || "none";
    bars.set(name, (bars.get(name) ?? 0) + (number ? Number(row[number.name]?.value ?? 0) : 1));
  }
  return [...bars].sort((a, b) => b[1] - a[1]);
}

function drawing(bars, title) {
  const longest = Math.max(0, ...bars.map(([, size]) => size)) || 1;
  const height = bars.length * STEP + 4;
  const picture = shape("svg", { viewBox: `0 0 ${WIDTH} ${height}`, role: "img", "aria-label": summary(bars, title) });
  bars.forEach(([name, size], index) => {
    const y = index * STEP;
    const length = Math.max(1, (Math.max(size, 0) / longest) * (WIDTH - NAMES - 80));
    const label = shape("text", { x: NAMES - 10, y: y + 18, "text-anchor": "end" });
    label.textContent = name.length > 44 ? `${name.slice(0, 43)}…` : name;
    const full = shape("title", {});
    full.textContent = name;
    label.append(full);
    const value = shape("text", { x: NAMES + length + 8, y: y + 18 });
    value.textContent = size.toLocaleString("en");
    picture.append(label, shape("rect", { x: NAMES, y: y + 4, width: length, height: STEP - 9 }), value);
  });
  return picture;
}

const summary = (bars, title) => `${title}: ${bars.map(([name, size]) => `${name} ${size}`).join(", ")}`;

function shape(name, attributes) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}
