// How a thing looks: its part of the page, drawn from what is known of it.

import { Cards } from "./cards.js";
import { money, painter } from "./dom.js";
import { picture } from "./picture.js";
import { endedWithout, lights, notice } from "./stages.js";
import { Offers } from "./table.js";
import { remembered, thumbnail } from "./thumbs.js";

let faces = 0;

export class Face {
  constructor() {
    this.root = document.getElementById("thing").content.firstElementChild.cloneNode(true);
    this.cards = new Cards(this.part(".cards"));
    this.offers = new Offers(this.part(".offers"));
    this.paint = {
      stages: painter(this.part(".stages")),
      notices: painter(this.part(".notices")),
      picture: painter(this.part(".plot")),
    };
    this.label();
  }

  part(selector) {
    return this.root.querySelector(selector);
  }

  label() {
    faces += 1;
    const [name, body] = [this.part(".name"), this.part(".body")];
    name.id = `thing-${faces}`;
    body.id = `thing-${faces}-body`;
    name.setAttribute("aria-controls", body.id);
    this.root.setAttribute("aria-labelledby", name.id);
  }

  /** Show photos as small pictures, and return these as data addresses. */
  picture(photos) {
    const small = photos.map(thumbnail);
    this.part(".thumbs").replaceChildren(...small.map(({ frame }) => frame));
    return Promise.all(small.map(({ drawn }) => drawn));
  }

  /** Show the small pictures of photos that were seen before. */
  recall(names, thumbs) {
    this.part(".thumbs").replaceChildren(...names.map((name, place) => remembered(name, thumbs[place] || "")));
  }

  say(words) {
    this.part(".state").textContent = words;
  }

  phase(name) {
    this.root.dataset.phase = name;
  }

  fold(folded) {
    this.root.classList.toggle("folded", folded);
    this.part(".name").setAttribute("aria-expanded", String(!folded));
  }

  /** Draw all that a thing knows of itself. */
  show(thing) {
    this.showHead(thing);
    const unheard = Boolean(thing.refusal) && !thing.told.length;
    this.paint.stages([thing.stages, unheard], () => (unheard ? [] : lights(thing.stages)));
    this.paint.notices([thing.errors, thing.refusal, thing.ended, thing.photos], () => notices(thing));
    this.cards.show(thing.facts, thing.stages);
    this.offers.show(thing.facts, thing.stages.offers);
    this.showPicture(thing.facts);
    this.showActions(thing);
  }

  showHead(thing) {
    const nameless = !thing.facts["model-producer"] && endedWithout(thing.stages.identify);
    this.part(".name").textContent = nameless ? `Not identified: ${thing.title()}` : thing.title();
    const worth = thing.facts["estimated-price"];
    const none = thing.ended && !worth && thing.facts["model-producer"];
    this.part(".worth").hidden = !worth && !none;
    this.part(".worth").classList.toggle("none", Boolean(none));
    this.part(".worth-price").textContent = worth ? money(worth.price, worth.currency) : "No price";
    this.part(".worth-range").textContent = worth
      ? `${money(worth.min_range, worth.currency)} – ${money(worth.max_range, worth.currency)}` : "";
  }

  // what is folded has no width, and is drawn when it is unfolded
  showPicture(facts) {
    const { "estimated-price": worth, "retail-price-details": retail, "price-evidence": evidence } = facts;
    const figure = this.part(".picture");
    figure.hidden = typeof worth?.price !== "number";
    const width = figure.clientWidth;
    if (width) this.paint.picture([worth, retail, evidence, width], () => [picture(facts, width)]);
  }

  showActions(thing) {
    for (const action of [".copy", ".json"]) this.part(action).hidden = !thing.told.length;
    this.part(".copy-price").hidden = !thing.facts["estimated-price"];
    this.part(".csv").hidden = !thing.rows().length;
    this.part(".again").hidden = !thing.ended || !thing.photos.length;
  }
}

function notices(thing) {
  const refused = thing.refusal ? [{ stage: "", message: thing.refusal.error }] : [];
  const errors = [...refused, ...thing.errors];
  const again = thing.refusal ? !thing.hopeless : thing.ended && thing.photos.length;
  if (again || thing.refusal || !thing.ended || !errors.length) return notice(errors, again ? () => thing.again() : null);
  return notice([...errors, { stage: "", message: "To try again, add the photo again." }], null);
}
