// What the list says of all its things: how far they are, and what they are worth together.

import { roughMoney } from "./amounts.js";
import { reasonsToLook } from "./marks.js";
import { count } from "./wording.js";

const PHASES = [["done", "done"], ["running", "running"], ["waiting", "waiting"], ["failed", "without result"]];

/** Return how many things there are and how far they are. */
export function describeProgress(things) {
  const parts = PHASES.map(([phase, words]) => [things.filter((thing) => thing.phase === phase).length, words]);
  const words = parts.filter(([number]) => number).map(([number, phase]) => (number === things.length ? phase : `${number} ${phase}`));
  return `${count(things.length, "thing")}: ${words.join(", ")}`;
}

/** Return what the things are worth together, what that does not contain, and how many need a look. */
export function describeSum(things) {
  const priced = things.filter(hasPrice);
  const unpriced = things.filter((thing) => !hasPrice(thing) && !isUnfinished(thing)).length;
  const unsure = things.filter(needsLook).length;
  const contained = priced.length === things.length ? count(things.length, "thing") : `${priced.length} of ${count(things.length, "thing")}`;
  return [
    priced.length ? `${contained}, about ${sumByCurrency(priced)}` : "",
    unpriced ? `${unpriced} without a price` : "",
    unsure ? `${unsure} ${unsure === 1 ? "needs" : "need"} a look` : "",
  ].filter(Boolean).join("; ");
}

/** Return whether a thing is still looked up, or waits for it. */
export function isUnfinished({ phase }) {
  return phase === "running" || phase === "waiting";
}

/** Return whether somebody should look at a thing before its price is used. */
export function needsLook(thing) {
  return reasonsToLook(thing).length > 0;
}

function hasPrice({ facts }) {
  return typeof facts["estimated-price"]?.price === "number";
}

// amounts in different currencies are not added
function sumByCurrency(priced) {
  const sums = new Map();
  for (const { facts: { "estimated-price": { price, currency } } } of priced) sums.set(currency, (sums.get(currency) || 0) + price);
  return [...sums].map(([currency, sum]) => roughMoney(sum, currency)).join(" and ");
}
