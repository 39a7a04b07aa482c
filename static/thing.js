// One thing on the page: its photos, its run, and the facts received so far.

import { parseAmount, roughMoney } from "./amounts.js";
import { announce } from "./announcements.js";
import { RunChanges } from "./run-changes.js";
import { RunFacts } from "./run-facts.js";
import { RunStream } from "./stream.js";
import { describeError } from "./stages.js";
import { connectCommands } from "./thing-commands.js";
import { ThingDecision } from "./thing-decision.js";
import { ThingView } from "./thing-view.js";

const PERMANENT_STATUSES = [400, 408, 410, 413, 415, 422];
const RUN_DELETED = { status: 410, state: "No longer there.",
  error: "The service does not have this run any more. Add the photo again to look anew, or remove it." };
const NOT_SENT = { status: 400, state: "Not sent.",
  error: "The photo had not been sent when the page was left. Add it again, or remove it." };
const MAX_LABEL_LENGTH = 200;
const CONFLICT = 409;

export class Thing {
  /**
   * `mark` identifies the thing, `names` are its photos' names, `photos` the files. A thing restored after a reload has
   * no files, but the run's `key`, the `label`, thumbnails (`thumbs`) and what is asked for it (`cost`). `queue` schedules its run; `announceLevel` is
   * what screen readers are told: `all`, `worth` or `nothing`; `onChanged` is called when its phase or saved state
   * changes, `onRemoved` when it is removed.
   */
  constructor({ mark, names, photos, query, key = "", label = "", thumbs = [], cost = "" }, { queue, announceLevel, folded, onChanged, onRemoved }) {
    Object.assign(this, { mark, names, photos, query, key, label, thumbs, queue, announceLevel, onChanged, onRemoved });
    this.view = new ThingView();
    this.root = this.view.root;
    this.stream = new RunStream(photos, query, key, {
      started: (message, isNewStream) => this.onBegin(message, isNewStream),
      fact: (fact) => this.addFact(fact),
      disconnected: () => this.setStatus("The connection broke; reconnecting …"),
      waiting: (message, seconds) => this.setStatus(`${message.error} Asked again in ${seconds} s.`),
      rejected: (message) => this.onRejected(message),
      changeRejected: (message) => this.onChangeRejected(message),
      ended: () => this.onEnd(),
    });
    this.decision = new ThingDecision(this, parseAmount(String(cost)) || "");
    this.phase = "waiting";
    this.run = new RunFacts();
    this.changes = new RunChanges(this);
    this.rejection = null;
    this.ended = false;
    new ResizeObserver(() => this.scheduleRender()).observe(this.root);
    connectCommands(this);
    this.setFolded(folded);
    this.showPhotos();
    this.render();
  }

  get facts() {
    return this.run.facts;
  }

  get cost() {
    return this.decision.cost;
  }

  get errors() {
    return this.run.errors;
  }

  get stages() {
    return this.run.stages;
  }

  get received() {
    return this.run.received;
  }

  async showPhotos() {
    if (!this.photos.length) return this.view.showSavedThumbnails(this.names, this.thumbs);
    this.thumbs = await this.view.showThumbnails(this.photos);
    this.onChanged(this);
  }

  /** The state to restore it from after a reload; null where that would be of no use. */
  get savedState() {
    if (this.removed || (this.photos.length && !this.key && this.isPermanentlyRejected)) return null;
    return { mark: this.mark, names: this.names, query: this.query, key: this.key, label: this.label, thumbs: this.thumbs, cost: this.cost };
  }

  get hasUnsentPhotos() {
    return Boolean(this.photos.length && !this.key && !this.rejection);
  }

  get isPermanentlyRejected() {
    return PERMANENT_STATUSES.includes(this.rejection?.status);
  }

  offerRows() {
    return this.facts["price-evidence"] || this.facts["second-hand-offers"] || this.facts.partial || [];
  }

  /** The identified name, else the names of the photos. */
  title() {
    const identity = this.facts["model-producer"];
    return identity ? `${identity.producer} ${identity.model}`.trim() : this.label || this.names.join(", ");
  }

  setFolded(folded) {
    this.folded = folded;
    this.view.setFolded(folded);
    if (!folded) this.render();
    this.onChanged(this);
  }

  /** Start its run when a slot is free. */
  start() {
    if (this.photos.length || this.key) this.enqueue(() => this.stream.resume());
    else this.onRejected(NOT_SENT);
  }

  // shown facts stay until new ones come; an interrupted run resumes, an ended one starts again
  retry() {
    const restart = this.photos.length && (this.ended || this.rejection === RUN_DELETED);
    this.announceLevel = "all";
    this.rejection = null;
    this.ended = false;
    this.enqueue(() => (restart ? this.stream.restart() : this.stream.resume()));
    this.render();
  }

