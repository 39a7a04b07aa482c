"""Tools and toys."""

from __future__ import annotations

from lens_rx.sandbox.drawings.appearance import Appearance
from lens_rx.sandbox.drawings.canvas import Canvas, tone
from lens_rx.sandbox.drawings.shapes import arc, box, line, oval, smooth, symmetric
from lens_rx.sandbox.drawings.textures import Texture


def drill(c: Canvas, look: Appearance) -> None:
    """Draw a cordless drill from the side."""
    c.shadow(oval(520, 900, 280, 26), 16, 0.5)
    c.line(line((80, 330), (250, 330)), "#a9adb3", 20, 6)
    c.fill(smooth([(215, 280), (330, 262), (330, 400), (215, 380)], steps=6), "#2b2d31", Texture.METAL, 12)
    c.fill(
        smooth([(320, 240), (600, 220), (800, 236), (850, 320), (810, 420), (600, 435), (330, 420)]),
        look.main,
        Texture.PLAIN,
        30,
    )
    c.fill(box(330, 250, 420, 412, 16), look.accent, Texture.METAL, 10)
    c.fill(
        smooth([(610, 420), (790, 410), (730, 740), (560, 760)], steps=6),
        tone(look.main, 0.85),
        Texture.LEATHER,
        20,
    )
    c.fill(smooth([(560, 430), (610, 430), (596, 540), (540, 520)]), look.accent, depth=9)
    c.fill(box(440, 740, 800, 890, 26), look.accent, Texture.PLAIN, 18)
    c.text((620, 300), look.label.upper(), 56, "#faf6ea")
    c.text((620, 368), look.model, 34, "#faf6ea")
    for x in range(740, 820, 20):
        c.line(line((x, 270), (x, 390)), tone(look.main, 0.55), 8)
    c.text((620, 815), f"{look.model[-2:]} V", 48, "#faf6ea")


def plane(c: Canvas, look: Appearance) -> None:
    """Draw a bench plane from the side."""
    c.shadow(oval(500, 745, 420, 24), 14, 0.5)
    c.fill(
        smooth([(620, 610), (660, 380), (760, 330), (830, 370), (780, 480), (760, 610)]),
        look.main,
        Texture.GRAIN,
        22,
    )
    c.fill(
        smooth([(210, 610), (230, 470), (200, 420), (260, 370), (320, 420), (290, 470), (310, 610)]),
        look.main,
        Texture.GRAIN,
        20,
    )
    c.fill([(420, 600), (560, 320), (610, 340), (500, 610)], "#c4c7cc", Texture.METAL, 8)
    c.fill(oval(560, 470, 34), "#c79d4c", Texture.METAL, 11)
    c.fill(
        smooth(
            [
                (90, 600),
                (330, 580),
                (420, 540),
                (560, 540),
                (640, 585),
                (915, 600),
                (920, 720),
                (500, 728),
                (85, 720),
            ],
            steps=8,
        ),
        look.accent,
        Texture.METAL,
        16,
    )
    c.line(line((95, 722), (912, 722)), "#d5d8dc", 14, 4)
    c.text((500, 645), look.label, 52, "#f2eee2")
    c.text((770, 662), look.model, 32, "#f2eee2")


