// Texts of scripts in the language of the page, which carries their translations as data.

const { lang } = document.documentElement;
const translations = Object.assign(
  {},
  ...[...document.querySelectorAll("script.texts")].map((data) => JSON.parse(data.textContent)),
);
const form = new Intl.PluralRules(lang);
const numbers = new Intl.NumberFormat(lang === "en" ? "en-GB" : lang);

const filled = (text, values) => text.replace(/%\((\w+)\)s/g, (place, name) => values[name]);

// A text, with values for its places such as %(name)s.
export function _(message, values = {}) {
  return filled(translations[message] ?? message, values);
}

// A text in the form for a number, which %(number)s shows as the language writes it.
export function ngettext(one, many, number, values = {}) {
  const [single, several] = translations[one] ?? [one, many];
  const text = form.select(number) === "one" ? single : several;
  return filled(text, { number: formatted(number), ...values });
}

// A number as the language of the page writes it.
export const formatted = (number) => numbers.format(number);
