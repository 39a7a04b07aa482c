// Messages of the page: announcements for screen readers, and one visible line.

const MAX_MESSAGES = 6;

/** Announce a text to screen readers (polite live region). */
export function announce(text) {
  const log = document.getElementById("announce");
  const line = document.createElement("p");
  line.textContent = text;
  log.append(line);
  while (log.children.length > MAX_MESSAGES) log.firstElementChild.remove();
}

/** Show a message about the photos just added; `""` hides it. */
export function showMessage(text) {
  const line = document.getElementById("remark");
  line.textContent = text;
  line.hidden = !text;
  document.getElementById("refusals").hidden = !text && !document.getElementById("refused").textContent;
  if (text) announce(text);
}
