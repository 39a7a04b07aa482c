// The facts of a thing as cards, in the order of the stages.

import { element, link, money } from "./dom.js";

/** Kind of fact -> its title and its content. */
const CARDS = {
  "image-description": ["What the photo shows", description],
  "model-producer": ["What it is", identity],
  "producer-url": ["Where it came from", (data) => [link(data.link, data.title || data.link)]],
  "retail-price-details": ["What it cost new", retail],
  "estimated-price": ["What it is worth", estimate],
};

/** Return the cards of what is known. */
export function cards(facts) {
  return Object.entries(CARDS)
    .filter(([kind]) => facts[kind])
    .map(([kind, [title, content]]) =>
      element("section", { class: `card card-${kind}` }, element("h3", {}, title), ...content(facts[kind])));
}

function rows(pairs) {
  const known = pairs.filter(([, value]) => value);
  return element("dl", {}, ...known.flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, value)]));
}

function description(data) {
  return [
    element("p", {}, data.sentence),
    rows([["Kind", data.category], ["Colour", data.colour], ["Material", data.material],
      ["Condition", words(data.condition)], ["Reads", data.visible_text]]),
  ];
}

function identity(data) {
  const by = { model: "", consensus: "by what look-alikes are called", user: "as you said" }[data.decided_by];
  return [element("p", { class: "big" }, `${data.producer} ${data.model}`), element("p", { class: "small" }, by || "")];
}

function retail(data) {
  return [
    element("p", { class: "big" }, money(data.price, data.currency)),
    element("p", {}, data.original_name),
    element("p", { class: "small" }, data.description),
    rows([["Material", data.material], ["Details", data.specs], ["In stock", stock(data.availability)]]),
    element("p", {}, link(data.producer_url, "to the producer's page")),
  ];
}

function stock(availability) {
  return { InStock: "yes", OutOfStock: "sold out" }[availability] || "";
}

function estimate(data) {
  const basis = {
    sold: "prices that were paid", asking: "prices that are asked", mixed: "prices paid and asked",
    retail: "the price new, for want of offers",
  }[data.basis];
  return [
    element("p", { class: "big" }, money(data.price, data.currency)),
    rows([
      ["Range", `${money(data.min_range, data.currency)} to ${money(data.max_range, data.currency)}`],
      ["Certainty", `${Math.round(data.certainty * 100)} %`],
      ["Rests on", `${data.comparables} offers; ${basis}`],
    ]),
  ];
}

export function words(code) {
  return code && code !== "unknown" ? code.replaceAll("_", " ") : "";
}
