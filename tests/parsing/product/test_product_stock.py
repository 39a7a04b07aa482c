"""What pages in many languages say of stock: sold out, to be had, or something of something else."""

from __future__ import annotations

import pytest

from lens_rx.facts import PageKind
from lens_rx.parsing.product.reader import product_from_html

URL = "https://shop.example/p/1"
SOLD_OUT = [
    ("en", "Sold out"),
    ("en", "Out of stock"),
    ("en", "Temporarily out of stock"),
    ("en", "Currently unavailable."),
    ("en", "This item is currently out of stock"),
    ("en", "Not in stock"),
    ("de", "Ausverkauft"),
    ("de", "Nicht auf Lager"),
    ("de", "Nicht verfügbar"),
    ("de", "Derzeit nicht verfügbar"),
    ("de", "Zurzeit nicht lieferbar"),
    ("de", "Momentan nicht verfügbar"),
    ("fr", "Épuisé"),
    ("fr", "Rupture de stock"),
    ("fr", "En rupture de stock"),
    ("fr", "Actuellement indisponible"),
    ("fr", "Indisponible"),
    ("fr", "Produit épuisé"),
    ("es", "Agotado"),
    ("es", "Sin stock"),
    ("es", "No disponible"),
    ("es", "Fuera de stock"),
    ("es", "Producto agotado"),
    ("es", "Temporalmente agotado"),
    ("pt", "Esgotado"),
    ("pt", "Indisponível"),
    ("pt", "Produto indisponível"),
    ("pt", "Fora de estoque"),
    ("pt", "Sem estoque"),
    ("pt", "Avise-me quando chegar"),
    ("it", "Esaurito"),
    ("it", "Non disponibile"),
    ("it", "Prodotto esaurito"),
    ("it", "Attualmente non disponibile"),
    ("it", "Momentaneamente non disponibile"),
    ("it", "Temporaneamente esaurito"),
    ("nl", "Uitverkocht"),
    ("nl", "Niet op voorraad"),
    ("nl", "Tijdelijk uitverkocht"),
    ("nl", "Niet leverbaar"),
    ("nl", "Momenteel niet beschikbaar"),
    ("nl", "Dit product is uitverkocht"),
    ("pl", "Niedostępny"),
    ("pl", "Produkt niedostępny"),
    ("pl", "Brak w magazynie"),
    ("pl", "Wyprzedane"),
    ("pl", "Brak na stanie"),
    ("pl", "Chwilowo niedostępny"),
    ("cs", "Vyprodáno"),
    ("cs", "Není skladem"),
    ("cs", "Nedostupné"),
    ("cs", "Momentálně nedostupné"),
    ("cs", "Zboží není skladem"),
    ("cs", "Dočasně vyprodáno"),
    ("sk", "Vypredané"),
    ("sk", "Nie je na sklade"),
    ("sk", "Nedostupné"),
    ("sk", "Momentálne nedostupné"),
    ("sk", "Dočasne nedostupné"),
    ("sk", "Tovar nie je skladom"),
    ("hu", "Elfogyott"),
    ("hu", "Nincs raktáron"),
    ("hu", "Nincs készleten"),
    ("hu", "Jelenleg nem elérhető"),
    ("hu", "Nem rendelhető"),
    ("hu", "Átmenetileg nem elérhető"),
    ("sv", "Slutsåld"),
    ("sv", "Slut i lager"),
    ("sv", "Ej i lager"),
    ("sv", "Tillfälligt slut"),
    ("sv", "Finns ej i lager"),
    ("sv", "Slut på lager"),
    ("da", "Udsolgt"),
    ("da", "Ikke på lager"),
    ("da", "Midlertidigt udsolgt"),
    ("da", "Udgået"),
    ("da", "Giv mig besked"),
    ("da", "Desværre udsolgt"),
    ("no", "Utsolgt"),
    ("no", "Ikke på lager"),
    ("no", "Midlertidig utsolgt"),
    ("no", "Tomt på lager"),
    ("no", "Utgått"),
    ("no", "Ikke tilgjengelig"),
    ("fi", "Loppuunmyyty"),
    ("fi", "Ei varastossa"),
    ("fi", "Tilapäisesti loppu"),
    ("fi", "Loppu varastosta"),
    ("fi", "Ei saatavilla"),
    ("fi", "Tuote on loppu"),
    ("et", "Läbi müüdud"),
    ("et", "Otsas"),
    ("et", "Laost otsas"),
    ("et", "Pole saadaval"),
    ("et", "Ei ole laos"),
    ("lv", "Izpārdots"),
    ("lv", "Nav pieejams"),
    ("lv", "Nav noliktavā"),
    ("lv", "Nav uz vietas"),
    ("lv", "Prece nav pieejama"),
    ("lt", "Išparduota"),
    ("lt", "Nėra sandėlyje"),
    ("lt", "Neturime"),
    ("lt", "Prekės nėra"),
    ("lt", "Šiuo metu nėra"),
    ("ro", "Stoc epuizat"),
    ("ro", "Indisponibil"),
    ("ro", "Nu este in stoc"),
    ("ro", "Produs indisponibil"),
    ("ro", "Momentan indisponibil"),
    ("ro", "Epuizat"),
    ("hr", "Rasprodano"),
    ("hr", "Nedostupno"),
    ("hr", "Trenutno nedostupno"),
    ("hr", "Nije dostupno"),
    ("hr", "Nema na skladištu"),
    ("hr", "Nije na zalihi"),
    ("sr", "Rasprodato"),
    ("sr", "Nema na stanju"),
    ("sr", "Nije dostupno"),
    ("sr", "Trenutno nedostupno"),
    ("sr", "Nedostupan"),
    ("sr", "Нема на стању"),
    ("sl", "Razprodano"),
    ("sl", "Ni na zalogi"),
    ("sl", "Trenutno ni na voljo"),
    ("sl", "Ni na voljo"),
    ("bg", "Изчерпан"),
    ("bg", "Няма наличност"),
    ("bg", "Не е наличен"),
    ("bg", "Няма в наличност"),
    ("bg", "Изчерпано количество"),
    ("bg", "Продуктът не е наличен"),
    ("ru", "Нет в наличии"),
    ("ru", "Распродано"),
    ("ru", "Товар закончился"),
    ("ru", "Нет на складе"),
    ("ru", "Временно отсутствует"),
    ("ru", "Товара нет в наличии"),
    ("uk", "Немає в наявності"),
    ("uk", "Закінчився"),
    ("uk", "Товар закінчився"),
    ("uk", "Тимчасово відсутній"),
    ("uk", "Нема в наявності"),
    ("uk", "Повідомити про наявність"),
    ("tr", "Tükendi"),
    ("tr", "Stokta yok"),
    ("tr", "Stoklarımız tükenmiştir"),
    ("tr", "Geçici olarak temin edilemiyor"),
    ("tr", "Ürün tükendi"),
    ("tr", "Gelince haber ver"),
    ("el", "Εξαντλήθηκε"),
    ("el", "Εξαντλημένο"),
    ("el", "Μη διαθέσιμο"),
    ("el", "Προσωρινά εξαντλημένο"),
    ("el", "Εκτός αποθέματος"),
    ("el", "Δεν είναι διαθέσιμο"),
    ("he", "אזל מהמלאי"),
    ("he", "אזל"),
    ("he", "המוצר אזל"),
    ("he", "חסר במלאי"),
    ("he", "לא במלאי"),
    ("he", "אינו זמין"),
    ("ar", "نفد من المخزون"),
    ("ar", "نفدت الكمية"),
    ("ar", "غير متوفر"),
    ("ar", "غير متوفر حالياً"),
    ("ar", "غير متاح"),
    ("ar", "نفذ من المخزون"),
    ("fa", "ناموجود"),
    ("fa", "موجود نیست"),
    ("fa", "اتمام موجودی"),
    ("fa", "این کالا فعلا موجود نیست"),
    ("fa", "به من اطلاع بده"),
    ("ja", "在庫切れ"),
    ("ja", "売り切れ"),
    ("ja", "SOLD OUT"),
    ("ja", "完売"),
    ("ja", "品切れ中"),
    ("ja", "入荷待ち"),
    ("ko", "품절"),
    ("ko", "일시품절"),
    ("ko", "재고 없음"),
    ("ko", "판매 종료"),
    ("ko", "품절된 상품입니다"),
    ("ko", "현재 품절"),
    ("zh", "缺货"),
    ("zh", "售罄"),
    ("zh", "已售罄"),
    ("zh", "售完"),
    ("zh", "補貨中"),
    ("zh", "缺貨"),
    ("vi", "Hết hàng"),
    ("vi", "Tạm hết hàng"),
    ("vi", "Ngừng kinh doanh"),
    ("vi", "Sản phẩm hết hàng"),
    ("vi", "Đã bán hết"),
    ("vi", "Cháy hàng"),
    ("id", "Stok habis"),
    ("id", "Habis"),
    ("id", "Stok kosong"),
    ("id", "Tidak tersedia"),
    ("id", "Habis terjual"),
    ("id", "Terjual habis"),
    ("ms", "Kehabisan stok"),
    ("ms", "Stok habis"),
    ("ms", "Habis dijual"),
    ("th", "สินค้าหมด"),
    ("th", "หมด"),
    ("th", "สินค้าหมดชั่วคราว"),
    ("th", "หมดสต็อก"),
    ("th", "ไม่มีสินค้า"),
    ("th", "สินค้าหมดสต๊อก"),
    ("ca", "Esgotat"),
    ("ca", "No disponible"),
    ("ca", "Sense estoc"),
    ("gl", "Esgotado"),
    ("eu", "Agortuta"),
    ("is", "Uppselt"),
    ("is", "Ekki til á lager"),
    ("sq", "E shitur"),
    ("sq", "Jashtë stokut"),
    ("sq", "Nuk ka në stok"),
    ("mk", "Распродадено"),
    ("mk", "Нема на залиха"),
    ("hy", "Առկա չէ"),
    ("ka", "არ არის მარაგში"),
    ("ka", "ამოწურულია"),
    ("kk", "Қоймада жоқ"),
    ("kk", "Таусылды"),
    ("hi", "स्टॉक में नहीं है"),
    ("hi", "बिक चुका है"),
    ("hi", "उपलब्ध नहीं"),
    ("bn", "স্টক শেষ"),
]
IN_STOCK = [
    ("en", "In stock"),
    ("en", "12 in stock"),
    ("en", "Available"),
    ("de", "Auf Lager"),
    ("de", "Sofort lieferbar"),
    ("de", "Lieferbar"),
    ("fr", "En stock"),
    ("fr", "Disponible"),
    ("es", "En stock"),
    ("es", "Disponible"),
    ("es", "Hay existencias"),
    ("pt", "Em estoque"),
    ("pt", "Disponível"),
    ("pt", "Em stock"),
    ("it", "Disponibile"),
    ("it", "Disponibilità immediata"),
    ("it", "In stock"),
    ("nl", "Op voorraad"),
    ("nl", "Direct leverbaar"),
    ("pl", "Dostępny"),
    ("pl", "W magazynie"),
    ("pl", "Produkt dostępny"),
    ("cs", "Skladem"),
    ("cs", "Skladem > 5 ks"),
    ("cs", "Ihned k odeslání"),
    ("sk", "Skladom"),
    ("sk", "Na sklade"),
    ("hu", "Raktáron"),
    ("hu", "Készleten"),
    ("sv", "I lager"),
    ("sv", "Finns i lager"),
    ("da", "På lager"),
    ("da", "På lager (5)"),
    ("no", "På lager"),
    ("no", "12 på lager"),
    ("fi", "Varastossa"),
    ("fi", "Heti varastosta"),
    ("fi", "Saatavilla"),
    ("et", "Laos"),
    ("et", "Laos olemas"),
    ("et", "Saadaval"),
    ("lv", "Ir noliktavā"),
    ("lv", "Pieejams"),
    ("lt", "Yra sandėlyje"),
    ("lt", "Turime"),
    ("lt", "Prekė sandėlyje"),
    ("ro", "În stoc"),
    ("ro", "In stoc"),
    ("ro", "Disponibil"),
    ("hr", "Na zalihi"),
    ("hr", "Dostupno"),
    ("hr", "Raspoloživo"),
    ("sl", "Na zalogi"),
    ("sl", "Na voljo"),
    ("bg", "В наличност"),
    ("bg", "Наличен"),
    ("bg", "На склад"),
    ("ru", "В наличии"),
    ("ru", "Есть в наличии"),
    ("ru", "На складе"),
    ("uk", "Є в наявності"),
    ("uk", "В наявності"),
    ("uk", "Готовий до відправки"),
    ("tr", "Stokta var"),
    ("tr", "Stokta"),
    ("el", "Διαθέσιμο"),
    ("el", "Άμεσα διαθέσιμο"),
    ("el", "Σε απόθεμα"),
    ("he", "במלאי"),
    ("he", "קיים במלאי"),
    ("he", "זמין במלאי"),
    ("ar", "متوفر"),
    ("ar", "متاح"),
    ("fa", "موجود"),
    ("ja", "在庫あり"),
    ("ja", "在庫有り"),
    ("ja", "残り3点"),
    ("ko", "재고 있음"),
    ("ko", "구매 가능"),
    ("zh", "有货"),
    ("zh", "現貨"),
    ("zh", "有庫存"),
    ("vi", "Còn hàng"),
    ("id", "Tersedia"),
    ("id", "Stok tersedia"),
    ("th", "มีสินค้า"),
    ("th", "มีสินค้าในสต็อก"),
]
TITLE = "<title>Fjell Mug</title>"
HEAD = f"{TITLE}<h1>Fjell Mug</h1><p>€ 12.50</p>"
PROSE = "<p>Thrown by hand from local clay, and fired twice.</p>"


