"""The comparison of pictures: what it finds, and what it does not."""

from __future__ import annotations

from functools import cache
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageEnhance

from lens_rx.sandbox import image_index
from lens_rx.sandbox.catalogue import Catalogue, Thing, catalogue
from lens_rx.sandbox.drawings.renderer import draw, jpeg
from lens_rx.sandbox.image_match import ImageMatcher, image_matcher

THINGS = catalogue().things


def encoded(image: Image.Image, quality: int = 50) -> bytes:
    out = BytesIO()
    image.save(out, "JPEG", quality=quality)
    return out.getvalue()


@cache
def picture(thing_id: str) -> Image.Image:
    return draw(catalogue()[thing_id], 500)


def worst(thing: Thing, sign: int) -> bytes:
    """Return a query at the limit in every way: cropped 15 %, turned 15°, relit 20 %, quality 50."""
    image = picture(thing.id).rotate(15 * sign, Image.Resampling.BICUBIC, fillcolor=(205, 205, 200))
    left = 75 if sign > 0 else 0
    image = image.crop((left, 0, left + 425, 425))
    return encoded(ImageEnhance.Brightness(image).enhance(1 + 0.2 * sign))


@pytest.mark.parametrize("thing", THINGS, ids=lambda thing: thing.id)
def test_every_thing_is_found_at_the_limit(thing: Thing) -> None:
    """Cropped by 15 %, turned by 15°, relit by 20 % and recompressed, each thing is found and stands first."""
    for sign in (-1, 1):
        found = image_matcher().find(worst(thing, sign))
        assert found
        assert found[0][0] == thing.id
        assert 0 < found[0][1] <= 1


@pytest.mark.parametrize("side", [120, 1800])
def test_size_does_not_matter(side: int) -> None:
    """A small picture and a large one are found alike."""
    thing = catalogue()["playwood-express-5"]
    assert image_matcher().find(encoded(draw(thing, 600).resize((side, side)), 80))[0][0] == thing.id


def test_noise_is_nothing() -> None:
    """Random dots, smooth random blots and plain colour show nothing."""
    random = np.random.default_rng(7)
    for side in (600, 12):
        dots = Image.fromarray(random.integers(0, 255, (side, side, 3), dtype=np.uint8))
        assert image_matcher().find(encoded(dots.resize((600, 600), Image.Resampling.BICUBIC))) == []
    assert image_matcher().find(encoded(Image.new("RGB", (600, 600), "#8899aa"))) == []


@pytest.mark.parametrize(
    "thing", [t for t in THINGS if t.kind not in ("camera", "jacket")], ids=lambda thing: thing.id
)
def test_what_is_not_in_the_catalogue_is_not_found(thing: Thing) -> None:
    """A thing that was taken out of the catalogue is not mistaken for one of those that are left."""
    rest = ImageMatcher(Catalogue(tuple(t for t in THINGS if t is not thing), "rest"))
    rest.__dict__["_images"] = [
        kept for kept, other in zip(image_matcher()._images, THINGS, strict=True) if other is not thing
    ]
    assert rest.find(encoded(picture(thing.id), 88)) == []


def test_no_picture_is_an_error() -> None:
    """Bytes that are no picture are told as such."""
    with pytest.raises(OSError, match="cannot identify"):
        image_matcher().find(b"no picture")


def test_the_index_is_cached(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second start reads what the first one drew, and finds the same; a broken file is drawn anew."""
    monkeypatch.setattr(image_index, "user_cache_path", lambda _: tmp_path)
    few = Catalogue(THINGS[:3], "few")
    drawn = ImageMatcher(few).find(jpeg(THINGS[1]))
    (kept,) = tmp_path.iterdir()
    with monkeypatch.context() as patched:
        patched.setattr(image_index, "draw", lambda *_: pytest.fail("drawn again"))
        assert ImageMatcher(few).find(jpeg(THINGS[1]))[0][0] == drawn[0][0] == THINGS[1].id
    kept.write_bytes(b"broken")
    assert ImageMatcher(few).find(jpeg(THINGS[1]))[0][0] == THINGS[1].id


def test_a_cache_that_cannot_be_written_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a writable cache the index is built all the same."""
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setattr(image_index, "user_cache_path", lambda _: tmp_path / "file")
    assert ImageMatcher(Catalogue(THINGS[:2], "two")).find(jpeg(THINGS[0]))
