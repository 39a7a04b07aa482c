// What the service answers to a question that the page can do without.

/** Return the JSON of an address, null where the service does not answer, or refuses. */
export async function fetchJson(address) {
  try {
    const response = await fetch(address, { cache: "no-store" }); // a run changes under the same address
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
}
