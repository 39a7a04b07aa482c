"""Lists of offers in many layouts, none of them of a marketplace that has a reader of its own."""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal

import pytest

from lens_rx.parsing.marketplaces import offers_from_html

NAMES = (
    "Nintendo Switch OLED",
    "Sony WH-1000XM4",
    "Canon AE-1 camera",
    "Levi's 501 jeans",
    "Ikea Poang chair",
)
PRICES = (120, 85, 240, 30, 45)


@dataclass(frozen=True)
class Layout:
    """A page's language and host, what stands around its cards, and one card."""

    language: str
    host: str
    before: str
    card: str
    after: str

    @property
    def url(self) -> str:
        return f"https://{self.host}/search?q=x"

    @property
    def html(self) -> str:
        cards = "".join(map(self._card, range(len(NAMES))))
        return f"<html lang={self.language}><body>{self.before}{cards}{self.after}</body></html>"

    def _card(self, at: int) -> str:
        card = self._filled(at)
        if "{wrapped}" not in self.card:
            return card
        return f"<div><div>{card}</div></div>" if at % 3 == 1 else card

    def _filled(self, at: int) -> str:
        name = NAMES[at]
        slug = name.lower().replace(" ", "-").replace("'", "")
        return self.card.format(
            i=at,
            name=name,
            slug=slug,
            price=PRICES[at],
            before=PRICES[at] + 20,
            wrapped="",
            id=1_500_000_000 + at,
        )


