"""Consent walls, by their form and buttons, and the words on those buttons."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from lens_rx.pages.links import host_of
from lens_rx.pages.tree import ancestors, attribute, squeeze, text_of

#: How buttons that turn down begin, in lower case; the browser presses one of these first.
CONSENT_REJECT_WORDS = (
    *(
        "reject all",
        "reject",
        "decline",
        "refuse all",
        "deny",
        "only necessary",
        "necessary only",
        "essential only",
    ),
    *(
        "necessary cookies only",
        "only essential",
        "continue without accepting",
        "do not accept",
        "i do not agree",
    ),
    *(
        "alle ablehnen",
        "alles ablehnen",
        "ablehnen",
        "nur notwendige",
        "nur erforderliche",
        "nur essenzielle",
    ),
    *("notwendige cookies", "weiter ohne", "ohne einwilligung", "nicht zustimmen"),
    *("tout refuser", "refuser", "je refuse", "continuer sans accepter", "uniquement les cookies"),
    *(
        "rechazar todo",
        "rechazar",
        "solo necesarias",
        "solo las necesarias",
        "continuar sin aceptar",
        "no acepto",
    ),
    *("rifiuta tutto", "rifiuta", "rifiuto", "solo necessari", "continua senza accettare", "non accetto"),
    *("alles afwijzen", "alles weigeren", "afwijzen", "weigeren", "alleen noodzakelijke", "doorgaan zonder"),
    *("odrzuć wszystko", "odrzuć", "odrzucam", "tylko niezbędne", "kontynuuj bez", "nie zgadzam się"),
    *(
        "afvis alle",
        "afvis",
        "kun nødvendige",
        "fortsæt uden",
        "avvis alle",
        "avvis",
        "avslå alle",
        "bare nødvendige",
    ),
    *("avvisa alla", "avvisa", "neka alla", "endast nödvändiga", "fortsätt utan", "bara nödvändiga"),
    *(
        "rejeitar tudo",
        "rejeitar",
        "recusar",
        "apenas necessários",
        "hylkää kaikki",
        "hylkää",
        "vain välttämättömät",
    ),
    *("odmítnout vše", "odmítnout", "odmietnuť", "összes elutasítása", "elutasít", "respinge tot", "refuză"),
    *("απόρριψη όλων", "απόρριψη", "tümünü reddet", "reddet", "отклонить все", "отклонить", "відхилити"),
    *("すべて拒否", "拒否", "모두 거부", "全部拒绝", "全部拒絕", "رفض الكل", "דחיית הכול"),
)
#: How buttons that agree begin, in lower case.
CONSENT_ACCEPT_WORDS = (
    *(
        "accept all",
        "accept",
        "agree",
        "i agree",
        "allow all",
        "allow cookies",
        "got it",
        "consent",
        "yes, i agree",
    ),
    *("alle akzeptieren", "alles akzeptieren", "akzeptieren", "zustimmen", "alle zulassen", "einverstanden"),
    *("ich stimme zu", "alle cookies akzeptieren", "annehmen"),
    *("tout accepter", "accepter", "j'accepte", "j’accepte", "autoriser", "accepter et fermer", "d'accord"),
    *("aceptar todo", "aceptar", "acepto", "permitir", "estoy de acuerdo"),
    *("accetta tutto", "accetta", "accetto", "accettare", "consenti", "acconsento"),
    *("alles accepteren", "accepteren", "akkoord", "toestaan", "alle cookies accepteren", "ik ga akkoord"),
    *(
        "zaakceptuj wszystko",
        "zaakceptuj",
        "akceptuję",
        "akceptuj",
        "zgadzam się",
        "zezwól",
        "przejdź do serwisu",
    ),
    *(
        "accepter alle",
        "accepter",
        "accepter alt",
        "tillad alle",
        "godta alle",
        "godta",
        "godkend",
        "jeg accepterer",
    ),
    *(
        "godkänn alla",
        "godkänn",
        "acceptera alla",
        "acceptera",
        "tillåt alla",
        "jag accepterar",
        "jag godkänner",
    ),
    *(
        "aceitar tudo",
        "aceitar",
        "aceito",
        "concordo",
        "hyväksy kaikki",
        "hyväksy",
        "přijmout vše",
        "přijmout",
    ),
    *(
        "souhlasím",
        "prijať",
        "összes elfogadása",
        "elfogadom",
        "elfogad",
        "acceptă tot",
        "accept tot",
        "sunt de acord",
    ),
    *("αποδοχή όλων", "αποδοχή", "tümünü kabul et", "kabul et", "принять все", "принять", "прийняти"),
    *(
        "すべて同意",
        "すべて受け入れる",
        "同意",
        "모두 동의",
        "모두 수락",
        "全部接受",
        "接受",
        "قبول الكل",
        "אישור הכול",
    ),
)
_MANAGE = re.compile(
    r"manage|customi[sz]e|settings|preferences|options|einstellung|optionen|anpassen|param[eè]tr|personnalis|préférenc"
    r"|configur|opciones|personaliza|gestisci|impostazion|preferenz|opzioni|instelling|beheren|aanpassen|meer opties"
    r"|ustawie|zarządzaj|opcj|dostosuj|indstilling|tilpas|flere valg|inställning|anpassa|hantera|alternativ|innstilling"
    r"|gerir|opções|asetuk|nastaven|beállít|setări|ρυθμίσ|ayarlar|настро|налашт",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"cookie|consent|datenschutz|données|privacy|datos|dati|gegevens|danych|data|uppgifter", re.IGNORECASE
)
_CONSENT_HOST = re.compile(r"^(?:consent|guce|cmp|privacy-?mgmt|choices)\.")
_CONSENT_FORM = re.compile(
    r"//(?:consent|guce)\.[a-z.]+/(?:save|s\b|v2/|m\b|ml\b|d\b)?|/collectconsent", re.IGNORECASE
)
_BUTTONS = "button, input[type=submit], input[type=button], [role=button], a"
_MOST_BUTTONS = 400
_MOST_TRIED = 4
_LONGEST_LABEL = 60
_WALL_TEXT = 60
#: What a page with a wall may say beside the question, in characters, and all in all.
_REST = 700
_WALL_AT_MOST = 8_000


def is_consent_address(url: str) -> bool:
    """Tell whether an address is that of a site's consent page."""
    return _CONSENT_HOST.search(host_of(url)) is not None


