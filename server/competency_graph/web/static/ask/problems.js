// An error of the service in words.

import { element } from "./settings.js";
import { _ } from "../texts.js";

export async function errorText(error) {
  let problem;
  try {
    problem = JSON.parse(error.text);
  } catch {
    return undefined; // not from this service: YASGUI shows it
  }
  const place = problem.line ? ` (line ${problem.line}${problem.column ? `, column ${problem.column}` : ""})` : "";
  return element(
    "div",
    { class: "warning", role: "alert" },
    element("strong", {}, _("The query cannot be answered")),
    element("p", { lang: "en" }, `${problem.detail ?? ""}${place}.`),
    ...(problem.remedy ? [element("p", { lang: "en" }, `${problem.remedy}.`)] : []),
  );
}
