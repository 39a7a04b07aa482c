"""What is worn: jackets and sunglasses."""

from __future__ import annotations

from lens_rx.sandbox.drawings.appearance import Appearance
from lens_rx.sandbox.drawings.canvas import Canvas, tone
from lens_rx.sandbox.drawings.shapes import arc, box, line, mirror, oval, smooth, symmetric
from lens_rx.sandbox.drawings.textures import Texture

FABRICS = {"parka": Texture.WEAVE, "puffer": Texture.PLAIN, "denim": Texture.DENIM, "fleece": Texture.KNIT}


def jacket(c: Canvas, look: Appearance) -> None:
    """Draw a jacket from the front: `parka`, `puffer`, `denim` or `fleece`."""
    cloth = FABRICS[look.style]
    dark = tone(look.main, 0.72)
    body = symmetric(
        smooth(
            [(560, 215), (640, 250), (700, 300), (688, 470), (694, 660), (705, 845), (500, 862)], closed=False
        )
    )
    sleeve = smooth(
        [
            (625, 245),
            (715, 285),
            (770, 420),
            (815, 640),
            (838, 790),
            (765, 815),
            (725, 640),
            (675, 470),
            (640, 370),
        ]
    )
    c.shadow([(x, y + 14) for x, y in body], 16, 0.35)
    for side in (sleeve, mirror(sleeve)):
        c.fill(side, tone(look.main, 0.92), cloth, depth=22)
    c.fill(body, look.main, cloth, depth=26)
    _neck(c, look, cloth)
    {"puffer": _quilting, "denim": _pockets_denim}.get(look.style, _pockets)(c, look)
    c.line(line((500, 300), (500, 858)), dark, 9)
    c.line(line((500, 300), (500, 858)), look.accent, 4)
    for x in (798, 202):
        c.line(line((x - 38, 772), (x + 38, 762 if x > 500 else 782)), dark, 7)
    c.fill(box(556, 372, 652, 410, 5), look.accent, depth=2)
    c.text((604, 390), look.label.upper(), 19, dark)


def _neck(c: Canvas, look: Appearance, cloth: Texture) -> None:
    """Draw the hood or the collar."""
    if look.style == "denim":
        collar = smooth([(500, 268), (560, 215), (628, 232), (600, 330), (545, 318)], steps=6)
        for side in (collar, mirror(collar)):
            c.fill(side, tone(look.main, 1.12), cloth, depth=10)
        return
    c.fill(
        smooth([(410, 250), (425, 150), (500, 108), (575, 150), (590, 250), (500, 300)]), look.main, cloth, 24
    )
    lining = smooth([(440, 240), (452, 175), (500, 148), (548, 175), (560, 240), (500, 285)])
    c.fill(lining, tone(look.accent, 0.62), Texture.KNIT, 20)


def _quilting(c: Canvas, look: Appearance) -> None:
    """Draw the chambers of down."""
    for y in range(350, 850, 72):
        seam = smooth([(308, y - 6), (400, y + 12), (500, y), (600, y + 12), (692, y - 6)], closed=False)
        c.line(seam, tone(look.main, 0.6), 7)
        c.line([(x, y + 9) for x, y in seam], tone(look.main, 1.25), 5)


def _pockets(c: Canvas, look: Appearance) -> None:
    """Draw two bellows pockets with flaps and a drawcord."""
    for left in (340, 545):
        c.fill(box(left, 620, left + 118, 765, 12), look.main, Texture.WEAVE, 9)
        c.fill(box(left - 5, 600, left + 123, 650, 10), tone(look.main, 1.1), Texture.WEAVE, 7)
        c.fill(oval(left + 59, 636, 9), look.accent, depth=4)
    c.stitch(line((306, 545), (694, 545), 80), tone(look.accent, 0.9))


def _pockets_denim(c: Canvas, look: Appearance) -> None:
    """Draw chest pockets, yoke and copper buttons."""
    c.stitch(line((312, 372), (688, 372), 90), look.accent)
    for left in (345, 548):
        c.fill(
            [(left, 420), (left + 105, 420), (left + 105, 520), (left + 52, 550), (left, 520)],
            tone(look.main, 1.08),
            Texture.DENIM,
            6,
        )
        c.stitch(line((left + 8, 452), (left + 97, 452), 40), look.accent)
    for y in range(360, 840, 80):
        c.fill(oval(500, y, 12), "#b5793f", Texture.METAL, 5)


def sunglasses(c: Canvas, look: Appearance) -> None:
    """Draw sunglasses from the front."""
    lens = smooth([(140, 420), (300, 395), (455, 425), (450, 530), (390, 620), (260, 632), (165, 560)])
    c.shadow([(x, y + 60) for x, y in box(130, 540, 870, 640, 40)], 22, 0.35)
    for side in (lens, mirror(lens)):
        c.fill(side, look.main, Texture.LEATHER, 12)
        middle = 305 if side is lens else 695
        inner = [(middle + (x - middle) * 0.84, 510 + (y - 510) * 0.82) for x, y in side]
        c.fill(inner, tone(look.accent, 0.55), Texture.PLAIN, 40)
        c.line(arc(middle, 520, 80, 70, (200, 260)), tone(look.accent, 1.4), 9)
    c.line(smooth([(440, 440), (500, 415), (560, 440)], closed=False), look.main, 24, 9)
    for points in (line((142, 440), (96, 400)), line((858, 440), (904, 400))):
        c.line(points, look.main, 34, 10)
    c.text((305, 600), look.label, 22, "#e9e4d6")
