"""One grade for what sellers write, in their languages and by eBay's ids."""

import pytest

from lens_rx.facts import Condition
from lens_rx.parsing.marketplaces.condition import grade

SAID = {
    Condition.NEW: (
        "Совершенно новый", "새 상품",
        "Brand New", "New with tags", "New with box", "Neu", "Brandneu", "Neu mit Etikett", "Neuf", "Neuf avec étiquette",
        "Tout neuf", "Nuevo", "Totalmente nuevo", "Nuevo con etiquetas", "Nuovo", "Nuovo con cartellino", "Nieuw",
        "Nieuw met prijskaartje", "Nowy", "Nowy z metką", "Fabrycznie nowy", "新品", "新品、未使用", "全新",
        "Nové s visačkou", "Új, címkével", "Nou, cu etichetă", "Ny med prislapp", "Ny med prismærke", "Uusi hintalapulla",
        "Naujas su etikete", "Novo com etiqueta", "Καινούργιο με ετικέτα",
    ),
    Condition.LIKE_NEW: (
        "開封済み",
        "Новый (другое)",
        "Like New", "Open Box", "New (Other)", "New without tags", "New with defects", "Mint", "Neuwertig", "Wie neu",
        "Neu: Sonstige (siehe Artikelbeschreibung)", "Neu ohne Etikett", "Comme neuf", "Neuf (autre)", "Neuf sans étiquette",
        "Como nuevo", "Caja abierta", "Nuevo (otro)", "Nuevo sin etiquetas", "Come nuovo", "Nuovo: altro",
        "Nuovo senza cartellino", "Zo goed als nieuw", "Nieuw zonder prijskaartje", "Jak nowy", "Nowy bez metki",
        "Otwarte opakowanie", "未使用に近い", "like_new",
        "Nové bez visačky", "Új, címke nélkül", "Nou, fără etichetă", "Ny utan prislapp", "Ny uden prismærke",
        "Uusi ilman hintalappua", "Naujas be etiketės", "Novo sem etiqueta", "Καινούργιο χωρίς ετικέτα",
        "Geopende verpakking", "Nowy – inne",
    ),
    Condition.REFURBISHED: (
        "Восстановленный",
        "Certified - Refurbished", "Excellent - Refurbished", "Seller refurbished", "Zertifiziert - Refurbished",
        "Vom Verkäufer generalüberholt", "Reconditionné", "Remis à neuf par le vendeur", "Reacondicionado",
        "Ricondizionato", "Gereviseerd", "Odnowiony przez sprzedawcę", "整備済み品",
    ),
    Condition.VERY_GOOD: (
        "Very Good", "Pre-owned - Excellent", "Lightly used", "Sehr gut", "Hervorragend", "Très bon état", "Muy bueno",
        "Muy buen estado", "Ottime condizioni", "Heel goed", "Zeer goed", "Bardzo dobry", "Velmi dobré",
        "Veľmi dobré", "Nagyon jó", "Foarte bună", "Mycket bra", "Meget god", "Erittäin hyvä", "Labai gera", "Πολύ καλή", "目立った傷や汚れなし", "非常に良い",
    ),
    Condition.GOOD: (
        "Good", "Pre-owned - Good", "Well used", "Gut", "Guter Zustand", "Bon état", "Bueno", "Buen estado", "Buone condizioni",
        "Goed", "Dobry", "Dobré", "Jó", "Bună", "Bra", "God", "Hyvä", "Gera", "Καλή", "やや傷や汚れあり", "良い",
    ),
    Condition.USED: (
        "Б/у", "중고",
        "Pre-Owned", "Used", "Second hand", "Gebraucht", "Occasion", "D'occasion", "De segunda mano", "Usado", "Usato",
        "Di seconda mano", "Gebruikt", "Tweedehands", "Używany", "中古", "not new",
    ),
    Condition.ACCEPTABLE: (
        "Acceptable", "Pre-owned - Fair", "Satisfactory", "Heavily used", "Akzeptabel", "Zufriedenstellend",
        "Starke Gebrauchsspuren", "État correct", "Satisfaisant", "Aceptable", "Accettabile", "Redelijk", "Acceptabel",
        "Zadowalający", "Dostateczny", "Dopuszczalny", "Uspokojivé", "Kielégítő", "Satisfăcătoare", "Tillfredsställande",
        "Tilfredsstillende", "Tyydyttävä", "Patenkinama", "Satisfatório", "Ικανοποιητική", "傷や汚れあり", "全体的に状態が悪い",
    ),
    Condition.FOR_PARTS: (
        "На запчасти", "부품용",
        "For parts or not working", "Parts Only", "Spares or repair", "Als Ersatzteil / defekt",
        "Pour pièces détachées/ne fonctionne pas", "Para desguace / no funciona",
        "Per parti di ricambio o non funzionante", "Voor onderdelen of defect", "Uszkodzony", "Na części", "Pièces détachées seulement",
        "Solo piezas", "Alleen onderdelen", "ジャンク品",
    ),
    Condition.UNKNOWN: ("", "Buy It Now", "Gewerblich", "Direct from JBL | Ships Free", "renewable energy?!", "サイズ M", "Canon, NY", "Sports bra"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "condition"), [(text, c) for c, texts in SAID.items() for text in texts])
def test_words_of_sellers_are_graded(text: str, condition: Condition):
    """What sellers write in many languages becomes one grade, in any case."""
    assert grade(text) is condition
    assert grade(f"  {text.upper()} ") is condition


@pytest.mark.parametrize(
    ("condition_id", "condition"),
    [
        (1000, Condition.NEW),
        (1500, Condition.LIKE_NEW),
        (2030, Condition.REFURBISHED),
        (2750, Condition.LIKE_NEW),
        (2990, Condition.VERY_GOOD),
        (3000, Condition.USED),
        (3010, Condition.ACCEPTABLE),
        (4000, Condition.VERY_GOOD),
        (5000, Condition.GOOD),
        (6000, Condition.ACCEPTABLE),
        (7000, Condition.FOR_PARTS),
        (9999, Condition.UNKNOWN),
    ],
)
def test_ebays_ids_are_graded(condition_id: int, condition: Condition):
    """EBay's condition id alone tells the grade; an unknown one tells nothing."""
    assert grade("", condition_id) is condition


def test_the_id_wins_unless_the_words_say_more():
    """An id that only says used yields to words that say how much."""
    assert grade("Good", 7000) is Condition.FOR_PARTS
    assert grade("Pre-owned - Good", 3000) is Condition.GOOD


@pytest.mark.parametrize("condition", list(Condition))
def test_a_grade_is_its_own_word(condition: Condition):
    """The grades' own names are read back."""
    assert grade(str(condition)) is condition
