// Reports what a thing was sold for in the end, so that everybody sees how far the estimates can be relied on.

import { money, parseAmount } from "./amounts.js";
import { announce } from "./announcements.js";
import { showCalibration } from "./calibration.js";
import { element } from "./dom.js";

const UNREADABLE = "Type what it was sold for, such as 72 or 72.50.";
const NOT_REPORTED = "This could not be reported just now. Please try again.";
const PLACES = { below: "below the range of single sales", inside: "in the range of single sales", above: "above the range of single sales" };

/** Return the form in which the sale of a thing is reported, folded. */
export function saleReport(thing) {
  const price = element("input", { name: "sold_price", inputmode: "decimal", autocomplete: "off", size: 8 });
  const days = element("input", { name: "days", inputmode: "numeric", pattern: "[0-9]{1,4}", title: "whole days", autocomplete: "off", size: 4 });
  const marketplace = element("input", { name: "marketplace", maxlength: 60, autocomplete: "off", size: 10 });
  const remark = element("p", { class: "small sale-remark" });
  const form = element("form", { class: "fields", "aria-label": "Report its sale" },
    element("label", {}, "Sold for", price), element("label", {}, "after days", days), element("label", {}, "on", marketplace),
    element("button", { class: "button quiet" }, "Report"));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit(thing, { price, days, marketplace }, remark);
  });
  const fold = element("details", { class: "sale" }, element("summary", {}, "Report its sale"), form, remark);
  fold.addEventListener("toggle", () => fold.open && price.focus());
  return fold;
}

async function submit(thing, { price, days, marketplace }, remark) {
  const sold = Number(parseAmount(price.value));
  const words = sold > 0 ? await report(thing, {
    sold_price: sold, currency: saleCurrency(thing), marketplace: marketplace.value.trim(), ...(days.value ? { days: Number(days.value) } : {}),
  }) : UNREADABLE;
  price.setAttribute("aria-invalid", String(words === UNREADABLE));
  remark.textContent = words;
  announce(words);
}

async function report(thing, sale) {
  try {
    const response = await fetch(`runs/${thing.key}/outcome`, { method: "POST", body: JSON.stringify(sale) });
    const answer = await response.json();
    if (!response.ok) return answer.error;
    showCalibration();
    return describeSale(answer);
  } catch {
    return NOT_REPORTED;
  }
}

function describeSale({ sold_price: sold, currency, range, off }) {
  const place = PLACES[range];
  if (!place) return `Reported: ${money(sold, currency)}. There was no estimate to compare it with.`;
  const percent = Math.round(100 * Math.abs(off));
  const comparison = percent ? `; the estimate was ${percent} % too ${off > 0 ? "high" : "low"}` : "; the estimate was right";
  return `Reported: ${money(sold, currency)}, ${place}${comparison}.`;
}

function saleCurrency({ facts, query }) {
  return facts["estimated-price"]?.currency || query.currency;
}
