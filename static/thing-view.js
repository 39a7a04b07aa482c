// The view of one thing: its DOM subtree, rendered from the thing's state.

import { roughMoney, roughRange } from "./amounts.js";
import { Cards } from "./cards.js";
import { DecisionPanel } from "./decision-panel.js";
import { element, memoizedRenderer } from "./dom.js";
import { IdentityPanel } from "./identity-panel.js";
import { certaintyLevel, marksOf, stageDoubts } from "./marks.js";
import { priceChart } from "./price-chart.js";
import { endedWithoutResult, stageItems, errorNotice } from "./stages.js";
import { OffersTable } from "./offers-table.js";
import { savedThumbnail, createThumbnail } from "./thumbnails.js";

const PHOTO_STAGES = ["lens", "describe"];
const FLASH_MILLISECONDS = 700;
let viewCount = 0;

export class ThingView {
  constructor() {
    this.root = document.getElementById("thing").content.firstElementChild.cloneNode(true);
    this.cards = new Cards(this.find(".cards"), this.find(".rest"));
    this.renderers = {
      marks: memoizedRenderer(this.find(".marks")),
      stages: memoizedRenderer(this.find(".stages")),
      errorNotices: memoizedRenderer(this.find(".notices")),
      chart: memoizedRenderer(this.find(".plot")),
    };
    this.assignIds();
  }

  /** Connect what can be changed; `on` has `correct`, `dismiss`, `restore`, `undo`, `ask` and `leave`. */
  connect(on) {
    this.identity = new IdentityPanel(this.find(".identity"), on);
    this.decision = new DecisionPanel(this.find(".decision"), on);
    this.offers = new OffersTable(this.find(".offers"), on);
  }

  find(selector) {
    return this.root.querySelector(selector);
  }

  assignIds() {
    viewCount += 1;
    const [name, body] = [this.find(".name"), this.find(".body")];
    name.id = `thing-${viewCount}`;
    body.id = `thing-${viewCount}-body`;
    name.setAttribute("aria-controls", body.id);
    this.root.setAttribute("aria-labelledby", name.id);
  }

  /** Show thumbnails of photos, and return a promise of their data URLs. */
  showThumbnails(photos) {
    const thumbnails = photos.map(createThumbnail);
    this.find(".thumbs").replaceChildren(...thumbnails.map(({ frame }) => frame));
    return Promise.all(thumbnails.map(({ drawn }) => drawn));
  }

  /** Show the thumbnails of a restored thing. */
  showSavedThumbnails(names, thumbs) {
    this.find(".thumbs").replaceChildren(...names.map((name, index) => savedThumbnail(name, thumbs[index] || "")));
  }

  setStatus(words) {
    this.find(".state").textContent = words;
  }

  setPhase(name) {
    this.root.dataset.phase = name;
  }

  setFolded(folded) {
    this.root.classList.toggle("folded", folded);
    this.find(".name").setAttribute("aria-expanded", String(!folded));
  }

  /** Render a thing's state. */
  show(thing) {
    this.renderHeader(thing);
    const hideStages = Boolean(thing.rejection) && !thing.received.length;
    const { stages } = thing;
    const doubts = stageDoubts(thing);
    this.renderers.stages([JSON.stringify([stages, doubts]), hideStages], () => (hideStages ? [] : stageItems(stages, doubts)));
    this.renderers.errorNotices([thing.errors, thing.rejection, thing.ended, thing.photos], () => errorNotices(thing));
    if (!thing.folded) this.renderBody(thing);
  }

  // a long list is folded: what nobody sees is rendered when it is unfolded
  renderBody(thing) {
    this.identity.show(thing);
    this.decision.show(thing);
    this.cards.show(thing.facts, thing.stages);
    this.offers.show(thing.facts, thing.stages.offers, thing.changes.pendingIds);
    this.renderChart(thing.facts);
    this.renderActions(thing);
  }

  renderHeader(thing) {
    const unidentified = !thing.facts["model-producer"] && endedWithoutResult(thing.stages.identify);
    this.find(".name").textContent = unidentified ? `Not identified: ${thing.title()}` : thing.title();
    const marks = marksOf(thing);
    this.renderers.marks([JSON.stringify(marks)], () => marks.map(({ text, level, title }) => element("li", { class: `mark ${level}`, title }, text)));
    this.renderWorth(thing);
  }

  renderWorth(thing) {
    const estimate = thing.facts["estimated-price"];
    const noEstimate = thing.ended && !estimate && thing.facts["model-producer"];
    const worth = this.find(".worth");
    worth.hidden = !estimate && !noEstimate;
    worth.className = `worth ${noEstimate ? "none" : certaintyLevel(estimate?.certainty)}`;
    worth.classList.toggle("outdated", thing.run.isOutdated("estimated-price"));
    if (this.price && this.price !== estimate?.price) flash(worth);
    this.price = estimate?.price;
    this.find(".worth-price").textContent = estimate ? `about ${roughMoney(estimate.price, estimate.currency)}` : "No price";
    this.find(".worth-range").textContent = estimate ? `typically between ${roughRange(estimate.min_range, estimate.max_range, estimate.currency)}` : "";
  }

  // a folded thing has no width; its chart is drawn when it is unfolded
  renderChart(facts) {
    const { "estimated-price": estimate, "retail-price-details": retail, "price-evidence": evidence } = facts;
    const figure = this.find(".picture");
    figure.hidden = typeof estimate?.price !== "number";
    const width = figure.clientWidth;
    if (width) this.renderers.chart([estimate, retail, evidence, width], () => [priceChart(facts, width)]);
  }

  renderActions(thing) {
    for (const action of [".copy", ".json"]) this.find(action).hidden = !thing.received.length;
    this.find(".copy-price").hidden = !thing.facts["estimated-price"];
    this.find(".regroup").hidden = thing.photos.length < 2;
    this.find(".csv").hidden = !thing.offerRows().length;
    for (const action of [".again", ".again-all"]) this.find(action).hidden = !thing.ended || !thing.key || Boolean(thing.rejection);
  }
}

// a change of the price is seen even where it rounds to the same
function flash(node) {
  if (matchMedia("(prefers-reduced-motion: no-preference)").matches) node.animate([{ opacity: 0.2 }, { opacity: 1 }], FLASH_MILLISECONDS);
}

function errorNotices(thing) {
  const rejections = thing.rejection ? [{ stage: "", message: thing.rejection.error }] : [];
  const errors = [...rejections, ...thing.errors];
  const canRetry = thing.rejection ? !thing.isPermanentlyRejected : thing.ended && (thing.photos.length || !needsPhoto(thing.errors));
  if (canRetry || thing.rejection || !thing.ended || !errors.length) return errorNotice(errors, canRetry ? () => retry(thing) : null);
  return errorNotice([...errors, { stage: "", message: "To try again, add the photo again." }], null);
}

function needsPhoto(errors) {
  return errors.some(({ stage }) => PHOTO_STAGES.includes(stage.split(".")[0]));
}

function retry(thing) {
  if (thing.ended && !thing.rejection && !thing.photos.length) thing.change({ refresh: "all" });
  else thing.retry();
}
