"""A multipart body is split into its parts, however it is cut on its way."""

from __future__ import annotations

import asyncio
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lens_rx.web.multipart_stream import MultipartStream

KIND = "multipart/form-data; boundary=x-y"


class Pieces:
    """A body that arrives in pieces."""

    def __init__(self, body: bytes, cuts: list[int]) -> None:
        places = sorted({min(cut, len(body)) for cut in cuts} | {0, len(body)})
        self._pieces = [body[start:end] for start, end in pairwise(places)]

    def read_nowait(self) -> bytes:
        return b""

    async def readany(self) -> bytes:
        return self._pieces.pop(0) if self._pieces else b""

    def at_eof(self) -> bool:
        return not self._pieces


def stream(body: bytes, cuts: list[int], kind: str = KIND) -> MultipartStream:
    """Return the stream of a body that is cut at these places."""
    return MultipartStream(Pieces(body, cuts), kind)


async def read(parts: MultipartStream) -> list[tuple[str | None, bytes]]:
    """Return name and body of all parts."""
    found = []
    while part := await parts.next_part():
        found.append((part.name, b"".join([bytes(chunk) async for chunk in parts.chunks()])))
    return found


def form(*contents: bytes, end: bytes = b"--x-y--\r\n", before: bytes = b"") -> bytes:
    head = b'--x-y\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n'
    return before + b"".join(head + content + b"\r\n" for content in contents) + end


@given(
    st.lists(
        st.binary(max_size=40) | st.sampled_from([b"\r\n", b"\r\n--x-", b"--x-y", b"\r\n\r\n"]), max_size=4
    ),
    st.lists(st.integers(0, 400), max_size=12),
    st.sampled_from([b"--x-y--\r\n", b"--x-y--", b"--x-y--\r\nepilogue"]),
    st.sampled_from([b"", b"\r\n", b"preamble\r\n"]),
)
def test_parts_are_the_same_wherever_the_body_is_cut(
    contents: list[bytes], cuts: list[int], end: bytes, before: bytes
):
    """Names and bytes of all parts come out as they went in, for any pieces in which the body arrives."""

    async def split() -> list[tuple[str | None, bytes]]:
        return await read(stream(form(*contents, end=end, before=before), cuts))

    assert asyncio.run(split()) == [("file", content) for content in contents]


async def test_a_part_that_is_not_read_is_skipped():
    """The next part begins behind it."""
    parts = stream(form(b"a" * 5000, b"b"), [700, 1400])
    await parts.next_part()
    assert await parts.next_part()
    assert b"".join([bytes(chunk) async for chunk in parts.chunks()]) == b"b"
    assert await parts.next_part() is None


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ('form-data; name="file"; filename="red; size 42; left.jpg"', "file"),
        ('form-data; filename="a;b;c.jpg"; name="file"', "file"),
        ('form-data; name="file"; filename="say \\"hi\\"; 3; 4.jpg"', "file"),
        ("form-data; name=file; filename*=UTF-8''%e2%82%ac.jpg", "file"),
        ('form-data; name="%02;3;^P"', "%02;3;^P"),
        ("form-data", None),
    ],
)
async def test_the_name_of_a_part_is_read_whatever_its_file_is_called(disposition: str, name: str | None):
    """Semicolons, quotes and other alphabets in the name of a file do not hide the name of its part."""
    body = b"--x-y\r\nContent-Disposition: " + disposition.encode() + b"\r\n\r\nabc\r\n--x-y--\r\n"
    assert await read(stream(body, [])) == [(name, b"abc")]


BROKEN = {
    "a long Content-Disposition": b"--x-y\r\nContent-Disposition: form-data; name="
    + b";" * 3000
    + b"\r\n\r\n",
    "no boundary in it": b"abc",
    "an end within a part": form(b"abc", end=b""),
    "an end within the headers": b"--x-y\r\nContent-Disposition: form-data",
    "a boundary that goes on": form(b"abc", end=b"--x-yz\r\n"),
    "a long line": b"--x-y\r\nA: " + b"a" * 9000,
    "a long preamble": b"a" * 70_000 + form(b"abc"),
    "nothing": b"",
}


@pytest.mark.parametrize("case", BROKEN)
async def test_a_broken_body_is_a_value_error(case: str):
    """Whatever is wrong with the body, it is one exception, and nothing is waited for."""
    with pytest.raises(ValueError):  # noqa: PT011  # the message is for nobody
        await asyncio.wait_for(read(stream(BROKEN[case], [3])), 2)


@pytest.mark.parametrize("kind", ["multipart/form-data", f"multipart/form-data; boundary={'x' * 71}"])
async def test_a_boundary_is_needed(kind: str):
    """A missing or endless boundary is refused before anything is read."""
    with pytest.raises(ValueError, match="boundary"):
        stream(b"", [], kind)
