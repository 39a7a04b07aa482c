"""The links of a page with what they are called."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

from lens_rx.parsing.html.tree import attribute, parse_html, short_text
from lens_rx.parsing.html.urls import join_url, split_url

#: Bounds far above those of real pages.
_MOST_ANCHORS, _LONGEST_TEXT = 3_000, 200


@dataclass(frozen=True, slots=True)
class Anchor:
    """A link to another page, absolute and without fragment, and its longest text or label."""

    link: str
    text: str


def anchors_from_html(html: str, url: str) -> list[Anchor]:
    """Return the links of the page at `url` to other pages, each once, in page order. Never raises."""
    texts: dict[str, str] = {}
    for node in islice(parse_html(html).css("a[href]"), _MOST_ANCHORS):
        link = join_url(url, attribute(node, "href").strip()).partition("#")[0]
        if split_url(link).scheme not in ("http", "https") or link == url.partition("#")[0]:
            continue
        picture = node.css_first("img[alt]")
        labels = (
            attribute(node, "aria-label"),
            attribute(node, "title"),
            attribute(picture, "alt") if picture else "",
        )
        text = short_text(node, _LONGEST_TEXT) or next(filter(None, labels), "")
        texts[link] = max(texts.get(link, ""), " ".join(text.split())[:_LONGEST_TEXT], key=len)
    return [Anchor(link, text) for link, text in texts.items()]
