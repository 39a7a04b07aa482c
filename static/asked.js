// What the user says of the next photos, and of the desk: the fields under "What you know already".

const ABOUT_THE_THING = ["hint", "producer", "model", "condition"];
const ABOUT_THE_DESK = ["country", "currency"];
const UNSEEN = /[\p{C}\p{Z}]+/gu;
const byId = (id) => document.getElementById(id);

/** Return what is said, as the query of a run. */
export function query() {
  const said = [...ABOUT_THE_THING, ...ABOUT_THE_DESK].map((name) => [name, byId(name).value.replace(UNSEEN, " ").trim()]);
  return Object.fromEntries(said.filter(([, value]) => value));
}

/** Forget what was said of one thing: it must not be taken for the next. */
export function forgetTheThing() {
  for (const name of ABOUT_THE_THING) byId(name).value = "";
  sayShortly();
}

/** Return whether all is said rightly; show what is not. */
export function saidRightly() {
  const right = byId("intake").checkValidity();
  if (!right) {
    byId("options").open = true;
    byId("intake").reportValidity();
  }
  return right;
}

/** The desk stays where it is: remember its country and currency for the next day. */
export function keepTheDesk() {
  for (const name of ABOUT_THE_DESK) {
    const field = byId(name);
    field.value = kept(name) || field.value;
    field.addEventListener("change", () => keep(name, field.value));
  }
  byId("options").addEventListener("input", sayShortly);
  sayShortly();
}

// what is said must be seen while the fold is closed
function sayShortly() {
  const fields = [...ABOUT_THE_THING, ...ABOUT_THE_DESK].map(byId);
  const said = fields.filter((field) => field.value && field.selectedIndex !== 0);
  byId("said").textContent = said.map((field) => field.selectedOptions?.[0].text || field.value).join(", ");
}

function kept(name) {
  try {
    return localStorage.getItem(`lens_rx.${name}`);
  } catch {
    return null;
  }
}

// a browser may forbid it, and then the desk is asked anew each day
function keep(name, value) {
  try {
    localStorage.setItem(`lens_rx.${name}`, value);
  } catch {
    return;
  }
}
