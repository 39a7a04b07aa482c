// One thing on the page: its photos, its stages, and what is known of it so far.

import { cards } from "./cards.js";
import { element, money } from "./dom.js";
import { copy, csv, download } from "./keep.js";
import { picture } from "./picture.js";
import { RunStream } from "./stream.js";
import { table } from "./table.js";

const STAGES = ["lens", "describe", "identify", "producer", "retail", "offers", "estimate"];
const STAGE_WORDS = {
  lens: "look-alikes", describe: "description", identify: "name", producer: "producer", retail: "price new",
  offers: "offers", estimate: "worth",
};
const OUTCOME_WORDS = {
  started: "running", ok: "done", empty: "nothing found", skipped: "not needed", blocked: "blocked",
  drift: "page not readable", timeout: "took too long", refused: "refused", error: "failed", waiting: "waiting",
};

export class Thing {
  constructor(photos, query, announce) {
    this.photos = photos;
    this.announce = announce;
    this.sorting = { by: "price", down: false };
    this.root = document.getElementById("thing").content.firstElementChild.cloneNode(true);
    this.part(".thumbs").append(...photos.map((photo) => thumbnail(photo)));
    this.wire();
    this.clear();
    this.stream = new RunStream(photos, query, {
      key: (message, other) => this.begun(message, other),
      fact: (fact) => this.take(fact),
      broken: () => this.say("The line broke; taking it up again …"),
      refused: (message) => this.refuse(message.error),
      ended: () => this.say(this.endWords()),
    });
  }

  part(selector) {
    return this.root.querySelector(selector);
  }

  wire() {
    const name = () => (this.facts["model-producer"] ? `${this.facts["model-producer"].producer} ${this.facts["model-producer"].model}` : "thing");
    const json = () => JSON.stringify({ key: this.key, facts: this.told }, null, 2);
    this.part(".copy").addEventListener("click", (event) => copy(json(), event.currentTarget));
    this.part(".json").addEventListener("click", () => download(`${name()}.json`, "application/json", json()));
    this.part(".csv").addEventListener("click", () =>
      download(`${name()}.csv`, "text/csv", csv(this.facts["price-evidence"] || this.facts["second-hand-offers"] || [])));
    this.part(".again").addEventListener("click", () => this.again());
    this.part(".remove").addEventListener("click", () => this.remove());
  }

  clear() {
    this.facts = {};
    this.told = [];
    this.errors = [];
    this.stages = Object.fromEntries(STAGES.map((stage) => [stage, { state: "waiting", seconds: 0 }]));
    this.say("Sending the photo …");
    this.draw();
  }

  again() {
    this.clear();
    this.stream.restart();
  }

  remove() {
    this.stream.close();
    this.root.remove();
  }

  begun(message, other) {
    this.key = message.key;
    if (other) this.clear();
    this.say(message.replayed ? "Known already; told again." : "Looking …");
  }

  take(fact) {
    this.told.push(fact);
    const { data_description: kind, data } = fact;
    if (kind === "progress") this.stages[data.stage] = data;
    else if (kind === "error") this.errors.push(data);
    else if (kind === "offers-partial") this.facts.partial = [...(this.facts.partial || []), ...data];
    else this.facts[kind] = data;
    if (kind === "model-producer") this.announce(`This is ${data.producer} ${data.model}.`);
    if (kind === "estimated-price") this.announce(`Worth ${money(data.price, data.currency)}.`);
    this.drawSoon();
  }

  refuse(words) {
    this.errors.push({ stage: "", message: words });
    this.say("Not accepted.");
    this.announce(words);
    this.draw();
  }

  say(words) {
    this.part(".state").textContent = words;
  }

  endWords() {
    const complete = this.facts.complete;
    const cost = complete.cost_usd ? `, ${complete.cost_usd.toFixed(4)} USD for the model` : "";
    return `Done in ${complete.seconds.toFixed(1)} s${cost}.`;
  }

  // a replay brings all facts at once: one drawing a frame is enough
  drawSoon() {
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      this.draw();
    });
  }

  draw() {
    this.drawName();
    this.part(".stages").replaceChildren(...STAGES.map((stage) => stageLight(stage, this.stages[stage])));
    this.part(".notices").replaceChildren(...this.errors.map((error) => this.notice(error)));
    this.part(".cards").replaceChildren(...cards(this.facts));
    this.drawPicture();
    this.part(".offers").replaceChildren(...table(this.facts, this.sorting, (by) => this.sort(by)));
  }

  drawName() {
    const named = this.facts["model-producer"];
    const worth = this.facts["estimated-price"];
    this.part(".name").textContent = named ? `${named.producer} ${named.model}` : this.errors.length ? "Not identified" : "Looking …";
    this.part(".worth").hidden = !worth;
    if (!worth) return;
    this.part(".worth-price").textContent = money(worth.price, worth.currency);
    this.part(".worth-range").textContent = `${money(worth.min_range, worth.currency)} – ${money(worth.max_range, worth.currency)}`;
  }

  drawPicture() {
    const drawn = picture(this.facts);
    const figure = this.part(".picture");
    figure.hidden = !drawn;
    figure.querySelector("svg")?.remove();
    if (drawn) figure.prepend(drawn);
  }

  sort(by) {
    this.sorting = { by, down: this.sorting.by === by && !this.sorting.down };
    this.draw();
  }

  notice(error) {
    const stage = STAGE_WORDS[error.stage.split(".")[0]];
    const where = stage ? `${stage[0].toUpperCase()}${stage.slice(1)}: ` : "";
    const again = element("button", { type: "button", class: "button" }, "Try again");
    again.addEventListener("click", () => this.again());
    return element("p", { class: "notice", role: "alert" }, element("span", {}, where + error.message), again);
  }
}

function stageLight(stage, { state, seconds }) {
  const words = OUTCOME_WORDS[state] || state;
  const time = seconds ? ` ${seconds.toFixed(1)} s` : "";
  return element("li", { class: `stage ${state}`, title: `${words}${time}` },
    STAGE_WORDS[stage], element("span", { class: "visually-hidden" }, `: ${words}`),
    element("span", { class: "seconds", "aria-hidden": "true" }, state === "ok" ? time : ""));
}

function thumbnail(photo) {
  const image = element("img", { alt: "", width: 96, height: 96 });
  image.src = URL.createObjectURL(photo);
  image.addEventListener("error", () => image.replaceWith(element("span", { class: "no-thumb" }, "photo")), { once: true });
  return image;
}
