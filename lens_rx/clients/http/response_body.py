"""From the bytes of a response to its text: decompressed up to a limit, and decoded as browsers do."""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator

from w3lib.encoding import html_body_declared_encoding, read_bom, resolve_encoding, to_unicode

from lens_rx.facts.errors import PolicyError, UpstreamError

#: What is asked for, and all that can be decompressed.
ENCODINGS = "gzip, deflate"


async def decompress(chunks: AsyncIterator[bytes], encoding: str, cap: int) -> bytes:
    """Return the whole body; raise `PolicyError` as soon as it holds more than `cap` bytes, compressed or not."""
    decompress_chunk = _Decompressor(encoding)
    body = bytearray()
    async for chunk in chunks:
        body += decompress_chunk(chunk, cap - len(body) + 1)
        if len(body) > cap:
            raise PolicyError(f"The page is larger than {cap // 1_000_000 or 1} MB.")
    return bytes(body)


class _Decompressor:
    """Decompresses chunk by chunk, and no more of a chunk than is asked for."""

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
    """Return the text of a page, in the encoding of its byte order mark, of its header or of its own declaration.

    Bytes that are valid UTF-8 are read as UTF-8 whatever is declared, since text of no other encoding is.
    """
    encoding, mark = read_bom(body)
    if encoding and mark:
        return to_unicode(body[len(mark) :], encoding)
    declared = (resolve_encoding(header_charset) if header_charset else None) or html_body_declared_encoding(
        body
    )
    # a declaration that can be read as ASCII does not stand in UTF-16; ISO-2022-JP is ASCII, and so valid UTF-8
    encoding = "utf-8" if declared is None or declared.startswith("utf-16") else declared
    if encoding not in ("utf-8", "iso2022_jp") and _is_utf8(body):
        encoding = "utf-8"
    text = to_unicode(body, encoding)
    return to_unicode(body, "cp1252") if encoding == "utf-8" and _is_garbled(text) else text


def _is_utf8(body: bytes) -> bool:
    try:
        return not body.isascii() and bool(body.decode("utf-8"))
    except UnicodeDecodeError:
        return False


def _is_garbled(text: str) -> bool:
    """Tell whether most of what is not ASCII could not be read."""
    lost = text.count("\ufffd")
    return lost > 0 and lost * 2 > len(text) - len(text.encode("ascii", "ignore"))