  enqueue(action, words = "") {
    this.setPhase("waiting", "Waiting its turn.");
    this.releaseSlot?.();
    this.releaseSlot = this.queue.enqueue(() => {
      const sending = this.photos.length > 1 ? "Sending the photos …" : "Sending the photo …";
      this.setPhase("running", words || (this.stream.key ? "Taking it up again …" : sending));
      action();
    });
  }

  setPhase(phase, words) {
    this.phase = phase;
    this.view.setPhase(phase);
    this.setStatus(words);
    this.onChanged(this);
  }

  /** Attach photos that were added again to a restored thing, and return true. */
  attachPhotos(photos) {
    this.root.scrollIntoView({ block: "nearest" });
    if (this.photos.length) return true;
    this.photos = photos;
    this.stream.photos = photos;
    this.showPhotos();
    if (this.rejection) this.retry();
    this.render();
    return true;
  }

  remove(words) {
    this.removed = true;
    this.stream.close();
    this.decision.close();
    this.releaseSlot?.();
    if (words) announce(words);
    this.onRemoved(this);
  }

  onBegin(message, isNewStream) {
    if (isNewStream) this.run = new RunFacts(this.run);
    this.key = message.key;
    this.replayed = message.replayed;
    if (!this.changes.current) this.setStatus(message.replayed ? "Known already; told again." : "Looking …");
    this.onChanged(this);
  }

  addFact(fact) {
    const { data_description: kind, data } = fact;
    const before = this.title();
    this.run.add(fact);
    if (kind === "model-producer") this.onIdentified(before);
    if (kind === "estimated-price" && !this.changes.current) this.announce(`${this.title()} is worth about ${roughMoney(data.price, data.currency)}.`);
    if (kind === "price-decision") this.decision.check();
    this.scheduleRender();
  }

  onIdentified(before) {
    this.label = this.title().slice(0, MAX_LABEL_LENGTH);
    if (this.announceLevel === "all" && this.title() !== before) announce(`This is ${this.title()}.`);
    this.onChanged(this);
  }

  /** Ask for a change of the run, whose new generation comes into this thing; see `RunChanges.add`. */
  change(request) {
    if (this.rejection) return announce(this.rejection.error);
    if (!this.key) return;
    this.changes.add(request);
    this.scheduleRender();
  }

  /** Start a change by `send`: at once, or where it looks something up, when a slot is free. */
  beginChange(words, isInstant, send) {
    this.ended = false;
    this.announceLevel = "all";
    if (!isInstant) return this.enqueue(send, words);
    this.setStatus(words);
    send();
  }

  // somebody else changes the run: show what becomes of it
  followOther(words) {
    this.ended = false;
    this.setPhase("running", words);
    this.stream.resume();
  }

  onChangeRejected(message) {
    this.changes.cancel();
    this.ended = true;
    this.releaseSlot?.();
    this.setPhase("done", message.error);
    announce(`${this.title()}: ${message.error}`);
    if (message.status === CONFLICT) this.followOther(message.error);
    this.render();
  }

  announce(words) {
    if (this.announceLevel !== "nothing") announce(words);
  }

  onRejected(message) {
    const runDeleted = message.status === 404 && !this.photos.length;
    this.rejection = runDeleted ? RUN_DELETED : message;
    this.changes.cancel();
    this.releaseSlot?.();
    this.setPhase("failed", this.rejection.state || "Not accepted.");
    this.announce(`${this.title()}: ${this.rejection.error}`);
    if (!this.received.length) this.setFolded(false);
    this.render();
  }

  onEnd() {
    this.ended = true;
    this.releaseSlot?.();
    const change = this.changes.end();
    this.setPhase("done", change || this.describeEnd());
    if (change) announce(change);
    else if (!this.facts["estimated-price"]) this.announce(`${this.title()}: ${this.errors.length ? describeError(this.errors[0]) : "no price."}`);
    this.render();
    this.changes.sendNext();
  }

  setStatus(words) {
    this.view.setStatus(words);
  }

  describeEnd() {
    const { seconds, cost_usd: cost } = this.facts.complete;
    if (this.replayed) return `Known already, from ${new Date(this.received.at(-1).observed_at).toLocaleString()}.`;
    return `Done in ${seconds.toFixed(1)} s${cost ? `, ${cost.toFixed(4)} USD for the model` : ""}.`;
  }

  // a replay delivers all facts at once: render at most once a frame
  scheduleRender() {
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      this.render();
    });
  }

  render() {
    this.view.show(this);
  }
}
