// The price picture: offers as dots by condition, the estimate with its range, the price new.

import { money, svg } from "./dom.js";

const WIDTH = 640;
const LEFT = 120;
const RIGHT = 20;
const ROW = 26;

/** Return the picture, or null where there is no estimate. */
export function picture(facts) {
  const worth = facts["estimated-price"];
  if (!worth || typeof worth.price !== "number") return null;
  const offers = shown(facts);
  const retail = facts["retail-price-details"]?.price;
  const rows = byWear(offers);
  const highest = 1.05 * Math.max(worth.max_range, retail || 0, ...offers.map((offer) => offer.price));
  const x = (price) => LEFT + ((WIDTH - LEFT - RIGHT) * price) / highest;
  const height = ROW * (rows.length + 1) + 60;
  return svg("svg", { viewBox: `0 0 ${WIDTH} ${height}`, role: "img", "aria-label": inWords(worth, offers, retail) },
    band(worth, x, height), ...rows.flatMap((row, place) => dots(row, place, x, worth.currency)),
    ...marks(worth, retail, x, height), ...axis(highest, worth.currency, x, height));
}

function shown(facts) {
  const all = facts["price-evidence"] || facts["second-hand-offers"] || [];
  return all.filter((offer) => typeof offer.price === "number" && offer.kept !== false);
}

function byWear(offers) {
  const rows = new Map();
  for (const offer of offers) {
    const wear = offer.wear || "not said";
    rows.set(wear, [...(rows.get(wear) || []), offer]);
  }
  const middle = ([, row]) => row.reduce((sum, offer) => sum + offer.price, 0) / row.length;
  return [...rows].sort((a, b) => middle(b) - middle(a));
}

function band(worth, x, height) {
  return svg("rect", { class: "band", x: x(worth.min_range), width: Math.max(2, x(worth.max_range) - x(worth.min_range)),
    y: 8, height: height - 44, rx: 4 });
}

function dots([wear, offers], place, x, currency) {
  const y = 24 + ROW * place;
  const label = svg("text", { class: "label", x: LEFT - 10, y: y + 4, "text-anchor": "end" }, wear);
  const line = svg("line", { class: "rule", x1: LEFT, x2: WIDTH - RIGHT, y1: y, y2: y });
  return [line, label, ...offers.map((offer) =>
    svg("circle", { class: `dot ${offer.basis}`, cx: x(offer.price), cy: y, r: 4 + 4 * Math.min(1, offer.weight || 0) },
      svg("title", {}, `${money(offer.price, currency)} ${offer.basis}: ${offer.title}`)))];
}

function marks(worth, retail, x, height) {
  const bottom = height - 36;
  const price = svg("g", { class: "worth-mark" },
    svg("line", { x1: x(worth.price), x2: x(worth.price), y1: 8, y2: bottom }),
    svg("text", { x: x(worth.price), y: bottom - 6, "text-anchor": "middle" }, money(worth.price, worth.currency)));
  if (typeof retail !== "number") return [price];
  return [price, svg("g", { class: "retail-mark" },
    svg("line", { x1: x(retail), x2: x(retail), y1: 8, y2: bottom }),
    svg("text", { x: Math.min(x(retail), WIDTH - 34), y: bottom - 6, "text-anchor": "middle" }, "new"))];
}

function axis(highest, currency, x, height) {
  const step = niceStep(highest / 5);
  const ticks = [];
  for (let price = 0; price <= highest; price += step) {
    ticks.push(svg("text", { class: "tick", x: x(price), y: height - 14, "text-anchor": "middle" },
      new Intl.NumberFormat().format(price)));
  }
  return [svg("line", { class: "axis", x1: LEFT, x2: WIDTH - RIGHT, y1: height - 34, y2: height - 34 }), ...ticks,
    svg("text", { class: "tick", x: LEFT - 10, y: height - 14, "text-anchor": "end" }, currency)];
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
