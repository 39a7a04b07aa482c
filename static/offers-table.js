// The sortable table of offers, and below it the collapsed list of rejected ones with reasons.

import { element, link, money, memoizedRenderer } from "./dom.js";
import { CONDITIONS } from "./price-chart.js";

const COLLAPSED_ROWS = 10;

const COLUMNS = [
  ["price", "Price", (offer) => offer.price ?? Infinity],
  ["wear", "Wear", (offer) => (CONDITIONS.includes(offer.wear) ? CONDITIONS.indexOf(offer.wear) : CONDITIONS.length)],
  ["title", "Title", (offer) => offer.title.toLowerCase()],
  ["basis", "Asked or sold", (offer) => offer.basis],
  ["marketplace", "Marketplace", (offer) => offer.marketplace],
];

/** The offers of one thing in `root`; the headers are created once, so that they keep keyboard focus. */
export class OffersTable {
  constructor(root) {
    this.sorting = { by: "price", down: false };
    this.title = element("h3");
    this.emptyMessage = element("p", { class: "lacks" }, "None were found that fit.");
    this.headers = COLUMNS.map(([by, label]) => this.createHeader(by, label));
    this.body = element("tbody", { role: "rowgroup" });
    // explicit roles, since the style for phones changes `display` and with it the implicit ones
    this.table = element("table", { class: "short", role: "table", "aria-label": "Offers" },
      element("thead", { role: "rowgroup" }, element("tr", { role: "row" }, ...this.headers)), this.body);
    this.moreButton = element("button", { type: "button", class: "button quiet more", "aria-expanded": "false" });
    this.moreButton.addEventListener("click", () => this.toggleLength());
    const rejected = element("details", { class: "rejected" });
    root.append(this.title, this.emptyMessage, this.table, this.moreButton, rejected);
    this.renderRows = memoizedRenderer(this.body);
    this.renderRejected = memoizedRenderer(rejected);
    this.updateSortIndicators();
    this.show({}, { state: "waiting" });
  }

  createHeader(by, label) {
    const button = element("button", { type: "button" }, label);
    button.addEventListener("click", () => this.sort(by));
    return element("th", { scope: "col", role: "columnheader", class: by, "data-by": by }, button);
  }

  // rows beyond the first are hidden by style, so that printing shows all
  toggleLength() {
    const short = this.table.classList.toggle("short");
    this.moreButton.setAttribute("aria-expanded", String(!short));
    this.updateMoreButton();
  }

  updateMoreButton() {
    const count = this.body.children.length;
    this.moreButton.hidden = count <= COLLAPSED_ROWS;
    this.moreButton.textContent = this.table.classList.contains("short") ? `Show all ${count} offers` : `Show the first ${COLLAPSED_ROWS} alone`;
  }

  sort(by) {
    this.sorting = { by, down: this.sorting.by === by && !this.sorting.down };
    this.updateSortIndicators();
    this.show(this.facts, this.stage);
  }

  updateSortIndicators() {
    for (const header of this.headers) {
      const direction = this.sorting.down ? "descending" : "ascending";
      if (header.dataset.by === this.sorting.by) header.setAttribute("aria-sort", direction);
      else header.removeAttribute("aria-sort");
    }
  }

  /** Show the offers; until all marketplaces have answered, those that have arrived. */
  show(facts, stage) {
    this.facts = facts;
    this.stage = stage;
    const evidence = facts["price-evidence"];
    const offers = facts["second-hand-offers"] || facts.partial;
    this.renderRows([offers, evidence, this.sorting], () => sortOffers(acceptedOffers(offers, evidence), this.sorting).map(offerRow));
    this.renderRejected([evidence], () => rejectedList((evidence || []).filter((offer) => offer.kept === false)));
    this.updateTitle(this.body.children.length, Boolean(facts["second-hand-offers"]), ["ok", "empty"].includes(stage.state));
  }

  updateTitle(count, isComplete, ended) {
    this.table.hidden = !count;
    this.updateMoreButton();
    this.emptyMessage.hidden = Boolean(count) || !ended;
    this.title.hidden = !count && !ended;
    this.title.textContent = count ? `Offers (${count}${isComplete ? "" : " so far"})` : "Offers";
  }
}

function acceptedOffers(offers = [], evidence = []) {
  const dropped = new Set(evidence.filter((offer) => offer.kept === false).map((offer) => offer.link));
  for (const offer of evidence) if (offer.kept) dropped.delete(offer.link);
  return offers.filter((offer) => !dropped.has(offer.link));
}

function sortOffers(offers, sorting) {
  const value = COLUMNS.find(([by]) => by === sorting.by)[2];
  const order = [...offers].sort((a, b) => (value(a) < value(b) ? -1 : value(a) > value(b) ? 1 : 0));
  return sorting.down ? order.reverse() : order;
}

function offerRow(offer) {
  const cells = [["price", money(offer.price, offer.currency)], ["wear", offer.wear || "not said"],
    ["title", link(offer.link, offer.title)], ["basis", offer.basis === "sold" ? "sold" : "asked"],
    ["marketplace", offer.marketplace]];
  return element("tr", { role: "row" }, ...cells.map(([name, content]) => element("td", { role: "cell", class: name }, content)));
}

function rejectedList(rejected) {
  if (!rejected.length) return [];
  return [
    element("summary", {}, `Left out (${rejected.length})`),
    element("ul", {}, ...rejected.map((offer) => element("li", {},
      `${money(offer.price, offer.currency)} `, link(offer.link, offer.title), element("em", {}, ` ${offer.reason}`)))),
  ];
}
