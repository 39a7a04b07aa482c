// The stages of a run as list items, and errors as texts.

import { element } from "./dom.js";
import { capitalize } from "./wording.js";

const STAGES = ["lens", "describe", "identify", "producer", "retail", "offers", "estimate"];
const STAGE_NAMES = {
  lens: "look-alikes", describe: "description", identify: "name", producer: "producer", retail: "price new",
  offers: "offers", estimate: "worth",
};
const STATE_NAMES = {
  waiting: "waiting", started: "running", ok: "done", kept: "as before", empty: "nothing found", skipped: "left out",
  blocked: "blocked", drift: "not readable", timeout: "too slow", refused: "refused", error: "failed",
};
const OUTCOME_MESSAGES = {
  blocked: "The site does not let us in at the moment.",
  drift: "The site answered, but its page could not be read.",
  timeout: "It took too long.",
  refused: "It was not safe to go on.",
  error: "Something went wrong on the way.",
};
const UNREMARKABLE = ["waiting", "started", "ok", "kept"];

/** Return the state of all stages before a run has started. */
export function initialStages() {
  return Object.fromEntries(STAGES.map((stage) => [stage, { state: "waiting", seconds: 0 }]));
}

/** Return whether a stage has ended without a result. */
export function endedWithoutResult({ state }) {
  return !UNREMARKABLE.includes(state);
}

/** Return a list item for each stage, with its state as text besides the colour; `doubts` say what is wrong with a result. */
export function stageItems(stages, doubts = {}) {
  return STAGES.map((stage) => stageItem(STAGE_NAMES[stage], stages[stage], doubts[stage]));
}

function stageItem(name, { state, seconds }, doubt) {
  if (state === "ok" && doubt) return element("li", { class: "stage doubtful", title: doubt }, name, element("span", { class: "outcome" }, `: ${doubt}`));
  const words = STATE_NAMES[state] || state;
  const time = seconds ? `${seconds.toFixed(1)} s` : "";
  const className = UNREMARKABLE.includes(state) ? "visually-hidden" : "outcome";
  return element("li", { class: `stage ${state}`, title: [words, time].filter(Boolean).join(", ") },
    name, element("span", { class: className }, `: ${words}`),
    state === "ok" && time ? element("span", { class: "seconds", "aria-hidden": "true" }, ` ${time}`) : "");
}

/** Return a list of errors, equal ones merged, with a retry button where `retry` is not null. */
export function errorNotice(errors, retry) {
  if (!errors.length) return [];
  const list = element("ul", {}, ...groupErrors(errors).map(errorItem));
  if (!retry) return [list];
  const button = element("button", { type: "button", class: "button retry" }, "Try again");
  button.addEventListener("click", retry);
  return [list, button];
}

/** Return an error as a sentence: stage, what happened, and the service's message. */
export function describeError(error) {
  return [describeGroup([error]), ...serviceMessages([error])].join(" ");
}

// errors of one stage with the same outcome
function groupErrors(errors) {
  const groups = new Map();
  for (const error of errors) {
    const mark = OUTCOME_MESSAGES[error.outcome] ? `${stageOf(error)} ${error.outcome}` : JSON.stringify(error);
    groups.set(mark, [...(groups.get(mark) || []), error]);
  }
  return [...groups.values()];
}

function errorItem(group) {
  const messages = serviceMessages(group).map((words) => element("span", { class: "own-words" }, words));
  return element("li", {}, describeGroup(group), ...messages.flatMap((words) => [" ", words]));
}

function describeGroup(group) {
  const [{ outcome, message }] = group;
  const name = stageOf(group[0]);
  const where = STAGE_NAMES[name] ? `${capitalize(STAGE_NAMES[name])}${describeParts(name, group)}: ` : "";
  return where + (OUTCOME_MESSAGES[outcome] || message);
}

function serviceMessages(group) {
  return OUTCOME_MESSAGES[group[0].outcome] ? [...new Set(group.map(({ message }) => message))] : [];
}

function stageOf({ stage }) {
  return stage.split(".")[0];
}

function describeParts(name, group) {
  const parts = [...new Set(group.map(({ stage }) => stage.split(".")[1]).filter(Boolean))];
  if (!parts.length) return "";
  if (name === "lens") return ` of photo ${parts.join(", ")}`;
  return ` on ${parts.map((part) => part.replaceAll("_", " ")).join(", ")}`;
}
