// Saved state of each thing in sessionStorage, until the tab is closed; photos themselves are never stored.

const KEY_PREFIX = "lens_rx.thing.1.";
const MAX_NOTES = 100;
const MAX_TOTAL_LENGTH = 2_000_000;
const MAX_NOTE_LENGTH = 100_000;

/** Save a note under a number; the lowest numbers are evicted where space is short. */
export function saveNote(number, note) {
  const text = [note, { ...note, thumbs: [] }].map((it) => JSON.stringify(it)).find((it) => it.length <= MAX_NOTE_LENGTH);
  if (!text) return;
  deleteNote(number);
  evictOldest(MAX_NOTES - 1, MAX_TOTAL_LENGTH - text.length);
  while (!tryStore(number, text) && storedNumbers().length) deleteNote(storedNumbers()[0]);
}

/** Delete the note of a number. */
export function deleteNote(number) {
  storage()?.removeItem(KEY_PREFIX + number);
}

/** Return `[number, note]` of all notes, the highest number first. */
export function loadNotes() {
  const entries = storedNumbers().map((number) => [number, parseJson(storage().getItem(KEY_PREFIX + number))]);
  return entries.filter(([, note]) => isNote(note)).reverse();
}

function isNote(note) {
  return typeof note?.mark === "string" && [note.names, note.thumbs].every(Array.isArray) && note.names.length > 0;
}

function evictOldest(notes, maxLength) {
  const remaining = storedNumbers();
  let sum = remaining.reduce((total, number) => total + storedLength(number), 0);
  while (remaining.length > notes || sum > maxLength) {
    sum -= storedLength(remaining[0]);
    deleteNote(remaining.shift());
  }
}

function storedLength(number) {
  return storage().getItem(KEY_PREFIX + number).length;
}

function storedNumbers() {
  const names = Object.keys(storage() || {}).filter((name) => name.startsWith(KEY_PREFIX));
  return names.map((name) => Number(name.slice(KEY_PREFIX.length))).sort((a, b) => a - b);
}

// storage may be disabled, then nothing is saved
function storage() {
  try {
    return sessionStorage;
  } catch {
    return null;
  }
}

function tryStore(number, text) {
  try {
    storage()?.setItem(KEY_PREFIX + number, text);
    return true;
  } catch {
    return false;
  }
}

function parseJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
