"""Lamps, chairs and kitchen things."""

from __future__ import annotations

from lens_rx.sandbox.drawings.appearance import Appearance
from lens_rx.sandbox.drawings.canvas import Canvas, tone
from lens_rx.sandbox.drawings.shapes import arc, box, line, mirror, oval, smooth, symmetric
from lens_rx.sandbox.drawings.textures import Texture


def lamp(c: Canvas, look: Appearance) -> None:
    """Draw a lamp: `desk` (jointed), `floor` (tripod) or `table` (globe)."""
    {"desk": _desk_lamp, "floor": _floor_lamp, "table": _table_lamp}[look.style](c, look)


def _desk_lamp(c: Canvas, look: Appearance) -> None:
    c.shadow(oval(380, 880, 210, 30), 16, 0.5)
    c.line(line((380, 850), (270, 520)), look.accent, 24, 8)
    c.line(line((270, 520), (610, 260)), look.accent, 24, 8)
    for x, y in ((380, 845), (270, 520), (610, 262)):
        c.fill(oval(x, y, 32), tone(look.main, 0.7), Texture.METAL, 10)
    c.fill(
        smooth([(560, 300), (590, 190), (690, 190), (820, 400), (850, 500), (590, 500)], steps=6),
        look.main,
        Texture.METAL,
        30,
    )
    c.fill(oval(720, 498, 132, 34), "#fff3c4", depth=10)
    c.fill(oval(380, 862, 190, 34), look.main, Texture.METAL, 14)
    c.text((700, 400), look.label, 30, look.accent, -20)
    c.text((380, 862), look.model, 24, look.accent)


def _floor_lamp(c: Canvas, look: Appearance) -> None:
    c.shadow(oval(500, 915, 260, 24), 18, 0.45)
    for foot in (300, 700, 520):
        c.line(line((500, 430), (foot, 910)), look.accent, 26, 9)
    c.line(arc(500, 640, 96, 22, (0, 180)), tone(look.accent, 0.7), 12, 4)
    c.fill(oval(500, 432, 40), "#b48a4a", Texture.METAL, 10)
    shade = symmetric([(610, 90), (720, 405)])
    c.fill(shade, look.main, Texture.WEAVE, 26)
    for x in range(300, 720, 44):
        c.line(line((500 + (x - 500) * 0.55, 95), (x, 402)), tone(look.main, 0.86), 6)
    c.line(line((282, 400), (718, 400)), look.accent, 13, 4)
    c.line(line((392, 94), (608, 94)), look.accent, 11, 4)
    c.text((500, 290), look.label.upper(), 46, tone(look.accent, 0.9))


def _table_lamp(c: Canvas, look: Appearance) -> None:
    c.shadow(oval(500, 885, 230, 28), 18, 0.5)
    c.fill(
        smooth(
            [(330, 880), (350, 820), (440, 640), (460, 560), (540, 560), (560, 640), (650, 820), (670, 880)]
        ),
        look.accent,
        Texture.STONE,
        22,
    )
    c.fill(oval(500, 370, 250, 235), look.main, Texture.PLAIN, 60)
    for y in range(210, 560, 58):
        half = 246 * max(0.0, 1 - ((y - 370) / 238) ** 2) ** 0.5
        c.line(arc(500, y, half, 22, (0, 180)), tone(look.main, 0.8), 7)
    c.fill(box(440, 575, 560, 612, 8), "#b48a4a", Texture.METAL, 8)
    c.text((500, 850), look.label, 36, tone(look.accent, 0.5))


def chair(c: Canvas, look: Appearance) -> None:
    """Draw a chair: `wood` (rods), `lounge` (shell) or `office` (on castors)."""
    c.shadow(oval(500, 925, 310, 26), 18, 0.45)
    {"wood": _wood_chair, "lounge": _lounge_chair, "office": _office_chair}[look.style](c, look)


def _wood_chair(c: Canvas, look: Appearance) -> None:
    for foot, top in ((270, 360), (730, 640), (370, 410), (630, 590)):
        c.line(line((top, 580), (foot, 915 if abs(foot - 500) > 200 else 870)), look.main, 32, 11)
    for x in range(360, 660, 56):
        c.line(line((500 + (x - 500) * 1.1, 200), (x, 560)), tone(look.main, 0.9), 17, 6)
    c.line(
        smooth([(285, 235), (400, 170), (500, 158), (600, 170), (715, 235)], closed=False), look.main, 50, 16
    )
    c.fill(
        smooth([(290, 560), (500, 525), (710, 560), (745, 620), (500, 665), (255, 620)]),
        look.main,
        Texture.GRAIN,
        16,
    )
    c.fill(
        smooth([(330, 558), (500, 535), (670, 558), (690, 600), (500, 630), (310, 600)]),
        look.accent,
        Texture.WEAVE,
        14,
    )
    c.line(line((315, 770), (685, 770)), tone(look.main, 0.85), 18, 6)
    c.text((500, 166), look.label, 28, tone(look.main, 0.45))


def _lounge_chair(c: Canvas, look: Appearance) -> None:
    for points in (line((360, 690), (250, 915)), line((640, 690), (750, 915)), line((500, 700), (500, 880))):
        c.line(points, look.accent, 28, 10)
    c.fill(
        smooth(
            [
                (230, 330),
                (330, 140),
                (500, 110),
                (670, 140),
                (770, 330),
                (800, 560),
                (720, 700),
                (500, 735),
                (280, 700),
                (200, 560),
            ]
        ),
        look.main,
        Texture.LEATHER,
        40,
    )
    c.fill(
        smooth(
            [(300, 380), (400, 240), (500, 215), (600, 240), (700, 380), (690, 520), (500, 560), (310, 520)]
        ),
        tone(look.main, 1.15),
        Texture.LEATHER,
        30,
    )
    for x, y in ((420, 330), (580, 330), (500, 430), (400, 450), (600, 450)):
        c.fill(oval(x, y, 13), tone(look.main, 0.6), depth=5)
    c.fill(
        smooth([(260, 590), (500, 545), (740, 590), (690, 690), (500, 715), (310, 690)]),
        tone(look.main, 1.05),
        Texture.LEATHER,
        26,
    )
    c.fill(box(560, 640, 700, 676, 4), look.accent, depth=3)
    c.text((630, 658), look.label, 24, "#2c2118")