def stock_of(body: str, url: str = URL, lang: str = "en") -> str | None:
    """Return the availability that a page with this body tells."""
    return product_from_html(f'<html lang="{lang}"><body>{body}{PROSE}</body></html>', url).availability


def marked_up(*offers: str) -> str:
    """Return a page's JSON-LD with these offers."""
    return f'<script type="application/ld+json">{{"@type":"Product","name":"Fjell Mug","offers":[{",".join(offers)}]}}</script>'


@pytest.mark.parametrize(("lang", "words"), SOLD_OUT)
def test_sold_out_is_said_in_many_languages(lang: str, words: str):
    """Words of that sense beside the price, or on a button that cannot be pressed, mean sold out."""
    assert stock_of(f"{HEAD}<p>{words}</p>", lang=lang) == "OutOfStock"
    assert stock_of(f"{HEAD}<button disabled>{words}</button>", lang=lang) == "OutOfStock"


@pytest.mark.parametrize(("lang", "words"), IN_STOCK)
def test_in_stock_is_said_in_many_languages(lang: str, words: str):
    """Words of that sense beside the price mean that the thing can be had."""
    assert stock_of(f"{HEAD}<p>{words}</p>", lang=lang) == "InStock"


@pytest.mark.parametrize(
    "words",
    [
        "Free delivery not available for this postcode",
        "Click & collect unavailable",
        "Out of stock? Ask in our shop",
        "Store pickup currently unavailable",
        "Sold out items can be returned within 30 days",
        "Never sold out",
        "1,204 sold",
        "120 vendidos",
        "Sold by Example Ltd",
        "Verkauft durch Beispiel GmbH",
        "Продано 15 раз",
        "Gift wrapping not available",
        "Expédition gratuite indisponible",
        "Nicht verfügbar in Filialen",
        "Size 42 is sold out",
        "Financing not available",
        "Reviews are not available",
        "Image not available",
        "Notify me when the price drops",
    ],
)
def test_other_things_may_be_out(words: str):
    """What is said of sizes, shops, shipping, pictures, sellers or prices is not said of the thing."""
    assert stock_of(f"{HEAD}<p>{words}</p>") != "OutOfStock"


