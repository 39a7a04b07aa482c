"""One form for price texts (plain digits, spaces and dashes), and one for the words in them."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from functools import lru_cache

#: A text that is longer than this is no price; what is behind is not looked at.
LONGEST = 2000

_SAME = str.maketrans(
    {
        **dict.fromkeys("’‘ʼ＇`´", "'"),
        **dict.fromkeys("–—‒−―‐‑﹣➖", "-"),
        **dict.fromkeys("〜～∼", "~"),
        **dict.fromkeys("×✕✖", "x"),
        **dict.fromkeys("→⇒➜➔►▶", "→"),
        "٫": ".",
        "٬": "'",
        "،": ",",
        "、": ",",
        "。": ".",
        "٪": "%",
        "…": " ... ",
        "״": '"',
        "￥": "¥",
        "￡": "£",
        "￦": "₩",
        "￠": "¢",
    }
)
#: Written over with a stroke, one character at a time: a price that is no more.
_STRUCK = re.compile("[^\u0335-\u0338][\u0335-\u0338]")
#: Dates and times, which are no prices: 15.08.2017, 2017-08-15, 10:30.
_MOMENT = re.compile(
    r"(?<![\d.,/$€£¥-])(?:\d{1,2}([./-])\d{1,2}\1(?:19|20)\d\d|(?:19|20)\d\d([./-])\d\d\2\d\d|\d{1,2}[/-]0\d|\d{1,2}:\d\d(?::\d\d)?)(?![\d.,]\d|\d)"
)
#: A sign in the place of the decimal mark: 12€99, 35 € 99.
_SIGN_INSIDE = re.compile(
    r"(?<![\d.,])(\d+(?:[., ]\d{3})*)(?:€(?=\d)| ?€ (?=\d\d(?!\d)))(\d+)(?![\d.,%]|\s*[€£$x%]|\s*\w{1,7}\b)"
)
#: Cents that were raised on the page and lost their mark: "12 99 €", "$12 99"; only where nothing else stands.
_RAISED = re.compile(r"\s*([€£$]?) ?(\d{1,4}) (\d\d) ?(€|£|\$|EUR|zł|Kč|kr|lei|TL)?\W*")
_SUPERSCRIPT = re.compile(r"(?<=\d)[.,]?([⁰¹²³⁴-⁹]{2})")
#: What a character behind a number multiplies it by.
CJK_SCALE = {
    "千": 10**3,
    "천": 10**3,
    "万": 10**4,
    "萬": 10**4,
    "만": 10**4,
    "億": 10**8,
    "亿": 10**8,
    "억": 10**8,
}
_CJK_SCALES = "".join(CJK_SCALE)
_CJK_PART = re.compile(rf"(\d[\d,]*(?:\.\d+)?)\s?([{_CJK_SCALES}])?")
_CJK_AMOUNT = re.compile(rf"(?:\d[\d,]*(?:\.\d+)?\s?[{_CJK_SCALES}]\s?)+(?:\d[\d,]*)?")


@lru_cache(maxsize=4096)
def _plain(char: str) -> str:
    digit = unicodedata.decimal(char, None)
    if digit is not None:
        return str(digit)
    kind = unicodedata.category(char)
    if kind in ("Zs", "Zl", "Zp", "Cc"):
        return " "
    if kind == "Cf":
        return ""
    return chr(ord(char) - 0xFEE0) if "\uff01" <= char <= "\uff5e" else char


def _cjk_value(match: re.Match[str]) -> str:
    parts = _CJK_PART.findall(match[0])
    total = sum(
        (Decimal(number.replace(",", "")) * CJK_SCALE.get(scale, 1) for number, scale in parts), Decimal(0)
    )
    return f"{total.normalize():f} " if total else "0"


def _raised(match: re.Match[str]) -> str:
    return "." + "".join(str(unicodedata.digit(char)) for char in match[1])


def _decimal_behind(match: re.Match[str]) -> str:
    whole = re.sub(r"[., ]", "", match[1])
    return f"{whole}.{match[2]} €"


def normalize(text: str) -> str:
    """Return `text` with digits of any script as 0-9, one kind of space, dash, apostrophe and comma.

    Bidirectional marks and struck-out characters are gone, "3万5千" is 35000, and no more than
    `LONGEST` characters are kept.
    """
    text = text[:LONGEST]
    if not text.isascii():
        text = _SUPERSCRIPT.sub(_raised, _STRUCK.sub("", text)).translate(_SAME)
        text = "".join(char if char < "\x7f" else _plain(char) for char in text)
        text = _CJK_AMOUNT.sub(_cjk_value, text)
    raised = _RAISED.fullmatch(text)
    if raised and (raised[1] or raised[4]):
        return f"{raised[1]}{raised[2]}.{raised[3]} {raised[4] or ''}"
    return _SIGN_INSIDE.sub(_decimal_behind, _MOMENT.sub(" ", text))


_SAME_LETTERS = str.maketrans({"ł": "l", "ø": "o", "ı": "i", ".": None, '"': None})


@lru_cache(maxsize=8192)
def fold_key(word: str) -> str:
    """Return `word` as the word lists hold it: folded case, no accents, no dots, no quotes."""
    folded = word.casefold().translate(_SAME_LETTERS)
    if folded[:1] >= "\u0530":  # marks are letters in the scripts behind Cyrillic
        return folded
    parts = unicodedata.normalize("NFD", folded)
    return "".join(char for char in parts if not unicodedata.combining(char))
