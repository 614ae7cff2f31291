// Hides the entries of a list that do not contain all the words typed.

import { _ } from "./texts.js";

const folded = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

for (const form of document.querySelectorAll("[data-filter]")) {
  const list = document.getElementById(form.dataset.filter);
  const rows = [...list.querySelectorAll("li")].map((row) => [row, folded(row.textContent)]);
  const groups = [...list.querySelectorAll("[data-group]")];
  const wereOpen = new Map(groups.map((group) => [group, group.open]));
  const input = form.querySelector("input");
  const status = form.querySelector("[role=status]");

  function filter() {
    const words = folded(input.value).split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const [row, text] of rows) {
      row.hidden = !words.every((word) => text.includes(word));
      shown += !row.hidden;
    }
    for (const group of groups) {
      group.hidden = !group.querySelector("li:not([hidden])");
      if (wereOpen.get(group) !== undefined) group.open = words.length > 0 || wereOpen.get(group);
    }
    status.textContent = words.length
      ? _("%(number)s of %(all)s", { number: shown, all: rows.length })
      : "";
  }
  input.addEventListener("input", filter);
  filter();
}