def test_words_beside_another_amount_are_of_another_offer():
    """Sold out, said behind another seller's amount, leaves the thing to be had."""
    others = "<p>Seller B</p><p>€ 14.00</p><p>Out of stock</p>"
    assert stock_of(f"{HEAD}<p>In stock</p>{others}") == "InStock"
    assert stock_of(f"{HEAD}{others}") is None


def test_a_button_to_buy_other_things_is_none_to_buy_this():
    """Below a heading of related things a button to buy does not undo what is said of the thing."""
    others = "<h2>Goes well with</h2><p>Saucer</p><p>€ 4.00</p><button>Add to cart</button>"
    assert stock_of(f"{HEAD}<p>Currently unavailable online</p>{PROSE}{others}") == "OutOfStock"
    assert (
        stock_of(f"{HEAD}<button>Add to cart</button><p>Currently unavailable online</p>{PROSE}{others}")
        == "InStock"
    )


def test_what_waits_unseen_is_not_said():
    """A text that a class name hides until it is needed says nothing yet."""
    assert stock_of(f'{HEAD}<p class="stock d-none">Sold out</p><p>In stock</p>') == "InStock"


def test_class_names_hint_where_words_are_strange():
    """Words of no language that is known are read by the names that shop systems give their elements."""
    assert stock_of(f'{HEAD}<p class="stock out-of-stock">Zxq</p>') == "OutOfStock"
    assert stock_of(f'{HEAD}<p class="stock in-stock">Zxq</p>') == "InStock"
    assert stock_of(f'<div class="product type-product outofstock">{HEAD}</div>') == "OutOfStock"


