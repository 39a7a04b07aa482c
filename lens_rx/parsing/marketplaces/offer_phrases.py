"""The words around an offer, in the languages of the marketplaces: shipping, bids, sale, no matches."""

from __future__ import annotations

import re
from decimal import Decimal

from lens_rx.parsing.marketplaces.card_amounts import money_in, plain
from lens_rx.parsing.prices import PriceHint, parse_price

_DELIVERY = re.compile(
    r"shipping|delivery|postage|freight|versand|liefer|porto\b|livraison|exp[eé]dition|frais de port|env[ií]o"
    r"|entrega|spedizione|consegna|verzend|bezorg|levering|wysy[lł]k|dostaw|przesy[lł]k|доставк|배송|送料|配送|運費|运费|fr?akt\b"
    r"|frete|portes|\bp\s?&\s?p\b",
    re.IGNORECASE,
)
_RETURN = re.compile(
    r"\w*(?:return|r[uü]ckversand|r[uü]ckgabe|retour|\bresi\b|\breso\b|restituzion|devoluci|zwrot)\w*|返品|退貨|退货",
    re.IGNORECASE,
)
_CLAUSES = re.compile(r"[;·•|]|,\s")
_FREE = re.compile(
    r"\bfree\b|kostenlos|gr[aá]tis|gratuit|grat[uú]it|\boffert[es]?\b|bezp[lł]atn|darmow|\bincluded\b|inklusive|бесплатн|무료|無料|免費|免费|包郵|包邮",
    re.IGNORECASE,
)
_BIDS = re.compile(
    r"(\d[\d.,\s]*)\s*(?:bids?|gebote?|ench[eè]res?|pujas?|ofertas? de subasta|offert[ae]|biedingen"
    r"|bieding|bod(?:en)?"
    r"|ofert(?:y|a)?(?: kupna)?|licytacj[aei]|lances?|bud|ставк[аи]|ставок|건의 입찰|건 입찰|件の入札|入札|次出價|次出价|個出價)",
    re.IGNORECASE,
)
_BEST_OFFER = re.compile(
    r"best offer|make (?:an )?offer|preisvorschlag|bestpreisangebot|beste angebote|offre directe"
    r"|faire une offre|meilleure offre|mejor oferta|hacer oferta|\bu oferta\b|proposta d.acquisto|fai un.offerta|miglior(?:e)? offerta|beste bod|doe een bod|best bod"
    r"|\bof bod\b|zaproponuj|najlepsz\w+ ofert|z[lł][oó][zż] (?:ofert|propozycj)"
    r"|oferta cenow|melhor oferta|fazer oferta|лучшее предложение|предложить цену|가격 제안|価格交渉|ベストオファー|議價|议价|最佳出價",
    re.IGNORECASE,
)
_SOLD = re.compile(
    r"(?:sold|verkauft|vendue?(?:\(e\))?|vendid[oa]|vendut[oa]|verkocht|sprzedan[oeya]|s[aå]ld|solgt"
    r"|prodáno|eladva"
    r"|販売済み|продан[оаы]?|판매됨|판매 완료|売り切れ|売却済み|落札|已售|已售出|成交)(?!\w)",
    re.IGNORECASE,
)
_ENDED = re.compile(
    r"ended|beendet|termin[eé]|finalizad|terminat|scadut|be[eë]indigd|zako[nń]czon|заверш[её]н|종료|終了|已結束",
    re.IGNORECASE,
)
_FEWER_WORDS = re.compile(
    r"(?:fewer|less) (?:search )?(?:words|terms|keywords)|weniger(?:en)? (?:such)?(?:begriff|w[oö]rter|worte)"
    r"|moins de (?:mots|termes)|nombre (?:de mots )?inf[eé]rieur|menos (?:palabras|t[eé]rminos)"
    r"|meno (?:parole|termini)|minor numero di (?:parole|termini)|minder (?:zoek)?(?:woorden|termen)|mniej(?:szej"
    r"|sz[ąa])?\s?(?:liczb\w+\s)?s[lł][oó]w"
    r"|menos palavras|f[aä]rre ord|меньш\w+ (?:числ|количеств)\w+ слов|меньше слов|더 적은 (?:단어|검색어)|キーワードを減ら|少ないキーワード|較少(?:的)?(?:關鍵)?字|较少(?:的)?(?:关键)?字",
    re.IGNORECASE,
)
_NO_MATCH = re.compile(
    r"no exact match|^0 (?:results|items) |no (?:items?|results?|listings?) (?:were )?(?:match|found)|didn.t find"
    r"|couldn.t find|did not match any"
    r"|keine (?:genau(?:en?)?|exakten?|passenden?) |keine (?:ergebnisse|treffer|artikel)\b"
    r"|aucun (?:r[eé]sultat|objet|article)|aucune (?:annonce|correspondance)"
    r"|ning[uú]n (?:resultado|art[ií]culo)|no (?:se (?:ha[n]? )?encontr|hay (?:resultado|coincidencia"
    r"|art[ií]culo))"
    r"|sin (?:resultados|coincidencias)|non (?:sono stati trovati|abbiamo trovato)|nessun(?:a|o)? (?:risultat|corrispondenz|oggett|inserzion|articol)"
    r"|geen (?:exacte|precieze|resultaten|overeenkom|artikelen|advertenties)"
    r"|nie znale[zź]|brak (?:dok[lł]adnych|wynik)|nenhum (?:resultado|artigo)|inga (?:tr[aä]ffar|resultat)"
    r"|не найден|ничего не|결과가? 없|찾을 수 없|見つかりません|該当する商品(?:が|は)|出品された商品がありません|沒有(?:找到|符合)|没有(?:找到|符合)|找不到",
    re.IGNORECASE,
)


def shipping(text: str, hint: PriceHint) -> Decimal | None:
    """Return what a text says that delivery costs: 0 where it is free, None where it does not say."""
    costs = (_delivery(clause.strip(), hint) for clause in _CLAUSES.split(text[:200]))
    return next((cost for cost in costs if cost is not None), None)


def _delivery(clause: str, hint: PriceHint) -> Decimal | None:
    text = _RETURN.sub("", clause)
    if not (_DELIVERY.search(text) or text.startswith("+")):
        return None
    if _FREE.search(text):
        return Decimal(0)
    money = money_in(text)
    return next(iter(parse_price(plain(money), hint).amounts), None) if money else None


def bids(text: str) -> int | None:
    """Return the number of bids where a text counts them and says no more, else None."""
    found = _BIDS.fullmatch(text[:60].strip(" ·•"))
    return int(re.sub(r"\D", "", found[1])[:9]) if found else None


def is_best_offer(text: str) -> bool:
    """Tell whether a text says that the seller takes, or took, an offer."""
    return len(text) < 60 and _BEST_OFFER.search(text) is not None


def is_sold(text: str) -> bool:
    """Tell whether a text begins by saying that the thing was sold ("26 sold" counts pieces: no)."""
    return _SOLD.match(text.strip()) is not None


def is_ended(text: str) -> bool:
    """Tell whether a text begins by saying that a listing ended, sold or not."""
    return _ENDED.match(text.strip()) is not None


def is_fewer_words(text: str) -> bool:
    """Tell whether a text heads what matches only a part of the search."""
    return len(text) < 160 and _FEWER_WORDS.search(text) is not None


def is_no_match(text: str) -> bool:
    """Tell whether a text says that nothing matched the search."""
    return len(text) < 240 and _NO_MATCH.search(text) is not None
