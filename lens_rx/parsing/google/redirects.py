"""The targets of Google's opaque redirects (`/goto?url=CAES…`), as far as the page's scripts name them.

The token in such an address cannot be decoded. Scripts on the page name its target, either next to the
redirect, or in the address of "about this result": base64 of a protobuf with the redirect and its target.
"""

from __future__ import annotations

import binascii
import re
from base64 import urlsafe_b64decode
from collections.abc import Iterator, Mapping
from itertools import islice

from selectolax.lexbor import LexborHTMLParser, LexborNode

from lens_rx.parsing.html.links import is_google, is_opaque, resolve_link
from lens_rx.parsing.html.tree import attribute
from lens_rx.parsing.html.urls import host_of

_EQUALS = r"(?:=|\\+u003d|\\+x3d|%3D)"
_TOKEN = r"(?P<token>[\w-]{8,600}=*)"  # noqa: S105  # names an address, opens nothing
_BESIDE = re.compile(
    rf'/goto\?url{_EQUALS}{_TOKEN}\\*"(?:,(?:null|-?\d{{1,6}})){{0,8}}\],\[\\*"(?P<target>https?:[^"]{{4,2000}}?)\\*"'
)
_ABOUT = re.compile(rf"/search/about-this-result\?[^\"'\s]{{0,400}}?req{_EQUALS}(?P<about>[\w-]{{20,8000}})")
_REDIRECT = re.compile(rb"/goto\?url=([\w-]{8,600})")
_ADDRESS = re.compile(rb"https?://")
_ESCAPE = re.compile(r"\\+(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(/))")
_HOLDS_ADDRESS = re.compile(r"^https?://|^/(?:url|goto|imgres)\?|[?&](?:q|url)=https?", re.IGNORECASE)
#: A real page shows some hundred links.
_MOST = 1_000


def redirect_targets(tree: LexborHTMLParser) -> dict[str, str]:
    """Return the targets of the page's redirects, by the redirect's `url` parameter without its padding."""
    targets: dict[str, str] = {}
    for script in tree.css("script"):
        text = script.text()
        if "/goto?url" in text or "about-this-result" in text:
            for token, target in islice(_targets(text), _MOST):
                targets.setdefault(token.rstrip("="), target)
    return targets


def anchor_target(anchor: LexborNode, page_url: str, targets: Mapping[str, str]) -> str:
    """Return where a link of the page at `page_url` leads, "" where nowhere.

    Where its `href` is an opaque redirect, the other attributes of the link are read as well: the address may
    stand in `ping` or in a `data-` attribute.
    """
    link = resolve_link(attribute(anchor, "href"), page_url, targets)
    if not is_opaque(link):
        return link
    values = (value or "" for name, value in anchor.attributes.items() if name != "href")
    resolved = (resolve_link(value, page_url, targets) for value in values if _HOLDS_ADDRESS.search(value))
    return next((it for it in resolved if it and not is_google(host_of(it)) and it != page_url), link)


def _targets(text: str) -> Iterator[tuple[str, str]]:
    for found in _BESIDE.finditer(text):
        yield found["token"], _unescaped(found["target"])
    for found in _ABOUT.finditer(text):
        yield from _in_message(_decoded(found["about"]))


def _decoded(text: str) -> bytes:
    try:
        return urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return b""


def _in_message(message: bytes) -> Iterator[tuple[str, str]]:
    """Yield the redirect in a protobuf message with the first address in it that is not Google's."""
    redirect = _REDIRECT.search(message)
    starts = (found.start() for found in _ADDRESS.finditer(message))
    addresses = (_field(message, start) for start in starts)
    target = next((address for address in addresses if address and not is_google(host_of(address))), "")
    if redirect and target:
        yield redirect[1].decode(), target


def _field(message: bytes, start: int) -> str:
    """Return the text field that begins at `start`: its length stands before it, as a varint."""
    if start < 2:
        return ""
    length = message[start - 1]
    if message[start - 2] & 0x80:
        length = (length << 7) | (message[start - 2] & 0x7F)
    return message[start : start + length].decode("utf-8", "replace")


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda found: found[3] or chr(int(found[1] or found[2], 16)), text)
