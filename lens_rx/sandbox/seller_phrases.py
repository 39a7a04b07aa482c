"""What sellers write, by language: wear, praise, and the words that give a trap away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lens_rx.facts import Condition


@dataclass(frozen=True, slots=True)
class SellersWords:
    """One language: wear by grade, noise around a name, and titles of what is no comparable.

    The templates know `{name}` (producer and model), `{kind}` and `{count}`.
    """

    wear: Mapping[Condition, str]
    noise: tuple[str, ...]
    bundles: tuple[str, ...]
    replicas: tuple[str, ...]
    accessories: tuple[str, ...]
    variants: tuple[str, ...]
    other_kinds: tuple[str, ...]


def _wear(*texts: str) -> dict[Condition, str]:
    grades = (
        Condition.NEW,
        Condition.LIKE_NEW,
        Condition.VERY_GOOD,
        Condition.GOOD,
        Condition.USED,
        Condition.ACCEPTABLE,
        Condition.FOR_PARTS,
    )
    return dict(zip(grades, texts, strict=True))


WORDS: Mapping[str, SellersWords] = {
    "en": SellersWords(
        wear=_wear(
            "Brand New",
            "Open box",
            "Very Good",
            "Good",
            "Pre-Owned",
            "Acceptable",
            "For parts or not working",
        ),
        noise=(
            "",
            "RARE",
            "great condition",
            "one owner",
            "L@@K",
            "boxed",
            "(tested)",
            "from smoke-free home",
        ),
        bundles=(
            "{name} bundle of {count}",
            "Job lot {count}x {name}",
            "{name} + accessories bundle, lot of {count}",
        ),
        replicas=("{name} replica", "{name} style dupe, unbranded", "Inspired by {name} - copy"),
        accessories=(
            "Case for {name}",
            "Spare parts for {name}",
            "{name} user manual only",
            "Empty box for {name}",
            "Sticker set for {name}",
        ),
        variants=("{name} Mini", "{name} Limited Edition", "{name} Mark II", "{name} Kids"),
        other_kinds=("{name} vintage advert poster", "{name} collector's book", "{name} enamel pin badge"),
    ),
    "de": SellersWords(
        wear=_wear(
            "Brandneu",
            "Neuwertig",
            "Sehr gut",
            "Gut",
            "Gebraucht",
            "Akzeptabel",
            "Nur Ersatzteile oder defekt",
        ),
        noise=(
            "",
            "TOP Zustand",
            "selten",
            "OVP",
            "Nichtraucherhaushalt",
            "mit Rechnung",
            "wenig benutzt",
            "!!!",
        ),
        bundles=("{count}x {name} Konvolut", "{name} Paket {count} Stück", "Set {count} Stück {name}"),
        replicas=("{name} Replika", "wie {name}, No-Name Nachbau", "{name} Kopie"),
        accessories=(
            "Tasche für {name}",
            "Ersatzteile für {name}",
            "Nur Anleitung {name}",
            "Leerkarton {name}",
            "Aufkleber für {name}",
        ),
        variants=("{name} Mini", "{name} Sonderedition", "{name} Mark II", "{name} Kinder"),
        other_kinds=("{name} Werbeplakat alt", "{name} Buch für Sammler", "{name} Anstecker Pin"),
    ),
    "fr": SellersWords(
        wear=_wear(
            "Neuf", "Comme neuf", "Très bon état", "Bon état", "Occasion", "État correct", "Pour pièces"
        ),
        noise=("", "TBE", "rare", "avec boîte", "peu servi", "authentique", "à saisir"),
        bundles=("Lot de {count} {name}", "{name} lot {count} pièces", "Pack {count}x {name}"),
        replicas=("Réplique {name}", "{name} copie sans marque", "Style {name} imitation"),
        accessories=(
            "Housse pour {name}",
            "Pièces détachées pour {name}",
            "Notice seule {name}",
            "Boîte vide {name}",
            "Autocollant pour {name}",
        ),
        variants=("{name} Mini", "{name} Édition limitée", "{name} Mark II", "{name} Enfant"),
        other_kinds=("Affiche publicité {name}", "Livre {name} collection", "Pin's {name}"),
    ),
    "es": SellersWords(
        wear=_wear(
            "Nuevo",
            "Como nuevo",
            "Muy bueno",
            "Bueno",
            "De segunda mano",
            "Aceptable",
            "Para piezas o no funciona",
        ),
        noise=("", "raro", "buen estado", "con caja", "poco uso", "original", "envío rápido"),
        bundles=("Lote de {count} {name}", "Pack {count} x {name}", "{name} conjunto {count} unidades"),
        replicas=("Réplica {name}", "{name} copia sin marca", "Imitación {name}"),
        accessories=(
            "Funda para {name}",
            "Repuestos para {name}",
            "Solo manual {name}",
            "Caja vacía {name}",
            "Pegatinas para {name}",
        ),
        variants=("{name} Mini", "{name} Edición limitada", "{name} Mark II", "{name} Niños"),
        other_kinds=("Póster anuncio {name}", "Libro {name}", "Pin {name}"),
    ),
    "it": SellersWords(
        wear=_wear(
            "Nuovo",
            "Come nuovo",
            "Ottime condizioni",
            "Buone condizioni",
            "Usato",
            "Accettabile",
            "Per ricambi",
        ),
        noise=("", "raro", "ottimo stato", "con scatola", "poco usato", "originale", "perfetto"),
        bundles=("Lotto di {count} {name}", "{count}x {name} stock", "{name} set {count} pezzi"),
        replicas=("Replica {name}", "{name} copia senza marca", "Imitazione {name}"),
        accessories=(
            "Custodia per {name}",
            "Ricambi per {name}",
            "Solo manuale {name}",
            "Scatola vuota {name}",
            "Adesivi per {name}",
        ),
        variants=("{name} Mini", "{name} Edizione limitata", "{name} Mark II", "{name} Bambino"),
        other_kinds=("Poster pubblicità {name}", "Libro {name}", "Spilla {name}"),
    ),
    "nl": SellersWords(
        wear=_wear(
            "Nieuw", "Zo goed als nieuw", "Zeer goed", "Goed", "Gebruikt", "Redelijk", "Voor onderdelen"
        ),
        noise=("", "zeldzaam", "mooie staat", "in doos", "weinig gebruikt", "origineel"),
        bundles=("Partij {count} x {name}", "Set van {count} {name}", "{name} bundel {count} stuks"),
        replicas=("Replica {name}", "{name} namaak", "{name} kopie, merkloos"),
        accessories=(
            "Hoes voor {name}",
            "Onderdelen voor {name}",
            "Alleen handleiding {name}",
            "Lege doos {name}",
            "Stickers voor {name}",
        ),
        variants=("{name} Mini", "{name} Limited Edition", "{name} Mark II", "{name} Kinderen"),
        other_kinds=("Poster reclame {name}", "Boek {name}", "Pin {name}"),
    ),
    "pl": SellersWords(
        wear=_wear("Nowy", "Jak nowy", "Bardzo dobry", "Dobry", "Używany", "Zadowalający", "Na części"),
        noise=("", "rzadki", "stan super", "w pudełku", "mało używany", "oryginał"),
        bundles=("Zestaw {count} x {name}", "{name} pakiet {count} szt.", "Komplet {count} {name}"),
        replicas=("Replika {name}", "{name} kopia", "Podróbka {name}"),
        accessories=(
            "Pokrowiec na {name}",
            "Części do {name}",
            "Tylko instrukcja {name}",
            "Puste pudełko {name}",
            "Naklejki do {name}",
        ),
        variants=("{name} Mini", "{name} Edycja limitowana", "{name} Mark II", "{name} Dziecięcy"),
        other_kinds=("Plakat reklama {name}", "Książka {name}", "Przypinka {name}"),
    ),
    "ja": SellersWords(
        wear=_wear(
            "新品",
            "未使用に近い",
            "目立った傷や汚れなし",
            "やや傷や汚れあり",
            "中古",
            "全体的に状態が悪い",
            "ジャンク",
        ),
        noise=("", "美品", "送料無料", "箱付き", "希少"),
        bundles=("{name} {count}点セット", "{name} まとめ売り {count}個"),
        replicas=("{name} レプリカ", "{name} 風 ノーブランド"),
        accessories=("{name} 用 ケース", "{name} 空箱のみ", "{name} 取扱説明書のみ"),
        variants=("{name} Mini", "{name} 限定版", "{name} Mark II"),
        other_kinds=("{name} ポスター", "{name} ピンバッジ"),
    ),
}
