// Export of facts: to the clipboard, or as a JSON or CSV file.

import { announce } from "./announcements.js";
import { readPreference } from "./preferences.js";

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
const BYTE_ORDER_MARK = "\ufeff"; // tells Excel that it is UTF-8
const DECIMAL_COMMA = { separator: ";", decimal: "," };
const DECIMAL_POINT = { separator: ",", decimal: "." };

/**
 * Return rows as CSV (RFC 4180) in which no cell is a formula, as the spreadsheets of this desk open it.
 *
 * Excel and LibreOffice take the separator and the decimal sign of their country: semicolon and comma, or comma and
 * point. Excel would take a line `sep=;` as well, but then reads umlauts wrongly.
 */
export function csv(rows, columns = OFFER_COLUMNS) {
  const format = csvFormat();
  const lines = [columns, ...rows.map((row) => columns.map((name) => row[name]))];
  return BYTE_ORDER_MARK + lines.map((cells) => `${cells.map((cell) => csvCell(cell, format)).join(format.separator)}\r\n`).join("");
}

// what the desk chose; else a comma where the language or the country of the desk writes one
function csvFormat() {
  const chosen = readPreference("csv-format");
  if (chosen) return chosen === "semicolon" ? DECIMAL_COMMA : DECIMAL_POINT;
  const country = readPreference("country");
  const locales = [undefined, ...(/^[A-Z]{2}$/.test(country) ? [new Intl.Locale(`und-${country}`).maximize().baseName] : [])];
  const writesComma = (locale) => new Intl.NumberFormat(locale).format(0.5).includes(",");
  return locales.some(writesComma) ? DECIMAL_COMMA : DECIMAL_POINT;
}

// spreadsheets would evaluate a cell that begins like a formula
function csvCell(value, { separator, decimal }) {
  if (value === undefined || value === null) return "";
  if (typeof value === "number") return String(value).replace(".", decimal);
  const text = String(value);
  const safe = typeof value === "string" && /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/.test(text) ? `'${text}` : text;
  return /[",;\r\n]/.test(safe) || safe.includes(separator) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
