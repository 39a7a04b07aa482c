// The form's options: those of the next item, and country and currency, which persist.

const ITEM_FIELDS = ["hint", "producer", "model", "condition"];
const LOCALE_FIELDS = ["country", "currency"];
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

/** Restore country and currency of the last visit, and store changes. */
export function persistLocale() {
  for (const name of LOCALE_FIELDS) {
    const field = byId(name);
    field.value = storedValue(name) || field.value;
    field.addEventListener("change", () => storeValue(name, field.value));
  }
  byId("options").addEventListener("input", showSummary);
  showSummary();
}

// the options must be visible while their section is collapsed
function showSummary() {
  const fields = [...ITEM_FIELDS, ...LOCALE_FIELDS].map(byId);
  const values = fields.filter((field) => field.value && field.selectedIndex !== 0);
  byId("said").textContent = values.map((field) => field.selectedOptions?.[0].text || field.value).join(", ");
}

function storedValue(name) {
  try {
    return localStorage.getItem(`lens_rx.${name}`);
  } catch {
    return null;
  }
}

// storage may be disabled, then the values last as long as the page
function storeValue(name, value) {
  try {
    localStorage.setItem(`lens_rx.${name}`, value);
  } catch {
    return;
  }
}
