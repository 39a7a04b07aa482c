"""How right the product parser is on saved pages, by field and by shop, beside extruct with price-parser.

Usage: page_quality.py [FOLDER ...] [--shops]

A FOLDER holds NAME.html.gz and truth.json (by default ../shared/pages/product and ../shared/pages/2026/product):
by file name the page's `url` and the accepted values of its fields, one or a list; null or an absent field of the
first folder's form means that the page has none. The shop is the name up to its first "_".

Prints precision, recall and F1 of each field and how many kinds are right; the same for the price by extruct
(JSON-LD, microdata, OpenGraph) and, where that has none, price-parser on the first element named a price
(`pip install lens-rx[bench]`). Then the same leave-one-shop-out: for each shop the trust in each source, the gap
below which no price is told and the weight from which a page is a list are fitted on all other shops, from weights
that are all equal, so that no shop is scored with numbers made on it (the rules and word lists stay those of the
project: they are not refitted, so this is an upper bound). Then the precision of the price against its coverage, and how
many shops have every price right.
"""

from __future__ import annotations

import argparse
import gzip
import importlib.util
import json
import re
import statistics
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from tools.figures import report
from tools.price_peer import THREE_SYNTAXES, peer_price

from lens_rx.facts import PageKind, Product
from lens_rx.parsing.product import product_from_html
from lens_rx.parsing.product.document import document_from_html
from lens_rx.parsing.product.listing import list_margin
from lens_rx.parsing.product.page_evidence import PageEvidence
from lens_rx.parsing.product.price_resolution import TRUST, VISIBLE_MOST, AmountSupport, rank_amounts

PAGES = Path(__file__).parents[2] / "shared" / "pages"
FOLDERS = (PAGES / "product", PAGES / "2026" / "product")
FIELDS = ("price", "currency", "availability", "brand", "sku", "gtin", "name")
#: Amounts of a page that are weighed, and the support of one that is not there.
MOST_AMOUNTS = 8
NONE = 0.03
#: What the project's penalties are counted in: the trust in markup.
UNIT = 3.0
#: The groups of sources, and what is tried for each number that is fitted.
GROUPS = {"meta": "meta", "state": "state", "visible text": "visible"}
FACTORS = (0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 4.0)
GRID: dict[str, tuple[float, ...]] = {
    "markup": FACTORS,
    "meta": FACTORS,
    "state": FACTORS,
    "visible": FACTORS,
    "gap": (1.0, 1.05, 1.1, 1.2, 1.5, 2.0),
    "margin": (-2.0, -1.5, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 2.0),
}
ROUNDS = 2
GAPS = (1.0, 1.05, 1.1, 1.2, 1.5, 2.0, 3.0, 5.0)
UNPRICED = (PageKind.LISTING, PageKind.FAMILY, PageKind.NOT_FOUND, PageKind.NOT_HTML)
SIGNS = {
    "$": "USD CAD AUD CLP ARS TWD MXN SGD HKD NZD COP",
    "€": "EUR",
    "£": "GBP",
    "₹": "INR",
    "Rs": "PKR INR",
    "₽": "RUB",
    "원~": "KRW",
    "zł": "PLN",
    "Lei": "RON",
    "тг.": "KZT",
    "Kn": "HRK",
}


@dataclass
class Score:
    """How many values are right, were given, and were wanted."""

    right: int = 0
    given: int = 0
    wanted: int = 0

    def add(self, got: object, want: list[str], same: Callable[[str, str], bool]) -> bool:
        """Count one page's value; return whether it is right, or rightly missing."""
        right = got not in (None, "") and any(same(str(got), value) for value in want)
        self.right += right
        self.given += got not in (None, "")
        self.wanted += bool(want)
        return right or (got in (None, "") and not want)

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return 2 * self.right / (self.given + self.wanted) if self.right else 0.0

    def __str__(self) -> str:
        precision = self.right / self.given if self.given else 0.0
        recall = self.right / self.wanted if self.wanted else 0.0
        return f"F1 {self.f1:.3f}  precision {precision:.3f}  recall {recall:.3f}  of {self.wanted}"


