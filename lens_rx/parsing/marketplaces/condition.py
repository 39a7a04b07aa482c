"""What sellers call wear, in any of their languages, as one grade."""

from __future__ import annotations

import re
import unicodedata
from types import MappingProxyType

from lens_rx.facts import Condition

#: eBay's condition ids, developer.ebay.com "Item condition ID and name values".
_EBAY_IDS = MappingProxyType(
    {
        1000: Condition.NEW,
        1500: Condition.LIKE_NEW,  # new, the box opened or gone
        1750: Condition.LIKE_NEW,  # new with defects
        2000: Condition.REFURBISHED,
        2010: Condition.REFURBISHED,
        2020: Condition.REFURBISHED,
        2030: Condition.REFURBISHED,
        2500: Condition.REFURBISHED,
        2750: Condition.LIKE_NEW,
        2990: Condition.VERY_GOOD,  # pre-owned, excellent
        3000: Condition.USED,
        3010: Condition.ACCEPTABLE,  # pre-owned, fair
        4000: Condition.VERY_GOOD,
        5000: Condition.GOOD,
        6000: Condition.ACCEPTABLE,
        7000: Condition.FOR_PARTS,
    }
)

#: Line by line in the languages; the first that is found decides, so what contains another's words stands before it.
_WORDS = (
    (
        Condition.FOR_PARTS,
        (
            r"for parts|parts only|spares or repair|for spares|not working|non[- ]working|doesn'?t work|broken",
            r"ersatzteil|defekt|nicht funktion|kaputt|bastler",
            r"pour pi[eè]ces|pi[eè]ces d[eé]tach|pi[eè]ces (?:seul|uniq)|ne fonctionne pas|hors service|en panne",
            r"para desguace|(?:para|s[oó]lo) piezas|para repuestos|no funciona|para pe[cç]as|n[aã]o funciona",
            r"(?:per|pezzi|parti) di ricambio|per ricambi|non funzionante|guasto",
            r"(?:voor|alleen) onderdelen|\bdefect\b|werkt niet",
            r"na cz[eę][sś]ci|uszkodzon|niesprawn|nie dzia[lł]a",
            r"на запчаст|не работает|неисправ|부품용|작동하지|ジャンク|部品取り|動作しない|故障|零件|不能使用",
        ),
    ),
    (
        Condition.REFURBISHED,
        (
            r"refurb|renewed|reconditioned|remanufactured",
            r"general[uü]berholt|wiederaufbereitet|erneuert|aufbereitet",
            r"reconditionn|remis [aà] neuf",
            r"reacondicionad|recondicionad|restaurad[oa] por",
            r"ricondizionat|rigenerat",
            r"gereviseerd|opgeknapt",
            r"odnowion|regenerowan",
            r"восстановлен|리퍼|재생|整備済|再生品|リファービッシュ|翻新|整新",
        ),
    ),
    (
        Condition.LIKE_NEW,
        (
            r"like[ _-]new|as new\b|near(?:ly)? new|almost new|open(?:ed)?[ -]box|new[ (:,-]+other",
            r"new with defects",
            r"new without|\bmint\b|never (?:worn|used)|\bunworn\b|\bunused\b|\bnwot\b",
            r"neuwertig|wie neu|fast neu|neu[ (:,-]+sonstige|neu mit (?:fehler|m[aä]ngel)|neu ohne",
            r"unbenutzt|ungetragen",
            r"ge[oö]ffnete (?:box|verpackung)|ovp ge[oö]ffnet",
            r"comme neu|[eé]tat neuf|quasi[- ]neu|neu(?:f|ve)[ (:,-]+autre|neu(?:f|ve) sans",
            r"neu(?:f|ve) avec d[eé]faut",
            r"jamais (?:port|utilis)|bo[iî]te ouverte|emballage ouvert|parfait [eé]tat",
            r"como nuev|casi nuev|seminov|caja abierta|nuev[oa][ (:,-]+otr|nuev[oa] sin",
            r"nuev[oa] con defecto|sin estrenar|sin usar",
            r"come nuov|pari al nuovo|scatola aperta|nuov[oa][ (:,-]+altro|nuov[oa] senza",
            r"nuov[oa] con difetti|mai usat|mai indossat",
            r"als nieuw|zo goed als nieuw|bijna nieuw|geopende (?:doos|verpakking)|nieuw[ (:,-]+(?:overig|ander)",
            r"nieuw zonder|nieuw met (?:gebrek|defect)|ongebruikt|ongedragen",
            r"jak now|prawie now|otwarte (?:opakowanie|pude[lł]ko)|now[yae][ (:,–-]+inn|now[yae] bez",
            r"now[yae] z wadami|nieu[zż]ywan",
            r"como nov|novo sem|novo \(outro|nunca usad",
            r"nov[éeý] bez|bez (?:visačky|etiket)|címke nélkül|fără etichet|utan (?:pris|etikett)|uden (?:pris|mærke)",
            r"ilman (?:hinta|lappu)|käyttämät|oanvän|ubrugt|be etiket|χωρίσ (?:ετικέτ|καρτελ|ταμπελ)",
            r"как новый|нов[ыо][йе] \(другое|нов[ыо][йе] без|открытая коробка|거의 새|미사용|未使用に近い|ほぼ新品|新品同様|近全新|[幾几]乎全新|九成新",
        ),
    ),
    (
        Condition.VERY_GOOD,
        (
            r"very good|excellent|lightly used|gently used|slightly used",
            r"sehr gut|hervorragend|ausgezeichnet|einwandfrei|\btop[- ]zustand",
            r"tr[eè]s bon|excellent",
            r"muy bue|excelente|muito bo[am]",
            r"ottim[eoai]|eccellent",
            r"heel goed|zeer goed|uitstekend",
            r"bardzo dobr|doskona[lł]|idealny",
            r"ve[lľ]mi dobr|nagyon jó|kiváló|foarte bun|mycket bra|utmärkt|meget god|erittäin hyvä|erinoma|labai ger",
            r"πολύ καλ|vrlo dobr",
            r"очень хорош|отличн|매우 좋|최상|非常に良い|とても良い|目立った傷や汚れなし|美品|狀況極佳|極佳",
        ),
    ),
    (
        Condition.ACCEPTABLE,
        (
            r"acceptable|satisfactory|\bfair\b|\bpoor\b|heavily used|well[- ]worn|\bworn\b",
            r"akzeptabel|zufriedenstellend|ausreichend|abgenutzt|gebrauchsspuren|schlecht",
            r"correct|satisfaisant|us[eé]e?s?\b|mauvais [eé]tat",
            r"aceptable|satisfactori|satisfat|regular|desgastad",
            r"accettabil|discret|usurat",
            r"acceptabel|redelijk|voldoende|versleten",
            r"akceptowaln|dopuszczaln|dostateczn|zadowalaj|znoszon",
            r"uspokojiv|přijateln|kielégít|elfogadhat|satisfăc|tillfredsst|godtagbar|tilfredsst|tyydyttäv|patenkinam",
            r"ικανοποιητικ|zadovoljavaj",
            r"приемлем|удовлетворит|사용감 있|(?<!や)傷や汚れあり|(?<!や)キズや汚れあり|状態が悪い|^可$|尚可",
        ),
    ),
    (
        Condition.GOOD,
        (
            r"\bgood\b|well used|moderately used",
            r"\bgut(?:e[rsmn]?)?\b",
            r"bon(?:ne)? [eé]tat|\bbon\b",
            r"buen[oa]?s?\b|\bbo[am]\b",
            r"buon[eoai]?\b",
            r"\bgoede?\b",
            r"\bdobr[yaeoáéýíi]|^jó\b|jó állapot|^bun[ăa]?\b|^bra\b|bra skick|^godt?\b|god stand|^hyvä|^gera\b|^καλή\b",
            r"хорош|좋음|양호|やや傷や汚れあり|(?<!状態が)(?<!非常に)良い|良好",
        ),
    ),
    (
        Condition.USED,
        (
            r"pre[- ]?owned|pre[- ]?loved|second[- ]?hand|\bused\b|vintage",
            r"gebraucht|zweite hand|getragen",
            r"occasion|seconde main|d[eé]j[aà] port",
            r"segunda mano|usad[oa]",
            r"usat[oaie]\b|seconda mano",
            r"gebruikt|tweedehands|gedragen",
            r"u[zż]ywan|z drugiej r[eę]ki",
            r"begagnad|använ[dt]|brugt|pou[zž]it|k[aä]ytetty|haszn[aá]lt|folosit|naudot|μεταχειρισμ",
            r"б/у|бывш\w+ в употреблении|подержан|중고|中古|二手|使用感",
        ),
    ),
    (
        Condition.NEW,
        (
            r"\bnew\b|\bbnwt\b|\bnwt\b|\bsealed\b|deadstock",
            r"\bneue?[rsmn]?\b|brandneu|fabrikneu|originalverpackt",
            r"\bneu(?:f|ve)s?\b",
            r"\bnuev[oa]s?\b|a estrenar|\bnov[oa]s?\b",
            r"\bnuov[oaie]\b",
            r"\bnieuwe?\b|gloednieuw",
            r"\bnow[yae]\b|fabrycznie now",
            r"\bnov[éýá]\b|^új\b|^nou[ăa]?\b|^ny(?:tt?|a|e)?\b|^uu(?:si|tta)\b|^nauj[aosi]|^καινούργι|^ολοκαίνουργ",
            r"нов[ыо][йе]|새 ?상품|새 ?제품|새것|新品|未使用|全新|未開封",
        ),
    ),
)
_COMPILED = tuple((condition, re.compile("|".join(words))) for condition, words in _WORDS)
_DENIED_NEW = re.compile(
    r"\bnot new\b|\bnicht neu\b|\bpas neu|\bno (?:es )?nuev|\bnon (?:è )?nuov|\bniet nieuw\b|\bnie now"
)
_BY_NAME = MappingProxyType({str(condition): condition for condition in Condition})


def grade(text: str, condition_id: int | None = None) -> Condition:
    """Return the grade that a seller's words, or eBay's condition id, name; `unknown` for neither.

    The id wins, save where it only says used and the words say more ("Pre-owned - Good").
    """
    by_id = _EBAY_IDS.get(condition_id or 0)
    if by_id is not None and by_id is not Condition.USED:
        return by_id
    said = _said(unicodedata.normalize("NFKC", text[:300]).casefold().strip())
    return by_id if by_id and said is Condition.UNKNOWN else said


def _said(text: str) -> Condition:
    if text in _BY_NAME:
        return _BY_NAME[text]
    if _DENIED_NEW.search(text):
        return Condition.USED
    return next((condition for condition, words in _COMPILED if words.search(text)), Condition.UNKNOWN)
