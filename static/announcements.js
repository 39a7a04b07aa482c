// Announcements for screen readers.

const MAX_MESSAGES = 6;

/** Announce a text to screen readers (polite live region). */
export function announce(text) {
  const log = document.getElementById("announce");
  const line = document.createElement("p");
  line.textContent = text;
  log.append(line);
  while (log.children.length > MAX_MESSAGES) log.firstElementChild.remove();
}
