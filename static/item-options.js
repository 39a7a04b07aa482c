// The form's options: those of the next item, and those of this desk, which persist.

import { currencyOf } from "./countries.js";
import { readPreference, storePreference } from "./preferences.js";
import { defaultCountry, defaultCurrency } from "./service-info.js";

const ITEM_FIELDS = ["hint", "producer", "model", "condition"];
const LOCALE_FIELDS = ["country", "currency"];
const DESK_FIELDS = [...LOCALE_FIELDS, "csv-format"];
const WHITESPACE = /[\p{C}\p{Z}]+/gu;
const byId = (id) => document.getElementById(id);

/** Return the options as query parameters of a run. */
export function readOptions() {
  const values = [...ITEM_FIELDS, ...LOCALE_FIELDS].map((name) => [name, byId(name).value.replace(WHITESPACE, " ").trim()]);
  return Object.fromEntries(values.filter(([, value]) => value));
}

/** Clear the options of one item, so that they are not applied to the next. */
export function clearItemOptions() {
  for (const name of ITEM_FIELDS) byId(name).value = "";
  showSummary();
}

/** Return whether the options are valid; show what is not. */
export function validateOptions() {
  const isValid = byId("intake").checkValidity();
  if (!isValid) {
    byId("options").open = true;
    byId("intake").reportValidity();
  }
  return isValid;
}

/** Restore what the desk chose on the last visit, and store changes; a country proposes its currency. */
export function persistLocale() {
  byId("country").placeholder = defaultCountry || byId("country").placeholder;
  choose("currency", defaultCurrency);
  for (const name of DESK_FIELDS) {
    const field = byId(name);
    choose(name, readPreference(name));
    field.addEventListener("change", () => storePreference(name, field.value));
  }
  byId("country").addEventListener("change", ({ target }) => setLocale(target.value.trim().toUpperCase(), currencyOf(target.value.trim().toUpperCase())));
  byId("options").addEventListener("input", showSummary);
  showSummary();
}

/** Set the country of sale, and the currency where one is given and known. */
export function setLocale(country, currency) {
  byId("country").value = country;
  choose("currency", currency);
  for (const name of LOCALE_FIELDS) storePreference(name, byId(name).value);
  showSummary();
}

// a value that the field does not have changes nothing
function choose(name, value) {
  const field = byId(name);
  const isKnown = !field.options || [...field.options].some((option) => option.value === value);
  if (value && isKnown) field.value = value;
}

// the options must be visible while their section is collapsed
function showSummary() {
  const fields = [...ITEM_FIELDS, ...LOCALE_FIELDS].map(byId);
  const values = fields.filter((field) => field.value && (field.id === "currency" ? field.value !== defaultCurrency : field.selectedIndex !== 0));
  byId("said").textContent = values.map((field) => field.selectedOptions?.[0].text || field.value).join(", ");
}
