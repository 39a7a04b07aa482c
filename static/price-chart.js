// The price chart: offers by condition, the estimate with its range, the retail price.

import { money, roughMoney, roughRange } from "./amounts.js";
import { svgElement } from "./dom.js";

const RIGHT_MARGIN = 24;
const ROW_HEIGHT = 26;
const TOP_MARGIN = 38;
const BOTTOM_MARGIN = 32;
const MIN_WIDTH = 280;
const MAX_WIDTH = 720;
export const CONDITIONS = ["new", "like new", "refurbished", "very good", "good", "used", "acceptable", "for parts"];
const UNKNOWN_CONDITION = "not graded";

/** Return the chart as SVG, `width` pixels wide, or null where there is no estimate. */
export function priceChart(facts, width) {
  const estimate = facts["estimated-price"];
  if (!estimate || typeof estimate.price !== "number") return null;
  const offers = acceptedOffers(facts);
  const retail = facts["retail-price-details"]?.price;
  const rows = groupByCondition(offers);
  const plot = layout(Math.max(MIN_WIDTH, Math.min(MAX_WIDTH, width)), rows.length, maxPrice(estimate, retail, offers));
  return svgElement("svg", { viewBox: `0 0 ${plot.width} ${plot.height}`, role: "img", "aria-label": accessibleLabel(estimate, offers, retail) },
    ...rangeBands(estimate, plot), ...rows.flatMap((row, index) => conditionRow(row, index, plot, estimate.currency)),
    ...estimateMark(estimate, plot), ...retailMark(retail, estimate, plot), ...axis(plot, estimate.currency));
}

function acceptedOffers(facts) {
  const all = facts["price-evidence"] || facts["second-hand-offers"] || [];
  return all.filter((offer) => typeof offer.price === "number" && offer.kept !== false);
}

function groupByCondition(offers) {
  const rows = new Map([...CONDITIONS, UNKNOWN_CONDITION].map((grade) => [grade, []]));
  for (const offer of offers) rows.get(CONDITIONS.includes(offer.wear) ? offer.wear : UNKNOWN_CONDITION).push(offer);
  return [...rows].filter(([, row]) => row.length);
}

function maxPrice(estimate, retail, offers) {
  return 1.05 * Math.max(estimate.max_range, estimate.sale_max || 0, retail || 0, ...offers.map((offer) => offer.price));
}

/** Return the chart's dimensions, and `x`, which maps a price to a coordinate. */
function layout(width, rows, max) {
  const left = width < 480 ? 84 : 110;
  const bottom = TOP_MARGIN + ROW_HEIGHT * Math.max(1, rows) + 8;
  const x = (price) => left + ((width - left - RIGHT_MARGIN) * price) / max;
  return { width, left, right: width - RIGHT_MARGIN, bottom, height: bottom + BOTTOM_MARGIN, max, x };
}

// the typical price inside, and around it where single sales fall
function rangeBands(estimate, plot) {
  const bands = [["band sales", estimate.sale_min, estimate.sale_max], ["band", estimate.min_range, estimate.max_range]];
  return bands.filter(([, low]) => typeof low === "number").map(([name, low, high]) => rangeBand(name, low, high, plot));
}

function rangeBand(name, low, high, { x, bottom }) {
  const width = Math.max(2, x(high) - x(low));
  return svgElement("rect", { class: name, x: x(low), width, y: TOP_MARGIN - 6, height: bottom - TOP_MARGIN + 6, rx: 4 });
}

function conditionRow([wear, offers], index, { x, left, right }, currency) {
  const y = TOP_MARGIN + ROW_HEIGHT * (index + 0.5);
  const label = svgElement("text", { class: "label", x: left - 10, y: y + 4, "text-anchor": "end" }, wear);
  const line = svgElement("line", { class: "rule", x1: left, x2: right, y1: y, y2: y });
  return [line, label, ...offers.map((offer) => offerMark(offer, x(offer.price), y, currency))];
}

// asked and sold differ in shape as well as in colour
function offerMark(offer, x, y, currency) {
  const size = 4 + 3 * Math.min(1, offer.weight || 0);
  const words = svgElement("title", {}, `${money(offer.price, currency)} ${offer.basis}: ${offer.title}`);
  if (offer.basis !== "sold") return svgElement("circle", { class: "dot", cx: x, cy: y, r: size }, words);
  const points = [[x, y - size - 1], [x + size + 1, y], [x, y + size + 1], [x - size - 1, y]];
  return svgElement("polygon", { class: "dot sold", points: points.join(" ") }, words);
}

function estimateMark(estimate, plot) {
  const x = plot.x(estimate.price);
  return [svgElement("g", { class: "worth-mark" },
    svgElement("line", { x1: x, x2: x, y1: TOP_MARGIN - 10, y2: plot.bottom }), label(`about ${roughMoney(estimate.price, estimate.currency)}`, x, 12, plot))];
}

function retailMark(retail, estimate, plot) {
  if (typeof retail !== "number") return [];
  const x = plot.x(retail);
  return [svgElement("g", { class: "retail-mark" },
    svgElement("line", { x1: x, x2: x, y1: TOP_MARGIN - 8, y2: plot.bottom }),
    label(`${money(retail, estimate.currency)} new`, x, Math.abs(x - plot.x(estimate.price)) < 130 ? 27 : 12, plot))];
}

function label(words, x, y, { width }) {
  const halfWidth = 4 * words.length;
  return svgElement("text", { x: Math.max(halfWidth, Math.min(x, width - halfWidth)), y, "text-anchor": "middle" }, words);
}

function axis({ left, right, bottom, max, x }, currency) {
  const step = roundStep(max / ((right - left) / 90));
  const ticks = [];
  for (let price = 0; price <= max; price += step) {
    ticks.push(svgElement("text", { class: "tick", x: x(price), y: bottom + 18, "text-anchor": "middle" },
      new Intl.NumberFormat().format(price)));
  }
  return [svgElement("line", { class: "axis", x1: left, x2: right, y1: bottom, y2: bottom }), ...ticks,
    svgElement("text", { class: "tick", x: left - 24, y: bottom + 18, "text-anchor": "end" }, currency)];
}

function roundStep(rough) {
  const power = 10 ** Math.floor(Math.log10(rough));
  return power * [1, 2, 5, 10].find((factor) => factor * power >= rough);
}

function accessibleLabel(estimate, offers, retail) {
  const rangeText = `the typical price between ${roughRange(estimate.min_range, estimate.max_range, estimate.currency)}`;
  const retailText = typeof retail === "number" ? `, ${money(retail, estimate.currency)} new` : "";
  return `Worth about ${roughMoney(estimate.price, estimate.currency)}, ${rangeText}, from ${offers.length} offers${retailText}`;
}
