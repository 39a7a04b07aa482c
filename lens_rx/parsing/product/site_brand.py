"""The brand of a maker's own shop: the name on which its host and its own texts agree."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lens_rx.parsing.html.tree import attribute, normalize_space, text_of
from lens_rx.parsing.html.urls import host_of
from lens_rx.parsing.product import shop_terms as terms
from lens_rx.parsing.product.page_evidence import PageEvidence
from lens_rx.parsing.product.schema_org import is_organization, text_value
from lens_rx.parsing.product.similarity import alnum_key

#: Kinds of statement of the site's name that must agree with the host.
_LEAST_AGREEING = 2
#: Runs after the heading in which a product's texts stand, characters of a paragraph, and how many must mention the name.
_OWN_RUNS = 80
_PARAGRAPH = 100
_LEAST_PARAGRAPHS = 2
_MAX_PICTURES = 100
#: Words at the start of a heading that may follow the maker's name.
_FIRST_WORDS = 2
_LONGEST_NAME = 40
_SHORTEST_LABEL = 3
_LOGO = 'header img[alt],a[href="/"] img[alt],[class*="logo" i] img[alt],img[class*="logo" i],a[href="/"]'
_MAX_LOGOS = 12
_COPYRIGHT = re.compile(
    r"(?:©|\(c\)|copyright)\W*(?:\d{4}(?:\s?[-–]\s?\d{2,4})?)?\W*(?:by )?([^.,|]{2,40})", re.IGNORECASE
)
_WORD = re.compile(r"\w{3,}")
_PARTS = re.compile(r"\s+[|–—·:•-]\s+|\s*\|\s*")
#: What shops put around their name, in their names and in their hosts.
_AFFIX = r"official|online|store|shop|home ?page|home|logo|website|com|inc|llc|ltd|gmbh|corporation|corp|co|limited|the|usa?|uk|eu|europe|ca|au|de|fr"
_NAME_AFFIX = re.compile(rf"^(?:(?:{_AFFIX})\b\W*)+|(?:\W+(?:{_AFFIX}))+\W*$", re.IGNORECASE)
_HOST_AFFIX = re.compile(
    r"^(?:shop|store|buy|get|my|the|try|go)-?|-?(?:shop|store|official|online|usa?|uk|eu)$"
)


def site_brand(evidence: PageEvidence) -> str:
    """Return the site's own name where the site sells what it makes, empty where it may sell others' things.

    The host and two kinds of statement must agree on it, the product's texts must mention it, and the site must
    have no menu of brands.
    """
    labels = _host_labels(evidence.document.url)
    found: dict[str, dict[str, str]] = {}
    for source, text in _site_names(evidence):
        name = _NAME_AFFIX.sub("", normalize_space(text)).strip(" .,®™©")
        key = alnum_key(name)
        if key in labels and len(name) <= _LONGEST_NAME:
            found.setdefault(key, {}).setdefault(source, name)
    if not found:
        return ""
    key, names = max(found.items(), key=lambda one: len(one[1]))
    if len(names) < _LEAST_AGREEING or _sells_brands(evidence) or not _is_mentioned(key, evidence):
        return ""
    return next(iter(names.values()))


def _host_labels(url: str) -> frozenset[str]:
    """Return the parts of a host's name that may be the shop's, with and without what shops put around it."""
    labels = [
        label for label in host_of(url).split(".")[:-1] if len(label) >= _SHORTEST_LABEL and label != "www"
    ]
    bare = [_HOST_AFFIX.sub("", label) for label in labels]
    return frozenset(alnum_key(label) for label in (*labels, *bare) if len(label) >= _SHORTEST_LABEL)


def _site_names(evidence: PageEvidence) -> Iterator[tuple[str, str]]:
    """Yield the statements of the site's name with their kind."""
    tags, document = evidence.meta_tags, evidence.document
    yield from (("site", tags[name]) for name in ("og:site_name", "application-name") if tags.get(name))
    for node in evidence.json_ld_nodes:
        if is_organization(node):
            yield "organization", text_value(node.get("name"))
    for part in _PARTS.split(document.title):
        yield "title", part
    for logo in document.tree.css(_LOGO)[:_MAX_LOGOS]:
        yield "logo", attribute(logo, "alt") or text_of(logo)
    for run in evidence.text.runs[-100:]:
        if match := _COPYRIGHT.search(run.text):
            yield "copyright", match[1]


def _sells_brands(evidence: PageEvidence) -> bool:
    """Return whether the site has a menu of brands, as shops of others' things do."""
    return any(
        terms.BRANDS_MENU.matches_whole(run.text)
        for run in evidence.text.runs
        if len(run.text) <= _LONGEST_NAME
    )


def _is_mentioned(key: str, evidence: PageEvidence) -> bool:
    """Return whether the page calls the product by a name and its own, or several of its paragraphs mention the name."""
    words = [word for word in _WORD.findall(evidence.document.heading) if alnum_key(word) not in key]
    called = [f"{key}{alnum_key(word)}" for word in words[:_FIRST_WORDS]]
    spelled = map(alnum_key, _texts(evidence) if called else ())
    if any(one in text for text in spelled for one in called):
        return True
    start = evidence.landmarks.heading or 0
    after = evidence.text.runs[start : start + _OWN_RUNS]
    own = {run.text for run in after if run.place.region not in ("nav", "footer", "header")}
    return sum(key in alnum_key(text) for text in own if len(text) >= _PARAGRAPH) >= _LEAST_PARAGRAPHS


def _texts(evidence: PageEvidence) -> Iterator[str]:
    """Yield what the page says of its product: its title, metas, descriptions, texts and pictures' labels."""
    yield from (evidence.document.title, *evidence.meta_tags.values())
    yield from (text for claim in evidence.claims for text in (claim.name, claim.description))
    yield from (run.text for run in evidence.text.runs)
    yield from (attribute(node, "alt") for node in evidence.document.by_tag["img"][:_MAX_PICTURES])
