// The answer as bars: a number for each row, or how many rows each value has.

import { columnsOf } from "./answer.js";
import { element } from "./settings.js";
import { _, formatted } from "../texts.js";

const MOST_BARS = 40;
const NARROW = 600;

export class Chart {
  label = _("Chart");
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
    const by = choice(_("Bars"), groups, numbers.length ? 0 : fewest(groups, rows));
    const of = choice(_("Length"), [...numbers, { heading: _("Number of rows") }], 0);
    const place = element("div", { class: "chart" });
    const fill = () => {
      const bars = barsOf(rows, groups[by.select.value], numbers[of.select.value]);
      place.replaceChildren(drawing(bars.slice(0, MOST_BARS), _("%(length)s by %(bars)s", { length: of.text(), bars: by.text() }), place.clientWidth));
      if (bars.length > MOST_BARS) {
        place.append(element("p", { class: "count" }, _("The %(number)s longest of %(all)s bars", { number: MOST_BARS, all: formatted(bars.length) })));
      }
    };
    by.select.addEventListener("change", fill);
    of.select.addEventListener("change", fill);
    this.yasr.resultsEl.append(element("div", { class: "above" }, by.label, of.label), place);
    fill();
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
    const name = group.text(row) || _("none");
    bars.set(name, (bars.get(name) ?? 0) + (number ? Number(row[number.name]?.value ?? 0) : 1));
  }
  return [...bars].sort((a, b) => b[1] - a[1]);
}

// Bars with their names on the left, or above them where there is little room.
function drawing(bars, title, width) {
  const longest = Math.max(0, ...bars.map(([, size]) => size)) || 1;
  const narrow = width < NARROW;
  const [step, start] = narrow ? [46, 0] : [28, 330];
  const height = bars.length * step + 4;
  const picture = shape("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": summary(bars, title) });
  bars.forEach(([name, size], index) => {
    const y = index * step;
    const length = Math.max(1, (Math.max(size, 0) / longest) * (width - start - 70));
    const place = narrow ? { x: 0, y: y + 16 } : { x: start - 10, y: y + 18, "text-anchor": "end" };
    const label = shape("text", place);
    label.textContent = name.length > 44 ? `${name.slice(0, 43)}…` : name;
    const full = shape("title", {});
    full.textContent = name;
    label.append(full);
    const top = narrow ? y + 22 : y + 4;
    const value = shape("text", { x: start + length + 8, y: top + 14 });
    value.textContent = formatted(size);
    picture.append(label, shape("rect", { x: start, y: top, width: length, height: 19 }), value);
  });
  return picture;
}

const summary = (bars, title) => `${title}: ${bars.map(([name, size]) => `${name} ${size}`).join(", ")}`;

function shape(name, attributes) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}
