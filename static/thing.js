// One thing on the page: its photos, its run, and the facts received so far.

import { money, plainNumber } from "./dom.js";
import { ThingView } from "./thing-view.js";
import { copy, csv, download } from "./export.js";
import { announce } from "./announcements.js";
import { describeError, initialStages } from "./stages.js";
import { RunStream } from "./stream.js";

const PERMANENT_STATUSES = [400, 408, 410, 413, 415, 422];
const RUN_DELETED = { status: 410, state: "No longer there.",
  error: "The service does not have this run any more. Add the photo again to look anew, or remove it." };
const NOT_SENT = { status: 400, state: "Not sent.",
  error: "The photo had not been sent when the page was left. Add it again, or remove it." };
const MAX_LABEL_LENGTH = 200;

export class Thing {
  /**
   * `mark` identifies the thing, `names` are its photos' names, `photos` the files. A thing restored after a reload has
   * no files, but the run's `key`, the `label` and thumbnails (`thumbs`). `queue` schedules its run; `announceLevel` is
   * what screen readers are told: `all`, `worth` or `nothing`; `onChanged` is called when its phase or saved state
   * changes, `onRemoved` when it is removed.
   */
  constructor({ mark, names, photos, query, key = "", label = "", thumbs = [] }, { queue, announceLevel, folded, onChanged, onRemoved }) {
    Object.assign(this, { mark, names, photos, query, key, label, thumbs, queue, announceLevel, onChanged, onRemoved });
    this.view = new ThingView();
    this.root = this.view.root;
    this.stream = new RunStream(photos, query, key, {
      started: (message, isNewStream) => this.onBegin(message, isNewStream),
      fact: (fact) => this.addFact(fact),
      disconnected: () => this.setStatus("The line broke; taking it up again …"),
      waiting: (message, seconds) => this.setStatus(`${message.error} Asked again in ${seconds} s.`),
      rejected: (message) => this.onRejected(message),
      ended: () => this.onEnd(),
    });
    this.phase = "waiting";
    new ResizeObserver(() => this.scheduleRender()).observe(this.root);
    this.connectButtons();
    this.reset();
    this.setFolded(folded);
    this.showPhotos();
  }

  connectButtons() {
    const onClick = (selector, action) => this.view.find(selector).addEventListener("click", action);
    const json = () => JSON.stringify({ key: this.key, facts: this.received }, null, 2);
    onClick(".name", () => this.setFolded(!this.folded));
    onClick(".copy-price", (event) => copy(plainNumber(this.facts["estimated-price"].price), event.currentTarget));
    onClick(".copy", (event) => copy(json(), event.currentTarget));
    onClick(".json", () => download(`${this.title()}.json`, "application/json", json()));
    onClick(".csv", () => download(`${this.title()}.csv`, "text/csv", csv(this.offerRows())));
    onClick(".again", () => this.retry());
    onClick(".remove", () => this.remove("Removed."));
  }

  async showPhotos() {
    if (!this.photos.length) return this.view.showSavedThumbnails(this.names, this.thumbs);
    this.thumbs = await this.view.showThumbnails(this.photos);
    this.onChanged(this);
  }

  /** The state to restore it from after a reload; null where that would be of no use. */
  get savedState() {
    if (this.removed || (this.photos.length && !this.key && this.isPermanentlyRejected)) return null;
    return { mark: this.mark, names: this.names, query: this.query, key: this.key, label: this.label, thumbs: this.thumbs };
  }

  get hasUnsentPhotos() {
    return Boolean(this.photos.length && !this.key && !this.rejection);
  }

  get isPermanentlyRejected() {
    return PERMANENT_STATUSES.includes(this.rejection?.status);
  }

  /** The thing's row in the list's CSV. */
  get summaryRow() {
    const { "estimated-price": estimate, "model-producer": identity, "retail-price-details": retail } = this.facts;
    return { ...estimate, ...identity, photos: this.names.join(" "), price_new: retail?.price, state: this.status };
  }

  offerRows() {
    return this.facts["price-evidence"] || this.facts["second-hand-offers"] || this.facts.partial || [];
  }

  /** The identified name, else the names of the photos. */
  title() {
    const identity = this.facts["model-producer"];
    return identity ? `${identity.producer} ${identity.model}`.trim() : this.label || this.names.join(", ");
  }

  reset() {
    this.facts = {};
    this.received = [];
    this.errors = [];
    this.stages = initialStages();
    this.rejection = null;
    this.ended = false;
    this.render();
  }

  setFolded(folded) {
    this.folded = folded;
    this.view.setFolded(folded);
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

  enqueue(action) {
    this.setPhase("waiting", "Waiting its turn.");
    this.releaseSlot?.();
    this.releaseSlot = this.queue.enqueue(() => {
      const sending = this.photos.length > 1 ? "Sending the photos …" : "Sending the photo …";
      this.setPhase("running", this.stream.key ? "Taking it up again …" : sending);
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
    this.releaseSlot?.();
    if (words) announce(words);
    this.onRemoved(this);
  }

  onBegin(message, isNewStream) {
    if (isNewStream) this.reset();
    this.key = message.key;
    this.replayed = message.replayed;
    this.setStatus(message.replayed ? "Known already; told again." : "Looking …");
    this.onChanged(this);
  }

  addFact(fact) {
    this.received.push(fact);
    const { data_description: kind, data } = fact;
    if (kind === "progress") this.stages = { ...this.stages, [data.stage]: data };
    else if (kind === "error") this.errors = [...this.errors, data];
    else if (kind === "offers-partial") this.facts.partial = [...(this.facts.partial || []), ...data];
    else this.facts[kind] = data;
    if (kind === "model-producer") this.onIdentified();
    if (kind === "estimated-price") this.announce(`${this.title()} is worth ${money(data.price, data.currency)}.`);
    this.scheduleRender();
  }

  onIdentified() {
    this.label = this.title().slice(0, MAX_LABEL_LENGTH);
    if (this.announceLevel === "all") announce(`This is ${this.title()}.`);
    this.onChanged(this);
  }

  announce(words) {
    if (this.announceLevel !== "nothing") announce(words);
  }

  onRejected(message) {
    const runDeleted = message.status === 404 && !this.photos.length;
    this.rejection = runDeleted ? RUN_DELETED : message;
    this.releaseSlot?.();
    this.setPhase("failed", this.rejection.state || "Not accepted.");
    this.announce(`${this.title()}: ${this.rejection.error}`);
    if (!this.received.length) this.setFolded(false);
    this.render();
  }

  onEnd() {
    this.ended = true;
    this.releaseSlot?.();
    this.setPhase("done", this.describeEnd());
    if (!this.facts["estimated-price"]) this.announce(`${this.title()}: ${this.errors.length ? describeError(this.errors[0]) : "no price."}`);
    this.render();
  }

  setStatus(words) {
    this.status = words;
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
