// The offers as a table that can be sorted; what was not believed stands folded below, with the reason.

import { element, link, money, painter } from "./dom.js";

const COLUMNS = [
  ["price", "Price", (offer) => offer.price ?? Infinity],
  ["wear", "Wear", (offer) => offer.wear],
  ["title", "Title", (offer) => offer.title.toLowerCase()],
  ["basis", "Asked or sold", (offer) => offer.basis],
  ["marketplace", "Marketplace", (offer) => offer.marketplace],
];

/** The offers of one thing, in `root`; its heads outlive every fact, so the keyboard keeps its place. */
export class Offers {
  constructor(root) {
    this.sorting = { by: "price", down: false };
    this.title = element("h3");
    this.lacks = element("p", { class: "lacks" }, "None were found that fit.");
    this.heads = COLUMNS.map(([by, words]) => this.head(by, words));
    this.body = element("tbody");
    this.scroll = element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Offers" },
      element("table", {}, element("thead", {}, element("tr", {}, ...this.heads)), this.body));
    const rejected = element("details", { class: "rejected" });
    root.append(this.title, this.lacks, this.scroll, rejected);
    this.paintRows = painter(this.body);
    this.paintRejected = painter(rejected);
    this.markHeads();
    this.show({}, { state: "waiting" });
  }

  head(by, words) {
    const button = element("button", { type: "button" }, words);
    button.addEventListener("click", () => this.sort(by));
    return element("th", { scope: "col", "data-by": by }, button);
  }

  sort(by) {
    this.sorting = { by, down: this.sorting.by === by && !this.sorting.down };
    this.markHeads();
    this.show(this.facts, this.stage);
  }

  markHeads() {
    for (const head of this.heads) {
      const way = this.sorting.down ? "descending" : "ascending";
      if (head.dataset.by === this.sorting.by) head.setAttribute("aria-sort", way);
      else head.removeAttribute("aria-sort");
    }
  }

  /** Show the offers among the facts, those of the marketplaces that have answered until all have. */
  show(facts, stage) {
    this.facts = facts;
    this.stage = stage;
    const evidence = facts["price-evidence"];
    const offers = facts["second-hand-offers"] || facts.partial;
    this.paintRows([offers, evidence, this.sorting], () => sorted(believed(offers, evidence), this.sorting).map(row));
    this.paintRejected([evidence], () => folded((evidence || []).filter((offer) => offer.kept === false)));
    this.showCount(this.body.children.length, Boolean(facts["second-hand-offers"]), ["ok", "empty"].includes(stage.state));
  }

  showCount(count, whole, ended) {
    this.scroll.hidden = !count;
    this.lacks.hidden = Boolean(count) || !ended;
    this.title.hidden = !count && !ended;
    this.title.textContent = count ? `Offers (${count}${whole ? "" : " so far"})` : "Offers";
  }
}

function believed(offers = [], evidence = []) {
  const dropped = new Set(evidence.filter((offer) => offer.kept === false).map((offer) => offer.link));
  for (const offer of evidence) if (offer.kept) dropped.delete(offer.link);
  return offers.filter((offer) => !dropped.has(offer.link));
}

function sorted(offers, sorting) {
  const value = COLUMNS.find(([by]) => by === sorting.by)[2];
  const order = [...offers].sort((a, b) => (value(a) < value(b) ? -1 : value(a) > value(b) ? 1 : 0));
  return sorting.down ? order.reverse() : order;
}

function row(offer) {
  return element("tr", {},
    element("td", { class: "number" }, money(offer.price, offer.currency)),
    element("td", { class: "wear" }, offer.wear || "not said"),
    element("td", { class: "title" }, link(offer.link, offer.title)),
    element("td", {}, offer.basis === "sold" ? "sold" : "asked"),
    element("td", {}, offer.marketplace));
}

function folded(rejected) {
  if (!rejected.length) return [];
  return [
    element("summary", {}, `Left out (${rejected.length})`),
    element("ul", {}, ...rejected.map((offer) => element("li", {},
      `${money(offer.price, offer.currency)} `, link(offer.link, offer.title), element("em", {}, ` ${offer.reason}`)))),
  ];
}
