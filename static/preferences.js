// What this desk has chosen, kept in this browser.

const KEY_PREFIX = "lens_rx.";

/** Return a stored choice, `""` where there is none. */
export function readPreference(name) {
  try {
    return localStorage.getItem(KEY_PREFIX + name) || "";
  } catch {
    return "";
  }
}

/** Store a choice; where storage is disabled, it lasts as long as the page. */
export function storePreference(name, value) {
  try {
    localStorage.setItem(KEY_PREFIX + name, value);
  } catch {
    return;
  }
}
