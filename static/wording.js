// Words for names and codes of the wire.

/** Return a grade of condition in words, `""` where it is unknown. */
export function conditionWords(code) {
  return code && code !== "unknown" ? code.replaceAll("_", " ") : "";
}

/** Return a marketplace's name as people write it. */
export function marketplaceName(name) {
  return name.replace(/-sold$/, "").replaceAll("_", " ");
}

/** Return a text with a capital letter at its start. */
export function capitalize(words) {
  return words && words[0].toUpperCase() + words.slice(1);
}

/** Return a share from 0 to 1 in words: `80 %`. */
export function percent(share) {
  return `${Math.round(100 * share)} %`;
}

/** Return a number of things in words: `1 offer`, `3 offers`. */
export function count(number, noun) {
  return number === 1 ? `1 ${noun}` : `${number} ${noun}s`;
}
