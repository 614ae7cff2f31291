// The editor of /sparql: YASGUI with our examples, completion, table, chart and graph.
// Without it, or if it cannot be loaded, the plain form stays.

import { registerCompletion } from "./ask/completion.js";
import { Chart } from "./ask/chart.js";
import { Network } from "./ask/network.js";
import { errorText } from "./ask/problems.js";
import { Table } from "./ask/table.js";
import { endpoint, questionAddress, settings } from "./ask/settings.js";
import { takeAlong } from "./ask/take_along.js";
import { _ } from "./texts.js";

const work = document.querySelector(".work");
const plain = work.querySelector(".plain");
const written = plain.querySelector("textarea").value;
const LONGEST_ADDRESS = 4000;

async function load() {
  const style = document.createElement("link");
  style.rel = "stylesheet";
  style.href = new URL("./vendor/yasgui.css", import.meta.url);
  const styled = new Promise((resolve, reject) => {
    style.addEventListener("load", resolve);
    style.addEventListener("error", reject);
  });
  document.head.prepend(style); // our own styles come after it
  await Promise.all([import("./vendor/yasgui.js"), styled]);
  return globalThis.Yasgui;
}

function configure(Yasgui) {
  const { Yasqe, Yasr } = Yasgui;
  registerCompletion(Yasqe);
  Yasr.registerPlugin("table", Table);
  Yasr.registerPlugin("chart", Chart);
  Yasr.registerPlugin("network", Network);
  Yasr.registerPlugin("response", class extends Yasr.plugins.response { label = _("Response"); });
  Yasr.defaults.pluginOrder = ["table", "chart", "network", "response"];
  Yasr.defaults.prefixes = settings.prefixes;
  Yasr.defaults.errorRenderers = [errorText];
  // The only server that the editor asks is this one, whatever an address or a stored tab says.
  Yasgui.Tab.prototype.getEndpoint = () => endpoint;
  Yasgui.Tab.prototype.getShareableLink = function () {
    return new URL(questionAddress(this.getYasqe().getValue()), location.href).href;
  };
  Object.assign(Yasqe.defaults, { value: written, editorHeight: "22rem" });
}

// The query that the address carries: ?query=… shows its answer without script too, #query=… is YASGUI's form.
function addressed() {
  const hash = new URLSearchParams(location.hash.slice(1));
  return new URLSearchParams(location.search).get("query") ?? hash.get("query");
}

function start(Yasgui) {
  const place = document.createElement("div");
  place.className = "editor";
  work.append(place);
  const yasgui = new Yasgui(place, {
    autofocus: false,
    persistenceId: "competency-graph",
    populateFromUrl: false,
    requestConfig: {
      endpoint,
      method: () => (current().getYasqe().getValue().length > LONGEST_ADDRESS ? "POST" : "GET"),
    },
  });
  const current = () => yasgui.getTab();
  const untouched = new Set([written]);

  // Shows a query in the tab that has it, else in the current one unless someone wrote in it.
  function show(query, name) {
    const same = Object.values(yasgui._tabs).find((tab) => valueOf(tab) === query);
    if (same) {
      yasgui.selectTabId(same.getId());
    } else if (untouched.has(valueOf(current())) || !valueOf(current()).trim()) {
      current().getYasqe().setValue(query);
      current().getPersistedJson().yasqe.value = query;
    } else {
      yasgui.addTab(true, { yasqe: { value: query } });
    }
    if (name) current().setName(name);
    untouched.add(query);
    return run();
  }
  const run = () => current().query().catch(() => {});

  const offers = document.createElement("p");
  offers.className = "formats";
  place.append(offers);
  const asked = new Map();
  yasgui.on("query", (sender, tab) => {
    asked.set(tab.getId(), valueOf(tab));
    history.replaceState(null, "", questionAddress(valueOf(tab)));
  });
  const offer = () => takeAlong(offers, current().getYasr()?.results, asked.get(current().getId()) ?? valueOf(current()));
  yasgui.on("queryResponse", () => setTimeout(offer));
  yasgui.on("tabSelect", () => setTimeout(offer));
  offer();
  name(place);
  yasgui.on("tabAdd", () => setTimeout(() => name(place)));

  for (const link of document.querySelectorAll("[data-example]")) {
    link.addEventListener("click", async (event) => {
      if (event.metaKey || event.ctrlKey || event.shiftKey) return;
      event.preventDefault();
      const reply = await fetch(link.dataset.example);
      if (!reply.ok) return void (location.href = link.href);
      await show(await reply.text(), link.textContent);
      place.scrollIntoView({ block: "nearest" });
    });
  }
  const query = addressed();
  if (query) show(query);
  addEventListener("hashchange", () => {
    const changed = new URLSearchParams(location.hash.slice(1)).get("query");
    if (changed) show(changed);
  });
  plain.remove();
}

const valueOf = (tab) => tab.getYasqe()?.getValue() ?? tab.getPersistedJson().yasqe.value;

// YASGUI gives some of its controls no name or another role than screen readers expect there.
function name(place) {
  const add = place.querySelector(".addTab");
  add?.setAttribute("role", "tab");
  add?.setAttribute("aria-selected", "false");
  for (const area of place.querySelectorAll(".CodeMirror textarea")) {
    area.setAttribute("aria-label", _("Query in SPARQL"));
  }
}

try {
  const Yasgui = await load();
  configure(Yasgui);
  start(Yasgui);
} catch (error) {
  console.warn("The editor could not be loaded; the plain form works without it.", error);
}
