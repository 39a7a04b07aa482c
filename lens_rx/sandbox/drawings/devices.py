"""Cameras, headphones, phones, handhelds, radios."""

from __future__ import annotations

from lens_rx.sandbox.drawings.appearance import Appearance
from lens_rx.sandbox.drawings.canvas import Canvas, tone
from lens_rx.sandbox.drawings.shapes import arc, box, line, oval, smooth
from lens_rx.sandbox.drawings.textures import Texture


def camera(c: Canvas, look: Appearance) -> None:
    """Draw a camera from the front: `slr`, `range` finder or `instant`."""
    c.shadow(oval(500, 790, 380, 30), 20, 0.5)
    {"slr": _slr, "range": _rangefinder, "instant": _instant}[look.style](c, look)


def _slr(c: Canvas, look: Appearance) -> None:
    """Draw a body with a pentaprism."""
    c.fill([(360, 330), (420, 225), (580, 225), (640, 330)], look.accent, Texture.METAL, 16)
    c.fill(box(130, 310, 870, 430, 40), look.accent, Texture.METAL, 18)
    c.fill(box(120, 395, 880, 780, 46), look.main, Texture.LEATHER, 24)
    for x, width in ((215, 62), (745, 48), (815, 26)):
        c.fill(box(x - width, 268, x + width, 318, 12), tone(look.accent, 0.85), Texture.METAL, 9)
        for notch in range(int(x - width) + 8, int(x + width), 12):
            c.line(line((notch, 276), (notch, 310)), tone(look.accent, 0.55), 3)
    c.text((500, 290), look.label.upper(), 38, tone(look.main, 0.7))
    _lens(c, 500, 560, 205, look)
    c.text((775, 455), look.model, 30, tone(look.accent, 1.1))
    c.fill(oval(215, 470, 20), "#c23b2e", depth=8)


def _rangefinder(c: Canvas, look: Appearance) -> None:
    """Draw a flat body with windows."""
    c.fill(box(110, 330, 890, 770, 90), look.accent, Texture.METAL, 20)
    c.fill(box(112, 450, 888, 700, 20), look.main, Texture.LEATHER, 12)
    for left, right in ((190, 290), (425, 520), (690, 800)):
        c.fill(box(left, 358, right, 428, 8), "#1a2430", depth=6)
        c.line(line((left + 14, 412), (left + 50, 374)), "#8fb4cf", 6)
    for x in (250, 720, 800):
        c.fill(box(x - 34, 296, x + 34, 336, 8), tone(look.accent, 0.8), Texture.METAL, 7)
    _lens(c, 470, 575, 168, look)
    c.text((760, 500), look.label, 34, tone(look.accent, 1.15))
    c.text((760, 650), look.model, 24, tone(look.accent, 1.1))


def _instant(c: Canvas, look: Appearance) -> None:
    """Draw a box that spits out its picture."""
    c.fill(box(330, 640, 670, 930, 6), "#f7f5ef", depth=5)
    c.fill(box(356, 700, 644, 890), "#7fa7b8", Texture.STONE, 4)
    c.fill(
        smooth(
            [(190, 250), (500, 215), (810, 250), (850, 500), (840, 740), (500, 760), (160, 740), (150, 500)]
        ),
        look.main,
        Texture.PLAIN,
        34,
    )
    c.fill(box(170, 660, 830, 720, 20), tone(look.main, 0.6), depth=8)
    for index, colour in enumerate(("#d8473b", "#e89b3a", "#f0d24a", "#5aa65b", "#3f7fbf")):
        c.fill(box(438 + index * 26, 240, 464 + index * 26, 660), colour, depth=0)
    _lens(c, 500, 450, 150, look)
    c.fill(box(640, 265, 790, 365, 14), "#f3efdf", Texture.METAL, 12)
    c.fill(box(215, 275, 320, 350, 14), "#16191e", depth=10)
    c.fill(oval(255, 590, 36), look.accent, depth=12)
    c.text((690, 690), look.label, 40, "#f4f0e6")
    c.text((310, 690), look.model, 28, "#f4f0e6")


def _lens(c: Canvas, x: float, y: float, radius: float, look: Appearance) -> None:
    """Draw a lens with its ring, print and glint."""
    c.shadow(oval(x + 8, y + 14, radius), 12, 0.45)
    c.fill(oval(x, y, radius), tone(look.accent, 0.9), Texture.METAL, 18)
    c.fill(oval(x, y, radius * 0.88), "#1b1c20", depth=14)
    for step in range(0, 360, 12):
        c.line(arc(x, y, radius * 0.94, radius * 0.94, (step, step + 4), steps=3), tone(look.accent, 0.5), 8)
    c.text((x, y - radius * 0.73), f"{look.label} 1:1.8 f=50", radius * 0.12, "#e6e2d6")
    c.fill(oval(x, y, radius * 0.58), "#10131b", depth=10)
    c.fill(oval(x, y, radius * 0.42), "#27324f", Texture.PLAIN, 22)
    c.fill(oval(x - radius * 0.14, y - radius * 0.16, radius * 0.12, radius * 0.09), "#c8d4ee", depth=8)
    c.fill(oval(x + radius * 0.16, y + radius * 0.18, radius * 0.06), "#7f5aa8", depth=5)


