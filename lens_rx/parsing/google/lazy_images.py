"""Pictures that a Google page keeps in scripts, for images that hold a placeholder at first."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser

_LDI = re.compile(r"google\.ldi\s*=\s*\{([^{}]*)\}")
_LDI_ENTRY = re.compile(r"""["']([\w-]{1,80})["']\s*:\s*["']([^"']+)["']""")
_SET_IMAGE = re.compile(
    r"""\bs\s*=\s*["'](data:[^"']+|https?:[^"']+)["']\s*;\s*(?:var\s+)?ii\s*=\s*\[([^\]]*)\]"""
)
_QUOTED = re.compile(r"""["']([^"']+)["']""")
_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|(/))")


def lazy_images(tree: LexborHTMLParser) -> dict[str, str]:
    """Return the address (http or data) of each such picture, by the `id` of its element."""
    images: dict[str, str] = {}
    for script in tree.css("script"):
        text = script.text()
        if "google.ldi" in text:
            for entries in _LDI.findall(text):
                images.update((name, _unescaped(address)) for name, address in _LDI_ENTRY.findall(entries))
        if "_setImagesSrc" in text:
            for address, names in _SET_IMAGE.findall(text):
                images.update(dict.fromkeys(_QUOTED.findall(names), _unescaped(address)))
    return images


def _unescaped(text: str) -> str:
    """Return a script's string without its escapes for `=`, `&`, `/` and the like."""
    return _ESCAPE.sub(lambda found: found[3] or chr(int(found[1] or found[2], 16)), text)
