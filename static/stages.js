// The stages of a run as lights, and what went wrong in plain words.

import { element } from "./dom.js";

const STAGES = ["lens", "describe", "identify", "producer", "retail", "offers", "estimate"];
const NAMES = {
  lens: "look-alikes", describe: "description", identify: "name", producer: "producer", retail: "price new",
  offers: "offers", estimate: "worth",
};
const STATES = {
  waiting: "waiting", started: "running", ok: "done", empty: "nothing found", skipped: "left out",
  blocked: "blocked", drift: "not readable", timeout: "too slow", refused: "refused", error: "failed",
};
const FAILURES = {
  blocked: "The site does not let us in at the moment.",
  drift: "The site answered, but its page could not be read.",
  timeout: "It took too long.",
  refused: "It was not safe to go on.",
  error: "Something went wrong on the way.",
};
const QUIET = ["waiting", "started", "ok"];

/** Return the stages as they are before a run has said anything. */
export function waiting() {
  return Object.fromEntries(STAGES.map((stage) => [stage, { state: "waiting", seconds: 0 }]));
}

/** Return true where a stage has ended without a result. */
export function endedWithout({ state }) {
  return !QUIET.includes(state);
}

/** Return one light for each stage; colour is never alone, a sign and words go with it. */
export function lights(stages) {
  return STAGES.map((stage) => light(NAMES[stage], stages[stage]));
}

function light(name, { state, seconds }) {
  const words = STATES[state] || state;
  const time = seconds ? `${seconds.toFixed(1)} s` : "";
  const seen = QUIET.includes(state) ? "visually-hidden" : "outcome";
  return element("li", { class: `stage ${state}`, title: [words, time].filter(Boolean).join(", ") },
    name, element("span", { class: seen }, `: ${words}`),
    state === "ok" && time ? element("span", { class: "seconds", "aria-hidden": "true" }, ` ${time}`) : "");
}

/** Return one notice for all that failed, equal failures as one, with the one button that helps; `retry` may be null. */
export function notice(errors, retry) {
  if (!errors.length) return [];
  const list = element("ul", {}, ...alike(errors).map(line));
  if (!retry) return [list];
  const button = element("button", { type: "button", class: "button retry" }, "Try again");
  button.addEventListener("click", retry);
  return [list, button];
}

/** Return an error as a sentence: where it happened, what happened, and the service's own words. */
export function inWords(error) {
  return [sentence([error]), ...ownWords([error])].join(" ");
}

// failures of one stage that ended alike
function alike(errors) {
  const groups = new Map();
  for (const error of errors) {
    const mark = FAILURES[error.outcome] ? `${nameOf(error)} ${error.outcome}` : JSON.stringify(error);
    groups.set(mark, [...(groups.get(mark) || []), error]);
  }
  return [...groups.values()];
}

function line(group) {
  const own = ownWords(group).map((words) => element("span", { class: "own-words" }, words));
  return element("li", {}, sentence(group), ...own.flatMap((words) => [" ", words]));
}

function sentence(group) {
  const [{ outcome, message }] = group;
  const name = nameOf(group[0]);
  const where = NAMES[name] ? `${capital(NAMES[name])}${places(name, group)}: ` : "";
  return where + (FAILURES[outcome] || message);
}

function ownWords(group) {
  return FAILURES[group[0].outcome] ? [...new Set(group.map(({ message }) => message))] : [];
}

function nameOf({ stage }) {
  return stage.split(".")[0];
}

function places(name, group) {
  const parts = [...new Set(group.map(({ stage }) => stage.split(".")[1]).filter(Boolean))];
  if (!parts.length) return "";
  if (name === "lens") return ` of photo ${parts.join(", ")}`;
  return ` on ${parts.map((part) => part.replaceAll("_", " ")).join(", ")}`;
}

function capital(words) {
  return words[0].toUpperCase() + words.slice(1);
}
