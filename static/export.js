// Export of facts: to the clipboard, or as a JSON or CSV file.

import { announce } from "./announcements.js";

const FEEDBACK_MILLISECONDS = 1500;

/** Copy text to the clipboard, and show the outcome on the button. */
export async function copy(text, button) {
  const done = (await copyWithClipboardApi(text)) || copyWithExecCommand(text);
  const [label, feedback] = [button.dataset.words || button.textContent, done ? "Copied" : "Copying is not allowed here"];
  button.dataset.words = label;
  button.textContent = feedback;
  announce(feedback);
  setTimeout(() => { button.textContent = label; }, FEEDBACK_MILLISECONDS);
}

function copyWithClipboardApi(text) {
  return Promise.resolve(navigator.clipboard?.writeText(text).then(() => true, () => false));
}

// the Clipboard API exists only on https and on localhost
function copyWithExecCommand(text) {
  const area = document.createElement("textarea");
  area.value = text;
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  return done;
}

/** Download a text as a file. */
export function download(name, type, text) {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const anchor = document.createElement("a");
  anchor.href = address;
  anchor.download = name;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}

const OFFER_COLUMNS = ["price", "currency", "wear", "basis", "marketplace", "title", "link", "kept", "weight", "reason"];

/** Return rows as CSV (RFC 4180) in which no cell is a formula. */
export function csv(rows, columns = OFFER_COLUMNS) {
  const lines = rows.map((row) => columns.map((name) => csvCell(row[name])).join(","));
  return [columns.join(","), ...lines].join("\r\n") + "\r\n";
}

// spreadsheets would evaluate a cell that begins like a formula
function csvCell(value) {
  const text = value === undefined ? "" : String(value);
  const safe = typeof value === "string" && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
