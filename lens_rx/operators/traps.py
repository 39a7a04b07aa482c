"""Words by which a title gives away that it offers something else than one such thing.

Each check takes a folded title and `own`, the folded words of the thing itself: a word that belongs to
the thing ("Carry Case") gives nothing away.
"""

from __future__ import annotations

import re

from lens_rx.operators.words import fold


def _compiled(pattern: str) -> re.Pattern[str]:
    """Compile a pattern for folded titles: folding takes the marks from Japanese letters as well."""
    return re.compile("".join(fold(c) if c > "\u3000" else c for c in pattern))


_BUNDLE = _compiled(
    r"\b(?:bundle|job ?lots?|joblot|wholesale|bulk|lot of|lot \d|set of \d+|pack of \d+|konvolut|sammlung|restposten|paket"
    r"|(?:doppel|zweier|dreier)pack|\d+er[- ](?:set|pack)|set aus|lot de|lots? d|ensemble de|lotto|lotto di|lote|lote de"
    r"|conjunto de|partij|kavel|set van|zestaw|komplet \d|paczka)\b|\blot\b(?!\s*(?:nr|no|number|#))"
    r"|まとめ売り|まとめて|まとめ|セット|\b\d+\s?点"
)
_COUNT = _compiled(
    r"(?<![\w.,/])(?:[2-9]|[1-9]\d)\s?[x×]\s?(?=[^\W\d])(?!\s?(?:zoom|opti|digi|magn|crop|vergr|fach))"
    r"|(?<!\d)[x×]\s?(?:[2-9]|1\d)(?!\w|[.,]\d)"
    r"|\b(?:[2-9]|[1-9]\d)[- ]?(?:pcs|pc|pieces|pack|stk|stuck|stueck|pieces|piezas|pezzi|stuks|szt|paar|pairs)\b"
    r"|\b(?:two|three|four|zwei|drei|vier|deux|trois|quatre|(?<!a )dos|tres|due|tre|twee|drie|dwa|dwie|trzy)\s+(?=[^\W\d])"
)
_REPLICA = _compiled(
    r"\b(?:replicas?|replik|repliken|replika|nachbildung|nachbau|imitations?|imitat|imitacion|imitazione|namaak|podrobka"
    r"|fake|knock ?offs?|dupe|look ?a?like|inspired|inspiriert|inspire de|inspirad[oa]|ispirat[oa]|geinspireerd"
    r"|inspirowan\w*|homage|unbranded|no ?name|aftermarket|in the style of|style of|im stil(?: von)?|dans le style|facon"
    r"|al estilo(?: de)?|estilo de|in stile|stile di|nello stile|in de stijl|in stijl van|w stylu|not original"
    r"|nicht original|kein original)\b|レプリカ|コピー品|風(?:の|\s|$)"
)
_DENIED = _compiled(
    r"\b(?:no|not|not a|kein|keine|nicht|pas|pas de|non|nessun\w*|sin|geen|nie|zaden)\s+(?:a |an |eine? )?$"
)
_STYLE_AFTER = r"[- ](?:style|styled|stil|stile|estilo|stijl|styl|like|type|inspired)\b(?!\s*(?:no|nr|number|#|code|:|\d))"
_STYLE_BEFORE = r"\b(?:style|stil|stile|estilo|stijl|styl|type|tipo|a la|typ)\s+(?:de |di |von |van |of )?"
_WANTED = _compiled(
    r"^\W*(?:suche|gesucht|wanted|looking for|recherche|cherche|busco|cerco|gezocht|kupie|skup)\b|\bwtb\b|\bbuy ?back\b"
    r"|\bwe buy\b|\bankauf\b|買取|レンタル|\brental\b|\bfor hire\b|\bzu vermieten\b|\brepair service\b|\breparaturservice\b"
)
_ACCESSORY = (
    r"case only|box only|only (?:box|case|manual)|empty (?:box|case)|leere? (?:ovp|box|verpackung|schachtel|karton)"
    r"|nur (?:ovp|box|verpackung|karton|hulle|tasche)|boite (?:vide|seule)|caja vacia|solo (?:caja|scatola|box|funda)"
    r"|scatola vuota|lege doos|alleen (?:de )?doos|puste pude[lł]ko|samo pude[lł]ko"
    r"|(?:carry|carrying|protective|hard|phone|travel|silicone|leather|camera|replacement|storage) (?:case|cover|pouch|bag|strap)"
    r"|cases?(?=$| (?:leather|silicone|clear|cover|only|black|brown))|straps?$|case cover|covers?$|cover case|hulle|schutzhulle\w*|\w*tasche fur|schutzfolie\w*|panzerglas|screen protector"
    r"|tempered glass|housse|coque|etui|funda|custodia|hoesje|hoes|pokrowiec|obudowa"
    r"|(?:charging|charger|usb|power|audio|data|lade)[- ]?(?:cable|kabel|cord|lead)|ladekabel|ladegerat|netzteil|chargers?"
    r"|chargeur|cargador|caricabatteri\w*|caricatore|oplader|[lł]adowarka|(?:replacement |ersatz)?(?:battery|akku)(?: pack)?$"
    r"|ersatzakku|spare parts?|replacement|ersatzteile?|ersatz\w*"
    r"|piece detachee|pieces detachees|recambio|repuesto|ricambio|ricambi|onderdeel|onderdelen|czesc zamienna|czesci"
    r"|zipper pull|shoe ?laces|laces only|laces$|schnursenkel|lacets|cordones|lacci|veters|sznurowad[lł]a|insoles?|einlegesohlen?"
    r"|ear ?pads?|ohrpolster|ear ?tips|(?:neck|camera|shoulder|wrist|watch) ?strap|(?:trage|schulter|kamera)gurt|uhrenarmband"
    r"|watch ?band|lens cap|objektivdeckel|body cap|lens hood|(?:users? |owners? |instruction )?manual|bedienungsanleitung|anleitung"
    r"|mode d.emploi|notice|manuale|handleiding|instrukcja|brochure|prospekt|catalog(?:ue)?|katalog|advert|poster"
    r"|stickers?|aufkleber|patch|aufnaher|keychain|key ring|schlusselanhanger|dust ?bag|staubbeutel|sewing pattern|schnittmuster"
    r"|stl file|digital download|wall mount|wandhalterung|(?:dock|liner|hood|strap|cable|charger|lid|remote|left|right|stand|base) only|(?:left|right) (?:earbud|shoe|ear)|skin|decal"
)
_ACCESSORY_WORD = _compiled(
    rf"(?:\b(?:{_ACCESSORY})\b|空箱|箱のみ|ケース|カバー|保護フィルム|充電器|部品|交換用|パーツ|説明書)"
)
#: Words before which an accessory comes with the thing ("with case", "inkl. Ladekabel", "+ cover").
_COMES_WITH = _compiled(
    r"(?:\b(?:with|w|incl|including|includes|inc|plus|and|mit|inkl|inklusive|samt|und|avec|inclus|et|con|incluye|incluso|y|e"
    r"|completo di|met|inclusief|en|z|ze|wraz|oraz|i|full set|original|orig|ohne|without|sans|sin|senza|zonder|bez|no)\b[ .:/]*"
    r"|(?:\s[+&/(*-]|[,;])\s*|付き?|込み?)(?:\w+ ){0,2}$"
)
_FOR = r"\b(?:for|fits?|fur|fuer|passend (?:fur|zu)|pour|para|per|voor|do|dla|pro|til|suits?|compatible with|kompatibel mit)\s+"


