"""The visible text of a rendered page, with its position and style."""

from __future__ import annotations

from lens_rx.clients.browser.tab import Tab
from lens_rx.facts import PageSnapshot, TextBox

MOST_BOXES = 5_000
LONGEST_TEXT = 1_000

#: Text that a reader cannot see is left out: not rendered, transparent, clipped, off the page, or in the
#: colour of its background.
_VISIBLE_TEXT = """(mostBoxes, longestText) => {
  const clear = colour => colour === 'transparent' || /^rgba.*, 0[)]$/.test(colour);
  const looks = new Map();
  const look = element => {
    if (!element || element.nodeType !== 1) {
      return {hidden: false, struck: false, ground: 'rgb(255, 255, 255)', pictured: false};
    }
    if (!looks.has(element)) looks.set(element, lookOf(element, look(element.parentElement)));
    return looks.get(element);
  };
  const lookOf = (element, around) => {
    const style = getComputedStyle(element), box = element.getBoundingClientRect();
    const cut = /hidden|clip/.test(style.overflow) && (box.width <= 1 || box.height <= 1);
    const clipped = /inset[(](50|100)%|circle[(]0/.test(style.clipPath)
      || (style.position !== 'static' && /rect[(](0px|1px)[^)]*(0px|1px)[)]/.test(style.clip));
    const grounded = !clear(style.backgroundColor);
    return {
      style,
      hidden: around.hidden || cut || clipped || Number(style.opacity) < 0.05,
      struck: around.struck || style.textDecorationLine.includes('line-through'),
      ground: grounded ? style.backgroundColor : around.ground,
      pictured: style.backgroundImage !== 'none' || (around.pictured && !grounded),
    };
  };
  const unseen = (it, box) => it.hidden || it.style.visibility !== 'visible' || clear(it.style.color)
    || (it.style.color === it.ground && !it.pictured) || parseFloat(it.style.fontSize) < 2
    || box.width <= 1 || box.height <= 1 || box.right + scrollX <= 0 || box.bottom + scrollY <= 0;
  const boxes = [], range = document.createRange();
  const texts = document.createTreeWalker(document.body || document.documentElement, NodeFilter.SHOW_TEXT);
  while (boxes.length < mostBoxes && texts.nextNode()) {
    const text = texts.currentNode.data.replace(/\\s+/g, ' ').trim();
    const parent = texts.currentNode.parentElement;
    if (!text || !parent || /^(SCRIPT|STYLE|NOSCRIPT|TEMPLATE)$/.test(parent.tagName)) continue;
    range.selectNodeContents(texts.currentNode);
    const box = range.getBoundingClientRect(), it = look(parent);
    if (unseen(it, box)) continue;
    boxes.push([text.slice(0, longestText), box.left + scrollX, box.top + scrollY, box.width, box.height,
      parseFloat(it.style.fontSize), parseInt(it.style.fontWeight) || 400, it.struck]);
  }
  return {boxes, width: innerWidth};
}"""


async def snapshot(tab: Tab) -> PageSnapshot:
    """Return the visible text runs of the page in `tab`, in document order, at most `MOST_BOXES`."""
    seen = await tab.evaluate(_VISIBLE_TEXT, MOST_BOXES, LONGEST_TEXT)
    return PageSnapshot(tuple(TextBox(*box) for box in seen["boxes"]), int(seen["width"]))