@dataclass
class Page:
    """A saved page with its truth and what was read; `supports` are the amounts with what supports them.

    `list_margin` is how much more the signs of a list weigh than those of a product.
    """

    shop: str
    truth: dict[str, Any]
    html: str
    product: Product
    supports: list[AmountSupport] = field(default_factory=list)
    list_margin: float = 0.0

    @property
    def ranked(self) -> list[tuple[Decimal, float]]:
        """The amounts with their support, the best supported first."""
        return [(one.amount, one.total) for one in self.supports]

    def want(self, name: str) -> list[str] | None:
        """Return the accepted values of a field, none where the page shows none; None where it is not scored."""
        lists = isinstance(self.truth.get("price", []), list) and "kind" not in self.truth
        if name not in self.truth and not (lists and name not in ("name", "currency")):
            return None
        values = self.truth.get(name, [])
        return [
            str(one).strip() for one in (values if isinstance(values, list) else [values]) if one is not None
        ]


def read(folder: Path) -> list[Page]:
    """Read all pages of a folder."""
    pages = []
    for name, truth in json.loads((folder / "truth.json").read_text()).items():
        html = gzip.decompress((folder / name).read_bytes()).decode("utf-8", "replace")
        evidence = PageEvidence(document_from_html(html, truth["url"]))
        shop = name.split("_")[0].removesuffix("-list")
        page = Page(
            shop, truth, html, product_from_html(html, truth["url"]), rank_amounts(evidence)[:MOST_AMOUNTS]
        )
        page.list_margin = list_margin(evidence)
        pages.append(page)
    return pages


def same_price(got: str, want: str) -> bool:
    """Compare amounts; a truth of a thousandth took the thousands' dot for a decimal one."""
    try:
        amount = Decimal(want)
    except InvalidOperation:
        return False
    return Decimal(got) in (amount, amount * 1000)


def same_text(got: str, want: str) -> bool:
    """Compare texts without case, spaces and punctuation; GTINs without leading zeros."""
    left, right = (re.sub(r"[\W_]+", "", text).casefold().lstrip("0") for text in (got, want))
    return left == right


def same_name(got: str, want: str) -> bool:
    """Return whether most words of two names are the same."""
    left, right = (set(re.findall(r"\w+", text.casefold())) for text in (got, want))
    return (
        bool(left and right)
        and len(left & right) >= 0.75 * len(right)
        and len(left & right) >= 0.5 * len(left)
    )


def same_currency(got: str, want: str) -> bool:
    """Compare currencies by code, or by the page's own sign."""
    return got == want or got in SIGNS.get(want, "").split()


SAME: dict[str, Callable[[str, str], bool]] = {
    "price": same_price,
    "currency": same_currency,
    "name": same_name,
}


def kind_is_right(page: Page) -> bool:
    """Return whether a page's kind is an accepted one; sold out counts as a product."""
    want = page.truth.get("kind", "product")
    wanted = want if isinstance(want, list) else [want]
    kind = str(page.product.kind)
    return (
        kind in wanted
        or (kind == "sold_out" and "product" in wanted)
        or (kind == "family" and wanted == ["listing"])
    )


def print_fields(pages: list[Page]) -> None:
    """Print each field's score, and the kinds."""
    for name in FIELDS:
        score = Score()
        for page in pages:
            if (want := page.want(name)) is not None:
                score.add(getattr(page.product, name), want, SAME.get(name, same_text))
        print(f"  {name:13s}{score}")
    print(f"  kind         right {sum(map(kind_is_right, pages))} of {len(pages)}")


def print_peer(pages: list[Page]) -> None:
    """Print the price's score of extruct with price-parser, where both are installed."""
    if not (importlib.util.find_spec("extruct") and importlib.util.find_spec("price_parser")):
        print("  extruct and price-parser are not installed")
        return
    score = Score()
    for page in pages:
        if (want := page.want("price")) is not None:
            score.add(peer_price(page.html, page.truth["url"], THREE_SYNTAXES), want, same_price)
    own = Score()
    for page in pages:
        if (want := page.want("price")) is not None:
            own.add(page.product.price, want, same_price)
    print(f"  price by extruct + price-parser: {score}")
    title = f"prices of {len(pages)} saved pages of {len({page.shop for page in pages})} shops, lists included: F1"
    report(title, own.f1, peer="extruct + price-parser", ratios=[own.f1 / score.f1], target=">= 1")


