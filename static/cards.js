// The facts of a thing as cards, the estimate first.

import { element, link, money, memoizedRenderer } from "./dom.js";
import { endedWithoutResult } from "./stages.js";

const MAX_INLINE_LENGTH = 320;
const SUMMARY_LENGTH = 240;

/** Each card: the kind of its fact, its title, its content, and the text where its stage ended without a fact. */
const CARDS = [
  { kind: "estimated-price", title: "What it is worth", content: estimate, stage: "estimate",
    missingText: () => "No price: too few offers and no price new." },
  { kind: "model-producer", title: "What it is", content: identity },
  { kind: "retail-price-details", title: "What it cost new", content: retail, stage: "retail",
    missingText: noPriceReason },
  { kind: "image-description", title: "What the photo shows", content: imageDescription },
  { kind: "producer-url", title: "The producer's page",
    content: (data) => [element("p", {}, link(data.link, data.title || data.link))] },
];

/** The cards of one thing in `root`: the first before the existing children, the others after them. */
export class Cards {
  constructor(root) {
    this.cards = CARDS.map((card) => {
      const section = element("section", { class: `card card-${card.kind}` });
      if (card === CARDS[0]) root.prepend(section);
      else root.append(section);
      return { ...card, renderCard: memoizedRenderer(section) };
    });
  }

  /** Show the facts; where a stage ended without its fact, show a text instead. */
  show(facts, stages) {
    for (const { kind, title, content, stage, missingText, renderCard } of this.cards) {
      const fact = facts[kind];
      const missing = !fact && stage && facts["model-producer"] && endedWithoutResult(stages[stage]) ? missingText(stages) : "";
      renderCard([fact, missing], () => {
        if (!fact && !missing) return [];
        return [element("h3", {}, title), ...(fact ? content(fact) : [element("p", { class: "lacks" }, missing)])];
      });
    }
  }
}

function definitionList(pairs) {
  const known = pairs.filter(([, value]) => value);
  return element("dl", {}, ...known.flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, value)]));
}

// descriptions of shops may be long: the rest is collapsed
function collapsible(text) {
  if (text.length <= MAX_INLINE_LENGTH) return text;
  const end = text.lastIndexOf(" ", SUMMARY_LENGTH) + 1 || SUMMARY_LENGTH;
  return element("details", { class: "long" }, element("summary", {}, `${text.slice(0, end).trimEnd()} …`), `… ${text.slice(end)}`);
}

function imageDescription(data) {
  return [
    element("p", {}, data.sentence),
    definitionList([["Kind", data.category], ["Colour", data.colour], ["Material", data.material],
      ["Condition", formatCondition(data.condition)], ["Reads", data.visible_text]]),
  ];
}

function identity(data) {
  const by = { consensus: "what look-alikes are called", photo: "only what is written on it", user: "you said so" }[data.decided_by];
  return [definitionList([["Producer", data.producer], ["Model", data.model], ["Known by", by]])];
}

function retail(data) {
  const price = typeof data.price === "number" ? money(data.price, data.currency) : "No price on the page";
  return [
    element("p", { class: "big" }, price),
    element("p", {}, data.original_name),
    element("div", { class: "small" }, collapsible(data.description)),
    definitionList([["Material", data.material], ["Details", data.specs && collapsible(data.specs)], ["In stock", formatAvailability(data.availability)]]),
  ];
}

function noPriceReason({ producer, retail: stage }) {
  if (producer.state !== "ok") return "No page of the producer is known.";
  return stage.state === "empty" ? "The producer's page does not tell." : "The producer's page could not be read.";
}

function formatAvailability(availability) {
  return { InStock: "yes", OutOfStock: "sold out" }[availability] || "";
}

function estimate(data) {
  const range = `${money(data.min_range, data.currency)} to ${money(data.max_range, data.currency)}`;
  return [definitionList([["Most likely", money(data.price, data.currency)], ["8 times in 10", range],
    ["Certainty", `${Math.round(data.certainty * 100)} %`], ["Rests on", describeBasis(data)]])];
}

function describeBasis({ basis, comparables }) {
  const offers = comparables === 1 ? "1 offer" : `${comparables} offers`;
  return {
    sold: `${offers}: prices that were paid`, asking: `${offers}: prices that are asked`,
    mixed: `${offers}: prices paid and asked`, retail: "the price new, for want of offers",
  }[basis] || offers;
}

function formatCondition(code) {
  return code && code !== "unknown" ? code.replaceAll("_", " ") : "";
}
