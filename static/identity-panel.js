// What the thing may be: the candidates, the form that corrects it, and who decided what so far.

import { element, memoizedRenderer } from "./dom.js";
import { count } from "./wording.js";

const MAX_CANDIDATES = 9;
const FIELDS = ["producer", "model", "condition", "size", "variant", "hint"];
const AUTHORS = { titles: "look-alikes' titles", photo: "what is written on it", user: "by hand" };

export class IdentityPanel {
  /** `root` has the form; `on.correct` receives the changed fields, `on.undo` and `on.leave` nothing. */
  constructor(root, on) {
    this.root = root;
    this.on = on;
    this.candidates = [];
    this.given = {};
    this.form = root.querySelector("form");
    this.form.elements.condition.append(...conditionOptions());
    this.fold = root.querySelector(".correct");
    this.renderCandidates = memoizedRenderer(root.querySelector(".candidates"));
    this.renderHistory = memoizedRenderer(root.querySelector(".history"));
    this.form.addEventListener("submit", (event) => this.submit(event));
    this.form.addEventListener("keydown", (event) => this.submitFromSelect(event));
    this.root.querySelector(".undo").addEventListener("click", () => on.undo());
    this.fold.addEventListener("toggle", () => this.fold.open || this.fill());
  }

  show({ facts, key, query }) {
    const { "identity-candidates": candidates, "model-producer": identity, "run-history": history = [] } = facts;
    this.given = givenFields(query, facts);
    if (!this.fold.open) this.fill(); // what is being typed stays
    this.candidates = (candidates || []).slice(0, MAX_CANDIDATES);
    this.root.hidden = !key || !(identity || candidates || facts.complete);
    this.renderCandidates([candidates, identity], () => this.candidateButtons(identity));
    this.renderHistory([history], () => historyList(history));
    this.root.querySelector(".undo").hidden = !history.slice(1).some((row) => canBeTakenBack(row));
  }

  candidateButtons(identity) {
    if (this.candidates.length < 2 && this.candidates.every((it) => isSame(it, identity))) return [];
    return [element("span", { class: "lead" }, "It may be"), ...this.candidates.map((it, index) => this.candidateButton(it, index + 1, isSame(it, identity)))];
  }

  candidateButton(candidate, number, isTaken) {
    const sources = candidate.sources ? count(candidate.sources, "source") : "";
    const button = element("button", { type: "button", class: "button quiet candidate", "aria-pressed": String(isTaken), title: candidate.title },
      element("kbd", { "aria-hidden": "true" }, String(number)),
      element("span", {}, `${candidate.producer} ${candidate.model}`.trim(), " ", element("span", { class: "small" }, sources)));
    button.addEventListener("click", () => !isTaken && this.on.correct({ producer: candidate.producer, model: candidate.model }));
    return button;
  }

  /** Open the form and move the focus to one of its fields. */
  edit(name) {
    if (this.root.hidden) return false;
    this.fold.open = true;
    const field = this.form.elements[name];
    field.focus();
    field.select?.();
    return true;
  }

  /** Unfold the history, or fold it. */
  toggleHistory() {
    const fold = this.root.querySelector(".history");
    if (this.root.hidden || fold.hidden) return false;
    fold.open = !fold.open;
    fold.querySelector("summary").focus();
    return true;
  }

  fill() {
    for (const name of FIELDS) this.form.elements[name].value = this.given[name] || "";
  }

  // in a field Enter submits; in a list of choices it would do nothing
  submitFromSelect(event) {
    if (event.key !== "Enter" || !event.target.matches("select")) return;
    event.preventDefault();
    this.form.requestSubmit();
  }

  submit(event) {
    event.preventDefault();
    const typed = FIELDS.map((name) => [name, this.form.elements[name].value.replace(/\s+/g, " ").trim()]);
    const changed = Object.fromEntries(typed.filter(([name, value]) => value !== (this.given[name] || "")));
    if (!Object.keys(changed).length) return;
    const named = "producer" in changed || "model" in changed;
    const whole = Object.fromEntries(typed.filter(([name]) => name in changed || (named && ["producer", "model"].includes(name))));
    this.fold.open = false;
    this.on.correct(whole);
  }
}

// those of the form in which photos are added, without the first, which chooses none
function conditionOptions() {
  return [...document.getElementById("condition").options].slice(1).map((option) => option.cloneNode(true));
}

function isSame(candidate, identity) {
  return candidate.producer === identity?.producer && candidate.model === identity?.model;
}

// what was said with the photo and after it, unless it was taken back; a correction that says "" shows that in words alone
function givenFields(query, { "model-producer": identity, "run-history": history = [] }) {
  const said = history.filter((row) => row.change === "correction" && !Number(row.undone));
  const given = { ...query, producer: identity?.producer, model: identity?.model };
  for (const row of said) {
    for (const name of FIELDS.slice(2)) {
      if (row[name] || row.what.includes(`${name} is not said any more`)) given[name] = row[name];
    }
  }
  return given;
}

function canBeTakenBack({ change, undone }) {
  return !Number(undone) && !["undo", "refresh"].includes(change);
}

function historyList(history) {
  if (history.length < 2) return [];
  return [element("summary", {}, `History (${history.length})`), element("ol", {}, ...history.map(historyItem))];
}

function historyItem(row) {
  const time = row.at ? new Date(row.at).toLocaleString(undefined, { dateStyle: "short", timeStyle: "short" }) : "";
  const who = AUTHORS[row.author] || row.author;
  return element("li", { class: Number(row.undone) ? "undone" : "" },
    element("span", { class: "small" }, [time, who].filter(Boolean).join(", ")), " ",
    Number(row.undone) ? element("s", {}, row.what) : row.what, Number(row.undone) ? " (taken back)" : "");
}

/** Return who named a thing, in words. */
export function decidedBy({ decided_by: decider, answered_by: model, sources }) {
  const names = { consensus: "what look-alikes are called", photo: "only what is written on it", user: "you said so", model: model || "the model" };
  const support = sources ? `, borne out by ${count(sources, "source")}` : "";
  return `${names[decider] || ""}${decider === "user" ? "" : support}`;
}
