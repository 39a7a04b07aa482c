// What this desk reckons with in all its decisions: the margin that it wants, and where it sells.

import { parseAmount } from "./amounts.js";
import { readPreference, storePreference } from "./preferences.js";
import { marketplaces } from "./service-info.js";

const CHANGED = "terms-changed";
const READERS = { margin: parseMargin, marketplace: (name) => (marketplaces.includes(name) ? name : "") };
const NAMES = Object.keys(READERS);

// what does not hold any more, such as the marketplace of other rules, would be refused
const chosen = Object.fromEntries(NAMES.map((name) => [name, READERS[name](readPreference(name)) || ""]));

/** Return what is chosen: the `margin` in percent and the `marketplace`, without those that are not. */
export function readTerms() {
  return Object.fromEntries(Object.entries(chosen).filter(([, value]) => value));
}

/** Choose the `margin` or the `marketplace`, `""` for what the service's rules say; all things are told. */
export function chooseTerm(name, value) {
  if (chosen[name] === value) return;
  chosen[name] = value;
  storePreference(name, value);
  document.dispatchEvent(new Event(CHANGED));
}

/** Call `onChange` whenever something else is chosen, until `signal` is aborted. */
export function onTermsChange(onChange, signal) {
  document.addEventListener(CHANGED, onChange, { signal });
}

/** Return the percentage in what a person typed, `""` for nothing, null where it is none. */
export function parseMargin(text) {
  const margin = parseAmount(text.replace("%", ""));
  return margin !== null && Number(margin) >= 100 ? null : margin;
}