def test_the_things_own_dead_button_overrules_markup():
    """Markup that says in stock whatever happens gives way to a disabled button that says sold out."""
    claim = (
        '{"@type":"Offer","price":"12.50","priceCurrency":"EUR","availability":"https://schema.org/InStock"}'
    )
    product = product_from_html(
        f"<html><body>{marked_up(claim)}{HEAD}<button disabled>Sold out</button></body></html>", URL
    )
    assert (product.availability, product.kind) == ("OutOfStock", PageKind.SOLD_OUT)
    assert stock_of(f"{marked_up(claim)}{HEAD}<p>Sold out</p>") == "InStock"


def test_the_selected_variants_state_counts():
    """Of several offers the one that the address names tells the state; with none named, any to be had does."""
    offers = [
        f'{{"@type":"Offer","price":"12.50","priceCurrency":"EUR","sku":"MUG-{n}","url":"{URL}?variant=MUG-{n}","availability":"{state}"}}'
        for n, state in ((7001, "InStock"), (7002, "OutOfStock"))
    ]
    page = f"{marked_up(*offers)}{HEAD}"
    assert stock_of(page, f"{URL}?variant=MUG-7002") == "OutOfStock"
    assert stock_of(page, f"{URL}?variant=MUG-7001") == "InStock"
    assert stock_of(page) == "InStock"


