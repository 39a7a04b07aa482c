"""Labelled values of the visible page: tables, definition lists, "label: value", and what they mean."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from selectolax.lexbor import LexborHTMLParser, LexborNode

from lens_rx.parsing.html.tree import text_of
from lens_rx.parsing.product.text_runs import Outline, TextRun

_MAX_PAIRS = 600
_MAX_SPECS = 80
_COLON = re.compile(r"^([^:：#№]{2,40}?)\s*(?:[:：]|#|№|n[°º]\.?)\s*(\S.{0,200})$", re.IGNORECASE)
#: A code behind a label with nothing but a blank between, and how long the two are at most.
_CODE = re.compile(r"(?=\S*\d)[\w./-]{3,30}")
_SHORT = 60
#: Characters of a label that no colon marks.
_LABEL = 30
_MARKS = frozenset(":：#№°.")
_MARKED = re.compile(f"[{''.join(sorted(_MARKS))}]")
_ENDS = re.compile(r"^(.{2,40}?)\s*[:：#]\s*$")


def _label(*words: str) -> re.Pattern[str]:
    return re.compile(rf"^\W*(?:{'|'.join(words)})\W*$", re.IGNORECASE)


SKU = _label(
    r"sku(?: code| number| no| id)?", r"ugs", r"(?:product|item|article|catalog(?:ue)?|stock|style|model|part)? ?(?:code|number|no\.?|id|ref(?:erence)?(?: number| no\.?| code)?|#)", r"(?:\w+ )?item(?: number)?", r"ad(?:vert)?(?: id| no\.?| number| ref)?", r"listing(?: id| number)?", r"post id", r"web ?id", r"reference", r"ref",
    r"art(?:ikel)?\.?[- ]?(?:nr|nummer|no)\.?", r"bestell(?:-?nr|nummer)\.?", r"produkt(?:nr|nummer|code|id)\.?", r"anzeigen?(?:-?nr|nummer|id|code)\.?", r"r[ée]f(?:[ée]rence)?(?: (?:produit|article|fabricant))?", r"code (?:produit|article)", r"num[ée]ro (?:de l'objet|d'article|de produit)(?: \w+)?",
    r"referencia", r"c[óo]digo(?: (?:de[l]? )?(?:producto|art[íi]culo|produto|item))?", r"c[óo]d\.?(?: (?:del? )?(?:producto|art[íi]culo|produto|artigo))?", r"n[úu]mero de(?:l)? art[íi]culo(?: de \w+)?", r"refer[êe]ncia", r"id do produto",
    r"codice(?: (?:prodotto|articolo|art\.?))?", r"cod\.?(?: (?:prodotto|articolo|art\.?|produs))?", r"rif(?:erimento)?\.?", r"(?:numero|n\.?) oggetto(?: \w+)?", r"artikel(?:nummer|code)", r"productcode", r"bestelnummer", r"productnummer", r"id produktu", r"kod (?:produktu|towaru|katalogowy|producenta)?", r"(?:nr|numer) (?:katalogowy|produktu|artykułu|ref\.?|referencyjny|oferty|ogłoszenia)", r"indeks", r"symbol",
    r"k[óo]d(?: (?:zboží|produktu|tovaru|položky))?", r"katalogové číslo", r"objednac[ií] (?:číslo|kód)", r"číslo (?:produktu|zboží|výrobku)", r"cikksz[áa]m", r"termékkód", r"art(?:ikel)?\.?nr\.?", r"varen(?:r|ummer)\.?", r"vare ?nr\.?", r"tuote(?:numero|koodi|nro)", r"tootekood", r"preces kods", r"produkta kods", r"prekės kodas", r"cod(?:ul)? (?:produs(?:ului)?|articol)", r"šifra(?: (?:artikla|proizvoda|izdelka))?", r"kataloški broj",
    r"артикул(?: товара)?", r"код(?: (?:товара|товару|продукта|производителя|на продукта))?", r"номер (?:товара|объявления|артикула)", r"арт\.?", r"каталожен номер", r"ürün kodu", r"stok kodu", r"κωδικός(?: προϊόντος)?", r"מק\W{0,2}ט(?: מוצר)?", r"קוד (?:מוצר|פריט)", r"מספר (?:קטלוגי|מוצר|פריט)", r"رمز (?:المنتج|الصنف)", r"رقم (?:المنتج|الصنف|الموديل)", r"کد (?:کالا|محصول)", r"(?:商品|製品|品目|注文)(?:番号|コード|id)", r"管理番号", r"품번", r"상품(?:번호|코드)", r"(?:商品|產品|产品|貨品)?(?:編號|编号|貨號|货号|代碼)", r"商品(?:id|貨號)", r"mã (?:sản phẩm|sp|hàng)", r"kode (?:produk|barang)", r"รหัสสินค้า",
)  # fmt: skip
GTIN = _label(r"ean(?:[- ]?(?:13|8|code|kod|kód))?(?: kod| kód)?", r"gtin(?:[- ]?(?:8|12|13|14))?", r"upc(?:[- ]?(?:a|code))?", r"isbn(?:[- ]?1[03])?", r"bar ?code", r"barcode", r"jan(?:コード| code)?", r"код ean", r"штрих-?код", r"kod ean", r"kód ean", r"code[- ]barres?", r"código de barras", r"codice (?:ean|a barre)", r"ean/gtin|gtin/ean", r"vonalkód", r"cod (?:de bare|ean)", r"條碼|条码|條碼編號|バーコード|바코드")  # fmt: skip
BRAND = _label(r"brand(?: ?name)?", r"manufacturer", r"make(?: ?/ ?manufacturer)?", r"designer", r"maker", r"marke", r"hersteller", r"marque", r"fabricant", r"marca", r"fabricante", r"marchio", r"produttore", r"merk", r"fabrikant", r"marka", r"producent", r"zna[čc]ka", r"výrobc[ea]", r"márka", r"gyártó", r"varum[äa]rke", r"tillverkare", r"m[æe]rke", r"producent", r"merke", r"merkki", r"tuotemerkki", r"valmistaja", r"br[äa]nd", r"kaubamärk", r"zīmols", r"ražotājs", r"prekės ženklas", r"gamintojas", r"brand", r"producător", r"robna marka", r"proizvođač", r"znamka", r"бренд", r"марка", r"производитель", r"виробник", r"производител", r"üretici", r"μάρκα", r"κατασκευαστής", r"מותג", r"יצרן", r"العلامة التجارية", r"الماركة", r"برند", r"ブランド", r"メーカー", r"브랜드", r"제조사", r"品牌", r"thương hiệu", r"merek", r"ยี่ห้อ|แบรนด์")  # fmt: skip
MATERIAL = _label(r"materials?(?: composition)?", r"composition", r"fabric", r"(?:main |outer |upper )?material", r"(?:obermaterial|material)(?:zusammensetzung)?", r"materialien?", r"zusammensetzung", r"matière(?: principale)?", r"matériau(?:x)?", r"composition", r"materiale?", r"composición", r"composição", r"composizione", r"materia(?:a|ał|l)l?", r"materiaal", r"samenstelling", r"materiał", r"skład", r"materi[áa]l", r"složení", r"zloženie", r"anyag(?:összetétel)?", r"sammansättning", r"sammensætning", r"materiaali", r"compoziție", r"sastav", r"материал", r"состав", r"материал|матеріал", r"malzeme", r"υλικό", r"σύνθεση", r"חומר", r"الخامة|المادة", r"素材", r"材質|材质|面料", r"소재|재질", r"chất liệu", r"bahan", r"วัสดุ")  # fmt: skip


_ANY = re.compile("|".join(f"(?:{kind.pattern})" for kind in (SKU, GTIN, BRAND, MATERIAL)), re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Pair:
    """A label and its value, with the number of the run where the value stands."""

    label: str
    value: str
    order: int
    tabled: bool = False


def pairs(tree: LexborHTMLParser, page: Outline) -> list[Pair]:
    """Return the labelled values of a page: those of tables and lists first, then those of running text."""
    found: list[Pair] = []
    for pair in (*_tabled(tree, page), *_spoken(page)):
        if len(found) >= _MAX_PAIRS:
            break
        if pair.label and pair.value:
            found.append(pair)
    return found


def specs(found: Iterable[Pair]) -> dict[str, str]:
    """Return the values that stand in tables and definition lists, by label; the first of equal labels."""
    kept: dict[str, str] = {}
    for pair in found:
        if pair.tabled and len(kept) < _MAX_SPECS and len(pair.label) <= 60 and len(pair.value) <= 400:
            kept.setdefault(pair.label.rstrip(" :："), pair.value)
    return kept


def _tabled(tree: LexborHTMLParser, page: Outline) -> Iterator[Pair]:
    for row in tree.css("tr")[:400]:
        cells = [cell for cell in row.iter() if cell.tag in ("th", "td")]
        if len(cells) in (2, 4):
            for label, value in zip(cells[::2], cells[1::2], strict=True):
                yield _pair(label, value, page)
    for label in tree.css("dt")[:300]:
        told = label.next
        while told is not None and told.tag not in ("dd", "dt"):
            told = told.next
        if told is not None and told.tag == "dd":
            yield _pair(label, told, page)
    for item in tree.css("li")[:1500]:
        parts = [part for part in item.iter() if part.tag in ("span", "div", "strong", "b", "p", "label")]
        if (
            len(parts) == 2
            and 2 < len(text_of(parts[0])) <= 40
            and item.css_first("a,button,input,img") is None
        ):
            yield _pair(parts[0], parts[1], page)


def _pair(label: LexborNode, value: LexborNode, page: Outline) -> Pair:
    return Pair(text_of(label)[:80], text_of(value)[:400], page.order_of(value), tabled=True)


def _spoken(page: Outline) -> Iterator[Pair]:
    runs = page.runs
    for run in runs:
        if len(run.text) > 140 or run.place.hidden or run.place.region in ("nav", "footer"):
            continue
        said = _COLON.match(run.text) if _MARKED.search(run.text) else None
        if said:
            yield Pair(said[1], said[2], run.order)
            continue
        label, _, code = run.text.rpartition(" ") if len(run.text) <= _SHORT else ("", "", "")
        if label and _CODE.fullmatch(code) and len(label) <= _LABEL and _is_known(label):
            yield Pair(label, code, run.order)
            continue
        after = runs[run.order + 1] if run.order + 1 < len(runs) else None
        if after is not None and _is_label(run) and len(after.text) <= 80:
            yield Pair(run.text.rstrip(" :：#"), after.text.lstrip(" :："), after.order)


def _is_label(run: TextRun) -> bool:
    if run.text[-1] in _MARKS and _ENDS.match(run.text):
        return True
    return len(run.text) <= _LABEL and not run.place.href and _is_known(run.text)


@lru_cache(maxsize=8192)
def _is_known(label: str) -> bool:
    return _ANY.match(label) is not None