LAYOUTS = {
    "price_under_heading": Layout(
        "fr",
        "www.annonces.fr",
        "<main><ul>",
        '<li><article><div><div><span aria-label="Aller à l’annonce {name}"></span><img src="https:'
        '//img.example/{i}.jpg" alt=""></div><div><h3><a href="/ad/consoles/{id}">{name}</a></h3><p'
        "><span>{price}&nbsp;€</span></p><p>Livraison possible</p><p>Paris 75011 11e Arrondissement"
        "</p><p>hier à 18:32</p></div></div></article></li>",
        "</ul></main>",
    ),
    "card_is_link": Layout(
        "en-GB",
        "www.adverts.co.uk",
        "<main><div>",
        '<article><a href="/p/{slug}/{slug}/{id}"><div><figure><img src="https://img.example/{i}.jp'
        'g" alt="Image of {name}"></figure></div><div><div>{name}</div><div>Leeds, West Yorkshire</'
        "div><div>£{price}</div><div>2 days ago</div></div></a></article>",
        "</div></main>",
    ),
    "open_price_among_prices": Layout(
        "nl",
        "www.plaats.nl",
        "<ul>",
        '<li class="hz-Listing"><div><a href="/v/spelcomputers/m{id}-{slug}"><figure><img src="http'
        's://img.example/{i}.jpg" alt="{name}"></figure><div><h3>{name}</h3><p>Mooi apparaat, weini'
        'g gebruikt</p><div><p>€ {price},00</p></div></div></a><div><a href="/u/jan/{i}"><span>Jan<'
        "/span></a><span>Utrecht</span></div></div></li>",
        '<li class="hz-Listing"><div><a href="/v/x/m99-bieden"><h3>Bieden ding</h3><p>Bieden</p></a></div></li></ul>',
    ),
    "bids_beside_price": Layout(
        "sv",
        "www.loppis.se",
        "<div>",
        '<div class="item-card"><a href="/item/341/{id}/{slug}"><img alt="{name}" src="https://img.'
        'example/{i}.jpg"></a><a href="/item/341/{id}/{slug}">{name}</a><div><span>{price} kr</span'
        "><span>Ledande bud</span><span>3 bud</span></div><span>Slutar om 2 dagar</span></div>",
        "</div>",
    ),
    "price_at_end": Layout(
        "en",
        "www.lists.com",
        '<ol class="results">',
        '<li class="cl-search-result" title="{name}"><div class="result-node"><div><a href="https:/'
        '/www.lists.com/sfc/ele/d/{slug}/{id}.html"><img src="https://img.example/{i}.jpg"></a></di'
        'v><a href="https://www.lists.com/sfc/ele/d/{slug}/{id}.html"><span>{name}</span></a><div c'
        'lass="meta">2h ago<span> · </span>oakland</div><span class="priceinfo">${price}</span></di'
        "v></li>",
        "</ol>",
    ),
    "old_price_behind": Layout(
        "en",
        "www.closet.com",
        "<section>",
        '<div class="card"><a href="/listing/{slug}-63a{id}" class="tile__covershot"><div><img src='
        '"https://img.example/{i}.jpg" alt="{name}"></div></a><div><a href="/listing/{slug}-63a{id}'
        '">{name}</a><div><span class="p--t--1">${price}</span><span class="p--t--1 tc--lg">${befor'
        'e}</span></div><div>Size: M</div><a href="/brand/x">Nike</a></div><div><a href="/closet/bo'
        'b{i}">bob{i}</a></div></div>',
        "</section>",
    ),
    "brand_before_title": Layout(
        "en",
        "www.threads.com",
        "<div>",
        '<div class="feed-item"><a href="/listings/{id}-{slug}?g_aidx=1"><div><img src="https://img'
        '.example/{i}.jpg" alt=""></div><div><span>2 months</span></div><div><p>Acme</p><p>{name}</'
        'p><p>L</p></div><div><span>${price}</span><span class="strike">${before}</span></div></a><'
        "/div>",
        "</div>",
    ),
    "deep_wrappers": Layout(
        "en",
        "www.neighbours.com",
        '<div role="main"><div>',
        '<div><div><span><div><a href="/marketplace/item/{id}/?ref=search" role="link"><div><div><i'
        'mg alt="{name} in Brooklyn, NY" src="https://img.example/{i}.jpg"></div><div><div><span><d'
        'iv><span dir="auto">${price}</span></div></span></div><div><span><span>{name}</span></span'
        "></div><div><span><span>Brooklyn, NY</span></span></div></div></div></a></div></span></div"
        "></div>",
        "</div></div>",
    ),
    "nested_amount": Layout(
        "ru",
        "www.objavlenija.ru",
        "<div>",
        '<div itemscope itemtype="http://schema.org/Product"><div><a href="/moskva/tovary/{slug}_{i'
        'd}" title="Объявление «{name}» 5 фотографий"><img alt="{name}" src="https://img.example/{i'
        '}.jpg"></a></div><div><h2><a href="/moskva/tovary/{slug}_{id}">{name}</a></h2><p><strong><'
        "span>{price}&nbsp;₽</span></strong></p><p>Пресненская, 6–10 мин.</p><p>2 часа назад</p></d"
        "iv></div>",
        "</div>",
    ),
    "bid_and_fixed_price": Layout(
        "ja",
        "auctions.market.co.jp",
        "<ul>",
        '<li class="Product"><div><a href="https://auctions.market.co.jp/jp/auction/x{id}"><img src'
        '="https://img.example/{i}.jpg" alt="{name}"></a></div><div><h3><a href="https://auctions.m'
        'arket.co.jp/jp/auction/x{id}">{name}</a></h3><div><span>現在</span><span>{price},500円</span>'
        "</div><div><span>即決</span><span>{before},500円</span></div><div>送料無料</div><dl><dt>入札</dt><d"
        "d>3</dd><dt>残り</dt><dd>1日</dd></dl></div></li>",
        "</ul>",
    ),
    "words_inside_price": Layout(
        "it",
        "www.annunci.it",
        "<div>",
        '<div class="items__item"><a href="https://www.annunci.it/videogiochi/{slug}-roma-{id}.htm"'
        '><div><img src="https://img.example/{i}.jpg" alt="{name}"></div><div><h2>{name}</h2><div><'
        'span>Roma</span><span>(RM)</span><span>Oggi alle 12:01</span></div><p class="price">{price'
        "}&nbsp;€<span>Spedizione disponibile</span></p></div></a></div>",
        "</div>",
    ),
    "currency_before": Layout(
        "de-AT",
        "www.haben.at",
        "<div>",
        '<div id="{id}"><section><a href="/iad/kaufen-und-verkaufen/d/{slug}-{id}/"><div><img src="'
        'https://img.example/{i}.jpg" alt=""></div><div><h3>{name}</h3><div><span>€ {price}</span><'
        "/div><div>1010 Wien</div></div></a></section></div>",
        "</div>",
    ),
    "no_currency": Layout(
        "de-CH",
        "www.inserate.ch",
        "<div>",
        '<div><a href="/de/vi/zuerich/{slug}/{id}"><img src="https://img.example/{i}.jpg" alt="{nam'
        'e}"></a><div><div>{name}</div><div>Zürich, 8001</div><div><span>{price}.-</span></div></di'
        "v></div>",
        "</div>",
    ),
    "decimals_without_currency": Layout(
        "de",
        "www.auktionen.ch",
        "<div>",
        '<a href="/de/a/{slug}-{id}/"><div><img src="https://img.example/{i}.jpg" alt="{name}"></di'
        "v><div><p>{name}</p><div><p>{price}.00</p><p>(3 Gebote)</p></div><p>Fr., 12 Dez., 20:05</p"
        "></div></a>",
        "</div>",
    ),
    "halves_and_hidden_words": Layout(
        "en",
        "www.crafts.com",
        "<ol>",
        '<li><div><a href="https://www.crafts.com/listing/{id}/{slug}?click_key=1" title="{name}"><'
        'div><img src="https://img.example/{i}.jpg" alt=""></div><div><h3>{name}</h3><div><span cla'
        'ss="sr-only">Sale Price $</span><p><span>$</span><span>{price}.00</span></p><p><span class'
        '="sr-only">Original Price</span><span class="strike"><span>$</span><span>{before}.00</span'
        "></span></p></div><p>FREE shipping</p><span>Ad</span></div></a></div></li>",
        "</ol>",
    ),
    "brand_as_heading": Layout(
        "en",
        "www.wardrobe.fr",
        "<ul>",
        '<li><div><a href="/women/x/{slug}-{id}.shtml"><img alt="{name}" src="https://img.example/{'
        'i}.jpg"></a><div><h3>Acme</h3><p>{name}</p><p>S INT</p><div><span>€{price}</span></div></d'
        "iv></div></li>",
        "</ul>",
    ),
    "link_titled": Layout(
        "en",
        "www.offers.com",
        "<ul>",
        '<li><a href="/item/detail/{id}" title="{name} ${price} Miami, FL"><div><img alt="{name}" s'
        'rc="https://img.example/{i}.jpg"></div><div><span>{name}</span><div><span>${price}</span><'
        "/div><span>Miami, FL</span></div></a></li>",
        "</ul>",
    ),
    "price_first": Layout(
        "en-CA",
        "www.classifieds.ca",
        "<ul>",
        '<li><section><div><img src="https://img.example/{i}.jpg" alt="{name}"></div><div><p>${pric'
        'e}.00</p><h3><a href="/v-cameras/toronto/{slug}/{id}">{name}</a></h3><p>City of Toronto</p'
        "><p>&lt; 2 hours ago</p><p>Nice {name} works fine, was $500 new</p></div></section></li>",
        "</ul>",
    ),
    "original_price_in_words": Layout(
        "en",
        "www.gear.com",
        "<ul>",
        '<li><div><a href="https://www.gear.com/item/{id}-{slug}"><img src="https://img.example/{i}'
        '.jpg" alt=""></a><div><h2><a href="https://www.gear.com/item/{id}-{slug}">{name}</a></h2><'
        "div>Used – Excellent</div><div><span><span>Originally </span>${before}</span><span>${price"
        "}.00</span><span>+ $15 Shipping</span></div></div></div></li>",
        "</ul>",
    ),
    "currency_abbreviated": Layout(
        "da",
        "www.salg.dk",
        "<div>",
        '<article><div><img src="https://img.example/{i}.jpg" alt=""></div><div><span>Til salg</spa'
        'n><h2><a href="https://www.salg.dk/recommerce/forsale/item/{id}">{name}</a></h2><div>{pric'
        "e} kr.</div><div>Aarhus</div></div></article>",
        "</div>",
    ),
    "price_in_sentence": Layout(
        "en",
        "www.market.com",
        "<div>",
        '<div class="row"><a href="/item/{id}"><b>{name}</b></a><p>Price: ${price} or best offer</p></div>',
        "</div>",
    ),
    "title_in_spoken_name": Layout(
        "fr",
        "www.bonnesaffaires.fr",
        "<main><ul>",
        '<li><article><a href="/ad/divers/{id}" aria-label="Voir l’annonce : {name}"></a><div><p>Très bon état</p>'
        '<p>{name}</p><p class="sr-only">Prix : {price} €.</p><p aria-hidden="true">{price} €</p><p>Lyon 69003</p>'
        "</div></article></li>",
        "</ul></main>",
    ),
    "former_price_by_its_label": Layout(
        "en",
        "www.gear.com",
        "<ul>",
        '<li><h2><a href="/item/{id}-{slug}">{name}</a></h2><img alt="{name}" src="https://img.example/{i}.jpg">'
        "<div><span>Originally: </span><span>${before}.00</span><span>, now </span><span>Price: </span><span>"
        "${price}.00</span></div><div>+ $25.00 Shipping</div></li>",
        "</ul>",
    ),
    "sign_after_number": Layout(
        "de",
        "www.flohmarkt.de",
        "<section>",
        '<article><a href="/angebot/{slug}-{id}"><img alt="{name}" src="https://img.example/{i}.jpg"><h3>{name}</h3>'
        "<p>zum Porsche 911</p><p>Auktion</p><div><span>{price},00</span> <span>€</span></div><p>Versand ab 9,99 €</p>"
        "</a></article>",
        "</section>",
    ),
    "some_wrapped": Layout(
        "it",
        "www.annunci.it",
        "<main><div class=list>",
        '<div class=card><a href="/annuncio/{slug}-{id}.htm"><img alt="{name}" src="https://img.example/{i}.jpg"><h2>'
        "{name}</h2><p>{price} €</p></a></div>{wrapped}",
        "</div></main>",
    ),
    "currency_by_data": Layout(
        "en",
        "www.klassifieds.com",
        '<script type="application/json">{"priceCurrency":"SEK"}</script><ul>',
        '<li><a href="/ad/{slug}-{id}"><img alt="{name}" src="https://img.example/{i}.jpg">{name}</a><p>{price} kr</p></li>',
        "</ul>",
    ),
    "table_rows": Layout(
        "de",
        "www.anzeigen.de",
        "<table>",
        '<tr><td><a href="/anzeige/{id}"><img src="https://img.example/{i}.jpg"></a></td><td><a hre'
        'f="/anzeige/{id}">{name}</a></td><td>{price} EUR</td></tr>',
        "</table>",
    ),
}
#: By the host's last label.
CURRENCIES = {
    "at": "EUR",
    "ca": "CAD",
    "ch": "CHF",
    "com": "USD",
    "de": "EUR",
    "dk": "DKK",
    "fr": "EUR",
    "it": "EUR",
    "jp": "JPY",
    "nl": "EUR",
    "ru": "RUB",
    "se": "SEK",
    "uk": "GBP",
    "currency_by_data": "SEK",
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_layout(name: str):
    """Every offer has its title, its price and its own link, whatever the layout."""
    layout = LAYOUTS[name]
    times = 1000 if layout.language == "ja" else 1
    offers = offers_from_html(layout.html, layout.url)[: len(NAMES)]
    assert [it.title for it in offers] == list(NAMES)
    assert [it.price for it in offers] == [
        Decimal(price * times + (500 if times > 1 else 0)) for price in PRICES
    ]
    assert all(str(1_500_000_000 + at) in it.link for at, it in enumerate(offers))
    assert {it.currency for it in offers} == {
        CURRENCIES.get(name) or CURRENCIES[layout.host.rpartition(".")[2]]
    }


@pytest.mark.parametrize(
    ("text", "amount", "currency", "language", "host"),
    [
        ("¥1.2万", "12000", "CNY", "zh", "www.idle.cn"),
        ("120만원", "1200000", "KRW", "ko", "www.used.co.kr"),
        ("Rp1,2 jt", "1200000", "IDR", "id", "www.bekas.co.id"),
        ("R 1 200", "1200", "ZAR", "en", "www.ads.co.za"),
        ("12.000 din", "12000", "RSD", "sr", "www.oglasi.rs"),
        ("1200:-", "1200", "SEK", "sv", "www.loppis.se"),
        ("1 200,-", "1200", "NOK", "nb", "www.loppis.no"),
        ("120 € Festpreis", "120", "EUR", "de", "www.markt.de"),
    ],
)
def test_price_as_it_is_written_there(text: str, amount: str, currency: str, language: str, host: str):
    """A price is read in the notation of its country: scales, single letters, dashes, terms of sale."""
    layout = Layout(
        language,
        host,
        "<ul>",
        '<li><a href="/ad/{id}"><img src="/{i}.jpg">{name}</a><p>PRICE</p></li>',
        "</ul>",
    )
    offers = offers_from_html(layout.html.replace("PRICE", text), layout.url)
    assert [(it.price, it.currency) for it in offers] == [(Decimal(amount), currency)] * len(NAMES)


def test_a_card_without_a_price_among_priced_ones_has_none():
    """An amount that a description mentions is no price where the other cards state theirs alone."""
    layout = LAYOUTS["card_is_link"]
    unpriced = (
        '<article><a href="/p/oak/oak/1500000999"><figure><img src="https://img.example/9.jpg" alt="Oak table"></figure>'
        "<div>Oak table</div><div>Paid £604 new last year</div></a></article>"
    )
    offers = offers_from_html(layout.html.replace("</main>", f"{unpriced}</main>"), layout.url)
    assert "Oak table" not in {it.title for it in offers}
    assert len(offers) == len(NAMES)


def test_advertisements_between_cards_of_a_site_with_a_short_name():
    """Cards that lead to another site are left out, also where both names are shorter than `www`."""
    links = [f"https://www.hm.com/p/{n}00000" for n in range(1, 5)]
    card = '<li><a href="{link}"><img src=/1.jpg><h3>Thing {n}</h3></a><p>€ {n}9,00</p></li>'
    cards = "".join(
        card.format(link=link, n=n) for n, link in enumerate([*links, "https://www.qx.de/p/900000"], 1)
    )
    html = f"<html lang=de><body><main><ul>{cards}</ul></main></body></html>"
    assert [it.link for it in offers_from_html(html, "https://www.hm.com/search?q=x")] == links


def in_script(data: object, kind: str = "application/json") -> str:
    """Return a page that shows nothing, with data in a script."""
    return f'<html lang=en><body><div id=root></div><script type="{kind}">{json.dumps(data)}</script></body></html>'


@pytest.mark.parametrize(
    "items",
    [
        [
            {"title": name, "price": price, "currency": "EUR", "url": f"/item/{price}"}
            for name, price in zip(NAMES, PRICES, strict=True)
        ],
        [
            {"name": name, "price": {"amount": str(price), "currencyCode": "EUR"}, "path": f"/item/{price}"}
            for name, price in zip(NAMES, PRICES, strict=True)
        ],
        [
            {"subject": name, "price": f"{price} €", "link": f"https://x.example/item/{price}"}
            for name, price in zip(NAMES, PRICES, strict=True)
        ],
        [
            {
                "@type": "ListItem",
                "item": {
                    "name": name,
                    "url": f"/item/{price}",
                    "offers": {"price": price, "priceCurrency": "EUR"},
                },
            }
            for name, price in zip(NAMES, PRICES, strict=True)
        ],
    ],
    ids=["flat", "nested", "text", "item_list"],
)
def test_list_in_a_script(items: list[dict]):
    """A page that a script would draw is read from the longest list of offers in its data."""
    data = {"props": {"menu": [{"title": "Help", "url": "/help"}] * 9, "results": items}}
    offers = offers_from_html(in_script(data), "https://x.example/s?q=x")
    assert [(it.title, it.price, it.currency) for it in offers] == [
        (name, Decimal(price), "EUR") for name, price in zip(NAMES, PRICES, strict=True)
    ]
    assert [it.link for it in offers] == [f"https://x.example/item/{price}" for price in PRICES]


def test_list_in_an_assignment():
    """State that a script assigns is read, its addresses under names of their own and its prices in cents as well."""
    state = {
        "results": [
            {
                "title": name,
                "priceInfo": {"priceCents": 100 * price},
                "sellerUrl": "/u/1",
                "vipUrl": f"/v/{price}",
            }
            for name, price in zip(NAMES, PRICES, strict=True)
        ]
    }
    script = f"<script>window.__STATE__ = {json.dumps(state)};</script>"
    offers = offers_from_html(f"<html lang=nl><body>{script}</body></html>", "https://www.plaats.nl/q/x/")
    assert [(it.title, it.price, it.currency) for it in offers] == [
        (name, Decimal(price), "EUR") for name, price in zip(NAMES, PRICES, strict=True)
    ]
    assert [it.link for it in offers] == [f"https://www.plaats.nl/v/{price}" for price in PRICES]


def test_list_in_a_streamed_page():
    """The rows that a server streams into scripts are put together and read."""
    items = [
        {"name": name, "price": f"${price}.00", "href": f"/i/{price}"}
        for name, price in zip(NAMES, PRICES, strict=True)
    ]
    rows = f'1:"$Sreact.fragment"\n5:{json.dumps(["$", "$L1", None, {"items": items}])}\n'
    half = len(rows) // 2
    pushes = "".join(
        f"<script>self.__next_f.push({json.dumps([1, part])})</script>" for part in (rows[:half], rows[half:])
    )
    offers = offers_from_html(f"<html lang=en><body>{pushes}</body></html>", "https://www.secondhand.com/s")
    assert [(it.title, it.price, it.currency) for it in offers] == [
        (name, Decimal(price), "USD") for name, price in zip(NAMES, PRICES, strict=True)
    ]


@pytest.mark.parametrize(
    "data", [[], {}, [[[]]], [1] * 9, [{"title": "a", "price": "free", "url": "/a"}] * 9, "x"]
)
def test_no_list_in_a_script(data: object):
    """Data without a list of offers give none."""
    assert offers_from_html(in_script(data), "https://x.example/s?q=x") == []
