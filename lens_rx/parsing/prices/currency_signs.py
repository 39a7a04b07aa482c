"""The signs and words of the world's currencies, and which of them a hint makes of an ambiguous one."""

from __future__ import annotations

from functools import lru_cache

from babel.numbers import list_currencies

from lens_rx.parsing.prices.normalize import fold_key
from lens_rx.parsing.prices.price_reading import PriceHint
from lens_rx.pricing.locale_currency import currency_of_country, currency_of_host

#: ISO 4217 codes that one sign or word may stand for; the first is meant where nothing else is known.
Candidates = tuple[str, ...]

_DOLLARS = "USD CAD AUD NZD SGD HKD TWD MXN ARS CLP COP UYU BBD BMD BND BSD BZD CUP CVE DOP FJD GYD JMD KYD LRD NAD SBD SRD TOP TTD WST XCD"
#: Spelling -> codes, as `key` writes it (folded, without dots and accents). A leading `-` means: none without a hint.
_SIGNS = {
    "$": _DOLLARS, "€": "EUR", "£": "GBP EGP LBP GIP FKP SHP SSP SYP SDG", "¥": "JPY CNY", "₹": "INR", "₽": "RUB", "₩": "KRW KPW",
    "₺": "TRY", "₴": "UAH", "₪": "ILS", "₫": "VND", "฿": "THB", "₱": "PHP", "₦": "NGN", "₲": "PYG", "₡": "CRC", "₵": "GHS", "₸": "KZT",
    "₼": "AZN", "₾": "GEL", "֏": "AMD", "؋": "AFN", "৳": "BDT", "៛": "KHR", "₭": "LAK", "₮": "MNT", "₨": "INR PKR LKR NPR MUR SCR",
    "﷼": "IRR SAR YER OMR QAR", "ƒ": "ANG AWG", "₣": "CHF XPF FRF", "₤": "TRY ITL GBP", "₧": "ESP", "₯": "GRD", "¢": "USD CAD AUD",
    "௹": "INR LKR", "૱": "INR", "₠": "EUR",
}  # fmt: skip
_WORDS = {
    "eur": "EUR", "euro": "EUR", "euros": "EUR", "euroa": "EUR", "eurot": "EUR", "eura": "EUR", "eurou": "EUR", "евро": "EUR",
    "євро": "EUR", "ευρω": "EUR", "evro": "EUR", "يورو": "EUR", "אירו": "EUR", "یورو": "EUR", "avro": "EUR", "usd": "USD",
    "dollar": _DOLLARS, "dollars": _DOLLARS, "dolar": _DOLLARS, "dolares": _DOLLARS, "dollari": _DOLLARS, "bucks": _DOLLARS,
    "доллар": "USD", "доллара": "USD", "долларов": "USD", "долл": "USD", "дол": "USD", "دولار": "USD", "דולר": "USD", "دلار": "USD",
    "щд": "USD", "pound": "GBP EGP LBP SDG SYP", "pounds": "GBP EGP LBP SDG SYP", "sterling": "GBP", "stg": "GBP", "quid": "GBP",
    "gbp": "GBP", "livres": "GBP", "yen": "JPY", "yens": "JPY", "jpy": "JPY", "yuan": "CNY", "rmb": "CNY", "renminbi": "CNY",
    "rs": "INR PKR LKR NPR MUR SCR", "rupee": "INR PKR LKR NPR MUR SCR", "rupees": "INR PKR LKR NPR MUR SCR",
    "inr": "INR", "र": "INR", "रु": "INR NPR", "रुपये": "INR", "ரூ": "INR LKR", "रू": "INR NPR", "नरू": "NPR", "නරු": "LKR", "රු": "LKR",
    "টাকা": "BDT", "টকা": "BDT", "cent": "- USD EUR CAD AUD", "cents": "- USD EUR CAD AUD", "centimes": "- EUR CHF", "tk": "BDT", "taka": "BDT",
    "руб": "RUB BYN", "р": "RUB BYN", "рубль": "RUB BYN", "рубля": "RUB BYN", "рублеи": "RUB BYN", "rub": "RUB", "rubles": "RUB",
    "rubel": "RUB BYN", "rbl": "RUB BYN", "br": "BYN ETB", "бр": "BYN",
    "tl": "TRY", "тл": "TRY", "lira": "TRY", "lirasi": "TRY", "грн": "UAH", "гривень": "UAH", "гривна": "UAH", "гривні": "UAH",
    "hrn": "UAH", "hryvnia": "UAH", "nis": "ILS", "שח": "ILS", "שקל": "ILS", "שקלים": "ILS", "شج": "ILS", "شص": "ILS", "shekel": "ILS",
    "shekels": "ILS", "vnd": "VND", "vnđ": "VND", "d₫": "VND", "đ": "VND", "đong": "VND", "dong": "VND", "baht": "THB", "thb": "THB",
    "kc": "CZK", "czk": "CZK", "korun": "CZK", "koruna": "CZK", "kcs": "CZK", "кч": "CZK",  "huf": "HUF", "forint": "HUF",
    "zl": "PLN", "pln": "PLN", "zloty": "PLN", "zlotych": "PLN", "зл": "PLN", "lei": "RON MDL", "leu": "RON MDL", "ron": "RON",
    "leii": "RON", "лв": "BGN", "лева": "BGN", "lv": "BGN", "bgn": "BGN", "kn": "HRK", "kuna": "HRK", "дин": "RSD",
    "динар": "RSD MKD", "динара": "RSD", "dinara": "RSD", "dinar": "RSD", "rsd": "RSD", "ден": "MKD", "денари": "MKD",
    "mkd": "MKD", "lek": "ALL", "leke": "ALL", "kr": "- SEK NOK DKK ISK EEK", "kronor": "SEK", "sek": "SEK",
    "kroner": "- NOK DKK", "nok": "NOK", "dkk": "DKK", "kronur": "ISK", "isk": "ISK", "skr": "SEK", "nkr": "NOK", "dkr": "DKK",
    "ikr": "ISK", "chf": "CHF", "sfr": "CHF", "franken": "CHF", "franc": "CHF XOF XAF", "francs": "CHF XOF XAF",
    "stutz": "CHF", "rp": "IDR", "idr": "IDR", "rupiah": "IDR", "rm": "MYR", "ringgit": "MYR", "myr": "MYR", "php": "PHP",
    "peso": "- MXN ARS CLP COP PHP UYU DOP CUP", "pesos": "- MXN ARS CLP COP PHP UYU DOP CUP", "reais": "BRL", "real": "BRL",
    "brl": "BRL", "soles": "PEN", "s/": "PEN", "b/": "PAB", "bsf": "VEF", "bss": "VES", "gs": "PYG", "ksh": "KES",
    "kshs": "KES", "kes": "KES", "tsh": "TZS", "ush": "UGX", "gh₵": "GHS", "ghs": "GHS", "naira": "NGN", "ngn": "NGN", "fcfa": "XOF XAF",
    "cfa": "XOF XAF", "f cfa": "XOF XAF", "cfpf": "XPF", "fcfp": "XPF", "cfp": "XPF", "fbu": "BIF", "frw": "RWF", "r₣": "RWF",
    "mvr": "MVR", "fdj": "DJF", "gfr": "GNF", "nfk": "ERN", "ናቕፋ": "ERN", "نافكا": "ERN", "ብር": "ETB",
    "birr": "ETB", "kz": "AOA", "kwz": "AOA", "zk": "ZMW",
    "dh": "AED MAD", "dhs": "AED MAD", "aed": "AED",
    "tnd": "TND", "dzd": "DZD", "sar": "SAR",
    "lari": "GEL", "ლარი": "GEL", "ლ": "GEL", "тг": "KZT", "тнг": "KZT", "тенге": "KZT", "tenge": "KZT", "ман": "AZN",
    "манат": "AZN", "azn": "AZN", "դր": "AMD", "դրամ": "AMD", "сом": "KGS", "so'm": "UZS", "soum": "UZS",
    "сум": "UZS", "сўм": "UZS", "tmt": "TMT", "esc": "CVE PTE", "cnd": "CAD",
    "zar": "ZAR", "rand": "ZAR", "jmd": "JMD", "mur": "MUR", "hkd": "HKD", "twd": "TWD", "krw": "KRW", "won": "KRW",
    "cny": "CNY", "cad": "CAD", "aud": "AUD", "nzd": "NZD", "sgd": "SGD", "mxn": "MXN", "uah": "UAH", "egp": "EGP",
    "pkr": "PKR", "lkr": "LKR", "npr": "NPR", "bdt": "BDT", "kzt": "KZT", "ils": "ILS", "dem": "DEM",
    "رس": "SAR", "ريال": "SAR QAR OMR YER", "ریال": "IRR", "rial": "IRR", "درهم": "AED MAD", "جنيه": "EGP SDG", "جم": "EGP",
    "دإ": "AED", "دا": "JOD", "دأ": "JOD", "دك": "KWD", "دب": "BHD", "دج": "DZD", "دم": "MAD", "دت": "TND", "دل": "LYD", "دع": "IQD", "عد": "IQD", "لد": "LYD",
    "رع": "OMR", "رق": "QAR", "ري": "YER", "لس": "SYP", "لل": "LBP", "جس": "SDG", "ليرة": "LBP SYP TRY", "دينار": "- KWD JOD BHD IQD DZD LYD TND",
    "ريال سعودي": "SAR", "ريال قطري": "QAR", "ريال عماني": "OMR", "درهم إماراتي": "AED", "درهم مغربي": "MAD", "جنيه مصري": "EGP",
    "دينار أردني": "JOD", "دينار كويتي": "KWD", "دينار بحريني": "BHD", "دينار عراقي": "IQD", "دينار جزائري": "DZD", "us dollars": "USD",
    "us dollar": "USD", "canadian dollars": "CAD", "australian dollars": "AUD", "pounds sterling": "GBP", "pound sterling": "GBP",
    "円": "JPY", "元": "CNY TWD HKD", "圆": "CNY", "圓": "TWD", "人民币": "CNY", "人民幣": "CNY", "块": "CNY", "원": "KRW", "บาท": "THB",
    "ドル": "USD", "ユーロ": "EUR", "ポンド": "GBP", "ウォン": "KRW", "달러": "USD", "유로": "EUR", "엔": "JPY", "위안": "CNY", "美元": "USD", "美金": "USD",
    "欧元": "EUR", "歐元": "EUR", "英镑": "GBP", "英鎊": "GBP", "日元": "JPY", "日圓": "JPY", "港币": "HKD", "港幣": "HKD", "港元": "HKD", "台币": "TWD",
    "新台币": "TWD", "新台幣": "TWD", "台幣": "TWD", "加元": "CAD", "澳元": "AUD", "韩元": "KRW",
}  # fmt: skip
#: Spellings that are ordinary words in another case.
_EXACT = {
    "DA": "DZD",
    "KM": "BAM",
    "КМ": "BAM",
    "Nu": "BTN",
    "Ar": "MGA",
    "LE": "EGP",
    "Le": "SLE",
    "MT": "MZN",
    "MTn": "MZN",
    "MK": "MWK",
    "FC": "CDF",
    "CF": "KMF",
    "FG": "GNF",
    "Fr": "CHF XPF",
    "FR": "CHF",
    "ID": "IQD",
    "DT": "TND",
    "KD": "KWD",
    "BD": "BHD",
    "JD": "JOD",
    "QR": "QAR",
    "SR": "SAR",
    "Db": "STN",
    "UM": "MRU",
    "VT": "VUV",
    "Vt": "VUV",
    "LS": "SYP",
    "LD": "LYD",
    "RF": "RWF",
    "Rf": "MVR",
    "Bs": "BOB VES",
    "NT": "TWD",
    "Re": "INR",
    "CAN": "CAD",
    "Ks": "MMK",
    "Ft": "HUF",
    "FT": "HUF",
    "DM": "DEM",
    "S'": "UZS",
    "Sʻ": "UZS",
    "DEN": "MKD",
}
#: Ordinary words as well, but not behind a number.
_BEHIND = {"den": "MKD", "din": "RSD", "som": "UZS KGS", "sum": "UZS", "fr": "CHF XPF", "ks": "MMK"}
#: Letters before or behind a `$`, a `£` or a `¥`, where they are not a country's ISO 3166 code.
_LETTERS = {
    "a$": "AUD", "c$": "CAD NIO", "$c": "CAD", "r$": "BRL", "s$": "SGD", "nt$": "TWD", "j$": "JMD", "n$": "NAD", "t$": "TOP", "z$": "ZWL", "g$": "GYD",
    "l$": "LRD", "b$": "BND BSD", "rd$": "DOP", "ec$": "XCD", "bds$": "BBD", "ci$": "KYD", "mex$": "MXN", "col$": "COP", "can$": "CAD",
    "aus$": "AUD", "ka$": "CAD", "si$": "SBD", "$u": "UYU", "$b": "BOB", "cv$": "CVE", "e£": "EGP", "£e": "EGP", "le£": "EGP", "uk£": "GBP",
    "ll£": "LBP", "us$": "USD", "hk$": "HKD", "$zn": "NZD", "$su": "USD", "£ru": "GBP", "mop$": "MOP", "cuc$": "CUC", "gy$": "GYD",
    "tt$": "TTD", "rmb¥": "CNY", "jp¥": "JPY", "cn¥": "CNY", "gh₵": "GHS", "r₣": "RWF", "d$": "USD", "ws$": "WST", "fj$": "FJD",
}  # fmt: skip
#: Letters that are a currency only where nothing but a number stands beside them.
_LONE = {
    "e": "SZL", "d": "GMD", "p": "PHP BWP", "k": "PGK MMK ZMW", "g": "HTG", "l": "HNL MDL RON", "q": "GTQ", "r": "ZAR", "с": "KGS TJS",
    "f": "CHF XOF XAF", "b": "THB", "m": "LSL", "s": "SOS", "ر": "PKR SAR", "د": "- KWD JOD", "z": "PLN", "sl": "SOS SLE", "ct": "- EUR USD", "км": "BAM", "s'": "UZS", "sʻ": "UZS", "can": "CAD",
}  # fmt: skip
_CODES = frozenset(list_currencies()) - {"XXX", "XTS"}


