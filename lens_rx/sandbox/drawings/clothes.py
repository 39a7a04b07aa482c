"""What is worn: jackets, shoes, boots, sunglasses."""

from __future__ import annotations

from lens_rx.sandbox.drawings.canvas import Canvas, tone
from lens_rx.sandbox.drawings.look import Look
from lens_rx.sandbox.drawings.shapes import arc, box, line, mirrored, oval, smooth, symmetric
from lens_rx.sandbox.drawings.textures import Texture

FABRICS = {"parka": Texture.WEAVE, "puffer": Texture.PLAIN, "denim": Texture.DENIM, "fleece": Texture.KNIT}


def jacket(c: Canvas, look: Look) -> None:
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
    for side in (sleeve, mirrored(sleeve)):
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


def _neck(c: Canvas, look: Look, cloth: Texture) -> None:
    """Draw the hood or the collar."""
    if look.style == "denim":
        collar = smooth([(500, 268), (560, 215), (628, 232), (600, 330), (545, 318)], steps=6)
        for side in (collar, mirrored(collar)):
            c.fill(side, tone(look.main, 1.12), cloth, depth=10)
        return
    c.fill(
        smooth([(410, 250), (425, 150), (500, 108), (575, 150), (590, 250), (500, 300)]), look.main, cloth, 24
    )
    lining = smooth([(440, 240), (452, 175), (500, 148), (548, 175), (560, 240), (500, 285)])
    c.fill(lining, tone(look.accent, 0.62), Texture.KNIT, 20)


def _quilting(c: Canvas, look: Look) -> None:
    """Draw the chambers of down."""
    for y in range(350, 850, 72):
        seam = smooth([(308, y - 6), (400, y + 12), (500, y), (600, y + 12), (692, y - 6)], closed=False)
        c.line(seam, tone(look.main, 0.6), 7)
        c.line([(x, y + 9) for x, y in seam], tone(look.main, 1.25), 5)


def _pockets(c: Canvas, look: Look) -> None:
    """Draw two bellows pockets with flaps and a drawcord."""
    for left in (340, 545):
        c.fill(box(left, 620, left + 118, 765, 12), look.main, Texture.WEAVE, 9)
        c.fill(box(left - 5, 600, left + 123, 650, 10), tone(look.main, 1.1), Texture.WEAVE, 7)
        c.fill(oval(left + 59, 636, 9), look.accent, depth=4)
    c.stitch(line((306, 545), (694, 545), 80), tone(look.accent, 0.9))


def _pockets_denim(c: Canvas, look: Look) -> None:
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


def shoe(c: Canvas, look: Look) -> None:
    """Draw a running shoe from the side; the style is the number of bands on it."""
    sole = smooth(
        [
            (95, 690),
            (200, 668),
            (480, 690),
            (760, 668),
            (905, 672),
            (925, 735),
            (880, 782),
            (520, 790),
            (180, 782),
            (100, 752),
        ]
    )
    upper = smooth(
        [
            (118, 690),
            (112, 560),
            (160, 420),
            (235, 372),
            (320, 400),
            (420, 470),
            (560, 540),
            (740, 580),
            (880, 630),
            (905, 690),
            (500, 712),
        ]
    )
    c.shadow(oval(510, 790, 430, 32), 18, 0.5)
    c.fill(upper, look.main, Texture.MESH, 26)
    c.fill(
        smooth([(640, 570), (760, 588), (880, 632), (902, 692), (650, 702)]),
        tone(look.main, 0.7),
        Texture.LEATHER,
        14,
    )
    c.fill(
        smooth([(116, 690), (118, 560), (168, 470), (235, 560), (260, 700)]), look.accent, Texture.LEATHER, 12
    )
    c.fill(
        smooth([(160, 425), (232, 376), (318, 402), (300, 440), (225, 425)]), tone(look.accent, 0.5), depth=10
    )
    for band in range(int(look.style)):
        x = 330 + band * 78
        c.fill(
            smooth([(x, 690), (x + 42, 500 + band * 18), (x + 84, 516 + band * 18), (x + 48, 694)], steps=8),
            look.accent,
            Texture.PLAIN,
            7,
        )
    for step in range(5):
        x, y = 352 + step * 58, 452 + step * 29
        c.line(line((x - 14, y + 26), (x + 34, y - 4)), "#f4f1ea", 13, 5)
    c.fill(sole, "#f0ece2", Texture.PLAIN, 16)
    for x in range(130, 900, 48):
        c.fill(box(x, 762, x + 30, 796, 6), tone(look.accent, 0.6), depth=4)
    c.line(smooth([(110, 722), (480, 738), (915, 712)], closed=False), look.main, 12)
    c.text((205, 640), look.label, 27, "#fbf8f0", 8)


