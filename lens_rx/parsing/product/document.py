"""A parsed page with its address, language, title and main heading."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import unquote, urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from lens_rx.parsing.html.tree import attribute, elements_by_tag, normalize_space, parse_html, text_of
from lens_rx.parsing.html.urls import host_of
from lens_rx.parsing.prices import PriceHint
from lens_rx.parsing.product.similarity import similarity
from lens_rx.pricing import currency_of_host

#: Characters of a page that are read; of what lies behind only the scripts of data, so that time stays bounded.
MAX_CHARS = 4_000_000
#: Characters of such scripts.
MAX_DATA = 1_000_000
_LONGEST_TAG = 1_000
#: Tags, likewise; a page of a megabyte has some 40,000.
MAX_TAGS = 100_000
#: The elements that readers of the page look for.
_TAGS = ("title", "meta", "link", "script", "h1", "a", "img", "picture", "input", "button", "tr", "dt", "li")

Elements = Mapping[str, list[LexborNode]]


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed page: its address, language (BCP 47), title and main heading, empty where it has none.

    `by_tag` holds its elements of some tags, in document order.
    """

    tree: LexborHTMLParser
    url: str
    language: str = ""
    title: str = ""
    heading: str = ""
    canonical_url: str = ""
    html: str = ""
    by_tag: Elements = field(default_factory=dict)

    def has_value(self, text: str) -> bool:
        """Return whether `text` stands in the page's source between quotes or tags, as a whole value."""
        return any(f"{left}{text}{right}" in self.html for left, right in ('""', "''", "><"))

    @property
    def hint(self) -> PriceHint:
        """What helps to read this page's prices."""
        host = host_of(self.url)
        return PriceHint(language=self.language, host=host, currency=currency_of_host(host) or "")

    def link(self, target: str) -> str:
        """Return `target` as an absolute address, empty where it is none."""
        return absolute_url(self.url, target)


def document_from_html(html: str, url: str) -> Document:
    """Parse `html`; never raises, and takes time linear in its length."""
    html = truncate_html(html)
    tree = parse_html(html)
    by_tag = elements_by_tag(tree, _TAGS)
    title = text_of(next(iter(by_tag["title"]), None))
    return Document(
        html=html,
        tree=tree,
        url=url,
        language=_language(tree, by_tag),
        title=title,
        heading=_heading(by_tag, title, url),
        canonical_url=_canonical(by_tag, url),
        by_tag=by_tag,
    )


def truncate_html(html: str) -> str:
    """Return the part of a page that is read: bounded in characters and in tags, without NULs.

    The scripts of data (JSON-LD, embedded state) that lie behind it stand before it.
    """
    text = html[:MAX_CHARS].replace("\x00", "")
    tags = text.count("<")
    if tags <= MAX_TAGS and len(html) <= MAX_CHARS:
        return text
    text = text[: len(text) * MAX_TAGS // max(tags, MAX_TAGS)]
    return "".join((*_data_scripts(html, len(text)), text))


def _data_scripts(html: str, start: int) -> Iterator[str]:
    """Yield the scripts of JSON that begin behind `start`, in order, up to a number of characters."""
    left = MAX_DATA
    while left > 0 and (start := html.find("<script", start)) >= 0:
        opened = html.find(">", start, start + _LONGEST_TAG)
        end = html.find("</script", opened) if opened >= 0 else -1
        if opened >= 0 and end < 0:
            return
        if "json" in html[start:opened].lower() and (left := left - (end - start)) >= 0:
            yield f"{html[start:end]}</script>"
        start = max(end, start + 1)


@lru_cache(maxsize=1024)
def path_of(url: str) -> str:
    """Return the path of an address, empty where it has none."""
    try:
        return urlsplit(url).path
    except ValueError:
        return ""


def absolute_url(base: str, target: str) -> str:
    """Join an address to its page's; empty where the result is not http(s)."""
    try:
        joined = urljoin(base, target.strip())
    except ValueError:
        return ""
    return joined if joined.startswith(("http://", "https://")) else ""


def _language(tree: LexborHTMLParser, by_tag: Elements) -> str:
    root = tree.root
    language = attribute(root, "lang") or attribute(root, "xml:lang") if root is not None else ""
    if not language:
        language = _meta(by_tag, "http-equiv", "content-language") or _meta(by_tag, "property", "og:locale")
    return language.strip().replace("_", "-")[:12]


def _heading(by_tag: Elements, title: str, url: str) -> str:
    """Return the main heading: the one that the title or the address repeats, else a lone one."""
    headings = [text for node in by_tag["h1"][:8] if (text := text_of(node))]
    titles = (title, unquote(path_of(url)), normalize_space(_meta(by_tag, "property", "og:title")))
    alike = [(max(similarity(text, title) for title in titles), len(text), text) for text in headings]
    best = max(alike, default=(0.0, 0, ""))
    return best[2] if best[0] >= 0.5 or len(headings) == 1 else ""


def _canonical(by_tag: Elements, url: str) -> str:
    links = (node for node in by_tag["link"] if attribute(node, "rel").lower() == "canonical")
    target = next((attribute(node, "href") for node in links), "")
    found = absolute_url(url, target) if target else ""
    return found or absolute_url(url, _meta(by_tag, "property", "og:url")) or url


def _meta(by_tag: Elements, name: str, value: str) -> str:
    """Return the content of the first meta whose attribute `name` is `value`, empty where there is none."""
    metas = (node for node in by_tag["meta"] if attribute(node, name).lower() == value)
    return next((attribute(node, "content") for node in metas), "")
