// The decision on a thing for this reader: it is asked for anew, without a run, whenever the reader's terms change.

import { announce } from "./announcements.js";
import { describeReason, describeVerdict, fetchDecision, NOT_RECKONED } from "./decision.js";
import { onTermsChange, readTerms } from "./terms.js";

export class ThingDecision {
  /** `cost` is what is asked for the thing, `""` for nothing. */
  constructor(thing, cost) {
    Object.assign(this, { thing, cost });
    this.closing = new AbortController();
    onTermsChange(() => this.apply(), this.closing.signal);
    thing.stream.view = this.terms;
  }

  /** The parameters of the view that are this reader's own. */
  get terms() {
    return { ...readTerms(), ...(this.cost ? { cost: this.cost } : {}) };
  }

  get shown() {
    return this.thing.facts["price-decision"];
  }

  /** Set what is asked for the thing, `""` for nothing; the decision follows. */
  setCost(cost) {
    if (cost === this.cost) return;
    this.cost = cost;
    this.thing.onChanged(this.thing);
    this.apply();
  }

  /** Ask anew where the decision that came is one of other terms. */
  check() {
    if (!isOf(this.shown, this.applicableTerms())) this.ask();
  }

  /** Listen no more. */
  close() {
    this.closing.abort();
  }

  async apply() {
    this.thing.stream.view = this.terms;
    if (!this.shown || !(await this.ask()) || !this.thing.root.contains(document.activeElement)) return;
    announce(`${describeVerdict(this.shown)}. ${describeReason(this.shown)}`);
  }

  async ask() {
    const { thing, terms, shown } = this;
    const { run } = thing;
    const decision = await fetchDecision(thing.key, { ...thing.query, ...this.applicableTerms() });
    if (run !== thing.run || JSON.stringify(terms) !== JSON.stringify(this.terms)) return false;
    run.replace("price-decision", decision || { ...shown, cost: undefined, verdict: undefined, why: NOT_RECKONED });
    thing.render();
    return true;
  }

  // a marketplace without known fees in the thing's country would be one without fees
  applicableTerms() {
    const { marketplace, ...others } = this.terms;
    return this.shown.marketplaces?.split(" ").includes(marketplace) ? { ...others, marketplace } : others;
  }
}

function isOf(decision, { cost, margin, marketplace = decision.marketplace }) {
  const isUnknown = marketplace === readTerms().marketplace && !decision.marketplaces?.split(" ").includes(marketplace);
  return !isUnknown && decision.marketplace === marketplace && decision.cost === (cost ? Number(cost) : undefined) && (!margin || decision.margin === Number(margin));
}
