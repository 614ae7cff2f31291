// The answer as a table that can be filtered and sorted.

import { columnsOf } from "./answer.js";
import { element, pageOf } from "./settings.js";
import { _, formatted, ngettext } from "../texts.js";

const MOST_ROWS = 1000;

export class Table {
  label = _("Table");
  priority = 10;

  constructor(yasr) {
    this.yasr = yasr;
  }

  canHandleResults() {
    return this.yasr.results?.getBindings() != null && this.yasr.results.getVariables().length > 0;
  }

  draw() {
    const columns = columnsOf(this.yasr.results);
    const rows = this.yasr.results.getBindings();
    const filter = element("input", { type: "search", placeholder: _("Filter the rows"), "aria-label": _("Filter the rows") });
    const count = element("p", { class: "count", role: "status" });
    const body = element("tbody");
    const heads = columns.map((column) => {
      const button = element("button", { type: "button" }, column.heading);
      const head = element("th", { scope: "col" }, button);
      if (column.numeric) head.className = "number";
      button.addEventListener("click", () => {
        const up = head.getAttribute("aria-sort") !== "ascending";
        for (const other of heads) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", up ? "ascending" : "descending");
        sorted = [...rows].sort((a, b) => compare(column, a, b) * (up ? 1 : -1));
        fill();
      });
      return head;
    });
    let sorted = rows;
    const fill = () => {
      const words = filter.value.toLowerCase();
      const kept = words
        ? sorted.filter((row) => columns.some((column) => column.text(row).toLowerCase().includes(words)))
        : sorted;
      body.replaceChildren(...kept.slice(0, MOST_ROWS).map((row) => rowOf(columns, row)));
      count.textContent =
        kept.length > MOST_ROWS
          ? _("The first %(number)s of %(all)s rows; the downloads contain all of them", {
              number: formatted(MOST_ROWS),
              all: formatted(kept.length),
            })
          : ngettext("%(number)s row", "%(number)s rows", kept.length);
    };
    filter.addEventListener("input", fill);
    fill();
    this.yasr.resultsEl.append(
      element("div", { class: "above" }, count, filter),
      element(
        "div",
        { class: "table", tabindex: "0", role: "region", "aria-label": _("Answer") },
        element("table", {}, element("thead", {}, element("tr", {}, ...heads)), body),
      ),
    );
  }

  getIcon() {}
}

function rowOf(columns, row) {
  return element("tr", {}, ...columns.map((column) => cellOf(column, row)));
}

function cellOf(column, row) {
  const term = row[column.name];
  const cell = element("td", column.numeric ? { class: "number" } : {});
  const text = column.text(row);
  const address = term?.type === "uri" && pageOf(term.value);
  if (address) {
    const local = address.startsWith(location.origin);
    cell.append(element("a", local ? { href: address } : { href: address, rel: "nofollow noreferrer" }, text));
  } else if (term?.["xml:lang"]) {
    cell.append(element("span", { lang: term["xml:lang"] }, text));
  } else {
    cell.append(text);
  }
  return cell;
}

function compare(column, a, b) {
  const [left, right] = [column.text(a), column.text(b)];
  return column.numeric ? Number(left) - Number(right) : left.localeCompare(right, document.documentElement.lang, { numeric: true });
}
