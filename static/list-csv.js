// The list of things as a CSV file: for each what it is, its price and how far that can be relied on.

import { csv, download } from "./export.js";
import { reasonsToLook } from "./marks.js";

const COLUMNS = ["photos", "producer", "model", "price", "min_range", "max_range", "certainty", "currency", "price_new", "state",
  "basis", "comparables", "condition", "identity_certainty", "price_certainty", "sale_min", "sale_max", "asked", "verdict",
  "pay_at_most", "list_price", "needs_a_look", "error", "key"];
const STATES = { done: "done", running: "running", waiting: "waiting", failed: "without result" };

/** Download a row for each thing. */
export function downloadList(things) {
  const day = new Date().toLocaleDateString("sv"); // 2026-11-28
  download(`things-${day}.csv`, "text/csv;charset=utf-8", csv(things.map(listRow), COLUMNS));
}

/** Return a thing as a row; what is not known is left out. */
export function listRow(thing) {
  const { "estimated-price": estimate, "model-producer": identity, "retail-price-details": retail, "price-decision": decision = {} } = thing.facts;
  return {
    ...estimate,
    producer: identity?.producer,
    model: identity?.model,
    photos: thing.names.join(" "),
    price_new: retail?.price,
    state: STATES[thing.phase],
    condition: estimate?.condition || thing.facts["image-description"]?.condition,
    asked: decision.cost,
    verdict: decision.verdict,
    pay_at_most: decision.pay_at_most,
    list_price: decision[`${decision.list_at}_price`],
    needs_a_look: reasonsToLook(thing).join(" "),
    error: thing.rejection ? thing.rejection.error : thing.errors.map(({ stage, outcome, message }) => `${stage} ${outcome}: ${message}`).join(" "),
    key: thing.key,
  };
}