def bundle(title: str, own: str) -> str:
    """Return the word by which a title offers several things, empty where none does."""
    for pattern in (_BUNDLE, _COUNT):
        if (found := pattern.search(title)) and not _is_own(found[0], own):
            return found[0].strip()
    return ""


def replica(title: str, own: str, names: tuple[str, ...]) -> str:
    """Return the word by which a title owns up to be no original, empty where none does."""
    name = "(?:" + "|".join(re.escape(name) for name in names if name) + ")"
    styled = re.search(f"{name}{_STYLE_AFTER}|{_STYLE_BEFORE}{name}", title) if any(names) else None
    for found in (styled, _REPLICA.search(title)):
        if found and not _is_own(found[0], own) and not _DENIED.search(title[: found.start()]):
            return found[0].strip()
    return ""


def accessory(title: str, own: str, names: tuple[str, ...]) -> str:
    """Return the word by which a title offers what goes with the thing, empty where none does.

    `names` are the folded first words of producer and model: what is "for" one of them is not it.
    """
    for name in filter(None, names):
        meant_for = re.search(rf"\S.*?({_FOR}(?:\w+ ){{0,2}}?{re.escape(name)})\b", title)
        if meant_for and not _is_own(meant_for[1], own):
            return meant_for[1]
        if re.search(rf"{re.escape(name)}[\w\s-]{{0,30}}(?:用|対応)", title):
            return f"{name}用"
    for found in _ACCESSORY_WORD.finditer(title):
        if not _is_own(found[0], own) and not _COMES_WITH.search(title[: found.start()]):
            return found[0].strip()
    return ""


def wanted(title: str, own: str) -> str:
    """Return the word by which a title looks for the thing, or hires or mends it, empty where none does."""
    found = _WANTED.search(title)
    return found[0].strip() if found and not _is_own(found[0], own) else ""


def _is_own(words: str, own: str) -> bool:
    return words.strip() in own