@dataclass(frozen=True)
class Weights:
    """What is fitted: the trust in each group of sources, the gap, and the margin of a list."""

    markup: float = 1.0
    meta: float = 1.0
    state: float = 1.0
    visible: float = 1.0
    gap: float = 1.0
    margin: float = 0.0

    def of(self, source: str) -> float:
        """Return what makes of the project's trust in a source this one."""
        return float(getattr(self, GROUPS.get(source, "markup"))) / TRUST.get(source, VISIBLE_MOST)


#: The project's own weights.
SHIPPED = Weights(
    markup=TRUST["json-ld"] / UNIT,
    meta=TRUST["meta"] / UNIT,
    state=TRUST["state"] / UNIT,
    visible=VISIBLE_MOST / UNIT,
)


def is_list(page: Page) -> bool:
    """Return whether a page is a list of products by its truth."""
    return page.truth.get("kind") in ("listing", ["listing"])


def stated_price(page: Page, weights: Weights) -> Decimal | None:
    """Return the best supported amount where it is far enough ahead of the next and the page is no list."""
    if page.list_margin > weights.margin or page.product.kind in UNPRICED[1:]:
        return None
    totals = [
        (
            sum(weights.of(source) * part for source, part in one.by_source.items()) - one.penalty / UNIT,
            one.amount,
        )
        for one in page.supports
    ]
    best, after = sorted([*totals, (NONE, Decimal()), (NONE, Decimal())], reverse=True)[:2]
    return best[1] if best[0] > NONE and best[0] >= weights.gap * after[0] else None


def price_score(pages: list[Page], weights: Weights) -> Score:
    """Return the price's score with weights."""
    score = Score()
    for page in pages:
        if (want := page.want("price")) is not None:
            score.add(stated_price(page, weights), want, same_price)
    return score


def fitted(pages: list[Page]) -> Weights:
    """Return the weights that are best on pages, found one after the other from equal ones; of equals the nearest."""
    best = Weights()
    for _ in range(ROUNDS):
        for name, values in GRID.items():
            tried = [replace(best, **{name: value}) for value in values]
            start = getattr(best, name)
            best = max(tried, key=lambda one: (price_score(pages, one).f1, -abs(getattr(one, name) - start)))
    return best


def print_by_shop(pages: list[Page], *, names: bool) -> None:
    """Print the price and the kinds leave-one-shop-out, precision against coverage, and the shops with errors."""
    shops: dict[str, list[Page]] = defaultdict(list)
    for page in pages:
        shops[page.shop].append(page)
    total, chosen, lists = Score(), [], 0
    for shop, own in shops.items():
        weights = fitted([page for page in pages if page.shop != shop])
        chosen.append(weights)
        part = price_score(own, weights)
        total = Score(total.right + part.right, total.given + part.given, total.wanted + part.wanted)
        lists += sum((page.list_margin > weights.margin) == is_list(page) for page in own)
    print(f"  price, leave one shop out of {len(shops)}: {total}")
    report(f"prices of pages of {len(shops)} shops, weights fitted without the shop: F1", total.f1)
    print(f"    lists told from products: {lists} of {len(pages)}")
    for name in GRID:
        values = [getattr(weights, name) for weights in chosen]
        print(f"    {name:8s}fitted {statistics.median(values):.2f} ({min(values):.2f} to {max(values):.2f})")
    for gap in GAPS:
        score = price_score(pages, replace(SHIPPED, gap=gap))
        print(
            f"    told from a gap of {gap:4.2f}: precision {score.right / score.given:.3f}, coverage {score.given / score.wanted:.3f}"
        )
    wrong = [shop for shop, own in shops.items() if not all(price_is_right(page) for page in own)]
    print(f"  shops with every price right: {len(shops) - len(wrong)} of {len(shops)}")
    if names:
        print(f"    others: {', '.join(sorted(wrong))}")


def price_is_right(page: Page) -> bool:
    """Return whether a page's price is right, or rightly missing."""
    want = page.want("price")
    return want is None or Score().add(page.product.price, want, same_price)


def main() -> None:
    """Score the folders, each alone and all together."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folders", type=Path, nargs="*", default=list(FOLDERS))
    parser.add_argument("--shops", action="store_true", help="name the shops with a wrong price")
    options = parser.parse_args()
    every: list[Page] = []
    for folder in options.folders:
        pages = read(folder)
        every += pages
        print(f"{folder}: {len(pages)} pages")
        print_fields(pages)
        print_peer(pages)
    print(f"all: {len(every)} pages")
    print_by_shop(every, names=options.shops)


if __name__ == "__main__":
    main()
