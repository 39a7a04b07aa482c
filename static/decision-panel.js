// What to pay and what to ask: the verdict on what is asked for the thing, and three prices to list it at.

import { listMoney, parseAmount, plainNumber, roughMoney } from "./amounts.js";
import { announce } from "./announcements.js";
import { describeReason, describeVerdict } from "./decision.js";
import { element, memoizedRenderer } from "./dom.js";
import { chooseTerm, parseMargin, readTerms } from "./terms.js";
import { marketplaceName, percent } from "./wording.js";

const LISTS = [["fast", "Sell fast"], ["market", "Market price"], ["patient", "Be patient"]];
const DELAY_MILLISECONDS = 500;
const UNREADABLE = "Type an amount, such as 40 or 39.90.";
const NO_MARGIN = "Type a percentage of the price, from 0 to 99, such as 30.";

export class DecisionPanel {
  /** `on.ask` receives what is asked, `""` for nothing; `on.leave` is called when the field is left by a key. */
  constructor(root, on) {
    this.root = root;
    this.on = on;
    this.field = root.querySelector(".cost");
    this.margin = root.querySelector(".margin");
    this.marketplace = root.querySelector(".marketplace");
    this.remark = root.querySelector(".cost-remark");
    this.renderPay = memoizedRenderer(root.querySelector(".pay-words"));
    this.renderAsk = memoizedRenderer(root.querySelector(".list-prices"));
    this.renderMarketplaces = memoizedRenderer(this.marketplace);
    for (const field of [this.field, this.margin]) field.addEventListener("input", () => this.scheduleAsk());
    this.marketplace.addEventListener("change", () => chooseTerm("marketplace", this.marketplace.value));
    root.querySelector("form").addEventListener("keydown", (event) => event.key === "Enter" && this.submit(event));
  }

  /** Show the decision of a thing; `cost` is what is asked for it. */
  show({ facts, cost }) {
    const decision = facts["price-decision"];
    this.root.hidden = !decision;
    if (!decision) return;
    this.root.querySelector(".cost-currency").textContent = decision.currency;
    if (document.activeElement !== this.field) this.field.value = cost && plainAmount(cost);
    this.showTerms(decision);
    this.renderPay([decision], () => payWords(decision));
    this.renderAsk([decision], () => askWords(decision));
  }

  showTerms({ margin, marketplace, marketplaces = "" }) {
    const chosen = readTerms();
    if (document.activeElement !== this.margin) this.margin.value = chosen.margin ? plainAmount(chosen.margin) : "";
    this.margin.placeholder = String(margin ?? "");
    const names = marketplaces.split(" ").filter(Boolean);
    const own = names.includes(chosen.marketplace) ? chosen.marketplace : "";
    this.renderMarketplaces([marketplaces, own || marketplace], () => [
      element("option", { value: "" }, own ? "as usual" : `usual: ${marketplaceName(marketplace || "none")}`),
      ...names.map((name) => element("option", { value: name }, marketplaceName(name)))]);
    this.marketplace.value = own;
  }

  /** Move the focus to the field for what is asked. */
  edit() {
    if (this.root.hidden) return false;
    this.field.focus();
    this.field.select();
    return true;
  }

  scheduleAsk() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), DELAY_MILLISECONDS);
  }

  // a form of several fields without a button is not submitted by Enter
  submit(event) {
    event.preventDefault();
    if (this.ask()) this.on.leave();
  }

  // half-typed amounts are no errors until the field is left alone for a moment
  ask() {
    clearTimeout(this.timer);
    const [cost, margin] = [parseAmount(this.field.value), parseMargin(this.margin.value)];
    this.field.setAttribute("aria-invalid", String(cost === null));
    this.margin.setAttribute("aria-invalid", String(margin === null));
    const problem = cost === null ? UNREADABLE : margin === null ? NO_MARGIN : "";
    this.remark.textContent = problem;
    if (problem) announce(problem);
    if (cost !== null) this.on.ask(cost);
    if (margin !== null) chooseTerm("margin", margin);
    return !problem;
  }
}

function plainAmount(cost) {
  return Number.isInteger(Number(cost)) ? String(Number(cost)) : plainNumber(Number(cost));
}

function payWords(decision) {
  if (typeof decision.pay_at_most !== "number") return [element("p", {}, decision.why)];
  return [
    element("p", { class: `verdict ${decision.verdict || ""}` }, describeVerdict(decision)),
    element("p", {}, describeReason(decision)),
  ];
}

function askWords(decision) {
  const lists = LISTS.filter(([name]) => typeof decision[`${name}_price`] === "number");
  if (!lists.length) return [];
  const prices = listMoney(lists.map(([name]) => decision[`${name}_price`]), decision.currency);
  const days = [14, 30].filter((number) => lists.some(([name]) => typeof decision[`${name}_chance_${number}`] === "number"));
  const heads = ["", "Ask", "After fees", ...days.map((number) => `Sold in ${number} days`)];
  return [
    element("h3", {}, "What to ask"),
    element("table", { class: "lists" },
      element("thead", {}, element("tr", {}, ...heads.map((words) => (words ? element("th", { scope: "col" }, words) : element("td"))))),
      element("tbody", {}, ...lists.map(([name, words], index) => listRow(decision, name, words, prices[index], days)))),
    ...smallPrint(decision),
  ];
}

function listRow(decision, name, words, price, days) {
  const isAdvised = decision.list_at === name;
  const chances = days.map((number) => element("td", {}, chanceWords(decision[`${name}_chance_${number}`])));
  return element("tr", { class: isAdvised ? "advised" : "" },
    element("th", { scope: "row" }, words, isAdvised ? element("span", { class: "advice" }, "advised") : ""),
    element("td", { class: "list-price" }, price),
    element("td", {}, roughMoney(decision[`${name}_net`], decision.currency)), ...chances);
}

function chanceWords(chance) {
  return typeof chance === "number" ? percent(chance) : "–";
}

function smallPrint({ notes, fees, tax }) {
  const costs = [fees, tax === "none" ? "no tax" : tax].filter(Boolean).join("; ");
  return [notes, costs && `Fees and tax: ${costs}.`].filter(Boolean).map((words) => element("p", { class: "small" }, words));
}
