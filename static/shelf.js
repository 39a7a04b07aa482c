// All things on the page, newest first: which there are, how far they are, and what goes for all of them.

import { money } from "./dom.js";
import { csv, download } from "./keep.js";
import { forget, remember, remembered } from "./memory.js";
import { announce } from "./said.js";
import { plainTitle } from "./service.js";
import { Thing } from "./thing.js";
import { Turns } from "./turns.js";

const AT_A_TIME = 4;
const MANY = 4;
const LIST = ["photos", "producer", "model", "price", "min_range", "max_range", "certainty", "currency", "price_new", "state"];
const PHASES = [["done", "done"], ["running", "running"], ["waiting", "waiting"], ["failed", "without result"]];
const byId = (id) => document.getElementById(id);

export class Shelf {
  /** `emptied` is called when the last thing has been taken away by hand. */
  constructor(emptied) {
    this.emptied = emptied;
    this.things = new Map(); // by mark, in the order in which they have their turn
    this.turns = new Turns(AT_A_TIME);
    this.highest = 0;
    byId("fold").addEventListener("click", () => this.foldAll());
    byId("list").addEventListener("click", () => this.list());
    byId("clear").addEventListener("click", () => this.clear());
    addEventListener("beforeunload", (event) => this.unsent() && event.preventDefault());
  }

  /** Put a thing here for each of `news` (`mark`, `photos`); return the names of the photos that are here already. */
  add(news, query) {
    const fresh = news.filter(({ mark, photos }) => !this.things.get(mark)?.welcome(photos));
    const number = (place) => this.highest + fresh.length - place;
    const added = fresh.map(({ mark, photos }, place) => (
      this.put(number(place), { mark, photos, query, names: photos.map((photo) => photo.name) }, fresh.length)));
    this.highest += fresh.length;
    this.show(added);
    if (added.length) announce(`${counted(added.length)} ${added.length === 1 ? "is" : "are"} looked at.`);
    return news.filter((one) => !fresh.includes(one)).flatMap(({ photos }) => photos.map((photo) => photo.name));
  }

  /** Take up again what this tab remembers. */
  takeUp() {
    const notes = remembered();
    this.highest = Math.max(0, ...notes.map(([number]) => number));
    this.show(notes.map(([number, note]) => this.put(number, { ...note, photos: [] }, notes.length, true)));
    if (notes.length) announce(`${counted(notes.length)} from before the page was loaded again.`);
  }

  put(number, what, together, silent = false) {
    const said = silent ? "nothing" : together < MANY ? "all" : "worth";
    const thing = new Thing(what, { turns: this.turns, said, folded: together >= MANY,
      changed: (it) => this.changed(number, it), gone: (it) => this.removed(number, it) });
    this.things.set(what.mark, thing);
    thing.start();
    return thing;
  }

  show(added) {
    byId("things").prepend(...added.map((thing) => thing.root));
    this.tell();
  }

  changed(number, thing) {
    if (thing.note) remember(number, thing.note);
    else forget(number);
    this.frame ||= requestAnimationFrame(() => this.tell());
  }

  // the keyboard must not be left where nothing is any more
  removed(number, thing) {
    const near = thing.root.nextElementSibling || thing.root.previousElementSibling;
    this.things.delete(thing.mark);
    thing.root.remove();
    forget(number);
    this.tell();
    if (near) near.querySelector(".name").focus();
    else this.emptied();
  }

  clear() {
    const all = [...this.things.values()];
    if (!confirm(`Take ${all.length === 1 ? "the thing" : `all ${all.length} things`} off this page, and forget them here?`)) return;
    for (const thing of all.reverse()) thing.remove(); // those that wait first, so that none of them begins
    announce("All are removed.");
  }

  foldAll() {
    const folded = this.anyOpen();
    for (const thing of this.things.values()) thing.fold(folded);
    this.tell();
  }

  anyOpen() {
    return [...this.things.values()].some((thing) => !thing.folded && thing.phase !== "failed");
  }

  unsent() {
    return [...this.things.values()].some((thing) => thing.unsent);
  }

  list() {
    const rows = [...document.querySelectorAll(".thing")].map((root) => this.of(root).line);
    download("things.csv", "text/csv", csv(rows, LIST));
  }

  of(root) {
    return [...this.things.values()].find((thing) => thing.root === root);
  }

  /** Say how many there are, how far they are, and what they are worth together. */
  tell() {
    this.frame = 0;
    const all = [...this.things.values()];
    byId("bar").hidden = !all.length;
    byId("nothing").hidden = Boolean(all.length);
    const left = all.filter((thing) => ["running", "waiting"].includes(thing.phase)).length;
    document.title = (left ? `(${left}) ` : "") + plainTitle;
    for (const id of ["fold", "list"]) byId(id).hidden = all.length < 2;
    byId("fold").textContent = this.anyOpen() ? "Fold all" : "Unfold all";
    byId("tally").textContent = `${counted(all.length)}: ${howFar(all)}`;
    byId("sum").textContent = together(all);
  }
}

function counted(number) {
  return number === 1 ? "1 thing" : `${number} things`;
}

function howFar(all) {
  const parts = PHASES.map(([phase, words]) => [all.filter((thing) => thing.phase === phase).length, words]);
  return parts.filter(([number]) => number).map(([number, words]) => (number === all.length ? words : `${number} ${words}`)).join(", ");
}

// amounts of different currencies have no sum
function together(all) {
  const worths = all.map((thing) => thing.facts["estimated-price"]).filter(Boolean);
  const currencies = new Set(worths.map((worth) => worth.currency));
  if (worths.length < 2 || currencies.size !== 1) return "";
  return `together worth ${money(worths.reduce((sum, { price }) => sum + price, 0), [...currencies][0])}`;
}
