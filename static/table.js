// The offers as a table that can be sorted; what was not believed stands folded below, with the reason.

import { element, link, money } from "./dom.js";

const COLUMNS = [
  ["price", "Price", (offer) => offer.price ?? Infinity],
  ["wear", "Wear", (offer) => offer.wear],
  ["basis", "Asked or sold", (offer) => offer.basis],
  ["marketplace", "Marketplace", (offer) => offer.marketplace],
  ["title", "Title", (offer) => offer.title.toLowerCase()],
];

/** Return the table of a thing's offers; `sorting` is `{by, down}` and kept by the caller. */
export function table(facts, sorting, onSort) {
  const offers = facts["second-hand-offers"] || facts.partial;
  if (!offers || !offers.length) return [];
  const evidence = facts["price-evidence"] || [];
  const rejected = evidence.filter((offer) => offer.kept === false);
  const dropped = new Map(rejected.map((offer) => [offer.link, offer.reason]));
  const kept = offers.filter((offer) => !dropped.has(offer.link));
  return [
    element("h3", {}, `Offers (${kept.length})`),
    element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Offers" },
      element("table", {}, head(sorting, onSort), element("tbody", {}, ...sorted(kept, sorting).map(row)))),
    ...folded(rejected),
  ];
}

function head(sorting, onSort) {
  return element("thead", {}, element("tr", {}, ...COLUMNS.map(([by, words]) => {
    const button = element("button", { type: "button" }, words);
    button.addEventListener("click", () => onSort(by));
    const way = sorting.by === by ? (sorting.down ? "descending" : "ascending") : "none";
    return element("th", { scope: "col", "aria-sort": way }, button);
  })));
}

function sorted(offers, sorting) {
  const value = COLUMNS.find(([by]) => by === sorting.by)[2];
  const order = [...offers].sort((a, b) => (value(a) < value(b) ? -1 : value(a) > value(b) ? 1 : 0));
  return sorting.down ? order.reverse() : order;
}

function row(offer) {
  return element("tr", {},
    element("td", { class: "number" }, money(offer.price, offer.currency)),
    element("td", {}, offer.wear || "not said"),
    element("td", {}, offer.basis === "sold" ? "sold" : "asked"),
    element("td", {}, offer.marketplace),
    element("td", { class: "title" }, link(offer.link, offer.title)));
}

function folded(rejected) {
  if (!rejected.length) return [];
  return [element("details", { class: "rejected" },
    element("summary", {}, `Left out (${rejected.length})`),
    element("ul", {}, ...rejected.map((offer) => element("li", {},
      `${money(offer.price, offer.currency)} `, link(offer.link, offer.title), element("em", {}, ` ${offer.reason}`)))))];
}