def headphones(c: Canvas, look: Appearance) -> None:
    """Draw headphones from the front: `studio` over-ear or `street` on-ear."""
    wide = 96 if look.style == "studio" else 72
    c.shadow(oval(500, 850, 330, 26), 18, 0.45)
    c.line(arc(500, 520, 285, 370, (190, 350)), look.main, 62, 22)
    c.line(arc(500, 530, 262, 345, (205, 335)), look.accent, 26, 9)
    for x, sign in ((222, -1), (778, 1)):
        c.line(line((x, 430), (x, 560)), "#b9bcc1", 26, 8)
        c.fill(
            smooth(
                [
                    (x - sign * 20, 470),
                    (x - sign * (wide + 20), 520),
                    (x - sign * (wide + 30), 680),
                    (x - sign * (wide + 10), 800),
                    (x - sign * 20, 840),
                ]
            ),
            "#2a2724",
            Texture.LEATHER,
            22,
        )
        c.fill(oval(x, 655, wide, 185), look.main, Texture.METAL, 30)
        c.fill(oval(x + sign * 12, 655, wide * 0.6, 118), tone(look.main, 0.75), Texture.MESH, 10)
        c.fill(oval(x + sign * 12, 655, wide * 0.24, 44), look.accent, Texture.METAL, 9)
    c.text((500, 172), look.label.upper(), 36, look.accent)
    c.text((222, 785), look.model, 22, look.accent)
    c.line(smooth([(222, 838), (260, 900), (420, 880), (560, 930)], closed=False), "#26262a", 11, 4)


def phone(c: Canvas, look: Appearance) -> None:
    """Draw a phone's back and its screen; the style is the number of its lenses."""
    c.shadow(box(180, 120, 840, 930, 60), 24, 0.4)
    c.fill(box(480, 90, 850, 880, 62), "#17181b", depth=14)
    c.fill(box(496, 106, 834, 864, 50), look.accent, Texture.STONE, 10)
    for row in range(5):
        for column in range(3):
            shade = tone(look.main, 0.7 + 0.13 * ((row * 3 + column * 2) % 5))
            c.fill(
                box(532 + column * 96, 250 + row * 112, 606 + column * 96, 324 + row * 112, 18),
                shade,
                depth=7,
            )
    c.text((665, 180), "10:42", 64, "#ffffff")
    c.fill(box(160, 120, 540, 910, 66), look.main, Texture.METAL, 18)
    c.fill(box(190, 150, 370, 210 + 95 * int(look.style), 46), tone(look.main, 0.85), depth=10)
    for index in range(int(look.style)):
        y = 215 + 95 * index
        c.fill(oval(250, y, 42), "#101216", Texture.PLAIN, 12)
        c.fill(oval(250, y, 22), "#2a3b5e", depth=8)
        c.fill(oval(242, y - 8, 6), "#e7ecf5", depth=2)
    c.fill(oval(330, 212, 15), "#f4e9b8", depth=5)
    c.text((350, 640), look.label.upper(), 52, look.accent)
    c.text((350, 860), look.model, 24, look.accent)


def handheld(c: Canvas, look: Appearance) -> None:
    """Draw a handheld game console."""
    c.shadow(oval(510, 930, 270, 24), 18, 0.5)
    c.fill(box(250, 70, 750, 925, 60), look.main, Texture.PLAIN, 26)
    c.fill(box(290, 120, 710, 490, 26), "#4b4f5c", depth=8)
    c.fill(box(345, 165, 655, 440), "#9db36a", Texture.PLAIN, 5)
    for index, height in enumerate((2, 4, 3, 6, 5, 2, 7, 3)):
        c.fill(box(362 + index * 36, 425 - height * 22, 392 + index * 36, 425), "#3f5230", depth=0)
    c.fill(oval(318, 300, 11), "#d3392c", depth=4)
    c.text((500, 535), f"{look.label} {look.model}", 36, tone(look.accent, 0.9))
    c.fill(box(300, 640, 470, 696, 10), "#2b2d33", depth=9)
    c.fill(box(357, 583, 413, 753, 10), "#2b2d33", depth=9)
    for x, y in ((590, 700), (680, 650)):
        c.fill(oval(x, y, 44), look.accent, depth=14)
    for x in (420, 520):
        c.line(line((x, 830), (x + 60, 810)), "#6b6e78", 20, 6)
    for step in range(5):
        c.line(line((610 + step * 26, 860), (640 + step * 26, 800)), tone(look.main, 0.6), 9)


def radio(c: Canvas, look: Appearance) -> None:
    """Draw a table radio."""
    c.shadow(oval(500, 800, 410, 28), 18, 0.5)
    c.line(arc(500, 300, 210, 110, (190, 350)), tone(look.main, 0.5), 24, 8)
    c.line(line((790, 310), (900, 70)), "#b9bcc1", 10, 3)
    c.fill(box(100, 290, 900, 790, 56), look.main, Texture.GRAIN, 26)
    c.fill(box(145, 335, 560, 745, 30), look.accent, Texture.MESH, 9)
    c.fill(box(600, 340, 855, 520, 16), "#f3e9c9", Texture.PLAIN, 8)
    for index, mark in enumerate(("88", "92", "96", "100", "104")):
        c.text((625 + index * 50, 390), mark, 22, "#4b3a24")
        c.line(line((625 + index * 50, 415), (625 + index * 50, 445)), "#4b3a24", 4)
    c.line(line((702, 360), (702, 500)), "#c43a2b", 6)
    for x in (660, 800):
        c.fill(oval(x, 640, 62), tone(look.accent, 0.8), Texture.METAL, 16)
        c.line(line((x, 640), (x + 28, 600)), "#f5f0e2", 7)
    c.text((350, 700), look.label, 44, tone(look.main, 0.6))
    c.text((730, 748), look.model, 26, "#f1e7cf")
