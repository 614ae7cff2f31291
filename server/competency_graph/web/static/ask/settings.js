// What the page tells the editor, and the names of things.

const work = document.querySelector("[data-editor]");
export const settings = JSON.parse(work.dataset.editor);
export const endpoint = new URL(work.querySelector("form").action, location.href).href;

const namespaces = Object.entries(settings.prefixes).sort((a, b) => b[1].length - a[1].length);

// The address that shows a query and its answer.
export const questionAddress = (query) => `${endpoint}?${new URLSearchParams({ query })}`;

// An IRI as prefixed name, or unchanged.
export function shortName(iri) {
  for (const [prefix, namespace] of namespaces) {
    const local = iri.slice(namespace.length);
    if (iri.startsWith(namespace) && /^[\w-]+(\.[\w-]+)*$/.test(local)) return `${prefix}:${local}`;
  }
  return iri;
}

// The page about a thing: on this service if it has one, else its IRI; null if it is not on the web.
export function pageOf(iri) {
  const root = new URL("./", endpoint);
  if (iri.startsWith(settings.base)) return new URL(iri.slice(settings.base.length), root).href;
  if (settings.namespaces.some((namespace) => iri.startsWith(namespace))) {
    return new URL(`entry?${new URLSearchParams({ iri })}`, root).href;
  }
  return /^https?:/.test(iri) ? iri : null;
}

// Runs a query on this service and returns its rows, each an object of terms.
export async function rowsOf(query) {
  const reply = await fetch(endpoint, {
    method: "POST",
    headers: { Accept: "application/sparql-results+json" },
    body: new URLSearchParams({ query }),
  });
  return reply.ok ? (await reply.json()).results.bindings : [];
}

// An element with attributes and children; text becomes text.
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}
