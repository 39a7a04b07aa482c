// Amounts for people: rounded to what they are worth, with cents only where the price itself has them.

const ROUNDING = { nearest: Math.round, down: Math.floor, up: Math.ceil };
const formats = new Map();

/** Format a number for a form field: two decimals, no grouping. */
export function plainNumber(amount) {
  return new Intl.NumberFormat(undefined, { useGrouping: false, minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(amount);
}

/** Format an amount in the browser's locale, with cents where it has any; a dash where it is unknown. */
export function money(amount, currency) {
  if (typeof amount !== "number") return "–";
  if (!formats.has(currency)) {
    formats.set(currency, new Intl.NumberFormat(undefined, { style: "currency", currency, trailingZeroDisplay: "stripIfInteger" }));
  }
  return formats.get(currency).format(amount);
}

/** Format a rounded amount: whole units below 100, steps of 5 below 1,000, then two digits and a half. */
export function roughMoney(amount, currency, direction = "nearest") {
  return money(typeof amount === "number" ? roughAmount(amount, direction) : amount, currency);
}

function roughAmount(amount, direction) {
  if (Math.abs(amount) < 1) return amount;
  const step = Math.max(1, 5 * 10 ** (Math.floor(Math.log10(Math.abs(amount))) - 2));
  return ROUNDING[direction](amount / step) * step;
}

/** Format a range of rounded amounts, which holds the exact one. */
export function roughRange(low, high, currency) {
  return `${roughMoney(low, currency, "down")} and ${roughMoney(high, currency, "up")}`;
}

/** Format prices of one list: exact where they end alike (a rule's 129.99), rounded where they were computed. */
export function listMoney(prices, currency) {
  const endings = new Set(prices.map((price) => Math.round(price * 100) % 100));
  return prices.map((price) => (endings.size === 1 ? money(price, currency) : roughMoney(price, currency)));
}

/** Return the plain number in what a person typed (`40`, `39,90`, `€ 1.200`), `""` for nothing, null where it is none. */
export function parseAmount(text) {
  const typed = text.replace(/[\p{Sc}\s']|[A-Za-z]{3}/gu, "");
  const [, whole, cents = ""] = /^(.*?)(?:[.,](\d{1,2}))?$/.exec(typed);
  const digits = /^\d{1,3}([.,]\d{3})+$/.test(whole) ? whole.replace(/[.,]/g, "") : whole;
  if (!typed) return text.trim() ? null : "";
  return /^\d{1,9}$/.test(digits) ? digits + (cents && `.${cents}`) : null;
}
