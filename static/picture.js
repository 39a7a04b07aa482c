// The price picture: offers by condition, the estimate with its range, the price new.

import { money, svg } from "./dom.js";

const RIGHT = 24;
const ROW = 26;
const TOP = 38;
const BOTTOM = 32;
const NARROWEST = 280;
const WIDEST = 720;
export const GRADES = ["new", "like new", "refurbished", "very good", "good", "used", "acceptable", "for parts"];
const UNGRADED = "not graded";

/** Return the picture, `width` pixels wide, or null where there is no estimate. */
export function picture(facts, width) {
  const worth = facts["estimated-price"];
  if (!worth || typeof worth.price !== "number") return null;
  const offers = shown(facts);
  const retail = facts["retail-price-details"]?.price;
  const rows = byWear(offers);
  const plot = space(Math.max(NARROWEST, Math.min(WIDEST, width)), rows.length, highest(worth, retail, offers));
  return svg("svg", { viewBox: `0 0 ${plot.width} ${plot.height}`, role: "img", "aria-label": inWords(worth, offers, retail) },
    band(worth, plot), ...rows.flatMap((row, place) => marksOf(row, place, plot, worth.currency)),
    ...worthMark(worth, plot), ...retailMark(retail, worth, plot), ...axis(plot, worth.currency));
}

function shown(facts) {
  const all = facts["price-evidence"] || facts["second-hand-offers"] || [];
  return all.filter((offer) => typeof offer.price === "number" && offer.kept !== false);
}

function byWear(offers) {
  const rows = new Map([...GRADES, UNGRADED].map((grade) => [grade, []]));
  for (const offer of offers) rows.get(GRADES.includes(offer.wear) ? offer.wear : UNGRADED).push(offer);
  return [...rows].filter(([, row]) => row.length);
}

function highest(worth, retail, offers) {
  return 1.05 * Math.max(worth.max_range, retail || 0, ...offers.map((offer) => offer.price));
}

/** The drawing's measures, and `x` that tells where a price lies. */
function space(width, rows, most) {
  const left = width < 480 ? 84 : 110;
  const bottom = TOP + ROW * Math.max(1, rows) + 8;
  const x = (price) => left + ((width - left - RIGHT) * price) / most;
  return { width, left, right: width - RIGHT, bottom, height: bottom + BOTTOM, most, x };
}

function band(worth, { x, bottom }) {
  const width = Math.max(2, x(worth.max_range) - x(worth.min_range));
  return svg("rect", { class: "band", x: x(worth.min_range), width, y: TOP - 6, height: bottom - TOP + 6, rx: 4 });
}

function marksOf([wear, offers], place, { x, left, right }, currency) {
  const y = TOP + ROW * (place + 0.5);
  const label = svg("text", { class: "label", x: left - 10, y: y + 4, "text-anchor": "end" }, wear);
  const line = svg("line", { class: "rule", x1: left, x2: right, y1: y, y2: y });
  return [line, label, ...offers.map((offer) => mark(offer, x(offer.price), y, currency))];
}

// asked and sold differ in shape as well as in colour
function mark(offer, x, y, currency) {
  const size = 4 + 3 * Math.min(1, offer.weight || 0);
  const words = svg("title", {}, `${money(offer.price, currency)} ${offer.basis}: ${offer.title}`);
  if (offer.basis !== "sold") return svg("circle", { class: "dot", cx: x, cy: y, r: size }, words);
  const points = [[x, y - size - 1], [x + size + 1, y], [x, y + size + 1], [x - size - 1, y]];
  return svg("polygon", { class: "dot sold", points: points.join(" ") }, words);
}

function worthMark(worth, plot) {
  const x = plot.x(worth.price);
  return [svg("g", { class: "worth-mark" },
    svg("line", { x1: x, x2: x, y1: TOP - 10, y2: plot.bottom }), label(money(worth.price, worth.currency), x, 12, plot))];
}

function retailMark(retail, worth, plot) {
  if (typeof retail !== "number") return [];
  const x = plot.x(retail);
  return [svg("g", { class: "retail-mark" },
    svg("line", { x1: x, x2: x, y1: TOP - 8, y2: plot.bottom }),
    label(`${money(retail, worth.currency)} new`, x, Math.abs(x - plot.x(worth.price)) < 130 ? 27 : 12, plot))];
}

function label(words, x, y, { width }) {
  const room = 4 * words.length;
  return svg("text", { x: Math.max(room, Math.min(x, width - room)), y, "text-anchor": "middle" }, words);
}

function axis({ left, right, bottom, most, x }, currency) {
  const step = niceStep(most / ((right - left) / 90));
  const ticks = [];
  for (let price = 0; price <= most; price += step) {
    ticks.push(svg("text", { class: "tick", x: x(price), y: bottom + 18, "text-anchor": "middle" },
      new Intl.NumberFormat().format(price)));
  }
  return [svg("line", { class: "axis", x1: left, x2: right, y1: bottom, y2: bottom }), ...ticks,
    svg("text", { class: "tick", x: left - 24, y: bottom + 18, "text-anchor": "end" }, currency)];
}

function niceStep(rough) {
  const power = 10 ** Math.floor(Math.log10(rough));
  return power * [1, 2, 5, 10].find((factor) => factor * power >= rough);
}

function inWords(worth, offers, retail) {
  const span = `${money(worth.min_range, worth.currency)} to ${money(worth.max_range, worth.currency)}`;
  const fresh = typeof retail === "number" ? `, ${money(retail, worth.currency)} new` : "";
  return `Worth ${money(worth.price, worth.currency)}, ${span}, from ${offers.length} offers${fresh}`;
}
