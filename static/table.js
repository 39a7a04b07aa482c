// The offers as a table that can be sorted; what was not believed stands folded below, with the reason.

import { element, link, money, painter } from "./dom.js";
import { GRADES } from "./picture.js";

const AT_FIRST = 10;

const COLUMNS = [
  ["price", "Price", (offer) => offer.price ?? Infinity],
  ["wear", "Wear", (offer) => (GRADES.includes(offer.wear) ? GRADES.indexOf(offer.wear) : GRADES.length)],
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
    this.body = element("tbody", { role: "rowgroup" });
    // the roles stay where a phone's style takes a table's form away
    this.table = element("table", { class: "short", role: "table", "aria-label": "Offers" },
      element("thead", { role: "rowgroup" }, element("tr", { role: "row" }, ...this.heads)), this.body);
    this.more = element("button", { type: "button", class: "button quiet more", "aria-expanded": "false" });
    this.more.addEventListener("click", () => this.lengthen());
    const rejected = element("details", { class: "rejected" });
    root.append(this.title, this.lacks, this.table, this.more, rejected);
    this.paintRows = painter(this.body);
    this.paintRejected = painter(rejected);
    this.markHeads();
    this.show({}, { state: "waiting" });
  }

  head(by, words) {
    const button = element("button", { type: "button" }, words);
    button.addEventListener("click", () => this.sort(by));
    return element("th", { scope: "col", role: "columnheader", class: by, "data-by": by }, button);
  }

  // the style hides what is beyond the first rows, so that all of them are printed
  lengthen() {
    const short = this.table.classList.toggle("short");
    this.more.setAttribute("aria-expanded", String(!short));
    this.sayMore();
  }

  sayMore() {
    const count = this.body.children.length;
    this.more.hidden = count <= AT_FIRST;
    this.more.textContent = this.table.classList.contains("short") ? `Show all ${count} offers` : `Show the first ${AT_FIRST} alone`;
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
    this.table.hidden = !count;
    this.sayMore();
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
  const cells = [["price", money(offer.price, offer.currency)], ["wear", offer.wear || "not said"],
    ["title", link(offer.link, offer.title)], ["basis", offer.basis === "sold" ? "sold" : "asked"],
    ["marketplace", offer.marketplace]];
  return element("tr", { role: "row" }, ...cells.map(([name, content]) => element("td", { role: "cell", class: name }, content)));
}

function folded(rejected) {
  if (!rejected.length) return [];
  return [
    element("summary", {}, `Left out (${rejected.length})`),
    element("ul", {}, ...rejected.map((offer) => element("li", {},
      `${money(offer.price, offer.currency)} `, link(offer.link, offer.title), element("em", {}, ` ${offer.reason}`)))),
  ];
}
