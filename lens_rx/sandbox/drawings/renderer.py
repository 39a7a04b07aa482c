"""Draw the catalogue's pictures, the same ones each time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from hashlib import sha256
from io import BytesIO
from typing import Final, TypeAlias

import numpy as np
from PIL import Image

from lens_rx.facts import Condition
from lens_rx.sandbox.catalogue import Thing
from lens_rx.sandbox.drawings import bags as carried
from lens_rx.sandbox.drawings import clothes, devices, footwear, household, workshop
from lens_rx.sandbox.drawings import instruments as sounding
from lens_rx.sandbox.drawings.appearance import Appearance
from lens_rx.sandbox.drawings.canvas import Canvas, Floats, tone
from lens_rx.sandbox.drawings.shapes import box, line
from lens_rx.sandbox.drawings.textures import Texture

Drawing: TypeAlias = Callable[[Canvas, Appearance], None]

SIDE: Final = 800
DRAWINGS: Final[Mapping[str, Drawing]] = {
    drawing.__name__: drawing
    for drawing in (
        clothes.jacket,
        footwear.shoe,
        footwear.boot,
        clothes.sunglasses,
        carried.bag,
        carried.backpack,
        carried.watch,
        devices.camera,
        devices.headphones,
        devices.phone,
        devices.handheld,
        devices.radio,
        sounding.guitar,
        sounding.keyboard,
        sounding.turntable,
        household.lamp,
        household.chair,
        household.kettle,
        household.espresso,
        household.pot,
        workshop.drill,
        workshop.plane,
        workshop.robot,
        workshop.train,
        workshop.skateboard,
    )
}
#: Where photos are taken: the wall, the floor, and what the floor is made of.
BACKGROUNDS: Final = (
    ("#dfe3e4", "#b98d5f", Texture.GRAIN),
    ("#e9dfd0", "#9a8a78", Texture.WEAVE),
    ("#d3dde6", "#d9d5cd", Texture.STONE),
    ("#e4e6de", "#6f5b49", Texture.GRAIN),
    ("#dcd6e2", "#8d97a3", Texture.STONE),
    ("#cfd9d2", "#c4a57c", Texture.GRAIN),
)
#: Approximate number of scratches by condition.
SCRATCHES: Final = {Condition.ACCEPTABLE: 44, Condition.USED: 14, Condition.GOOD: 7, Condition.VERY_GOOD: 2}


def draw(thing: Thing, side: int = SIDE) -> Image.Image:
    """Return the thing's photo, RGB, `side` x `side` pixels; costs 0.1 s of CPU at 800."""
    look = Appearance(
        main=thing.look["main"],
        accent=thing.look["accent"],
        label=thing.producer,
        style=thing.look.get("style", ""),
        model=thing.look.get("print", thing.model),
    )
    canvas = Canvas(side, _seed(thing.id))
    _draw_background(canvas)
    room = canvas.pixels.copy()
    DRAWINGS[thing.look["draw"]](canvas, look)
    _draw_scratches(canvas, room, SCRATCHES.get(thing.condition, 0))
    return canvas.image()


def jpeg(thing: Thing, side: int = SIDE, quality: int = 88) -> bytes:
    """Return the thing's photo as JPEG."""
    out = BytesIO()
    draw(thing, side).save(out, "JPEG", quality=quality)
    return out.getvalue()


def _seed(name: str) -> int:
    """Return a number that is derived from the name."""
    return int.from_bytes(sha256(name.encode()).digest()[:4])


def _draw_background(canvas: Canvas) -> None:
    """Draw the wall and the floor behind the thing."""
    wall, floor, surface = BACKGROUNDS[canvas.seed % len(BACKGROUNDS)]
    random = np.random.default_rng(canvas.seed)
    horizon = float(random.uniform(560, 720))
    canvas.fill(box(-20, -20, 1020, 1020), tone(wall, float(random.uniform(0.88, 1.04))), depth=0)
    canvas.fill(box(-20, horizon, 1020, 1020), floor, surface, depth=0)
    canvas.shadow(box(-20, horizon - 4, 1020, horizon + 4), 8, 0.4)
    if surface is Texture.GRAIN:
        for y in np.linspace(horizon, 1000, 5)[1:]:
            canvas.line(line((0, float(y)), (1000, float(y))), tone(floor, 0.7), 4)


def _draw_scratches(canvas: Canvas, room: Floats, scratches: int) -> None:
    """Draw scratches on the thing: where the picture differs from the background."""
    random = np.random.default_rng(canvas.seed + 1)
    drawn = canvas.pixels.copy()

    def on_thing(x: float, y: float) -> bool:
        place = int(y * canvas.scale), int(x * canvas.scale)
        return bool(np.abs(drawn[place] - room[place]).max() > 40)

    for _ in range(scratches * 3):
        x, y = (float(place) for place in random.uniform(150, 850, 2))
        dx, dy = (float(length) for length in random.uniform(-34, 34, 2))
        colour = "#f1ece2" if random.random() < 0.6 else "#2a2622"
        if all(on_thing(x + t * dx, y + t * dy) for t in (0, 0.5, 1)):
            canvas.line(line((x, y), (x + dx, y + dy), 2), colour, 2)