def _codes(text: str) -> Candidates:
    return tuple(text.replace("-", " - ").split())


_TABLE = {fold_key(sign): _codes(codes) for sign, codes in (_WORDS | _SIGNS).items()}
_SIGNED = {spelling: _codes(codes) for spelling, codes in _LETTERS.items()}
_BEHIND_TABLE = {word: _codes(codes) for word, codes in _BEHIND.items()}
_EXACT_TABLE = {word: _codes(codes) for word, codes in _EXACT.items()}
_ALONE = {fold_key(letter): _codes(codes) for letter, codes in _LONE.items()}


def _signed(text: str) -> Candidates:
    """Return what letters and a sign mean together: "US$", "$CA", "CN¥", "SGD$"."""
    sign = next(char for char in text if char in _SIGNS)
    letters = text.replace(sign, "").strip(" .")
    named = (letters + sign if text[-1] == sign else sign + letters).lower()
    if named in _SIGNED:
        return _SIGNED[named]
    if letters.upper() in _CODES:
        return (letters.upper(),)
    country = currency_of_country(letters) if letters.isupper() else None
    return (country,) if country in _TABLE.get(sign, ()) or (country and sign == "$") else ()


@lru_cache(maxsize=4096)
def candidates(text: str, *, behind: bool = False, alone: bool = False) -> Candidates:
    """Return the codes that a sign, code or word may mean, likeliest first; empty where it is none.

    A leading "-" says that none is meant without a hint. `behind`: it follows a number; `alone`: it
    and a number are all there is.
    """
    if len(text) == 3 and text in _CODES:
        return (text,)
    folded = fold_key(text)
    found = _EXACT_TABLE.get(text.rstrip(".")) or _TABLE.get(folded)
    if not found and behind:
        found = _BEHIND_TABLE.get(folded)
    if not found and alone:
        found = ("GBP",) if text == "p" else _ALONE.get(folded)  # 50p are pence, P50 are pesos
    if found or text.isalpha() or not any(char in _SIGNS for char in text):
        return found or ()
    return _signed(text)