def _office_chair(c: Canvas, look: Appearance) -> None:
    for foot in (260, 390, 610, 740):
        c.line(line((500, 810), (foot, 890)), "#3a3d44", 24, 8)
        c.fill(oval(foot, 905, 24), "#1d1e22", depth=8)
    c.line(line((500, 640), (500, 815)), "#b9bcc1", 34, 12)
    c.fill(box(300, 120, 700, 530, 90), look.main, Texture.MESH, 20)
    for y in range(180, 500, 54):
        c.line(smooth([(318, y), (500, y + 24), (682, y)], closed=False), tone(look.main, 0.75), 6)
    for arm in ([(262, 480), (250, 600), (320, 640)], mirror([(262, 480), (250, 600), (320, 640)])):
        c.line(smooth(arm, closed=False), "#2b2d33", 26, 9)
    c.fill(
        smooth([(270, 590), (500, 565), (730, 590), (750, 650), (500, 690), (250, 650)]),
        look.accent,
        Texture.WEAVE,
        22,
    )
    c.text((500, 150), look.label, 32, "#f2efe7")
    c.text((500, 626), look.model, 26, tone(look.accent, 0.5))


def kettle(c: Canvas, look: Appearance) -> None:
    """Draw a stove kettle."""
    c.shadow(oval(490, 860, 310, 28), 16, 0.5)
    c.line(arc(480, 380, 220, 230, (195, 345)), tone(look.accent, 0.8), 42, 15)
    c.fill(
        smooth([(690, 560), (850, 430), (900, 430), (890, 480), (760, 720)], steps=8),
        look.main,
        Texture.METAL,
        16,
    )
    c.fill(
        smooth(
            [(260, 440), (480, 390), (700, 440), (780, 660), (770, 850), (480, 868), (190, 850), (180, 660)]
        ),
        look.main,
        Texture.METAL,
        42,
    )
    c.fill(oval(480, 420, 190, 42), tone(look.main, 1.1), Texture.METAL, 12)
    c.fill(oval(480, 372, 34), look.accent, Texture.GRAIN, 12)
    c.line(line((205, 790), (758, 790)), look.accent, 9)
    c.text((480, 640), look.label, 58, look.accent)
    c.text((480, 715), look.model, 32, look.accent)


def espresso(c: Canvas, look: Appearance) -> None:
    """Draw an espresso machine."""
    c.shadow(oval(500, 905, 340, 26), 16, 0.5)
    c.fill(box(200, 150, 800, 420, 36), look.main, Texture.METAL, 20)
    c.fill(box(560, 400, 800, 900, 20), look.main, Texture.METAL, 18)
    c.fill(box(180, 830, 820, 905, 18), tone(look.main, 0.8), Texture.METAL, 12)
    c.fill(box(215, 420, 560, 830), tone(look.main, 0.45), depth=10)
    for x in range(230, 800, 40):
        c.line(line((x, 846), (x + 18, 846)), "#1c1c1f", 8)
    c.fill(box(300, 420, 470, 480, 12), "#b9bcc1", Texture.METAL, 10)
    c.line(line((385, 500), (200, 540)), "#2b1d14", 34, 12)
    c.fill(box(330, 480, 440, 540, 14), "#8f949b", Texture.METAL, 9)
    c.fill(smooth([(320, 700), (450, 700), (440, 800), (385, 825), (330, 800)]), "#f3efe6", depth=14)
    c.line(smooth([(640, 420), (610, 560), (625, 680)], closed=False), "#c9ccd1", 15, 5)
    c.fill(oval(700, 285, 72), "#f4f1e8", depth=8)
    c.line(line((700, 285), (738, 245)), "#c43a2b", 7)
    for x in (285, 365):
        c.fill(oval(x, 350, 22), look.accent, depth=8)
    c.text((400, 245), look.label, 60, look.accent)
    c.text((685, 640), look.model, 30, look.accent)


def pot(c: Canvas, look: Appearance) -> None:
    """Draw a cast-iron pot with its lid."""
    c.shadow(oval(500, 830, 360, 30), 18, 0.5)
    for x in (130, 870):
        handle = arc(x, 530, 62, 40, (0, 350))
        c.line(handle, tone(look.main, 0.9), 34, 12)
    c.fill(
        smooth(
            [(150, 470), (500, 455), (850, 470), (840, 700), (760, 825), (500, 840), (240, 825), (160, 700)]
        ),
        look.main,
        Texture.PLAIN,
        46,
    )
    c.fill(
        smooth(
            [(135, 470), (180, 390), (340, 330), (500, 318), (660, 330), (820, 390), (865, 470), (500, 492)]
        ),
        tone(look.main, 1.1),
        Texture.PLAIN,
        22,
    )
    for radius in (0.45, 0.7):
        c.line(arc(500, 420, 350 * radius, 70 * radius, (180, 360)), tone(look.main, 0.75), 6)
    c.fill(oval(500, 300, 46, 34), look.accent, Texture.METAL, 13)
    c.text((500, 640), look.label, 60, tone(look.main, 1.45))
    c.text((500, 720), look.model, 34, tone(look.main, 1.45))
