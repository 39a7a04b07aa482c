// What to pay and what to ask: computed by the service for one reader, without a run.

export const NOT_RECKONED = "This could not be reckoned just now. Type what is asked once more.";

/** Return the decision on a stored run for the terms in `query`, null where there is none. */
export async function fetchDecision(key, query) {
  const { cost, currency, country } = query;
  const known = Object.entries({ cost, currency, country }).filter(([, value]) => value);
  try {
    const response = await fetch(`runs/${key}?${new URLSearchParams([["events", "price-decision"], ...known])}`);
    return response.ok ? (await response.json()).facts.at(-1)?.data || null : null;
  } catch {
    return null;
  }
}
