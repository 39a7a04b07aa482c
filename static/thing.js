// One thing on the page: its photos, its stages, and what is known of it so far.

import { money, plainNumber } from "./dom.js";
import { Face } from "./face.js";
import { copy, csv, download } from "./keep.js";
import { announce } from "./said.js";
import { inWords, waiting } from "./stages.js";
import { RunStream } from "./stream.js";

const NO_SECOND_TRY = [400, 408, 410, 413, 415, 422];
const GONE = { status: 410, state: "No longer there.",
  error: "The service does not have this run any more. Add the photo again to look anew, or remove it." };
const UNSENT = { status: 400, state: "Not sent.",
  error: "The photo had not been sent when the page was left. Add it again, or remove it." };
const LONGEST_LABEL = 200;

export class Thing {
  /**
   * `mark` tells the thing from others, `names` are those of its photos, `photos` the files; of a thing from before a
   * reload there are no files, but the run's `key`, the `label` and small pictures (`thumbs`).
   * `turns` lets it begin; `said` is what a screen reader hears: `all`, `worth` or `nothing`; `changed` is called when
   * its phase or its note is another, `gone` when it is removed.
   */
  constructor({ mark, names, photos, query, key = "", label = "", thumbs = [] }, { turns, said, folded, changed, gone }) {
    Object.assign(this, { mark, names, photos, query, key, label, thumbs, turns, said, changed, gone });
    this.face = new Face();
    this.root = this.face.root;
    this.stream = new RunStream(photos, query, key, {
      begun: (message, fresh) => this.begun(message, fresh),
      fact: (fact) => this.take(fact),
      broken: () => this.say("The line broke; taking it up again …"),
      waiting: (message, seconds) => this.say(`${message.error} Asked again in ${seconds} s.`),
      refused: (message) => this.refuse(message),
      ended: () => this.end(),
    });
    this.phase = "waiting";
    new ResizeObserver(() => this.drawSoon()).observe(this.root);
    this.wire();
    this.clear();
    this.fold(folded);
    this.showPhotos();
  }

  wire() {
    const clicked = (selector, act) => this.face.part(selector).addEventListener("click", act);
    const json = () => JSON.stringify({ key: this.key, facts: this.told }, null, 2);
    clicked(".name", () => this.fold(!this.folded));
    clicked(".copy-price", (event) => copy(plainNumber(this.facts["estimated-price"].price), event.currentTarget));
    clicked(".copy", (event) => copy(json(), event.currentTarget));
    clicked(".json", () => download(`${this.title()}.json`, "application/json", json()));
    clicked(".csv", () => download(`${this.title()}.csv`, "text/csv", csv(this.rows())));
    clicked(".again", () => this.again());
    clicked(".remove", () => this.remove("Removed."));
  }

  async showPhotos() {
    if (!this.photos.length) return this.face.recall(this.names, this.thumbs);
    this.thumbs = await this.face.picture(this.photos);
    this.changed(this);
  }

  /** What a tab should remember of it; null where that would be of no use. */
  get note() {
    if (this.removed || (this.photos.length && !this.key && this.hopeless)) return null;
    return { mark: this.mark, names: this.names, query: this.query, key: this.key, label: this.label, thumbs: this.thumbs };
  }

  get unsent() {
    return Boolean(this.photos.length && !this.key && !this.refusal);
  }

  get hopeless() {
    return NO_SECOND_TRY.includes(this.refusal?.status);
  }

  /** A line for a list of many things. */
  get line() {
    const { "estimated-price": worth, "model-producer": named, "retail-price-details": retail } = this.facts;
    return { ...worth, ...named, photos: this.names.join(" "), price_new: retail?.price, state: this.words };
  }

  rows() {
    return this.facts["price-evidence"] || this.facts["second-hand-offers"] || this.facts.partial || [];
  }

  /** What the thing is called: as it was identified, else as its photos are. */
  title() {
    const named = this.facts["model-producer"];
    return named ? `${named.producer} ${named.model}`.trim() : this.label || this.names.join(", ");
  }

