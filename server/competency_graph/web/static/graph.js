// Arrow keys walk along the neighbours in a drawing; the tab and enter keys work without this.

const STEPS = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };

for (const drawing of document.querySelectorAll("svg.graph")) {
  const links = [...drawing.querySelectorAll("a")];
  drawing.addEventListener("keydown", (event) => {
    const place = links.indexOf(event.target.closest("a"));
    if (place < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    let next;
    if (event.key in STEPS) next = links[place + STEPS[event.key]];
    else if (event.key === "Home") next = links[0];
    else if (event.key === "End") next = links.at(-1);
    if (next) {
      event.preventDefault();
      next.focus();
    }
  });
}

// The list opens where the drawing leads to the rest of a relation.
function openRest() {
  const rest = document.querySelector(`${location.hash || "#none"} details.rest`);
  if (rest) rest.open = true;
}
addEventListener("hashchange", openRest);
openRest();
