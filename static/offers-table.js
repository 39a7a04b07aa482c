// The sortable table of comparables, and below it the foldable list of those that were left out, with reasons.

import { money } from "./amounts.js";
import { element, link, memoizedRenderer, reconcile } from "./dom.js";
import { CONDITIONS } from "./price-chart.js";
import { marketplaceName } from "./wording.js";

const COLLAPSED_ROWS = 10;
const LEFT_OUT_BY_HAND = "You left it out.";

const COLUMNS = [
  ["price", "Price", (offer) => offer.price ?? Infinity],
  ["wear", "Wear", (offer) => (CONDITIONS.includes(offer.wear) ? CONDITIONS.indexOf(offer.wear) : CONDITIONS.length)],
  ["title", "Title", (offer) => offer.title.toLowerCase()],
  ["basis", "Asked or sold", (offer) => offer.basis],
  ["marketplace", "Marketplace", (offer) => offer.marketplace],
];

/** The offers of one thing in `root`; the headers are created once, so that they keep keyboard focus. */
export class OffersTable {
  /** `on.dismiss` and `on.restore` receive the id of a comparable; without them none can be changed. */
  constructor(root, on = {}) {
    this.root = root;
    this.on = on;
    this.rows = new Map();
    this.sorting = { by: "price", down: false };
    this.title = element("h3", { tabindex: "-1" });
    this.emptyMessage = element("p", { class: "lacks" }, "None were found that fit.");
    this.headers = COLUMNS.map(([by, label]) => this.createHeader(by, label));
    this.body = element("tbody", { role: "rowgroup" });
    // explicit roles, since the style for phones changes `display` and with it the implicit ones
    this.table = element("table", { class: "short", role: "table", "aria-label": "Offers" },
      element("thead", { role: "rowgroup" }, element("tr", { role: "row" }, ...this.headers, element("td", { role: "cell" }))), this.body);
    this.moreButton = element("button", { type: "button", class: "button quiet more", "aria-expanded": "false" });
    this.moreButton.addEventListener("click", () => this.toggleLength());
    this.rejected = element("details", { class: "rejected" });
    root.append(this.title, this.emptyMessage, this.table, this.moreButton, this.rejected);
    root.addEventListener("focusin", (event) => this.makeTabbable(rowOf(event.target)));
    this.renderRejected = memoizedRenderer(this.rejected);
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
    this.show(this.facts, this.stage, this.pendingIds);
  }

  updateSortIndicators() {
    for (const header of this.headers) {
      const direction = this.sorting.down ? "descending" : "ascending";
      if (header.dataset.by === this.sorting.by) header.setAttribute("aria-sort", direction);
      else header.removeAttribute("aria-sort");
    }
  }

  /** Show the offers; until all marketplaces have answered, those that have arrived; `pendingIds` are being changed. */
  show(facts, stage, pendingIds = "") {
    Object.assign(this, { facts, stage, pendingIds });
    const evidence = facts["price-evidence"];
    const offers = comparables(facts["second-hand-offers"] || facts.partial, evidence);
    const focus = this.focusedPlace();
    reconcile(this.body, this.offerRows(sortOffers(offers, this.sorting)));
    this.renderRejected([evidence, pendingIds], () => this.rejectedList((evidence || []).filter(isRejected)));
    this.updateTitle(offers, Boolean(facts["second-hand-offers"]), ["ok", "empty"].includes(stage.state));
    this.restoreFocus(focus);
  }

  updateTitle(offers, isComplete, ended) {
    const counted = offers.filter(isCounted).length;
    this.table.hidden = !offers.length;
    this.updateMoreButton();
    this.emptyMessage.hidden = Boolean(offers.length) || !ended;
    this.title.hidden = !offers.length && !ended;
    this.title.textContent = offers.length ? `Offers (${counted}${isComplete ? "" : " so far"})` : "Offers";
  }

  // a row whose words are the same stays the same element, and keeps the focus
  offerRows(offers) {
    const rows = new Map();
    for (const offer of offers) {
      const shown = [offer.id, offer.price, offer.currency, offer.wear, offer.basis, offer.link, offer.title, offer.marketplace, offer.reason];
      let mark = JSON.stringify([...shown, isCounted(offer), this.isPending(offer)]);
      while (rows.has(mark)) mark += "+";
      rows.set(mark, this.rows.get(mark) || this.createRow(offer));
    }
    this.rows = rows;
    return [...rows.values()];
  }

