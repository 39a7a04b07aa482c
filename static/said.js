// What the page says: one place for screen readers, one line for eyes.

const MOST = 6;

/** Tell a screen reader, once and when it has time. */
export function announce(words) {
  const place = document.getElementById("announce");
  const line = document.createElement("p");
  line.textContent = words;
  place.append(line);
  while (place.children.length > MOST) place.firstElementChild.remove();
}

/** Show a word about what was just added; `""` takes it away. */
export function remark(words) {
  const line = document.getElementById("remark");
  line.textContent = words;
  line.hidden = !words;
  if (words) announce(words);
}
