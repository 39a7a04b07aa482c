// Countries to sell in, and what is paid with there.

const BY_CURRENCY = {
  EUR: "AT BE BG HR CY EE FI FR DE GR IE IT LV LT LU MT NL PT SK SI ES", GBP: "GB", CHF: "CH LI", SEK: "SE", DKK: "DK", NOK: "NO", PLN: "PL",
  CZK: "CZ", HUF: "HU", RON: "RO", USD: "US", CAD: "CA", AUD: "AU", NZD: "NZ", JPY: "JP", SGD: "SG", HKD: "HK", MYR: "MY", BRL: "BR", MXN: "MX",
};
const CURRENCIES = new Map(Object.entries(BY_CURRENCY).flatMap(([currency, codes]) => codes.split(" ").map((code) => [code, currency])));
const names = new Intl.DisplayNames("en", { type: "region" });

/** All countries that can be chosen, as `[code, name]`, by name. */
export const COUNTRIES = [...CURRENCIES.keys()].map((code) => [code, names.of(code)]).sort(([, one], [, other]) => one.localeCompare(other));

/** Return the name of a country, its code where it is unknown. */
export function countryName(code) {
  return CURRENCIES.has(code) ? names.of(code) : code;
}

/** Return the currency of a country, `""` where it is unknown. */
export function currencyOf(code) {
  return CURRENCIES.get(code) || "";
}

/** Return the country that the browser's languages suggest, `""` where they suggest none that can be chosen. */
export function guessCountry(languages = navigator.languages) {
  const locales = languages.map((language) => new Intl.Locale(language));
  const regions = [...locales.map(({ region }) => region), ...locales.map((locale) => locale.maximize().region)];
  return regions.find((region) => CURRENCIES.has(region)) || "";
}
