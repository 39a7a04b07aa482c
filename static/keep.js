// Takes facts out of the page: copied, or as a file of JSON or CSV.

import { announce } from "./said.js";

const SHOWN_MILLISECONDS = 1500;

/** Put text on the clipboard, and say so on the button. */
export async function copy(text, button) {
  const done = (await modern(text)) || older(text);
  const [words, said] = [button.dataset.words || button.textContent, done ? "Copied" : "Copying is not allowed here"];
  button.dataset.words = words;
  button.textContent = said;
  announce(said);
  setTimeout(() => { button.textContent = words; }, SHOWN_MILLISECONDS);
}

function modern(text) {
  return Promise.resolve(navigator.clipboard?.writeText(text).then(() => true, () => false));
}

// the clipboard of today is there only on https and on the own machine
function older(text) {
  const area = document.createElement("textarea");
  area.value = text;
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  return done;
}

/** Hand a text over as a file. */
export function download(name, type, text) {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const anchor = document.createElement("a");
  anchor.href = address;
  anchor.download = name;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}

const COLUMNS = ["price", "currency", "wear", "basis", "marketplace", "title", "link", "kept", "weight", "reason"];

/** Return rows (offers, unless `columns` says otherwise) as CSV (RFC 4180) in which no cell is a formula. */
export function csv(rows, columns = COLUMNS) {
  const lines = rows.map((row) => columns.map((name) => cell(row[name])).join(","));
  return [columns.join(","), ...lines].join("\r\n") + "\r\n";
}

// a cell that begins like a formula would be run by a spreadsheet
function cell(value) {
  const text = value === undefined ? "" : String(value);
  const safe = typeof value === "string" && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
