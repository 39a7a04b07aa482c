// Takes facts out of the page: copied, or as a file of JSON or CSV.

export async function copy(text, button) {
  const words = button.textContent;
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = "Copied";
  } catch {
    button.textContent = "Copying is not allowed here";
  }
  setTimeout(() => { button.textContent = words; }, 1500);
}

export function download(name, type, text) {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const anchor = document.createElement("a");
  anchor.href = address;
  anchor.download = name;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}

const COLUMNS = ["price", "currency", "wear", "basis", "marketplace", "title", "link", "kept", "weight", "reason"];

export function csv(offers) {
  const lines = offers.map((offer) => COLUMNS.map((name) => cell(offer[name])).join(","));
  return [COLUMNS.join(","), ...lines].join("\r\n") + "\r\n";
}

// a cell that begins like a formula would be run by a spreadsheet
function cell(value) {
  const text = value === undefined ? "" : String(value);
  const safe = typeof value === "string" && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
