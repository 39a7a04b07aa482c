// Marks of a thing: how far its price can be relied on, in a few words each, and what needs a look.

import { describeError } from "./stages.js";
import { capitalize, count, marketplaceName } from "./wording.js";

/** Stages without which a price is less sure than its certainty may say. */
const NEEDED_STAGES = ["lens", "describe", "identify", "offers", "estimate"];
const HIGH = 0.8;
const MEDIUM = 0.5;
const MAX_NAMES = 2;
const BASES = { sold: "sold", asking: "asked", mixed: "asked and sold", retail: "from the price new" };

/** Return `high`, `medium` or `low` for a certainty from 0 to 1; `""` where it is unknown. */
export function certaintyLevel(certainty) {
  if (typeof certainty !== "number") return "";
  if (certainty >= HIGH) return "high";
  return certainty >= MEDIUM ? "medium" : "low";
}

/** Return the marks of a thing in a list: `text`, `level` (`high`, `medium`, `low`, `plain` or `look`), and a `title`, if any. */
export function marksOf(thing) {
  const estimate = thing.facts["estimated-price"];
  const marks = estimate ? estimateMarks(estimate) : [];
  const blocked = blockedMark(blockedMarketplaces(thing.errors));
  const reasons = reasonsToLook(thing).join(" ");
  const look = reasons ? [{ text: "needs a look", level: "look", title: reasons }] : [];
  return [...look, ...marks, ...blocked];
}

function blockedMark(names) {
  if (!names.length) return [];
  const words = names.length > MAX_NAMES ? count(names.length, "marketplace") : names.join(", ");
  return [{ text: `${words} blocked`, level: "low" }];
}

function estimateMarks(estimate) {
  const level = certaintyLevel(estimate.certainty);
  return [
    ...(level ? [{ text: `certainty ${level}`, level }] : []),
    { text: [BASES[estimate.basis], countOffers(estimate)].filter(Boolean).join(", "), level: "plain" },
  ];
}

function countOffers({ basis, comparables }) {
  return basis === "retail" ? "" : count(comparables, "offer");
}

/** Return the sentences that say why somebody should look at a thing; none while it is looked up. */
export function reasonsToLook(thing) {
  if (thing.rejection) return [thing.rejection.error];
  if (!thing.ended) return [];
  const estimate = thing.facts["estimated-price"];
  return [...identityReasons(thing.facts["model-producer"], estimate), ...priceReasons(estimate), ...blockedReasons(thing.errors),
    ...failedReasons(thing.errors)];
}

// a stage that failed as a whole, which those before the price need
function failedReasons(errors) {
  return errors.filter(({ stage, outcome }) => NEEDED_STAGES.includes(stage) && outcome !== "empty").map(describeError);
}

function identityReasons(identity, estimate) {
  if (!identity) return ["It was not identified."];
  if (identity.decided_by === "photo") return ["Only what is written on it says what it is."];
  return ["medium", "low"].includes(certaintyLevel(estimate?.identity_certainty)) ? ["It is not sure what it is."] : [];
}

function priceReasons(estimate) {
  if (!estimate) return ["It has no price."];
  if (estimate.basis === "retail") return ["Its price rests on the price new alone."];
  const level = certaintyLevel(estimate.certainty);
  const doubts = level === "medium" && estimate.doubts ? [estimate.doubts] : [];
  return level === "low" ? ["Its price is not sure."] : doubts;
}

function blockedReasons(errors) {
  const names = blockedMarketplaces(errors);
  return names.length ? [`${capitalize(names.join(", "))} did not let us in.`] : [];
}

// the names of marketplaces that let nobody in, each once
function blockedMarketplaces(errors) {
  const places = errors.filter(({ stage, outcome }) => outcome === "blocked" && stage.startsWith("offers."));
  return [...new Set(places.map(({ stage }) => marketplaceName(stage.slice("offers.".length))))];
}

/** Return what makes a stage that has ended well doubtful: a sentence by the stage's name. */
export function stageDoubts({ facts, errors }) {
  const estimate = facts["estimated-price"];
  const failed = (stage) => errors.filter((error) => error.stage.startsWith(`${stage}.`) && error.outcome !== "empty");
  const doubts = Object.fromEntries(["lens", "offers"].filter((stage) => failed(stage).length).map((stage) => [stage, describeFailed(failed(stage))]));
  if (["medium", "low"].includes(certaintyLevel(estimate?.identity_certainty))) doubts.identify = "not sure";
  if (facts["producer-url"]?.doubt) doubts.producer = "not sure";
  if (estimate && certaintyLevel(estimate.certainty) !== "high") doubts.estimate = "not sure";
  return doubts;
}

function describeFailed(errors) {
  const names = (isBlocked) => [...new Set(errors.filter(({ outcome }) => (outcome === "blocked") === isBlocked).map(({ stage }) => partName(stage)))];
  const [blocked, others] = [names(true), names(false)];
  return [blocked.length && `${blocked.join(", ")} blocked`, others.length && `${others.join(", ")} failed`].filter(Boolean).join("; ");
}

function partName(stage) {
  const [name, part] = stage.split(".");
  return name === "lens" ? `photo ${part}` : marketplaceName(part);
}
