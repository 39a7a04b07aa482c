// The saved list: names, keys of runs and small pictures of things, in this browser; photos themselves are never stored.

import { isSandbox, listOwner } from "./service-info.js";

const KEY_PREFIX = `lens_rx.list.1.${isSandbox ? "sandbox" : "live"}.${listOwner || "everybody"}.`;
const ANY_LIST = "lens_rx.list.";
const OLD_KEY_PREFIX = "lens_rx.thing.1.";
const MAX_NOTES = 200;
const MAX_TOTAL_LENGTH = 2_000_000;
const MAX_NOTE_LENGTH = 100_000;
const NUMBERS_A_MILLISECOND = 1000;

let highestNumber = 0;
let isStopped = false;

/** Return the first of `count` new numbers in a row, higher than all before and unlike those of other tabs. */
export function reserveNumbers(count) {
  const now = Date.now() * NUMBERS_A_MILLISECOND + Math.floor(Math.random() * NUMBERS_A_MILLISECOND);
  const first = Math.max(now, highestNumber + 1);
  highestNumber = first + count - 1;
  return first;
}

/**
 * Save a note under a number. All tabs share the notes of runs, and they outlast the tab; a note without the key of a run
 * is of photos that have not been sent, which its tab alone has. The oldest lose their pictures, and then are evicted,
 * where space is short.
 */
export function saveNote(number, note) {
  const text = [note, withoutPictures(note)].map((it) => JSON.stringify(it)).find((it) => it.length <= MAX_NOTE_LENGTH);
  if (!text || isStopped) return;
  const storage = note.key ? listStorage() : tabStorage();
  if (!storage || storage.getItem(KEY_PREFIX + number) === text) return;
  deleteNote(number);
  makeRoom(storage, MAX_NOTES - 1, MAX_TOTAL_LENGTH - text.length);
  while (!tryStore(storage, number, text) && evictOldest(storage));
}

/** Delete the note of a number. */
export function deleteNote(number) {
  for (const storage of storages()) storage.removeItem(KEY_PREFIX + number);
}

/** Return `[number, note]` of all notes, the highest number first, each thing once; take over those of the older page. */
export function loadNotes() {
  takeOverOldNotes();
  const entries = storages().flatMap((storage) => storedNumbers(storage).map((number) => [number, readNote(storage, number)]));
  const notes = entries.filter(([, note]) => isNote(note)).sort(([a], [b]) => b - a);
  const newest = new Map(notes.toReversed().map(([number, note]) => [note.mark, number]));
  for (const [number, note] of notes) if (newest.get(note.mark) !== number) deleteNote(number);
  return notes.filter(([number, note]) => newest.get(note.mark) === number);
}

/** Delete the list of whoever is signed in, and save nothing any more. */
export function clearNotes() {
  isStopped = true;
  for (const storage of storages()) for (const number of storedNumbers(storage)) storage.removeItem(KEY_PREFIX + number);
}

const otherTabs = new BroadcastChannel(KEY_PREFIX);

/** Tell the other tabs of this list which numbers were removed (`removed`), or that it was signed out (`signedOut`). */
export function tellOtherTabs(message) {
  otherTabs.postMessage(message);
}

/** Call `onMessage` with what other tabs tell. */
export function listenToOtherTabs(onMessage) {
  otherTabs.addEventListener("message", ({ data }) => onMessage(data));
}

// until release 0.2 a list ended with its tab
function takeOverOldNotes() {
  const storage = tabStorage();
  const names = Object.keys(storage || {}).filter((name) => name.startsWith(OLD_KEY_PREFIX));
  for (const name of names) {
    const note = parseJson(storage.getItem(name));
    storage.removeItem(name);
    if (isNote(note)) saveNote(Number(name.slice(OLD_KEY_PREFIX.length)), note);
  }
}

function withoutPictures(note) {
  return { ...note, thumbs: [] };
}

function isNote(note) {
  return typeof note?.mark === "string" && [note.names, note.thumbs].every(Array.isArray) && note.names.length > 0;
}

function makeRoom(storage, maxNotes, maxLength) {
  let numbers = storedNumbers(storage);
  for (const number of numbers.splice(0, Math.max(0, numbers.length - maxNotes))) storage.removeItem(KEY_PREFIX + number);
  let length = numbers.reduce((total, number) => total + storedLength(storage, number), 0);
  for (const shorten of [dropPictures, dropNote]) {
    for (const number of numbers) {
      if (length <= maxLength) return;
      const before = storedLength(storage, number);
      shorten(storage, number);
      length -= before - storedLength(storage, number);
    }
    numbers = storedNumbers(storage);
  }
}

function dropPictures(storage, number) {
  const note = readNote(storage, number);
  if (isNote(note)) storage.setItem(KEY_PREFIX + number, JSON.stringify(withoutPictures(note)));
}

function dropNote(storage, number) {
  storage.removeItem(KEY_PREFIX + number);
}

// the space of a browser is shared with lists of others who sign in here
function evictOldest(storage) {
  const numberOf = (name) => Number(name.slice(name.lastIndexOf(".") + 1));
  const names = Object.keys(storage).filter((name) => name.startsWith(ANY_LIST));
  const [oldest] = names.sort((a, b) => numberOf(a) - numberOf(b));
  if (oldest) storage.removeItem(oldest);
  return Boolean(oldest);
}

function storedLength(storage, number) {
  return storage.getItem(KEY_PREFIX + number)?.length || 0;
}

function storedNumbers(storage) {
  const names = Object.keys(storage).filter((name) => name.startsWith(KEY_PREFIX));
  return names.map((name) => Number(name.slice(KEY_PREFIX.length))).sort((a, b) => a - b);
}

function readNote(storage, number) {
  return parseJson(storage.getItem(KEY_PREFIX + number));
}

function tryStore(storage, number, text) {
  try {
    storage.setItem(KEY_PREFIX + number, text);
    return true;
  } catch {
    return false;
  }
}

function storages() {
  return [listStorage(), tabStorage()].filter(Boolean);
}

// storage may be disabled, then nothing is saved
function listStorage() {
  try {
    return localStorage;
  } catch {
    return null;
  }
}

function tabStorage() {
  try {
    return sessionStorage;
  } catch {
    return null;
  }
}

function parseJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