  clear() {
    this.facts = {};
    this.told = [];
    this.errors = [];
    this.stages = waiting();
    this.refusal = null;
    this.ended = false;
    this.draw();
  }

  fold(folded) {
    this.folded = folded;
    this.face.fold(folded);
    this.changed(this);
  }

  /** Begin, when it is its turn. */
  start() {
    if (this.photos.length || this.key) this.go(() => this.stream.resume());
    else this.refuse(UNSENT);
  }

  // what came before stands until new facts come: a run that was broken off goes on, one that ended is asked anew
  again() {
    const anew = this.photos.length && (this.ended || this.refusal === GONE);
    this.said = "all";
    this.refusal = null;
    this.ended = false;
    this.go(() => (anew ? this.stream.restart() : this.stream.resume()));
    this.draw();
  }

  go(act) {
    this.phaseIs("waiting", "Waiting its turn.");
    this.endTurn?.();
    this.endTurn = this.turns.ask(() => {
      const sending = this.photos.length > 1 ? "Sending the photos …" : "Sending the photo …";
      this.phaseIs("running", this.stream.key ? "Taking it up again …" : sending);
      act();
    });
  }

  phaseIs(phase, words) {
    this.phase = phase;
    this.face.phase(phase);
    this.say(words);
    this.changed(this);
  }

  /** Return true, for its photos are here already; where they were only remembered, they can be sent again now. */
  welcome(photos) {
    this.root.scrollIntoView({ block: "nearest" });
    if (this.photos.length) return true;
    this.photos = photos;
    this.stream.photos = photos;
    this.showPhotos();
    if (this.refusal) this.again();
    this.draw();
    return true;
  }

  remove(words) {
    this.removed = true;
    this.stream.close();
    this.endTurn?.();
    if (words) announce(words);
    this.gone(this);
  }

  begun(message, fresh) {
    if (fresh) this.clear();
    this.key = message.key;
    this.replayed = message.replayed;
    this.say(message.replayed ? "Known already; told again." : "Looking …");
    this.changed(this);
  }

  take(fact) {
    this.told.push(fact);
    const { data_description: kind, data } = fact;
    if (kind === "progress") this.stages = { ...this.stages, [data.stage]: data };
    else if (kind === "error") this.errors = [...this.errors, data];
    else if (kind === "offers-partial") this.facts.partial = [...(this.facts.partial || []), ...data];
    else this.facts[kind] = data;
    if (kind === "model-producer") this.named();
    if (kind === "estimated-price") this.announce(`${this.title()} is worth ${money(data.price, data.currency)}.`);
    this.drawSoon();
  }

  named() {
    this.label = this.title().slice(0, LONGEST_LABEL);
    if (this.said === "all") announce(`This is ${this.title()}.`);
    this.changed(this);
  }

  announce(words) {
    if (this.said !== "nothing") announce(words);
  }

  refuse(message) {
    const gone = message.status === 404 && !this.photos.length;
    this.refusal = gone ? GONE : message;
    this.endTurn?.();
    this.phaseIs("failed", this.refusal.state || "Not accepted.");
    this.announce(`${this.title()}: ${this.refusal.error}`);
    if (!this.told.length) this.fold(false);
    this.draw();
  }

  end() {
    this.ended = true;
    this.endTurn?.();
    this.phaseIs("done", this.endWords());
    if (!this.facts["estimated-price"]) this.announce(`${this.title()}: ${this.errors.length ? inWords(this.errors[0]) : "no price."}`);
    this.draw();
  }

  say(words) {
    this.words = words;
    this.face.say(words);
  }

  endWords() {
    const { seconds, cost_usd: cost } = this.facts.complete;
    if (this.replayed) return `Known already, from ${new Date(this.told.at(-1).observed_at).toLocaleString()}.`;
    return `Done in ${seconds.toFixed(1)} s${cost ? `, ${cost.toFixed(4)} USD for the model` : ""}.`;
  }

  // a replay brings all facts at once: one drawing a frame is enough
  drawSoon() {
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      this.draw();
    });
  }

  draw() {
    this.face.show(this);
  }
}
