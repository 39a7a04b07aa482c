// The list of things on the page, newest first, with its summary and the actions on all of them.

import { announce } from "./announcements.js";
import { downloadList } from "./list-csv.js";
import { deleteNote, listenToOtherTabs, loadNotes, reserveNumbers, saveNote, tellOtherTabs } from "./list-storage.js";
import { describeProgress, describeSum, isUnfinished, needsLook } from "./list-summary.js";
import { setUpRefusals, showRefused } from "./refusals.js";
import { baseTitle } from "./service-info.js";
import { TaskQueue } from "./task-queue.js";
import { Thing } from "./thing.js";
import { count } from "./wording.js";

const MAX_CONCURRENT_RUNS = 4;
const FOLD_FROM = 4;
const byId = (id) => document.getElementById(id);

export class ThingList {
  /** `onEmpty` is called when the user has removed the last thing. */
  constructor(onEmpty) {
    this.onEmpty = onEmpty;
    this.things = new Map(); // by mark, in queue order
    this.numbers = new Map(); // by thing
    this.queue = new TaskQueue(MAX_CONCURRENT_RUNS);
    byId("look").addEventListener("click", () => this.toggleFilter());
    byId("fold").addEventListener("click", () => this.foldAll());
    byId("list").addEventListener("click", () => downloadList(this.inOrder()));
    byId("clear").addEventListener("click", () => this.clear());
    setUpRefusals(this);
    listenToOtherTabs(({ removed = [] }) => this.forget(this.withNumbers(removed)));
  }

  /** Add a thing for each of `items` (`mark`, `photos`); return the names of photos that are in the list already. */
  add(items, query) {
    const newItems = items.filter(({ mark, photos }) => !this.things.get(mark)?.attachPhotos(photos));
    const first = reserveNumbers(newItems.length);
    const number = (index) => first + newItems.length - 1 - index;
    const added = newItems.map(({ mark, photos }, index) => (
      this.create(number(index), { mark, photos, query, names: photos.map((photo) => photo.name) }, newItems.length)));
    this.prepend(added);
    if (added.length) announce(`${count(added.length, "thing")} ${added.length === 1 ? "is" : "are"} looked at.`);
    return items.filter((item) => !newItems.includes(item)).flatMap(({ photos }) => photos.map((photo) => photo.name));
  }

  /** Restore the saved list. */
  restore() {
    const notes = loadNotes();
    this.prepend(notes.map(([number, note]) => this.create(number, { ...note, photos: [] }, notes.length, true)));
    if (notes.length) announce(`${count(notes.length, "thing")} from before the page was loaded again.`);
  }

  create(number, state, group, isRestored = false) {
    const announceLevel = isRestored ? "nothing" : group < FOLD_FROM ? "all" : "worth";
    const thing = new Thing(state, { queue: this.queue, announceLevel, folded: group >= FOLD_FROM,
      onChanged: (it) => this.save(number, it), onRemoved: (it) => this.isForgetting || this.handleRemoved(it) });
    this.things.set(state.mark, thing);
    this.numbers.set(thing, number);
    thing.start();
    return thing;
  }

  prepend(added) {
    byId("things").prepend(...added.map((thing) => thing.root));
    this.renderSummary();
  }

  save(number, thing) {
    if (thing.removed) return;
    if (thing.savedState) saveNote(number, thing.savedState);
    else deleteNote(number);
    this.frame ||= requestAnimationFrame(() => this.renderSummary());
  }

  // keyboard focus moves to a neighbour
  handleRemoved(thing) {
    const neighbour = thing.root.nextElementSibling || thing.root.previousElementSibling;
    tellOtherTabs({ removed: [this.numbers.get(thing)] });
    this.forget([thing]);
    if (neighbour) neighbour.querySelector(".name").focus();
    else this.onEmpty();
  }

  /** Take things off the page, and forget them in this browser. */
  forget(things) {
    this.isForgetting = true;
    for (const thing of things) {
      if (!thing.removed) thing.remove("");
      deleteNote(this.numbers.get(thing));
      this.things.delete(thing.mark);
      this.numbers.delete(thing);
      thing.root.remove();
    }
    this.isForgetting = false;
    this.renderSummary();
  }

  withNumbers(numbers) {
    return [...this.numbers].filter(([, number]) => numbers.includes(number)).map(([thing]) => thing);
  }

  clear() {
    const all = [...this.things.values()];
    if (!confirm(`Take ${all.length === 1 ? "the thing" : `all ${all.length} things`} off this page, and forget them in this browser?`)) return;
    this.removeAll(all.reverse()); // waiting ones first, so that none of them starts
    this.onEmpty();
    announce("All are removed.");
  }

  removeAll(things) {
    tellOtherTabs({ removed: things.map((thing) => this.numbers.get(thing)) });
    this.forget(things);
  }

  /** Remove the things that were refused for good. */
  removeRefused() {
    const refused = this.refused();
    if (!refused.length) return;
    const hadFocus = refused.some((thing) => thing.root.contains(document.activeElement));
    this.removeAll(refused);
    announce(`${count(refused.length, "thing")} removed.`);
    if (hadFocus) this.focusFirst();
  }

  refused() {
    return [...this.things.values()].filter((thing) => thing.isPermanentlyRejected);
  }

  /** Move the focus to the newest thing. */
  focusFirst() {
    const name = document.querySelector(".thing .name");
    if (name) name.focus({ preventScroll: true });
    else this.onEmpty();
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

  /** Return the thing of an element of class `thing`. */
  thingOf(root) {
    return [...this.things.values()].find((thing) => thing.root === root);
  }

  /** The things in the order of the page. */
  inOrder() {
    return [...document.querySelectorAll("#things > .thing")].map((root) => this.thingOf(root));
  }

  /** Show those alone that need a look, or all again. */
  toggleFilter() {
    const isOn = !this.isFiltered && this.inOrder().some(needsLook);
    this.isFiltered = isOn;
    for (const thing of this.things.values()) delete thing.root.dataset.look;
    byId("things").classList.toggle("filtered", isOn);
    byId("look").setAttribute("aria-pressed", String(isOn));
    this.renderSummary();
    announce(isOn ? `Only what needs a look: ${count(this.inOrder().filter(needsLook).length, "thing")}.` : "All things.");
  }

  /** Show the number of things, their progress, what they are worth together, and what needs a look. */
  renderSummary() {
    this.frame = 0;
    const all = [...this.things.values()];
    byId("bar").hidden = !all.length;
    byId("nothing").hidden = Boolean(all.length);
    const unfinished = all.filter(isUnfinished).length;
    document.title = (unfinished ? `(${unfinished}) ` : "") + baseTitle;
    for (const id of ["fold", "list"]) byId(id).hidden = all.length < 2;
    byId("fold").textContent = this.hasUnfolded() ? "Fold all" : "Unfold all";
    byId("tally").textContent = describeProgress(all);
    byId("sum").textContent = all.length > 1 ? describeSum(all) : "";
    byId("tally").hidden = Boolean(byId("sum").textContent) && !unfinished;
    showRefused(this.refused().length);
    this.renderFilter(all);
  }

  // what was looked at stays in sight until the filter is taken away
  renderFilter(all) {
    const unsure = all.filter(needsLook);
    for (const thing of unsure) thing.root.dataset.look = "yes";
    byId("look").hidden = all.length < 2 || (!unsure.length && !this.isFiltered);
    byId("look").firstChild.textContent = this.isFiltered ? "Show all " : `Needs a look (${unsure.length}) `;
  }
}
