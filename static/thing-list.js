// The list of things on the page, newest first, with its summary and the actions on all of them.

import { money } from "./dom.js";
import { csv, download } from "./export.js";
import { deleteNote, saveNote, loadNotes } from "./tab-storage.js";
import { announce } from "./announcements.js";
import { baseTitle } from "./service-info.js";
import { Thing } from "./thing.js";
import { TaskQueue } from "./task-queue.js";

const MAX_CONCURRENT_RUNS = 4;
const FOLD_FROM = 4;
const LIST_COLUMNS = ["photos", "producer", "model", "price", "min_range", "max_range", "certainty", "currency", "price_new", "state"];
const PHASES = [["done", "done"], ["running", "running"], ["waiting", "waiting"], ["failed", "without result"]];
const byId = (id) => document.getElementById(id);

export class ThingList {
  /** `onEmpty` is called when the user has removed the last thing. */
  constructor(onEmpty) {
    this.onEmpty = onEmpty;
    this.things = new Map(); // by mark, in queue order
    this.queue = new TaskQueue(MAX_CONCURRENT_RUNS);
    this.highestNumber = 0;
    byId("fold").addEventListener("click", () => this.foldAll());
    byId("list").addEventListener("click", () => this.downloadList());
    byId("clear").addEventListener("click", () => this.clear());
    addEventListener("beforeunload", (event) => this.hasUnsentPhotos() && event.preventDefault());
  }

  /** Add a thing for each of `items` (`mark`, `photos`); return the names of photos that are in the list already. */
  add(items, query) {
    const newItems = items.filter(({ mark, photos }) => !this.things.get(mark)?.attachPhotos(photos));
    const number = (index) => this.highestNumber + newItems.length - index;
    const added = newItems.map(({ mark, photos }, index) => (
      this.create(number(index), { mark, photos, query, names: photos.map((photo) => photo.name) }, newItems.length)));
    this.highestNumber += newItems.length;
    this.prepend(added);
    if (added.length) announce(`${countThings(added.length)} ${added.length === 1 ? "is" : "are"} looked at.`);
    return items.filter((item) => !newItems.includes(item)).flatMap(({ photos }) => photos.map((photo) => photo.name));
  }

  /** Restore the things saved in this tab. */
  restore() {
    const notes = loadNotes();
    this.highestNumber = Math.max(0, ...notes.map(([number]) => number));
    this.prepend(notes.map(([number, note]) => this.create(number, { ...note, photos: [] }, notes.length, true)));
    if (notes.length) announce(`${countThings(notes.length)} from before the page was loaded again.`);
  }

  create(number, state, count, isRestored = false) {
    const announceLevel = isRestored ? "nothing" : count < FOLD_FROM ? "all" : "worth";
    const thing = new Thing(state, { queue: this.queue, announceLevel, folded: count >= FOLD_FROM,
      onChanged: (it) => this.save(number, it), onRemoved: (it) => this.handleRemoved(number, it) });
    this.things.set(state.mark, thing);
    thing.start();
    return thing;
  }

  prepend(added) {
    byId("things").prepend(...added.map((thing) => thing.root));
    this.renderSummary();
  }

  save(number, thing) {
    if (thing.savedState) saveNote(number, thing.savedState);
    else deleteNote(number);
    this.frame ||= requestAnimationFrame(() => this.renderSummary());
  }

  // keyboard focus moves to a neighbour
  handleRemoved(number, thing) {
    const neighbour = thing.root.nextElementSibling || thing.root.previousElementSibling;
    this.things.delete(thing.mark);
    thing.root.remove();
    deleteNote(number);
    this.renderSummary();
    if (neighbour) neighbour.querySelector(".name").focus();
    else this.onEmpty();
  }

  clear() {
    const all = [...this.things.values()];
    if (!confirm(`Take ${all.length === 1 ? "the thing" : `all ${all.length} things`} off this page, and forget them here?`)) return;
    for (const thing of all.reverse()) thing.remove(); // waiting ones first, so that none of them starts
    announce("All are removed.");
  }

  foldAll() {
    const folded = this.hasUnfolded();
    for (const thing of this.things.values()) thing.setFolded(folded);
    this.renderSummary();
  }

  hasUnfolded() {
    return [...this.things.values()].some((thing) => !thing.folded && thing.phase !== "failed");
  }

  hasUnsentPhotos() {
    return [...this.things.values()].some((thing) => thing.hasUnsentPhotos);
  }

  downloadList() {
    const rows = [...document.querySelectorAll(".thing")].map((root) => this.thingOf(root).summaryRow);
    download("things.csv", "text/csv", csv(rows, LIST_COLUMNS));
  }

  thingOf(root) {
    return [...this.things.values()].find((thing) => thing.root === root);
  }

  /** Show the number of things, their progress and their total worth. */
  renderSummary() {
    this.frame = 0;
    const all = [...this.things.values()];
    byId("bar").hidden = !all.length;
    byId("nothing").hidden = Boolean(all.length);
    const unfinished = all.filter((thing) => ["running", "waiting"].includes(thing.phase)).length;
    document.title = (unfinished ? `(${unfinished}) ` : "") + baseTitle;
    for (const id of ["fold", "list"]) byId(id).hidden = all.length < 2;
    byId("fold").textContent = this.hasUnfolded() ? "Fold all" : "Unfold all";
    byId("tally").textContent = `${countThings(all.length)}: ${describeProgress(all)}`;
    byId("sum").textContent = describeTotal(all);
  }
}

function countThings(number) {
  return number === 1 ? "1 thing" : `${number} things`;
}

function describeProgress(all) {
  const parts = PHASES.map(([phase, words]) => [all.filter((thing) => thing.phase === phase).length, words]);
  return parts.filter(([number]) => number).map(([number, words]) => (number === all.length ? words : `${number} ${words}`)).join(", ");
}

// amounts in different currencies are not added
function describeTotal(all) {
  const estimates = all.map((thing) => thing.facts["estimated-price"]).filter(Boolean);
  const currencies = new Set(estimates.map((estimate) => estimate.currency));
  if (estimates.length < 2 || currencies.size !== 1) return "";
  return `together worth ${money(estimates.reduce((sum, { price }) => sum + price, 0), [...currencies][0])}`;
}
