"""Shoes and boots, from the side."""

from __future__ import annotations

from lens_rx.sandbox.drawings.appearance import Appearance
from lens_rx.sandbox.drawings.canvas import Canvas, tone
from lens_rx.sandbox.drawings.shapes import Point, box, line, oval, smooth
from lens_rx.sandbox.drawings.textures import Texture

UPPER: tuple[Point, ...] = (
    *((118, 690), (112, 560), (160, 420), (235, 372), (320, 400), (420, 470)),
    *((560, 540), (740, 580), (880, 630), (905, 690), (500, 712)),
)
SOLE: tuple[Point, ...] = (
    *((95, 690), (200, 668), (480, 690), (760, 668), (905, 672), (925, 735)),
    *((880, 782), (520, 790), (180, 782), (100, 752)),
)
SHAFT: tuple[Point, ...] = (
    *((250, 190), (430, 170), (455, 190), (470, 420), (560, 520), (740, 560)),
    *((850, 640), (858, 745), (560, 760), (225, 755), (232, 480)),
)
HEEL: tuple[Point, ...] = (
    *((215, 748), (540, 756), (868, 738), (880, 800), (860, 832), (600, 830)),
    *((575, 800), (420, 802), (400, 835), (225, 835)),
)


def shoe(c: Canvas, look: Appearance) -> None:
    """Draw a running shoe from the side; the style is the number of bands on it."""
    c.shadow(oval(510, 790, 430, 32), 18, 0.5)
    c.fill(smooth(UPPER), look.main, Texture.MESH, 26)
    toe = smooth([(640, 570), (760, 588), (880, 632), (902, 692), (650, 702)])
    c.fill(toe, tone(look.main, 0.7), Texture.LEATHER, 14)
    heel = smooth([(116, 690), (118, 560), (168, 470), (235, 560), (260, 700)])
    c.fill(heel, look.accent, Texture.LEATHER, 12)
    collar = smooth([(160, 425), (232, 376), (318, 402), (300, 440), (225, 425)])
    c.fill(collar, tone(look.accent, 0.5), depth=10)
    for band in range(int(look.style)):
        x, top = 330 + band * 78, 500 + band * 18
        stripe = smooth([(x, 690), (x + 42, top), (x + 84, top + 16), (x + 48, 694)], steps=8)
        c.fill(stripe, look.accent, Texture.PLAIN, 7)
    for step in range(5):
        x, y = 352 + step * 58, 452 + step * 29
        c.line(line((x - 14, y + 26), (x + 34, y - 4)), "#f4f1ea", 13, 5)
    _sole(c, look)
    c.text((205, 640), look.label, 27, "#fbf8f0", 8)


def _sole(c: Canvas, look: Appearance) -> None:
    """Draw a sole with lugs and a line along it."""
    c.fill(smooth(SOLE), "#f0ece2", Texture.PLAIN, 16)
    for x in range(130, 900, 48):
        c.fill(box(x, 762, x + 30, 796, 6), tone(look.accent, 0.6), depth=4)
    c.line(smooth([(110, 722), (480, 738), (915, 712)], closed=False), look.main, 12)


def boot(c: Canvas, look: Appearance) -> None:
    """Draw a laced leather boot from the side."""
    c.shadow(oval(540, 835, 350, 30), 18, 0.5)
    c.fill(smooth(SHAFT), look.main, Texture.LEATHER, 30)
    toe = smooth([(660, 560), (780, 580), (856, 660), (858, 750), (640, 752)])
    c.fill(toe, tone(look.main, 0.8), Texture.LEATHER, 16)
    c.fill(
        smooth([(232, 560), (330, 570), (350, 755), (224, 756)]), tone(look.main, 0.85), Texture.LEATHER, 14
    )
    for seam in ([(330, 560), (380, 660), (360, 752)], [(660, 566), (630, 660), (645, 750)]):
        c.stitch(smooth(seam, closed=False, steps=30), look.accent, 4)
    c.fill(box(240, 165, 452, 215, 18), tone(look.main, 0.6), Texture.KNIT, 10)
    for step in range(7):
        x, y = 430 + max(0, step - 3) * 30, 250 + step * 42
        c.line(line((x - 60, y + 10), (x + 24, y - 12)), look.accent, 11, 4)
        c.fill(oval(x - 62, y + 12, 9), "#c7b27a", Texture.METAL, 4)
    c.fill(smooth(HEEL, steps=6), "#3b3029", Texture.PLAIN, 9)
    c.text((300, 480), look.label, 25, look.accent, 90)