def is_weak(text: str) -> bool:
    """Tell whether a currency's spelling is an ordinary word as well."""
    return text.rstrip(".") in _EXACT_TABLE


def starting(run: str) -> int:
    """Return how many characters at the start of `run`, written without spaces, are a currency."""
    return next((size for size in range(min(len(run), 4), 0, -1) if run[:size] in _TABLE), 0)


def ending(run: str) -> int:
    """Return how many characters at the end of `run`, written without spaces, are a currency."""
    return next((size for size in range(min(len(run), 4), 0, -1) if run[-size:] in _TABLE), 0)


def _of_language(language: str) -> str | None:
    head, _, region = language.replace("_", "-").partition("-")
    region = region.rpartition("-")[2]
    if len(region) == 2:
        return currency_of_country(region)
    return currency_of_country(_HOME.get(head.lower(), ""))


#: Where a language has one country's currency beyond doubt.
_HOME = {
    "sv": "SE", "da": "DK", "nb": "NO", "nn": "NO", "no": "NO", "is": "IS", "ja": "JP", "zh": "CN", "ko": "KR", "pl": "PL", "cs": "CZ", "hu": "HU",
    "ro": "RO", "tr": "TR", "he": "IL", "iw": "IL", "uk": "UA", "ru": "RU", "th": "TH", "vi": "VN", "hi": "IN", "ur": "PK", "si": "LK", "ne": "NP",
    "be": "BY", "fa": "IR", "kk": "KZ", "ky": "KG", "tg": "TJ", "am": "ET", "id": "ID", "ms": "MY", "ka": "GE", "mk": "MK", "sr": "RS",
}  # fmt: skip


