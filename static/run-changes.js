// What the user changes about a run: sent one after the other, each as a new generation of the same run.

import { money } from "./amounts.js";
import { announce } from "./announcements.js";

const INSTANT_FIELDS = ["condition", "size", "variant"];
const DONE_WORDS = { correct: "Corrected.", dismiss: "Left out.", restore: "Brought back.", undo: "Taken back.", refresh: "Looked again." };
const POSTPONED = "Your change follows as soon as this look has ended.";
const BUSY_WORDS = { correct: "Looking with what you said …", undo: "Taking it back …", refresh: "Looking again …" };

export class RunChanges {
  constructor(thing) {
    this.thing = thing;
    this.waiting = [];
    this.current = null;
  }

  /** Ask for `correct`, `dismiss`, `restore`, `undo` or `refresh`: at once, or as soon as what is under way has ended. */
  add(request) {
    this.waiting = [...this.waiting, request];
    if (!this.thing.ended && !this.current) this.postpone();
    this.sendNext();
  }

  postpone() {
    this.thing.setStatus(POSTPONED);
    announce(POSTPONED);
  }

  /** Send the next change where nothing else is under way. */
  sendNext() {
    if (!this.thing.ended || !this.waiting.length) return;
    [this.current, ...this.waiting] = this.waiting;
    this.estimate = this.thing.facts["estimated-price"];
    this.thing.beginChange(busyWords(this.current), isInstant(this.current), this.sender(this.current));
  }

  // what is seen in the photo is looked at anew only with the photo, which is not stored
  sender(request) {
    const { stream, photos } = this.thing;
    return () => (request.refresh === "all" && photos.length ? stream.restart(request) : stream.change(request));
  }

  /** Return the ids of comparables whose change is on its way. */
  get pendingIds() {
    return [this.current, ...this.waiting].flatMap((change) => [...(change?.dismiss || []), ...(change?.restore || [])]).join(" ");
  }

  /** End the change that is under way; return in words what it did to the price, `""` where none is. */
  end() {
    if (!this.current) return "";
    const words = [DONE_WORDS[kindOf(this.current)], describeDifference(this.estimate, this.thing.facts["estimated-price"])];
    this.current = null;
    return words.join(" ").trim();
  }

  /** Forget what was asked for. */
  cancel() {
    this.current = null;
    this.waiting = [];
  }
}

// computed from what is stored, without looking anything up
function isInstant(change) {
  return !change.refresh && Object.keys(change.correct || {}).every((name) => INSTANT_FIELDS.includes(name));
}

function busyWords(change) {
  return isInstant(change) && !change.undo ? "Reckoning …" : BUSY_WORDS[kindOf(change)];
}

function kindOf(change) {
  return Object.keys(DONE_WORDS).find((kind) => kind in change);
}

// whole units, not rounded as elsewhere, or small steps would not be seen
function describeDifference(before, after) {
  if (!after) return before ? "There is no price any more." : "";
  const [was, is] = [before, after].map((estimate) => estimate && money(Math.round(estimate.price), estimate.currency));
  if (!was) return `It is worth ${is}.`;
  return was === is ? `The price stays ${is}.` : `The price was ${was} and is ${is}.`;
}
