"""The input: photos, options, and the pages that are read for them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lens_rx.facts.enums import Condition


@dataclass(frozen=True, slots=True)
class TextBox:
    """One rendered run of text: its words, place in CSS pixels, and how it looks."""

    text: str
    left: float
    top: float
    width: float
    height: float
    font_px: float
    weight: int = 400
    struck: bool = False


@dataclass(frozen=True, slots=True)
class PageSnapshot:
    """The visible text runs of a rendered page, in document order."""

    boxes: tuple[TextBox, ...] = ()
    viewport_width: int = 1280


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it was received: the only input of parsers.

    `snapshot` has the rendered boxes (place, font size) where the page was read in Chromium.
    """

    url: str
    html: str
    status: int = 200
    snapshot: PageSnapshot | None = None


@dataclass(frozen=True, slots=True)
class PhotoCopy:
    """The working copy of a photo as JPEG; `sha256` is of the uploaded bytes."""

    sha256: str
    content: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Options:
    """Options of the user beside the photos; an empty text means: not given.

    `country` is ISO 3166 alpha-2 in capitals. A given `producer` and `model` replace `identify`; a
    given `condition` takes precedence over that of the caption. `size` and `variant` are those of the thing: offers
    that state another one weigh less or go.
    """

    country: str = ""
    hint: str = ""
    producer: str = ""
    model: str = ""
    condition: Condition | None = None
    size: str = ""
    variant: str = ""


@dataclass(frozen=True, slots=True)
class Photo:
    """An accepted photo: upright, stripped of metadata, bounded. `sha256` names the uploaded bytes."""

    sha256: str
    path: Path
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Item:
    """One thing: one to eight photos of it, in order, and the options.

    `dismissed` and `restored` are the ids of comparables (`comparable_id`) that the user left out, or brought back.
    Of an id that is in both, the dismissal counts.
    """

    photos: tuple[Photo, ...]
    options: Options = Options()
    dismissed: frozenset[str] = frozenset()
    restored: frozenset[str] = frozenset()
