// One honest line: how many reported sales fell in the range that they were promised to fall in.

import { fetchJson } from "./fetch-json.js";
import { percent } from "./wording.js";

/** Of fewer sales the share says little: at 20 it is known to 18 points. */
const MIN_SALES = 20;

/** Load the counts of reported sales and show them; nothing where they are too few. */
export async function showCalibration() {
  const line = document.getElementById("calibration");
  line.textContent = describeCalibration((await fetchJson("calibration")) || {});
  line.hidden = !line.textContent;
}

/** Return the counts as a sentence, `""` where they are too few. */
export function describeCalibration({ sales = 0, inside, expected_inside: expected }) {
  if (sales < MIN_SALES) return "";
  return `Of ${sales} reported sales ${inside} fell in the range of single sales: ${percent(inside / sales)}, and ${percent(expected)} is right.`;
}
