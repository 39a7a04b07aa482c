// Helpers for DOM elements. Content of scraped pages is inserted as text, never as markup.

const SVG = "http://www.w3.org/2000/svg";
const NO_TEXT_TYPES = ["checkbox", "radio", "button", "submit", "file"];

/** Create an element with attributes and children; strings become text nodes. */
export function element(name, attributes = {}, ...children) {
  return fillElement(document.createElement(name), attributes, children);
}

/** Create an SVG element, as `element` does. */
export function svgElement(name, attributes = {}, ...children) {
  return fillElement(document.createElementNS(SVG, name), attributes, children);
}

function fillElement(node, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== null) node.setAttribute(key, value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return node;
}

/**
 * Return a render function for `node`: `render(inputs, draw)` calls `draw` only when one of `inputs` has changed.
 *
 * So focus, selection, open folds and scroll positions survive unrelated facts. A node without children is hidden.
 */
export function memoizedRenderer(node) {
  let previous = [];
  node.hidden = true;
  return (inputs, draw) => {
    if (inputs.length === previous.length && inputs.every((input, index) => input === previous[index])) return;
    previous = inputs;
    const children = draw();
    node.replaceChildren(...children);
    node.hidden = !children.length;
  };
}

/** Give `parent` these children in their order; those that are there already and in order are not touched. */
export function reconcile(parent, children) {
  const wanted = new Set(children);
  for (const child of [...parent.children]) if (!wanted.has(child)) child.remove();
  let place = parent.firstElementChild;
  for (const child of children) {
    if (child === place) place = place.nextElementSibling;
    else parent.insertBefore(child, place);
  }
}

/** Create a link that opens in a new tab; plain text where the address is not http or https. */
export function link(address, text) {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (!url || !["http:", "https:"].includes(url.protocol)) return element("span", {}, text);
  return element("a", { href: url.href, target: "_blank", rel: "noopener noreferrer nofollow" }, text || url.host);
}

/** Return whether keys have a meaning of their own in an element: text, or a choice. */
export function isTyping(target) {
  if (target.matches("input")) return !NO_TEXT_TYPES.includes(target.type);
  return target.matches("textarea, select, [contenteditable]");
}
