"""What is carried: bags, backpacks, watches."""

from __future__ import annotations

from math import cos, radians, sin

from lens_rx.sandbox.drawings.appearance import Appearance
from lens_rx.sandbox.drawings.canvas import Canvas, tone
from lens_rx.sandbox.drawings.shapes import arc, box, line, oval, smooth
from lens_rx.sandbox.drawings.textures import Texture


def bag(c: Canvas, look: Appearance) -> None:
    """Draw a handbag: a `flap` bag with a clasp, or an open `tote`."""
    c.shadow(oval(500, 855, 340, 30), 20, 0.5)
    c.line(arc(500, 470, 190, 300, (190, 350)), tone(look.main, 0.7), 34, 12)
    body = smooth(
        [(205, 430), (500, 415), (795, 430), (850, 700), (820, 850), (500, 862), (180, 850), (150, 700)]
    )
    c.fill(body, look.main, Texture.LEATHER, 26)
    if look.style == "flap":
        flap = smooth(
            [(200, 425), (500, 408), (800, 425), (790, 560), (690, 655), (500, 690), (310, 655), (210, 560)]
        )
        c.fill(flap, tone(look.main, 1.12), Texture.LEATHER, 16)
        c.stitch([(500 + (x - 500) * 0.94, 540 + (y - 540) * 0.9) for x, y in flap], look.accent)
        c.fill(box(452, 640, 548, 726, 14), look.accent, Texture.METAL, 10)
        c.fill(oval(500, 682, 18), tone(look.accent, 0.5), depth=5)
    else:
        for x in (300, 700):
            c.fill(box(x - 28, 380, x + 28, 560, 8), tone(look.main, 0.7), Texture.LEATHER, 8)
            for y in (410, 530):
                c.fill(oval(x, y, 11), look.accent, Texture.METAL, 4)
        c.stitch(line((170, 800), (830, 800), 120), look.accent)
    c.fill(box(400, 748, 600, 806, 6), tone(look.main, 0.8), Texture.LEATHER, 5)
    c.text((500, 776), look.label.upper(), 30, look.accent)


def backpack(c: Canvas, look: Appearance) -> None:
    """Draw a backpack: a `roll` top or a `dome` with two pockets."""
    dark = tone(look.main, 0.65)
    c.shadow(oval(500, 890, 300, 28), 18, 0.5)
    for x in (235, 765):
        c.line(smooth([(x, 330), (x + (x - 500) * 0.2, 560), (x, 800)], closed=False), dark, 40, 12)
    c.line(arc(500, 150, 60, 55, (180, 360)), dark, 20, 7)
    body = smooth(
        [
            (310, 180),
            (500, 140),
            (690, 180),
            (760, 420),
            (770, 760),
            (720, 880),
            (500, 895),
            (280, 880),
            (230, 760),
            (240, 420),
        ]
    )
    c.fill(body, look.main, Texture.WEAVE, 30)
    if look.style == "roll":
        c.fill(box(285, 150, 715, 235, 40), tone(look.main, 0.85), Texture.WEAVE, 18)
        for x in (390, 610):
            c.line(line((x, 160), (x, 560)), look.accent, 26, 6)
            c.fill(box(x - 30, 430, x + 30, 486, 8), "#c9c4b8", Texture.METAL, 6)
    else:
        c.line(smooth([(285, 430), (350, 260), (500, 210), (650, 260), (715, 430)], closed=False), dark, 12)
        c.fill(box(300, 360, 700, 500, 30), tone(look.main, 1.1), Texture.WEAVE, 12)
        c.stitch(line((318, 392), (682, 392), 70), look.accent)
    c.fill(box(290, 590, 710, 840, 40), tone(look.main, 0.88), Texture.WEAVE, 16)
    c.line(line((318, 640), (682, 640)), dark, 10)
    c.line(line((640, 640), (652, 700)), look.accent, 10)
    c.fill(box(400, 712, 600, 772, 10), look.accent, Texture.LEATHER, 5)
    c.text((500, 741), look.label, 30, dark)


def watch(c: Canvas, look: Appearance) -> None:
    """Draw a wristwatch: `dress` with bars, `diver` with a bezel, or `chrono` with small dials."""
    strap = tone(look.main, 0.95)
    c.shadow(box(390, 90, 640, 930, 60), 26, 0.4)
    for outline in (
        smooth([(400, 330), (415, 60), (585, 60), (600, 330)], steps=8),
        smooth([(400, 670), (415, 945), (585, 945), (600, 670)], steps=8),
    ):
        c.fill(outline, strap, Texture.METAL if look.style == "diver" else Texture.LEATHER, 16)
    for y in (*range(90, 290, 50), *range(730, 930, 50)):
        c.line(line((425, y), (575, y)), tone(strap, 0.6), 6)
    c.fill(box(740, 472, 790, 528, 10), "#b9bcc2", Texture.METAL, 8)
    c.fill(oval(500, 500, 255), "#b4b8bf", Texture.METAL, 22)
    c.fill(oval(500, 500, 226), tone(look.main, 0.55) if look.style == "diver" else "#8f949c", depth=10)
    c.fill(oval(500, 500, 186), look.accent, Texture.PLAIN, 10)
    ink = "#f4efe2" if _is_dark(look.accent) else "#23242a"
    _hours(c, ink, look.style)
    if look.style == "chrono":
        for x, y in ((410, 520), (590, 520), (500, 600)):
            c.fill(oval(x, y, 48), tone(look.accent, 0.8), Texture.METAL, 5)
            c.line(line((x, y), (x + 12, y - 30)), ink, 5)
    c.line(line((500, 500), (432, 412)), ink, 14, 4)
    c.line(line((500, 500), (590, 390)), ink, 10, 3)
    c.line(line((475, 540), (540, 350)), "#c8402f", 4)
    c.fill(oval(500, 500, 12), "#d6d8dc", Texture.METAL, 4)
    c.text((500, 428), look.label, 24, ink)
    c.text((500, 556 if look.style != "chrono" else 460), look.model, 15, ink)


def _hours(c: Canvas, ink: str, style: str) -> None:
    """Draw the twelve marks, and a diver's minutes on the bezel."""
    for hour in range(12):
        across, down = sin(radians(30 * hour)), -cos(radians(30 * hour))
        if style == "diver":
            c.fill(oval(500 + 154 * across, 500 + 154 * down, 13), ink, depth=4)
            c.text((500 + 206 * across, 500 + 206 * down), str(hour * 5), 24, "#f1ece0", -30 * hour)
        else:
            ends = [(500 + r * across, 500 + r * down) for r in (140, 172)]
            c.line(ends, ink, 11 if hour % 3 == 0 else 6)


def _is_dark(colour: str) -> bool:
    """Tell whether light print reads better on a colour."""
    return sum(int(colour[i : i + 2], 16) for i in (1, 3, 5)) < 380
