"""From a response's bytes to its text: unpacked under a cap, and decoded as browsers do. Pure but for the stream."""

from __future__ import annotations

import codecs
import re
import zlib
from collections.abc import AsyncIterator

from lens_rx.facts.errors import PolicyError, UpstreamError

#: What we ask for, and all that we unpack.
ENCODINGS = "gzip, deflate"

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w:.-]{2,40})", re.IGNORECASE)
_META_WITHIN = 4_096
#: Names that pages give for what is another encoding in truth: https://encoding.spec.whatwg.org/#names-and-labels
_ALIASES = {
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "latin-1": "cp1252",
    "latin1": "cp1252",
    "us-ascii": "cp1252",
    "ascii": "cp1252",
    "iso-8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "utf-16": "utf-8",
    "utf-16le": "utf-8",
    "utf-16be": "utf-8",
    "unicode": "utf-8",
}


async def decompress(chunks: AsyncIterator[bytes], encoding: str, cap: int) -> bytes:
    """Return the whole body; raise `PolicyError` as soon as it holds more than `cap` bytes, packed or not."""
    unpack = _Decompressor(encoding)
    body = bytearray()
    async for chunk in chunks:
        body += unpack(chunk, cap - len(body) + 1)
        if len(body) > cap:
            raise PolicyError(f"The page is larger than {cap // 1_000_000 or 1} MB.")
    return bytes(body)


class _Decompressor:
    """Unpacks chunk by chunk, and no more of a chunk than is asked for."""

    def __init__(self, encoding: str) -> None:
        self._name = encoding.strip().lower()
        if self._name not in ("", "identity", "gzip", "x-gzip", "deflate"):
            raise UpstreamError("The site packed its answer in a way that was not asked for.")
        self._inflate: zlib._Decompress | None = None

    def __call__(self, chunk: bytes, most: int) -> bytes:
        if self._name in ("", "identity") or not chunk:
            return chunk
        if self._inflate is None:
            self._inflate = zlib.decompressobj(self._window(chunk[0]))
        try:
            return self._inflate.decompress(chunk, most)
        except zlib.error:
            raise UpstreamError("The site's answer cannot be unpacked.", transient=True) from None

    def _window(self, first: int) -> int:
        """Return zlib's window: gzip's, or that of deflate with its header or (some servers) without."""
        if self._name != "deflate":
            return 16 + zlib.MAX_WBITS
        return zlib.MAX_WBITS if first & 0x0F == 8 else -zlib.MAX_WBITS


def decode_html(body: bytes, header_charset: str | None) -> str:
    """Return the text of a page: by its mark, its header's or its own word, whichever holds.

    Bytes that are good UTF-8 are read as that, whatever is declared: nothing else looks like it.
    """
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace")
    declared = _META.search(body[:_META_WITHIN])
    names = (header_charset, declared[1].decode("ascii", "replace") if declared else None)
    found = next((codec for name in names if name and (codec := _codec(name))), "utf-8")
    if found not in ("utf-8", "iso2022_jp"):
        found = "utf-8" if _is_utf8(body) else found
    text = body.decode(found, "replace")
    return body.decode("cp1252", "replace") if found == "utf-8" and _is_garbled(text) else text


def _codec(label: str) -> str | None:
    label = label.strip().strip("\"'").lower()
    try:
        return codecs.lookup(_ALIASES.get(label, label)).name
    except LookupError:
        return None


def _is_utf8(body: bytes) -> bool:
    try:
        return not body.isascii() and bool(body.decode("utf-8"))
    except UnicodeDecodeError:
        return False


def _is_garbled(text: str) -> bool:
    """Tell whether most of what is not ASCII could not be read."""
    lost = text.count("\ufffd")
    return lost > 0 and lost * 2 > len(text) - len(text.encode("ascii", "ignore"))