  createRow(offer) {
    const reason = isCounted(offer) ? "" : element("em", {}, ` ${offer.reason}`);
    const cells = [["price", [money(offer.price, offer.currency)]], ["wear", [offer.wear || "not said"]],
      ["title", [link(offer.link, offer.title), reason]], ["basis", [offer.basis === "sold" ? "sold" : "asked"]],
      ["marketplace", [marketplaceName(offer.marketplace)]], ["change", [this.changeButton(offer)]]];
    return element("tr", { role: "row", ...this.rowAttributes(offer) },
      ...cells.map(([name, content]) => element("td", { role: "cell", class: name }, ...content)));
  }

  rowAttributes(offer) {
    const classes = [isCounted(offer) ? "" : "left-out", this.isPending(offer) ? "pending" : ""].join(" ").trim();
    return { class: classes || null, tabindex: "-1", "data-offer": offer.id || "", title: (isCounted(offer) && offer.reason) || null };
  }

  isPending({ id }) {
    return Boolean(id) && this.pendingIds.includes(id);
  }

  changeButton(offer) {
    if (!offer.id || !offer.price || !this.on.dismiss) return null;
    const [sign, words] = isCounted(offer) ? ["✕", "Leave out"] : ["↺", "Bring back"];
    const button = element("button", { type: "button", class: "change-offer", title: words, "aria-label": `${words}: ${offer.title}` }, sign);
    button.addEventListener("click", () => this.changeOffer(offer));
    return button;
  }

  changeOffer(offer) {
    if (this.isPending(offer)) return;
    if (isCounted(offer)) this.on.dismiss(offer.id);
    else this.on.restore(offer.id);
  }

  rejectedList(rejected) {
    if (!rejected.length) return [];
    return [
      element("summary", {}, `Left out (${rejected.length})`),
      element("ul", {}, ...rejected.map((offer) => element("li", this.rowAttributes(offer),
        element("span", {}, `${money(offer.price, offer.currency)} `, link(offer.link, offer.title), element("em", {}, ` ${offer.reason}`)),
        this.changeButton(offer)))),
    ];
  }

  /** Leave out the comparable of a row, or bring it back. */
  toggle(row) {
    row.querySelector(".change-offer")?.click();
  }

  /** Move the focus to the first row, or where `from` is given, so many rows on. */
  focusRow(from = null, steps = 0) {
    const rows = [...this.root.querySelectorAll("[data-offer]")];
    const row = from ? rows[rows.indexOf(from) + steps] : rows[0];
    if (!row) return false;
    if (this.body.contains(row) && !row.checkVisibility()) this.toggleLength();
    if (!row.checkVisibility()) return false;
    row.focus();
    return true;
  }

  // one row alone is reached by Tab; arrow keys lead to the others
  makeTabbable(row) {
    this.root.querySelector("[data-offer][tabindex='0']")?.setAttribute("tabindex", "-1");
    (row || this.body.firstElementChild)?.setAttribute("tabindex", "0");
  }

  focusedPlace() {
    const row = this.root.contains(document.activeElement) && rowOf(document.activeElement);
    if (!row) return null;
    const part = [".change-offer", "a"].find((selector) => document.activeElement.matches(selector)) || "";
    return { row, id: row.dataset.offer, part, index: [...row.parentNode.children].indexOf(row) };
  }

  restoreFocus(place) {
    if (!this.root.querySelector("[data-offer][tabindex='0']")) this.makeTabbable(null);
    if (!place || place.row.isConnected) return;
    const same = place.id && this.root.querySelector(`[data-offer="${CSS.escape(place.id)}"]`);
    const row = same || this.body.children[Math.min(place.index, this.body.children.length - 1)];
    if (!row) return this.title.focus();
    if (this.body.contains(row) && !row.checkVisibility()) this.toggleLength();
    ((place.part && row.querySelector(place.part)) || row).focus({ preventScroll: true });
  }
}

function rowOf(node) {
  return node.closest("[data-offer]");
}

function isCounted(offer) {
  return offer.kept !== false && offer.kept !== 0;
}

function isRejected(offer) {
  return !isCounted(offer) && offer.reason !== LEFT_OUT_BY_HAND;
}

// what somebody left out stays in its place, so that it can be brought back there
function comparables(offers = [], evidence) {
  return (evidence || offers).filter((offer) => !isRejected(offer));
}

function sortOffers(offers, sorting) {
  const value = COLUMNS.find(([by]) => by === sorting.by)[2];
  const order = [...offers].sort((a, b) => (value(a) < value(b) ? -1 : value(a) > value(b) ? 1 : 0));
  return sorting.down ? order.reverse() : order;
}
