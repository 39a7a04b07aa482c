"""Splits a normalised text into numbers, words, currency signs and punctuation."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from lens_rx.parsing.prices.currency_signs import ending, starting
from lens_rx.parsing.prices.numbers import NUMBER

SIGNS = "$¢£¤¥֏؋৲৳૱௹฿៛₠-⃀﷼"
#: Scripts that write without spaces between words.
_RUN = "\u0e00-\u0e7f\u3005-\u3007\u3040-\u30fa\u30fc-\u30ff\u3400-\u9fff\uac00-\ud7af"
_LETTER = rf"[^\s\d!-/:-@\[-`{{-~{SIGNS}{_RUN}«»„“”•·・→「」『』【】《》―]"
_TOKEN = re.compile(
    rf"""
    (?P<sign>
        \$[ ](?:US|CA|AU|HK|NZ|SG)(?![^\W_])
      | (?:(?<![^\W\d_])(?!(?:[kKmM]|Mio|mln|tys)[{SIGNS}])[A-Za-z]{{1,4}})?[{SIGNS}](?:(?:US|CA|AU|NZ|HK|SG|AR|CL|CO|MX|GB|CN|U|b)(?![^\W\d_]))?
      | (?<![^\W\d_])(?:US|AU|CA?|HK|NZ|SG?|MX|NT|CAN|AUS)[ ]\$
      | (?<![^\W\d_])(?:[SB]/\.?|so'm|S['])(?![^\W\d_])
      | [א-ת]+["'][א-ת]+
    )
  | (?P<number>{NUMBER})
  | (?P<run>[{_RUN}]+)
  | (?P<word>{_LETTER}+(?:\.{_LETTER}+)*\.?)
  | (?P<mark>-{{2,}}|\.{{2,}}(?!\d)|\S)
    """,
    re.VERBOSE,
)


class TokenKind(Enum):
    """The kind of a token."""

    SIGN = "sign"
    NUMBER = "number"
    RUN = "run"
    WORD = "word"
    MARK = "mark"


@dataclass(frozen=True, slots=True)
class Token:
    """One piece of a text and its position; `glued` where no space precedes it."""

    kind: TokenKind
    text: str
    start: int
    end: int
    glued: bool


def tokenize(text: str) -> list[Token]:
    """Return the pieces of a folded text in order; spaces are not among them."""
    tokens: list[Token] = []
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        glued = bool(tokens) and tokens[-1].end == start
        token = Token(TokenKind(match.lastgroup), match[0], start, end, glued)
        tokens += _parts(token, behind_number=glued and tokens[-1].kind is TokenKind.NUMBER)
    return tokens


def _parts(token: Token, *, behind_number: bool) -> list[Token]:
    """Part a currency from the words that it touches in scripts without spaces: "円から"."""
    if token.kind is not TokenKind.RUN:
        return [token]
    size = len(token.text)
    cut = starting(token.text) if behind_number else size - ending(token.text)
    if cut in (0, size):
        return [token]
    middle = token.start + cut
    return [
        Token(TokenKind.RUN, token.text[:cut], token.start, middle, token.glued),
        Token(TokenKind.RUN, token.text[cut:], middle, token.end, glued=True),
    ]