def test_a_long_text_in_place_of_a_state_is_none():
    """What runs on for pages where a state belongs tells none, and is not searched for one."""
    words = "Sold out " + "and so on " * 200
    told = f'<div itemscope itemtype="https://schema.org/Product"><span itemprop="availability">{words}</span></div>'
    assert stock_of(f"{HEAD}{told}") is None


@pytest.mark.parametrize(
    ("body", "stock"),
    [
        ("<button><span>Add</span><span>to Trolley</span></button>", "InStock"),
        ("<button disabled>Add to cart</button>", "InStock"),
        ("<button disabled>Add to cart</button><p>Sold out</p>", "OutOfStock"),
        ("<p>Out of stock</p>" + "<p>A word about it</p>" * 90 + "<button>Buy now</button>", "OutOfStock"),
        ("<p>Out of stock</p><button>Buy now</button>", "InStock"),
        ("<dl><dt>First available:</dt><dd>2021</dd></dl>", None),
        ("<p>Only 3 left</p>", "InStock"),
    ],
)
def test_buttons_and_words_state_the_stock(body: str, stock: str | None):
    """A button of two parts or one that waits for a choice sells; a text beats it where it is far off or says no."""
    page = f"<html><body><title>Oak chair</title><h1>Oak chair</h1><p>$ 25</p>{body}</body></html>"
    assert product_from_html(page, "https://shop.example/p/oak-chair").availability == stock