@lru_cache(maxsize=1024)
def hinted(hint: PriceHint) -> tuple[str, ...]:
    """Return the currencies a hint speaks for, the surest first: declared, the host's, the language's."""
    declared = first_of(hint.currency)
    host = currency_of_host(hint.host) if hint.host else None
    found = (declared, host, _of_language(hint.language))
    return tuple(code for code in found if code)


@lru_cache(maxsize=1024)
def first_of(text: str) -> str | None:
    """Return the currency of a text that declares one ("EUR", "kr", "Price in $"), None where none is."""
    words = text.split()[:40]
    found = [candidates(word.strip("()[]:;,*"), alone=len(words) == 1) for word in words]
    found += [_TABLE[char] for char in text[:200] if char in _SIGNS]
    return next((codes[0] for codes in found if codes and codes[0] != "-"), None)


def resolve(codes: Candidates, hint: PriceHint | None) -> str | None:
    """Return the one code that `codes` mean under `hint`; with no codes, the currency the hint declares."""
    known = hinted(hint) if hint else ()
    if not codes:
        sure = (
            [first_of(hint.currency), currency_of_host(hint.host), _of_region(hint.language)] if hint else []
        )
        return next((code for code in sure if code), None)
    return next((code for code in known if code in codes), None if codes[0] == "-" else codes[0])


def _of_region(language: str) -> str | None:
    return _of_language(language) if len(language) > 3 else None
