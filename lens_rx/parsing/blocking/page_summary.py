"""A summary of a page for recognising walls: its size, links, forms, scripts and first words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from lens_rx.parsing.html.links import resolve_link
from lens_rx.parsing.html.tree import attribute, normalize_space, text_of
from lens_rx.parsing.html.urls import host_of

_INVISIBLE = ["script", "style", "noscript", "template", "svg", "select", "textarea"]
_CAPTURED = 8_000
_LONGEST_TITLE = 500
_MOST = 200
#: A script that carries this much state stands in place of visible text.
_STATE_SIZE = 4_000
_PRODUCT_DATA = re.compile(
    r'"@type"\s*:\s*\[?\s*"(?:\w+:)?(?:Product|ProductGroup|Offer|AggregateOffer|Event|Car)"'
)
_PRODUCT_MARKS = (
    '[itemtype*="schema.org/Product" i], [itemtype*="schema.org/Offer" i], [itemprop="price"], [typeof*="Product"],'
    ' meta[property="og:type"][content*="product" i], meta[property="product:price:amount"],'
    ' meta[property="og:price:amount"]'
)
_LOADS = (("script[src]", "src"), ("img[src]", "src"))
#: What stands around a page's own content.
_FRAME = (
    "header, nav, footer, aside, dialog, [role=navigation], [role=banner], [role=contentinfo],"
    " [role=complementary], [role=search], [role=dialog]"
)
_FRAMES = (("iframe[src]", "src"), ("form[action]", "action"), ('meta[http-equiv="refresh" i]', "content"))


@dataclass(frozen=True, slots=True)
class PageSummary:
    """What is counted and cut out of a page.

    `text` is its visible text, capped, and `size` the length of all of it; `links` counts the addresses it
    links to, `outside` those on other sites. `loads` are the addresses of its scripts and pictures, `frames`
    those of its frames, forms and refreshes, `names` the ids and widget classes of its parts, all in lower
    case; `script` is its inline script, capped. `main_text`, capped, and its length `main_size` leave out its
    header, navigation, side bars, dialogs and footer.
    """

    host: str
    title: str
    text: str
    size: int
    links: int
    outside: int
    loads: str
    frames: str
    names: str
    script: str
    main_text: str
    main_size: int
    asks_password: bool
    has_product: bool
    has_state: bool

    @property
    def thin(self) -> bool:
        """True where there is little to read: walls are thin, and so are some honest pages."""
        return self.size < 5_000 and self.links < 60 and not self.has_product

    @property
    def bare(self) -> bool:
        """True where there is next to nothing to read."""
        return self.size < 1_500 and self.links < 10 and not self.has_product


def summarize(tree: LexborHTMLParser, url: str) -> PageSummary:
    """Return the summary of a page; removes scripts and other invisible parts from `tree`."""
    scripts = [node.text() for node in tree.css("script")]
    loads, frames = _addresses(tree, _LOADS), _addresses(tree, _FRAMES)
    has_product = any(map(_PRODUCT_DATA.search, scripts)) or tree.css_first(_PRODUCT_MARKS) is not None
    title, names = text_of(tree.css_first("title"))[:_LONGEST_TITLE], " ".join(_names(tree))
    tree.strip_tags(_INVISIBLE)
    text, own = text_of(tree.body), host_of(url)
    hosts = [host for a in tree.css("a[href]") if (host := host_of(resolve_link(attribute(a, "href"), url)))]
    main = _main_text(tree)
    return PageSummary(
        host=own,
        title=title,
        text=text[:_CAPTURED],
        size=len(text),
        links=len(hosts),
        outside=sum(_site(host) != _site(own) for host in hosts),
        loads=loads,
        frames=frames,
        names=names,
        script=" ".join(script[:_CAPTURED] for script in scripts[:20]),
        main_text=main,
        main_size=len(main),
        asks_password=tree.css_first("input[type=password]") is not None,
        has_product=has_product,
        has_state=any(len(script) > _STATE_SIZE and script.lstrip()[:1] in "{[" for script in scripts),
    )


def _main_text(tree: LexborHTMLParser) -> str:
    """Return the text outside the page's frame, up to a few times what a notice has."""
    frame = {node.mem_id for node in tree.css(_FRAME) if node.tag not in ("html", "body", "main")}
    parts: list[str] = []
    size = 0
    waiting = [tree.body] if tree.body else []
    while waiting and size < _CAPTURED:
        node = waiting.pop()
        if node.tag == "-text":
            parts.append(node.text_content or "")
            size += len(parts[-1])
        elif node.mem_id not in frame:
            waiting.extend(reversed(list(node.iter(include_text=True))))
    return normalize_space(" ".join(parts))


def _addresses(tree: LexborHTMLParser, places: Iterable[tuple[str, str]]) -> str:
    """Return the addresses in `places` (selector, attribute), each capped, in lower case."""
    found = (attribute(node, name) for selector, name in places for node in tree.css(selector)[:_MOST])
    return " ".join(address[:500] for address in found if not address.startswith("data:")).lower()


def _names(tree: LexborHTMLParser) -> Iterator[str]:
    for node in tree.css("form[id], input[id], input[name], div[id], [class*=captcha], [class*=turnstile]")[
        :400
    ]:
        yield from (name.lower() for name in _names_of(node) if name)


def _names_of(node: LexborNode) -> tuple[str, ...]:
    widgets = [name for name in attribute(node, "class").split() if "captcha" in name or "turnstile" in name]
    return (attribute(node, "id"), attribute(node, "name"), *widgets)


def _site(host: str) -> str:
    """Return the last two labels of a host: near enough to tell own links from others'."""
    return ".".join(host.split(".")[-2:])