def boot(c: Canvas, look: Look) -> None:
    """Draw a laced leather boot from the side."""
    shaft = smooth(
        [
            (250, 190),
            (430, 170),
            (455, 190),
            (470, 420),
            (560, 520),
            (740, 560),
            (850, 640),
            (858, 745),
            (560, 760),
            (225, 755),
            (232, 480),
        ]
    )
    c.shadow(oval(540, 835, 350, 30), 18, 0.5)
    c.fill(shaft, look.main, Texture.LEATHER, 30)
    c.fill(
        smooth([(660, 560), (780, 580), (856, 660), (858, 750), (640, 752)]),
        tone(look.main, 0.8),
        Texture.LEATHER,
        16,
    )
    c.fill(
        smooth([(232, 560), (330, 570), (350, 755), (224, 756)]), tone(look.main, 0.85), Texture.LEATHER, 14
    )
    c.stitch(smooth([(330, 560), (380, 660), (360, 752)], closed=False, steps=30), look.accent, 4)
    c.stitch(smooth([(660, 566), (630, 660), (645, 750)], closed=False, steps=30), look.accent, 4)
    c.fill(box(240, 165, 452, 215, 18), tone(look.main, 0.6), Texture.KNIT, 10)
    for step in range(7):
        y = 250 + step * 42
        x = 430 + max(0, step - 3) * 30
        c.line(line((x - 60, y + 10), (x + 24, y - 12)), look.accent, 11, 4)
        c.fill(oval(x - 62, y + 12, 9), "#c7b27a", Texture.METAL, 4)
    c.fill(
        smooth(
            [
                (215, 748),
                (540, 756),
                (868, 738),
                (880, 800),
                (860, 832),
                (600, 830),
                (575, 800),
                (420, 802),
                (400, 835),
                (225, 835),
            ],
            steps=6,
        ),
        "#3b3029",
        Texture.PLAIN,
        9,
    )
    c.text((300, 480), look.label, 25, look.accent, 90)


def sunglasses(c: Canvas, look: Look) -> None:
    """Draw sunglasses from the front."""
    lens = smooth([(140, 420), (300, 395), (455, 425), (450, 530), (390, 620), (260, 632), (165, 560)])
    c.shadow([(x, y + 60) for x, y in box(130, 540, 870, 640, 40)], 22, 0.35)
    for side in (lens, mirrored(lens)):
        c.fill(side, look.main, Texture.LEATHER, 12)
        middle = 305 if side is lens else 695
        inner = [(middle + (x - middle) * 0.84, 510 + (y - 510) * 0.82) for x, y in side]
        c.fill(inner, tone(look.accent, 0.55), Texture.PLAIN, 40)
        c.line(arc(middle, 520, 80, 70, (200, 260)), tone(look.accent, 1.4), 9)
    c.line(smooth([(440, 440), (500, 415), (560, 440)], closed=False), look.main, 24, 9)
    for points in (line((142, 440), (96, 400)), line((858, 440), (904, 400))):
        c.line(points, look.main, 34, 10)
    c.text((305, 600), look.label, 22, "#e9e4d6")
