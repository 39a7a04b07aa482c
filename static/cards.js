// The facts of a thing as cards: what it is worth and what it is come first.

import { element, link, money, painter } from "./dom.js";
import { endedWithout } from "./stages.js";

const LONG = 320;
const SHORT = 240;

/** Each card: the kind of its fact, its title, its content, and the words where the fact will not come. */
const CARDS = [
  { kind: "estimated-price", title: "What it is worth", content: estimate, stage: "estimate",
    without: () => "No price: too few offers and no price new." },
  { kind: "model-producer", title: "What it is", content: identity },
  { kind: "retail-price-details", title: "What it cost new", content: retail, stage: "retail",
    without: unpriced },
  { kind: "image-description", title: "What the photo shows", content: description },
  { kind: "producer-url", title: "The producer's page",
    content: (data) => [element("p", {}, link(data.link, data.title || data.link))] },
];

/** The cards of one thing, in `root`, around what is there already: the first of them stands before it. */
export class Cards {
  constructor(root) {
    this.cards = CARDS.map((card) => {
      const section = element("section", { class: `card card-${card.kind}` });
      if (card === CARDS[0]) root.prepend(section);
      else root.append(section);
      return { ...card, paint: painter(section) };
    });
  }

  /** Show what is known; where a stage has ended without its fact, say so in words. */
  show(facts, stages) {
    for (const { kind, title, content, stage, without, paint } of this.cards) {
      const fact = facts[kind];
      const lacks = !fact && stage && facts["model-producer"] && endedWithout(stages[stage]) ? without(stages) : "";
      paint([fact, lacks], () => {
        if (!fact && !lacks) return [];
        return [element("h3", {}, title), ...(fact ? content(fact) : [element("p", { class: "lacks" }, lacks)])];
      });
    }
  }
}

function rows(pairs) {
  const known = pairs.filter(([, value]) => value);
  return element("dl", {}, ...known.flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, value)]));
}

// a shop's own words may be many: the rest of them waits in a fold
function brief(text) {
  if (text.length <= LONG) return text;
  const end = text.lastIndexOf(" ", SHORT) + 1 || SHORT;
  return element("details", { class: "long" }, element("summary", {}, `${text.slice(0, end).trimEnd()} …`), `… ${text.slice(end)}`);
}

function description(data) {
  return [
    element("p", {}, data.sentence),
    rows([["Kind", data.category], ["Colour", data.colour], ["Material", data.material],
      ["Condition", graded(data.condition)], ["Reads", data.visible_text]]),
  ];
}

function identity(data) {
  const by = { consensus: "what look-alikes are called", user: "you said so" }[data.decided_by];
  return [rows([["Producer", data.producer], ["Model", data.model], ["Known by", by]])];
}

function retail(data) {
  const price = typeof data.price === "number" ? money(data.price, data.currency) : "No price on the page";
  return [
    element("p", { class: "big" }, price),
    element("p", {}, data.original_name),
    element("div", { class: "small" }, brief(data.description)),
    rows([["Material", data.material], ["Details", data.specs && brief(data.specs)], ["In stock", stock(data.availability)]]),
  ];
}

function unpriced({ producer, retail: stage }) {
  if (producer.state !== "ok") return "No page of the producer is known.";
  return stage.state === "empty" ? "The producer's page does not tell." : "The producer's page could not be read.";
}

function stock(availability) {
  return { InStock: "yes", OutOfStock: "sold out" }[availability] || "";
}

function estimate(data) {
  const range = `${money(data.min_range, data.currency)} to ${money(data.max_range, data.currency)}`;
  return [rows([["Most likely", money(data.price, data.currency)], ["8 times in 10", range],
    ["Certainty", `${Math.round(data.certainty * 100)} %`], ["Rests on", grounds(data)]])];
}

function grounds({ basis, comparables }) {
  const offers = comparables === 1 ? "1 offer" : `${comparables} offers`;
  return {
    sold: `${offers}: prices that were paid`, asking: `${offers}: prices that are asked`,
    mixed: `${offers}: prices paid and asked`, retail: "the price new, for want of offers",
  }[basis] || offers;
}

function graded(code) {
  return code && code !== "unknown" ? code.replaceAll("_", " ") : "";
}
