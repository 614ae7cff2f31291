// Draws the diagrams of a page in the colours of its theme, which Furo has as an attribute of the body.
const { theme } = document.body.dataset;
const dark =
  theme === "dark" || (theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
mermaid.initialize({ startOnLoad: true, theme: dark ? "dark" : "default" });
