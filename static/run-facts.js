// The facts of one generation of a run; while it is incomplete, those of the generation before stand in.

import { initialStages } from "./stages.js";

const PHOTO_FACTS = { lens: "visual-matches", describe: "image-description" };

export class RunFacts {
  /** `before` are the facts of the generation before, which are shown until this one has told its own. */
  constructor(before = null) {
    this.received = [];
    this.own = {};
    this.ownErrors = [];
    this.ownStages = {};
    this.before = before && { facts: before.facts, errors: before.errors, stages: before.stages };
  }

  /** Add a fact as it came. */
  add(fact) {
    this.received.push(fact);
    const { data_description: kind, data } = fact;
    if (kind === "progress") this.ownStages = { ...this.ownStages, [data.stage]: data };
    else if (kind === "error") this.ownErrors = [...this.ownErrors, data];
    else if (kind === "offers-partial") this.own.partial = [...(this.own.partial || []), ...data];
    else this.own[kind] = data;
    if (kind === "complete" || this.isOtherThing) this.before = null;
  }

  // what was found for another name says nothing about this one
  get isOtherThing() {
    const [told, before] = [this.own, this.before?.facts || {}].map((facts) => facts["model-producer"]);
    return Boolean(told && before) && (told.producer !== before.producer || told.model !== before.model);
  }

  /** Put the answer to another question about the same run in a fact's place. */
  replace(kind, data) {
    this.own[kind] = data;
  }

  /** Return whether a fact that is shown is still that of the generation before. */
  isOutdated(kind) {
    return Boolean(this.before?.facts[kind]) && !this.own[kind];
  }

  get facts() {
    return { ...this.before?.facts, ...this.own };
  }

  get errors() {
    return this.ownErrors.length || !this.before ? this.ownErrors : this.before.errors;
  }

  // after a correction, what was seen in the photo is not looked up again
  get stages() {
    const told = Object.entries(this.ownStages).map(([name, stage]) => [name, this.isKept(name, stage) ? { ...stage, state: "kept" } : stage]);
    return { ...initialStages(), ...this.before?.stages, ...Object.fromEntries(told) };
  }

  isKept(name, { state }) {
    return state === "skipped" && Boolean(this.own["run-history"] && this.own[PHOTO_FACTS[name]]);
  }
}