def asks_consent(tree: LexborHTMLParser) -> bool:
    """Tell whether the page shows a question for consent: its form, or a button to agree beside another."""
    return _consent_form(tree) or _question(tree) is not None


def is_consent_wall(tree: LexborHTMLParser) -> bool:
    """Tell whether the page is little else than a question for consent; expects no scripts in `tree`."""
    size = len(text_of(tree.body))
    if _consent_form(tree) and size < _WALL_AT_MOST:
        return True
    question = _question(tree)
    if question is None or size - len(text_of(question)) >= _REST:
        return False
    return len(tree.css("h1")) == len(question.css("h1"))


def says(label: str, words: tuple[str, ...]) -> bool:
    """Tell whether a button's label begins with one of `words`."""
    return 0 < len(label) <= _LONGEST_LABEL and label.casefold().startswith(words)


def _consent_form(tree: LexborHTMLParser) -> bool:
    return any(_CONSENT_FORM.search(attribute(form, "action")) for form in tree.css("form[action]"))


def _question(tree: LexborHTMLParser) -> LexborNode | None:
    """Return the part of the page that holds the button to agree, one beside it, and words about data."""
    buttons = [(node, _label(node)) for node in tree.css(_BUTTONS)[:_MOST_BUTTONS]]
    others = {
        node.mem_id for node, label in buttons if says(label, CONSENT_REJECT_WORDS) or _is_manage(label)
    }
    accepts = [node for node, label in buttons if says(label, CONSENT_ACCEPT_WORDS)]
    parts = (_part(node, others) for node in accepts[:_MOST_TRIED])
    return next((part for part in parts if part is not None), None) if others else None


def _part(accept: LexborNode, others: set[int]) -> LexborNode | None:
    for around in ancestors(accept, 12):
        text = text_of(around)
        if len(text) > _WALL_AT_MOST:
            return None
        if len(text) >= _WALL_TEXT and _ABOUT.search(text):
            near = {node.mem_id for node in around.css(_BUTTONS)[:_MOST_BUTTONS]}
            if near & others:
                return around
    return None


def _label(node: LexborNode) -> str:
    return text_of(node) or squeeze(attribute(node, "value") or attribute(node, "aria-label"))


def _is_manage(label: str) -> bool:
    return 0 < len(label) <= _LONGEST_LABEL and _MANAGE.search(label) is not None
