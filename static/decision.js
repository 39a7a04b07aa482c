// What to pay and what to ask: computed by the service for one reader, without a run.

import { money, roughMoney } from "./amounts.js";
import { fetchJson } from "./fetch-json.js";
import { capitalize } from "./wording.js";

export const NOT_RECKONED = "This could not be reckoned just now. Type what is asked once more.";

/** Return the decision on a stored run for the terms in `query`, null where there is none. */
export async function fetchDecision(key, query) {
  const { cost, currency, country, margin, marketplace } = query;
  const known = Object.entries({ cost, currency, country, margin, marketplace }).filter(([, value]) => value);
  const run = await fetchJson(`runs/${key}?${new URLSearchParams([["events", "price-decision"], ...known])}`);
  return run?.facts?.at(-1)?.data || null;
}

/** Return in a few words what to do. */
export function describeVerdict({ verdict, cost, negotiate_to: target, pay_at_most: most, currency }) {
  const atMost = roughMoney(most, currency, "down");
  if (verdict === "buy") return `Buy at ${money(cost, currency)}`;
  if (verdict === "negotiate") return `Offer ${roughMoney(target, currency, "down")}, no more`;
  if (verdict === "leave") return "Leave it";
  return most ? `Pay ${atMost} at most` : "No price pays";
}

/** Return the reason of a verdict: the service's sentence in whole units, without the verdict itself. */
export function describeReason({ why, currency, cost }) {
  const words = why.replace(/^Pay \S+ [A-Z]{3} at most: /, "");
  const amounts = new RegExp(`(\\d+(?:\\.\\d+)?) ${currency}\\b`, "g");
  return capitalize(words.replace(amounts, (_, digits) => money(Number(digits) === cost || digits < 10 ? Number(digits) : Math.round(digits), currency)));
}
