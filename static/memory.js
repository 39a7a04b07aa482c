// What this tab remembers: a note of each thing, until the tab is closed. Never the photo itself.

const PLACE = "lens_rx.thing.1.";
const MOST_NOTES = 100;
const MOST_LETTERS = 2_000_000;
const MOST_OF_A_NOTE = 100_000;

/** Remember a note under a number; the lowest numbers make room where there is too much. */
export function remember(number, note) {
  const text = [note, { ...note, thumbs: [] }].map((it) => JSON.stringify(it)).find((it) => it.length <= MOST_OF_A_NOTE);
  if (!text) return;
  forget(number);
  makeRoom(MOST_NOTES - 1, MOST_LETTERS - text.length);
  while (!stored(number, text) && numbers().length) forget(numbers()[0]);
}

/** Forget the note of a number. */
export function forget(number) {
  store()?.removeItem(PLACE + number);
}

/** Return `[number, note]` of all that is remembered, the highest number first. */
export function remembered() {
  const read = numbers().map((number) => [number, parsed(store().getItem(PLACE + number))]);
  return read.filter(([, note]) => isNote(note)).reverse();
}

function isNote(note) {
  return typeof note?.mark === "string" && [note.names, note.thumbs].every(Array.isArray) && note.names.length > 0;
}

function makeRoom(notes, letters) {
  const held = numbers();
  let sum = held.reduce((total, number) => total + lengthOf(number), 0);
  while (held.length > notes || sum > letters) {
    sum -= lengthOf(held[0]);
    forget(held.shift());
  }
}

function lengthOf(number) {
  return store().getItem(PLACE + number).length;
}

function numbers() {
  const names = Object.keys(store() || {}).filter((name) => name.startsWith(PLACE));
  return names.map((name) => Number(name.slice(PLACE.length))).sort((a, b) => a - b);
}

// a browser may forbid it, and then nothing is remembered
function store() {
  try {
    return sessionStorage;
  } catch {
    return null;
  }
}

function stored(number, text) {
  try {
    store()?.setItem(PLACE + number, text);
    return true;
  } catch {
    return false;
  }
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
