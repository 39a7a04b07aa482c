// Keys of the page: what each does, and the dialog that lists them.

import { element, isTyping } from "./dom.js";
import { readPreference, storePreference } from "./preferences.js";
import { copyPrice, enter, focusThing, lookAgain, pickCandidate, regroup, undo } from "./thing-commands.js";

const SWITCH = "keys";
const byId = (id) => document.getElementById(id);

const HELP = [
  ["A thing", [
    ["j k", "next thing, thing before"], ["Enter", "unfold or fold"], ["1 … 9", "take what it may be"],
    ["m", "correct the name"], ["s", "condition, size, variant"], ["c", "what it is offered for, your margin, where you sell"], ["o", "go to its offers"],
    ["u", "take back the last change"], ["h", "history"], ["r", "look again for offers"], ["R", "look again at everything"], ["p", "copy the price"],
    ["g", "group its photos anew"],
  ]],
  ["Its offers", [
    ["j k ↓ ↑", "next offer, offer before"], ["x Delete", "leave out, or bring back"], ["Enter", "open in a new tab"], ["Esc", "back to the thing"],
  ]],
  ["Everywhere", [["?", "these keys"], ["Enter", "in a field: take it, and go back to the thing"], ["Esc", "leave a field; else take refused files away"],
    ["l", "what needs a look alone, or all again"]]],
];

const PAGE_KEYS = { "?": showKeys, l: toggleFilter };
const THING_KEYS = {
  c: (thing) => enter(thing, (view) => view.decision.edit()),
  g: regroup,
  h: (thing) => enter(thing, (view) => view.identity.toggleHistory()),
  m: (thing) => enter(thing, (view) => view.identity.edit("model")),
  s: (thing) => enter(thing, (view) => view.identity.edit("condition")),
  o: (thing) => enter(thing, (view) => view.offers.focusRow()),
  p: copyPrice,
  r: (thing) => lookAgain(thing, "offers"),
  R: (thing) => lookAgain(thing, "all"),
  u: undo,
};
const ROW_STEPS = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 };

export class Shortcuts {
  /** `thingOf` returns the thing of an element of class `thing`. */
  constructor(thingOf) {
    this.thingOf = thingOf;
    this.current = null;
    byId("keys-list").append(...HELP.flatMap(helpSection));
    byId("keys-on").checked = readPreference(SWITCH) !== "off";
    byId("keys-on").addEventListener("change", () => this.switchKeys());
    this.showSwitch();
    byId("show-keys").addEventListener("click", () => byId("keys").showModal());
    document.addEventListener("focusin", (event) => this.follow(event.target));
    document.addEventListener("keydown", (event) => this.onKey(event));
  }

  switchKeys() {
    storePreference(SWITCH, byId("keys-on").checked ? "on" : "off");
    this.showSwitch();
  }

  showSwitch() {
    document.body.classList.toggle("no-keys", !byId("keys-on").checked);
  }

  follow(target) {
    this.current = target.closest(".thing") || this.current;
  }

  onKey(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    const isHandled = event.key === "Escape" ? this.leave(event.target) : !isTyping(event.target) && this.act(event);
    if (isHandled) event.preventDefault();
  }

  // Escape leads from a field or an offer back to the thing
  leave(target) {
    const root = target.closest(".thing");
    if (!root || target.matches(".name")) return false;
    target.closest("details.correct")?.removeAttribute("open");
    focusThing(this.thingOf(root));
    return true;
  }

  act(event) {
    if (!byId("keys-on").checked) return false;
    if (event.key in PAGE_KEYS) return PAGE_KEYS[event.key]();
    const row = event.target.closest("[data-offer]");
    return (row && this.actOnRow(row, event)) || this.actOnThing(event);
  }

  actOnRow(row, { key, target }) {
    const { offers } = this.currentThing().view;
    if (key in ROW_STEPS) return offers.focusRow(row, ROW_STEPS[key]) || true;
    if (key === "x" || key === "Delete") offers.toggle(row);
    else if (key === "Enter" && target === row) row.querySelector("a")?.click();
    else return false;
    return true;
  }

  actOnThing({ key, target }) {
    if (key === "j" || key === "k") return this.move(key === "j" ? 1 : -1);
    const thing = this.currentThing();
    if (!thing) return false;
    if (key in THING_KEYS) THING_KEYS[key](thing);
    else if (/^[1-9]$/.test(key)) pickCandidate(thing, Number(key));
    else if (key === "Enter" && target === document.body) thing.setFolded(!thing.folded);
    else return false;
    return true;
  }

  currentThing() {
    const root = this.current?.isConnected ? this.current : document.querySelector(".thing");
    return root && this.thingOf(root);
  }

  // whoever goes through folded things one by one has one of them open at a time
  move(steps) {
    const roots = [...document.querySelectorAll(".thing")].filter((root) => root.checkVisibility());
    const from = roots.indexOf(this.current);
    const root = from < 0 ? roots[0] : roots[from + steps];
    if (!root) return false;
    const [left, thing] = [roots[from], root].map((it) => it && this.thingOf(it));
    if (left && !left.folded && thing.folded) {
      left.setFolded(true);
      thing.setFolded(false);
    }
    root.scrollIntoView({ block: "start" });
    focusThing(thing);
    return true;
  }
}

function showKeys() {
  byId("keys").showModal();
  return true;
}

function toggleFilter() {
  if (byId("look").hidden) return false;
  byId("look").click();
  return true;
}

function helpSection([title, keys]) {
  const lines = keys.flatMap(([names, words]) => [
    element("dt", {}, ...names.split(" ").flatMap((name) => (name === "…" ? [" … "] : [element("kbd", {}, name), " "]))), element("dd", {}, words)]);
  return [element("h3", {}, title), element("dl", {}, ...lines)];
}
