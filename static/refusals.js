// Files that were refused, by the page or by the service, go away together.

import { announce } from "./announcements.js";
import { isTyping } from "./dom.js";

const byId = (id) => document.getElementById(id);

/** Connect the button and the key (Escape) that take refused things of the list, and the message on refused files, away. */
export function setUpRefusals(list) {
  const clear = () => {
    const hadFocus = byId("refusals").contains(document.activeElement);
    showMessage("");
    list.removeRefused();
    if (hadFocus) byId("choose").focus();
  };
  byId("dismiss").addEventListener("click", clear);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || byId("refusals").hidden || isElsewhere(event.target)) return;
    event.preventDefault();
    clear();
  });
}

/** Show a message about the photos just added; `""` hides it. */
export function showMessage(text) {
  byId("remark").textContent = text;
  byId("remark").hidden = !text;
  showOrHide();
  if (text) announce(text);
}

/** Show how many things were refused; the line is hidden where there is nothing to take away. */
export function showRefused(count) {
  byId("refused").textContent = { 0: "", 1: "1 thing was not accepted." }[count] ?? `${count} things were not accepted.`;
  byId("dismiss").firstChild.textContent = count ? "Remove them " : "Dismiss ";
  if (count === 1) byId("dismiss").firstChild.textContent = "Remove it ";
  showOrHide();
}

function showOrHide() {
  byId("refusals").hidden = byId("remark").hidden && !byId("refused").textContent;
}

// there Escape has another meaning
function isElsewhere(target) {
  return document.querySelector("dialog[open]") || isTyping(target) || (target.closest(".thing") && !target.matches(".name"));
}
