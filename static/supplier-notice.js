// One quiet line for operators: which outside services have ended, or will end soon.

import { fetchJson } from "./fetch-json.js";
import { count } from "./wording.js";

const REFRESH_MILLISECONDS = 6 * 3600 * 1000;

/** Show the services that need a replacement, now and every few hours; nothing where all is well. */
export function watchSuppliers() {
  showSuppliers();
  setInterval(showSuppliers, REFRESH_MILLISECONDS);
}

/** Load the services and show those that need a replacement. */
export async function showSuppliers() {
  const { suppliers } = (await fetchJson("suppliers")) || { suppliers: [] };
  const ending = suppliers.filter((supplier) => supplier.warning);
  const line = document.getElementById("suppliers");
  line.textContent = ending.length ? `For operators: ${ending.map(describe).join(" ")}` : "";
  line.hidden = !ending.length;
}

function describe({ name, used_for: use, available, ends, days_left: days }) {
  if (!available) return `${name} (${use}) is no longer available.`;
  if (days < 0) return `${name} (${use}) was to end on ${ends}.`;
  return `${name} (${use}) ends on ${ends}, in ${count(days, "day")}.`;
}
