"""What makes music: guitars, keyboards, turntables."""

from __future__ import annotations

from lens_rx.sandbox.drawings.appearance import Appearance
from lens_rx.sandbox.drawings.canvas import Canvas, tone
from lens_rx.sandbox.drawings.shapes import box, line, oval, rotate, smooth, symmetric
from lens_rx.sandbox.drawings.textures import Texture


def guitar(c: Canvas, look: Appearance) -> None:
    """Draw a guitar: `acoustic`, `double` (cutaway, electric) or `offset` (electric)."""
    c.shadow(oval(520, 700, 240, 240), 30, 0.3)
    if look.style == "acoustic":
        body = symmetric(
            smooth(
                [(500, 430), (610, 440), (650, 520), (618, 600), (690, 700), (690, 840), (500, 930)],
                closed=False,
            )
        )
        c.fill(body, look.main, Texture.GRAIN, 20)
        c.line([*body, body[0]], look.accent, 12)
        c.fill(oval(500, 610, 78), tone(look.accent, 0.7), Texture.GRAIN, 4)
        c.fill(oval(500, 610, 62), "#1c130d", depth=9)
        c.fill(box(410, 785, 590, 815, 8), "#3a2416", Texture.GRAIN, 5)
    else:
        _electric_body(c, look)
    _neck(c, look)


def _electric_body(c: Canvas, look: Appearance) -> None:
    """Draw a solid body with pickups and knobs."""
    lean = 40 if look.style == "offset" else 0
    body = smooth(
        [
            (455, 520),
            (410, 425 - lean),
            (350, 420 - lean),
            (330, 560),
            (350, 640),
            (300, 740),
            (330, 890 - lean),
            (500, 935),
            (670, 890 + lean / 2),
            (700, 740),
            (648, 640),
            (680, 540),
            (650, 430 + lean),
            (590, 435 + lean),
            (545, 520),
        ]
    )
    c.fill(body, look.main, Texture.GRAIN, 24)
    guard = smooth([(420, 480), (400, 640), (440, 800), (560, 850), (640, 760), (600, 620), (585, 500)])
    c.fill(guard, look.accent, Texture.PLAIN, 5)
    for y in (610, 690, 770):
        c.fill(box(430, y - 18, 570, y + 18, 14), "#1e1e22", depth=6)
        for x in range(448, 570, 21):
            c.fill(oval(x, y, 6), "#c5c7cb", depth=2)
    for x, y in ((625, 720), (650, 780), (640, 840)):
        c.fill(oval(x, y, 24), "#e9e2cf", Texture.METAL, 8)
    c.fill(box(435, 830, 565, 862, 6), "#b9bcc1", Texture.METAL, 6)


def _neck(c: Canvas, look: Appearance) -> None:
    """Draw neck, frets, head and strings."""
    c.fill([(472, 600), (478, 180), (522, 180), (528, 600)], "#4a2e1c", Texture.GRAIN, 8)
    for fret in range(13):
        y = 200 + fret * (34 - fret)
        c.line(line((474, y), (526, y)), "#c9c2ad", 5)
        if fret in (3, 5, 7, 9):
            c.fill(oval(500, y - 13, 6), "#efe8d6", depth=2)
    head = smooth([(474, 190), (452, 70), (500, 40), (556, 66), (526, 190)], steps=8)
    c.fill(head, tone(look.main, 0.9), Texture.GRAIN, 10)
    for side, x in ((-1, 448), (1, 556)):
        for y in (85, 120, 155):
            c.fill(oval(x + side * 8, y, 15, 10), "#d8d4c6", Texture.METAL, 4)
    end = 800 if look.style == "acoustic" else 845
    for string in range(6):
        top = 481 + string * 7.6
        c.line(line((top, 185), (top + (string - 2.5) * 3, end)), "#e8e3d2", 2.5)
    c.text((502, 118), look.label, 21, look.accent, 90)


def keyboard(c: Canvas, look: Appearance) -> None:
    """Draw a synthesizer seen from above."""
    c.shadow([(x, y + 24) for x, y in box(80, 300, 920, 740, 20)], 22, 0.45)
    c.fill(box(70, 280, 930, 740, 22), look.main, Texture.METAL, 14)
    for x in (62, 914):
        c.fill(box(x, 275, x + 26, 745, 8), "#7a4c2a", Texture.GRAIN, 7)
    c.fill(box(110, 530, 890, 730, 4), "#f5f2ea", depth=3)
    for key in range(1, 20):
        c.line(line((110 + key * 39, 530), (110 + key * 39, 730)), "#55555a", 4)
        if key % 7 not in (3, 0):
            c.fill(box(97 + key * 39, 530, 123 + key * 39, 650, 4), "#17171a", depth=6)
    for column in range(9):
        for row in range(2):
            x, y = 300 + column * 66, 345 + row * 84
            c.fill(oval(x, y, 23), look.accent if (column + row) % 3 else "#26262b", Texture.METAL, 8)
            c.line(line((x, y), (x + 8 * (column % 3 - 1), y - 20)), "#fafafa", 5)
    c.fill(box(120, 320, 262, 400, 6), "#1d2b22", depth=5)
    c.text((191, 358), "A-07", 40, "#79e08b")
    c.text((178, 440), look.label, 36, look.accent)
    c.text((178, 486), look.model, 26, look.accent)


def turntable(c: Canvas, look: Appearance) -> None:
    """Draw a record player seen from above."""
    c.shadow([(x + 10, y + 24) for x, y in box(90, 170, 910, 830, 30)], 22, 0.45)
    c.fill(box(80, 160, 920, 830, 30), look.main, Texture.GRAIN, 16)
    c.fill(oval(430, 495, 300), "#b3b6bb", Texture.METAL, 12)
    c.fill(oval(430, 495, 282), "#131316", depth=6)
    for radius in range(120, 276, 12):
        ring = oval(430, 495, radius)
        c.line([*ring, ring[0]], "#26262b", 3)
    c.fill([(430, 495), (690, 380), (660, 330)], "#3a3a42", depth=0, opacity=0.6)
    c.fill(oval(430, 495, 96), look.accent, depth=5)
    c.text((430, 455), look.label, 32, tone(look.accent, 0.35))
    c.text((430, 540), "33 1/3", 24, tone(look.accent, 0.35))
    c.fill(oval(430, 495, 9), "#e8e8ea", Texture.METAL, 3)
    c.fill(oval(820, 270, 66), "#2a2a2e", Texture.METAL, 16)
    arm = smooth([(820, 270), (822, 560), (770, 650), (650, 700)], closed=False)
    c.line(arm, "#cfd1d5", 18, 6)
    c.fill(rotate(box(600, 680, 680, 722, 8), -24, (650, 700)), "#e2e3e6", Texture.METAL, 7)
    for y in (690, 760):
        c.fill(oval(850, y, 24), look.accent, Texture.METAL, 8)
    c.text((190, 795), look.model, 30, tone(look.main, 1.8))