def robot(c: Canvas, look: Appearance) -> None:
    """Draw a tin robot."""
    c.shadow(oval(500, 925, 250, 24), 16, 0.5)
    c.line(line((500, 110), (500, 50)), "#b9bcc1", 12, 4)
    c.fill(oval(500, 48, 22), look.accent, depth=8)
    for x in (225, 775):
        c.line(
            smooth([(500 + (x - 500) * 0.7, 470), (x, 520), (x, 690)], closed=False),
            tone(look.main, 0.8),
            52,
            18,
        )
        c.line(arc(x, 730, 42, 42, (130, 410)), look.accent, 22, 7)
    for x in (410, 590):
        c.fill(box(x - 58, 720, x + 58, 880, 14), tone(look.main, 0.8), Texture.METAL, 16)
        c.fill(box(x - 80, 860, x + 70, 925, 22), look.accent, Texture.METAL, 14)
    c.fill(box(290, 390, 710, 750, 34), look.main, Texture.METAL, 26)
    c.fill(box(330, 110, 670, 380, 40), look.main, Texture.METAL, 24)
    for x in (420, 580):
        c.fill(oval(x, 220, 54), "#f7f2d8", depth=10)
        c.fill(oval(x, 220, 26), look.accent, depth=8)
        c.fill(oval(x, 220, 10), "#111318", depth=2)
    for x in range(410, 600, 36):
        c.fill(box(x, 308, x + 24, 346, 3), "#23262c", depth=3)
    c.fill(box(345, 440, 655, 610, 16), "#20242c", depth=8)
    for index, colour in enumerate(("#e0483b", "#f0c53c", "#58b368", "#4c8fd6")):
        c.fill(oval(400 + index * 66, 560, 22), colour, depth=8)
    c.text((500, 490), look.label, 44, "#f7f2d8")
    c.text((500, 690), look.model, 40, tone(look.accent, 0.8))


def train(c: Canvas, look: Appearance) -> None:
    """Draw a wooden locomotive."""
    c.shadow(oval(500, 850, 400, 26), 16, 0.5)
    c.fill(symmetric([(330 + 250, 300), (330 + 205, 420)], axis=300 + 190), look.accent, Texture.GRAIN, 12)
    c.fill(box(600, 240, 850, 700, 12), look.accent, Texture.GRAIN, 16)
    c.fill(box(570, 200, 880, 262, 20), look.main, Texture.GRAIN, 12)
    c.fill(box(655, 320, 800, 450, 14), "#f2e6c8", depth=10)
    c.fill(box(180, 420, 640, 660, 90), look.main, Texture.GRAIN, 30)
    for x in (290, 420, 540):
        c.line(line((x, 424), (x, 656)), "#c79d4c", 16, 5)
    c.fill(box(230, 300, 320, 440, 8), tone(look.accent, 0.7), Texture.GRAIN, 10)
    c.fill(box(205, 270, 345, 318, 16), tone(look.accent, 0.8), Texture.GRAIN, 10)
    c.fill(box(130, 650, 880, 740, 14), tone(look.main, 0.6), Texture.GRAIN, 12)
    for x, radius in ((250, 80), (450, 80), (720, 105)):
        c.fill(oval(x, 850 - radius, radius), "#d9b27a", Texture.GRAIN, 14)
        c.fill(oval(x, 850 - radius, radius * 0.35), look.accent, depth=8)
    c.text((470, 545), look.label, 54, "#f8efd8")
    c.text((725, 560), look.model, 36, "#f8efd8")


def skateboard(c: Canvas, look: Appearance) -> None:
    """Draw a skateboard's painted underside."""
    deck = box(360, 60, 640, 940, 138)
    c.shadow([(x + 16, y + 20) for x, y in deck], 20, 0.45)
    c.fill(deck, look.main, Texture.GRAIN, 16)
    for index in range(7):
        y = 320 + index * 52
        c.fill(
            [(372, y), (628, y - 70), (628, y - 40), (372, y + 30)],
            tone(look.accent, 0.7 + 0.1 * index),
            depth=0,
        )
    c.text((500, 480), look.label.upper(), 92, "#fdf8ea", 90)
    c.text((590, 480), look.model, 40, "#fdf8ea", 90)
    for y in (225, 775):
        c.fill(box(440, y - 50, 560, y + 50, 10), "#8d9198", Texture.METAL, 10)
        c.line(line((380, y), (620, y)), "#b9bcc1", 30, 10)
        for x in (365, 635):
            c.fill(box(x - 34, y - 48, x + 34, y + 48, 22), "#f0ead8", depth=14)
        for x in (455, 545):
            for dy in (-38, 38):
                c.fill(oval(x, y + dy, 8), "#2a2c30", depth=3)
