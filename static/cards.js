// The facts of a thing as cards: the estimate beside the price chart, and what else is known below the offers.

import { money, roughMoney, roughRange } from "./amounts.js";
import { element, link, memoizedRenderer } from "./dom.js";
import { decidedBy } from "./identity-panel.js";
import { certaintyLevel } from "./marks.js";
import { endedWithoutResult } from "./stages.js";
import { conditionWords, count, percent } from "./wording.js";

const MAX_INLINE_LENGTH = 320;
const SUMMARY_LENGTH = 240;

/** Each card: the kind of its fact, its title, its content, and the text where its stage ended without a fact. */
const CARDS = [
  { kind: "estimated-price", title: "What it is worth", content: estimate, stage: "estimate",
    missingText: () => "No price: too few offers and no price new." },
  { kind: "retail-price-details", title: "What it cost new", content: retail, stage: "retail",
    missingText: noPriceReason },
  { kind: "image-description", title: "What the photo shows", content: imageDescription },
  { kind: "producer-url", title: "The producer's page", content: producerPage },
  { kind: "model-producer", title: "What it is", content: identity },
];

/** The cards of one thing: the first before what is in `root` already, the others in `rest`. */
export class Cards {
  constructor(root, rest = root) {
    this.cards = CARDS.map((card) => {
      const section = element("section", { class: `card card-${card.kind}` });
      if (card === CARDS[0]) root.prepend(section);
      else rest.append(section);
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
      ["Condition", conditionWords(data.condition)], ["Reads", data.visible_text]]),
  ];
}

function identity(data) {
  return [definitionList([["Producer", data.producer], ["Model", data.model], ["Known by", decidedBy(data)]])];
}

function producerPage(data) {
  const doubt = data.doubt ? [element("p", { class: "lacks" }, data.doubt)] : [];
  return [element("p", {}, link(data.link, data.title || data.link)), ...doubt];
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
  const { currency, certainty } = data;
  const level = certaintyLevel(certainty);
  const single = typeof data.sale_min === "number"
    ? ["A single sale", `${conditionText(data)}: 8 in 10 between ${roughRange(data.sale_min, data.sale_max, currency)}`] : ["", ""];
  const parts = [
    element("p", { class: "big" }, `about ${roughMoney(data.price, currency)}`),
    level && element("p", {}, "Certainty ", element("strong", { class: `level ${level}` }, level),
      element("span", { class: "small" }, ` – right within 20 % in ${Math.round(certainty * 100)} of 100 such cases`)),
    ...[data.doubts || commonDoubt(data)].filter(Boolean).map((words) => element("p", { class: "doubts" }, words)),
    definitionList([
      ["What it is", levelText(data.identity_certainty)], ["The price, if it is that", levelText(data.price_certainty)],
      ["The typical price", `lies between ${roughRange(data.min_range, data.max_range, currency)}`], single,
      ["Rests on", describeBasis(data)],
    ]),
  ];
  return parts.filter(Boolean);
}

function commonDoubt({ certainty, identity_certainty: identity, price_certainty: price }) {
  if (certaintyLevel(certainty) === "high" || typeof price !== "number") return "";
  return identity < price ? "It may be another thing." : "Its offers differ a lot in price.";
}

function levelText(certainty) {
  const level = certaintyLevel(certainty);
  return level && `${{ high: "sure", medium: "not quite sure", low: "not sure" }[level]} (${percent(certainty)})`;
}

function conditionText({ condition }) {
  return conditionWords(condition) ? `of this condition (${conditionWords(condition)})` : "of this condition";
}

function describeBasis({ basis, comparables }) {
  const offers = count(comparables, "offer");
  return {
    sold: `${offers}: prices that were paid`, asking: `${offers}: prices that are asked`,
    mixed: `${offers}: prices paid and asked`, retail: "the price new, for want of offers",
  }[basis] || offers;
}
