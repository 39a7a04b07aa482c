"""The query photos and their truth."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import numpy as np
import pillow_heif
from PIL import Image, ImageOps

from lens_rx.cli.demo_run import SAMPLE
from lens_rx.sandbox.catalogue import catalogue
from lens_rx.sandbox.drawings.renderer import draw
from lens_rx.sandbox.image_match import image_matcher
from lens_rx.sandbox.photos import ENCODINGS, GPS, take_photo

KINDS = {"producer-url", "retail-price-details", "second-hand-offers", "estimated-price"}


def opened(raw: bytes) -> Image.Image:
    if raw[4:8] == b"ftyp":
        return pillow_heif.read_heif(raw).to_pillow()
    return ImageOps.exif_transpose(Image.open(BytesIO(raw)))


def test_every_photo_has_its_truth(photos: Path, truth: dict[str, dict[str, object]]) -> None:
    """At least forty photos, and the truth names exactly these."""
    assert len(truth) >= 40
    assert sorted([*truth, "truth.json"]) == sorted(path.name for path in photos.iterdir())


def test_the_first_twelve_have_all_facts(truth: dict[str, dict[str, object]]) -> None:
    """In sorted order the first twelve lack nothing."""
    for name in sorted(truth)[:12]:
        assert "lacks" not in truth[name]
        assert all(truth[name].values())


def test_lacks_are_kinds_of_the_wire(truth: dict[str, dict[str, object]]) -> None:
    """What a photo lacks is told in the wire's words, and its prices agree with it."""
    lacking = [told for told in truth.values() if "lacks" in told]
    assert lacking
    for told in lacking:
        lacks = set(map(str, told["lacks"]))  # type: ignore[call-overload]  # a list in the file
        assert lacks <= KINDS
        assert ("estimated-price" in lacks) == (told["used_price_eur"] is None)
        assert "retail-price-details" not in lacks or told["retail_price_eur"] is None


def test_photos_differ_from_their_pictures(photos: Path, truth: dict[str, dict[str, object]]) -> None:
    """No photo is its catalogue picture, in size or in what is seen."""
    for name, thing in list(zip(truth, catalogue(), strict=True))[::6]:
        photo = opened((photos / name).read_bytes()).convert("L").resize((64, 64))
        picture = draw(thing, 200).convert("L").resize((64, 64))
        assert np.abs(np.asarray(photo, float) - np.asarray(picture, float)).mean() > 8


def test_photos_are_of_many_formats(photos: Path) -> None:
    """JPEG, PNG, WebP and HEIC occur; some lie on their side and tell a place."""
    assert {path.suffix for path in photos.iterdir()} == {".jpg", ".png", ".webp", ".heic", ".json"}
    with Image.open(photos / "03.jpg") as image:
        exif = image.getexif()
        assert exif[0x0112] == 6
        assert exif.get_ifd(GPS)


def test_photos_are_recognised(photos: Path, truth: dict[str, dict[str, object]]) -> None:
    """Every photo that the comparison can open is found to be what the truth says."""
    for name, told in truth.items():
        out = BytesIO()
        opened((photos / name).read_bytes()).convert("RGB").save(out, "JPEG", quality=90)
        thing = catalogue()[image_matcher().find(out.getvalue())[0][0]]
        assert (thing.producer, thing.model) == (told["producer"], told["model"])


def test_photos_are_the_same_each_time() -> None:
    """The same shot has the same bytes, another one has not."""
    thing = catalogue().things[1]
    assert take_photo(thing, ENCODINGS[0]) == take_photo(thing, ENCODINGS[0])
    assert take_photo(thing, ENCODINGS[0]) != take_photo(thing, ENCODINGS[0], seed=1)


def test_the_sample_is_of_a_thing_with_all_facts() -> None:
    """The demonstration's photo is a JPEG of one of the first twelve things."""
    raw = SAMPLE.read_bytes()
    assert raw.startswith(b"\xff\xd8")
    assert image_matcher().find(raw)[0][0] in [thing.id for thing in catalogue().things[:12]]
