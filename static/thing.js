// One thing on the page: its photos, its stages, and what is known of it so far.

import { Cards } from "./cards.js";
import { element, money, painter } from "./dom.js";
import { copy, csv, download } from "./keep.js";
import { picture } from "./picture.js";
import { announce } from "./said.js";
import { endedWithout, inWords, lights, notice, waiting } from "./stages.js";
import { RunStream } from "./stream.js";
import { Offers } from "./table.js";

const NO_SECOND_TRY = [400, 408, 413, 415, 422];
let things = 0;

export class Thing {
  /** `photos` are files; `query` is what the user said; `gone` is called when the thing is removed. */
  constructor(photos, query, gone) {
    this.photos = photos;
    this.gone = gone;
    this.root = document.getElementById("thing").content.firstElementChild.cloneNode(true);
    this.part(".thumbs").append(...photos.map(thumbnail));
    this.label();
    this.prepare();
    this.wire();
    this.clear();
    this.say(photos.length > 1 ? "Sending the photos …" : "Sending the photo …");
    this.stream = new RunStream(photos, query, {
      begun: (message, fresh) => this.begun(message, fresh),
      fact: (fact) => this.take(fact),
      broken: () => this.say("The line broke; taking it up again …"),
      waiting: (message, seconds) => this.say(`${message.error} Asked again in ${seconds} s.`),
      refused: (message) => this.refuse(message),
      ended: () => this.end(),
    });
  }

  part(selector) {
    return this.root.querySelector(selector);
  }

  label() {
    things += 1;
    this.part(".name").id = `thing-${things}`;
    this.root.setAttribute("aria-labelledby", `thing-${things}`);
  }

  prepare() {
    this.cards = new Cards(this.part(".cards"));
    this.offers = new Offers(this.part(".offers"));
    this.paint = {
      stages: painter(this.part(".stages")),
      notices: painter(this.part(".notices")),
      picture: painter(this.part(".plot")),
    };
    new ResizeObserver(() => this.drawSoon()).observe(this.root);
  }

  wire() {
    const clicked = (selector, act) => this.part(selector).addEventListener("click", act);
    const json = () => JSON.stringify({ key: this.key, facts: this.told }, null, 2);
    clicked(".copy", (event) => copy(json(), event.currentTarget));
    clicked(".json", () => download(`${this.title()}.json`, "application/json", json()));
    clicked(".csv", () => download(`${this.title()}.csv`, "text/csv", csv(this.rows())));
    clicked(".again", () => this.again());
    clicked(".remove", () => this.remove());
  }

  rows() {
    return this.facts["price-evidence"] || this.facts["second-hand-offers"] || this.facts.partial || [];
  }

  /** What the thing is called: as it was identified, else as its photos are. */
  title() {
    const named = this.facts["model-producer"];
    return named ? `${named.producer} ${named.model}`.trim() : this.photos.map((photo) => photo.name).join(", ");
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

  // a run that was broken off goes on; one that ended is asked anew, and its facts stand until new ones come
  again() {
    this.say("Asking again …");
    this.refusal = null;
    if (this.ended) this.stream.restart();
    else this.stream.resume();
    this.ended = false;
    this.draw();
  }

  remove() {
    this.stream.close();
    this.root.querySelectorAll("img").forEach((image) => URL.revokeObjectURL(image.src));
    this.root.remove();
    announce("Removed.");
    this.gone();
  }

  begun(message, fresh) {
    if (fresh) this.clear();
    this.key = message.key;
    this.replayed = message.replayed;
    this.say(message.replayed ? "Known already; told again." : "Looking …");
  }

  take(fact) {
    this.told.push(fact);
    const { data_description: kind, data } = fact;
    if (kind === "progress") this.stages = { ...this.stages, [data.stage]: data };
    else if (kind === "error") this.errors = [...this.errors, data];
    else if (kind === "offers-partial") this.facts.partial = [...(this.facts.partial || []), ...data];
    else this.facts[kind] = data;
    if (kind === "model-producer") announce(`This is ${this.title()}.`);
    if (kind === "estimated-price") announce(`${this.title()} is worth ${money(data.price, data.currency)}.`);
    this.drawSoon();
  }

  refuse(message) {
    this.refusal = message;
    this.say("Not accepted.");
    announce(`${this.title()}: ${message.error}`);
    this.draw();
  }

  end() {
    this.ended = true;
    this.say(this.endWords());
    if (!this.facts["estimated-price"]) announce(`${this.title()}: ${this.errors.length ? inWords(this.errors[0]) : "no price."}`);
    this.draw();
  }

  say(words) {
    this.part(".state").textContent = words;
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
    this.drawHead();
    this.paint.stages([this.stages, Boolean(this.refusal && !this.key)], () => (this.refusal && !this.key ? [] : lights(this.stages)));
    this.paint.notices([this.errors, this.refusal, this.ended], () => this.notice());
    this.cards.show(this.facts, this.stages);
    this.offers.show(this.facts, this.stages.offers);
    this.drawPicture();
    this.drawActions();
  }

  drawHead() {
    const nameless = !this.facts["model-producer"] && endedWithout(this.stages.identify);
    this.part(".name").textContent = nameless ? `Not identified: ${this.title()}` : this.title();
    const worth = this.facts["estimated-price"];
    const none = this.ended && !worth && this.facts["model-producer"];
    this.part(".worth").hidden = !worth && !none;
    this.part(".worth").classList.toggle("none", Boolean(none));
    this.part(".worth-price").textContent = worth ? money(worth.price, worth.currency) : "No price";
    this.part(".worth-range").textContent = worth
      ? `${money(worth.min_range, worth.currency)} – ${money(worth.max_range, worth.currency)}` : "";
  }

  notice() {
    const refused = this.refusal ? [{ stage: "", message: this.refusal.error }] : [];
    const hopeless = this.refusal && NO_SECOND_TRY.includes(this.refusal.status);
    const again = (this.ended || this.refusal) && !hopeless;
    return notice([...refused, ...this.errors], again ? () => this.again() : null);
  }

  drawPicture() {
    const { "estimated-price": worth, "retail-price-details": retail, "price-evidence": evidence } = this.facts;
    const width = this.root.clientWidth - 32;
    this.paint.picture([worth, retail, evidence, width], () => [picture(this.facts, width)].filter(Boolean));
    this.part(".picture").hidden = this.part(".plot").hidden;
  }

  drawActions() {
    for (const action of [".copy", ".json"]) this.part(action).hidden = !this.told.length;
    this.part(".csv").hidden = !this.rows().length;
    this.part(".again").hidden = !this.ended;
  }
}

function thumbnail(photo) {
  const image = element("img", { alt: photo.name, title: photo.name, width: 96, height: 96 });
  image.src = URL.createObjectURL(photo);
  image.addEventListener("error", () => image.replaceWith(unseen(photo)), { once: true });
  return image;
}

// the browser cannot show it (HEIC, most often): say what it is instead
function unseen(photo) {
  const ending = /\.(\w{2,5})$/.exec(photo.name);
  return element("span", { class: "no-thumb", title: photo.name }, ending ? ending[1].toUpperCase() : "photo");
}
