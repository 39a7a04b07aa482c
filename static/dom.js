// Small help with elements. What comes from scraped pages is text, never markup.

const SVG = "http://www.w3.org/2000/svg";

/** Return an element with attributes and children; a child that is no node is text. */
export function element(name, attributes = {}, ...children) {
  return filled(document.createElement(name), attributes, children);
}

/** Return an element of a drawing, made as `element` makes its own. */
export function svg(name, attributes = {}, ...children) {
  return filled(document.createElementNS(SVG, name), attributes, children);
}

function filled(node, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== null) node.setAttribute(key, value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return node;
}

/**
 * Return a painter of `node`: `paint(parts, draw)` draws again only when one of `parts` is another than before.
 *
 * So a focused button, a selection, a fold and a scroll place outlive the facts that do not concern them.
 * A node without children is hidden.
 */
export function painter(node) {
  let before = [];
  node.hidden = true;
  return (parts, draw) => {
    if (parts.length === before.length && parts.every((part, place) => part === before[place])) return;
    before = parts;
    const children = draw();
    node.replaceChildren(...children);
    node.hidden = !children.length;
  };
}

/** Return a link that opens elsewhere, or plain text where the address is no web address. */
export function link(address, words) {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (!url || !["http:", "https:"].includes(url.protocol)) return element("span", {}, words);
  return element("a", { href: url.href, target: "_blank", rel: "noopener noreferrer nofollow" }, words || url.host);
}

const formats = new Map();

/** Return a number as people write it in a field: two places, and nothing around it. */
export function plainNumber(amount) {
  return new Intl.NumberFormat(undefined, { useGrouping: false, minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(amount);
}

/** Return an amount as people write it here; a dash where there is none. */
export function money(amount, currency) {
  if (typeof amount !== "number") return "–";
  if (!formats.has(currency)) {
    formats.set(currency, new Intl.NumberFormat(undefined, { style: "currency", currency }));
  }
  return formats.get(currency).format(amount);
}
