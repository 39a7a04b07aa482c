// Asks once where this desk sells, so that nobody gets the prices of another country without a word.

import { announce } from "./announcements.js";
import { COUNTRIES, countryName, currencyOf, guessCountry } from "./countries.js";
import { element } from "./dom.js";
import { setLocale } from "./item-options.js";
import { readPreference, storePreference } from "./preferences.js";
import { defaultCountry, defaultCurrency } from "./service-info.js";

const ANSWERED = "country-answered";
const byId = (id) => document.getElementById(id);

/** Show the question where neither this browser nor the service knows the answer. */
export function setUpCountryQuestion() {
  if (defaultCountry || readPreference("country") || readPreference(ANSWERED)) return;
  byId("ask-country").append(...COUNTRIES.map(([code, name]) => element("option", { value: code }, name)));
  byId("ask-currency").append(...[...byId("currency").options].map(({ value }) => element("option", {}, value)));
  byId("ask-country").value = guessCountry();
  byId("ask-open").textContent = `No: wherever ${defaultCurrency} is paid`;
  proposeCurrency();
  byId("ask-country").addEventListener("change", proposeCurrency);
  byId("ask-currency").addEventListener("change", showAnswer);
  byId("ask").addEventListener("submit", accept);
  byId("ask-open").addEventListener("click", () => close(`Prices are looked for wherever ${defaultCurrency} is paid.`));
  byId("country").addEventListener("change", () => close(""));
  byId("ask").hidden = false;
}

function proposeCurrency() {
  byId("ask-currency").value = currencyOf(byId("ask-country").value) || defaultCurrency;
  showAnswer();
}

function showAnswer() {
  const [country, currency] = [byId("ask-country").value, byId("ask-currency").value];
  byId("ask-yes").disabled = !country;
  byId("ask-yes").textContent = country ? `Yes: ${countryName(country)}, ${currency}` : "Choose a country";
}

function accept(event) {
  event.preventDefault();
  const [country, currency] = [byId("ask-country").value, byId("ask-currency").value];
  setLocale(country, currency);
  close(`Prices are looked for in ${countryName(country)} and shown in ${currency}, from the next photo on.`);
}

function close(words) {
  storePreference(ANSWERED, "yes");
  const hadFocus = byId("ask").contains(document.activeElement);
  byId("ask").hidden = true;
  if (hadFocus) byId("choose").focus();
  announce(words);
}
