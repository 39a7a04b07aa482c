"""The page's own modules, handed what a hostile or odd service could send."""

from __future__ import annotations

import pytest
from ui_driver import UiDriver

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.fixture
def ui(reloaded_ui: UiDriver) -> UiDriver:
    """Return a page whose tab other tests have used: what is tried here is not remembered."""
    return reloaded_ui


HOSTILE = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>'

_CARDS = """async (facts) => {
  const { Cards } = await import("/cards.js");
  const { initialStages } = await import("/stages.js");
  const root = document.createElement("div");
  document.body.append(root);
  const all = new Cards(root);
  all.show(facts, initialStages());
  return root.innerHTML;
}"""
_TABLE = """async (facts) => {
  const { OffersTable } = await import("/offers-table.js");
  const root = document.createElement("div");
  root.id = "tried";
  document.body.append(root);
  const offers = new OffersTable(root);
  offers.show(facts, { state: "ok" });
}"""


def offer(**other: object) -> dict[str, object]:
    plain = {"price": 10, "currency": "EUR", "wear": "good", "basis": "asking", "marketplace": "ebay"}
    return plain | {"title": "A thing", "link": "https://shop.test/1"} | other


async def test_markup_in_a_fact_is_text(ui: UiDriver):
    """Whatever a scraped page holds is shown as the text it is; no element comes of it."""
    facts = {
        "model-producer": {"producer": HOSTILE, "model": HOSTILE, "decided_by": "model"},
        "producer-url": {"link": "javascript:window.hacked=1", "title": HOSTILE},
        "retail-price-details": {
            "price": 1,
            "currency": "EUR",
            "original_name": HOSTILE,
            "description": HOSTILE,
            "material": HOSTILE,
            "specs": HOSTILE,
        },
        "image-description": {"sentence": HOSTILE, "category": HOSTILE, "condition": "unknown"},
    }
    markup = await ui.evaluate(_CARDS, facts)
    assert "&lt;img" in markup and "<img" not in markup and "<script" not in markup and "href" not in markup
    await ui.evaluate(
        _TABLE, {"second-hand-offers": [offer(title=HOSTILE, wear=HOSTILE, marketplace=HOSTILE)]}
    )
    assert await ui.evaluate("() => document.querySelectorAll('#tried img, #tried script').length") == 0
    assert HOSTILE in (await ui.texts("#tried td.title"))[0]
    assert await ui.evaluate("() => window.hacked") is None


async def test_a_shop_with_a_lot_of_text_is_folded(ui: UiDriver):
    """The beginning of a long description is shown; the rest of it is there for those who unfold it."""
    words = " ".join(f"word{n}" for n in range(300))
    await ui.evaluate(
        _CARDS, {"retail-price-details": {"original_name": "A thing", "description": words, "specs": ""}}
    )
    seen = (await ui.texts(".long"))[0]
    assert seen.startswith("word0 word1 ") and len(seen) < 300
    await ui.click(".long summary")
    parts = (await ui.evaluate("() => document.querySelector('.long').textContent")).split(" …… ")
    assert " ".join(parts) == words and "word299" in (await ui.texts(".long"))[0]


@pytest.mark.parametrize(
    ("address", "followed"),
    [
        ("https://shop.test/a?b=c", True),
        ("http://shop.test/", True),
        ("javascript:alert(1)", False),
        (" javascript:alert(1)", False),
        ("data:text/html,<script>1</script>", False),
        ("file:///etc/passwd", False),
        ("//shop.test/", False),
        ("", False),
        (None, False),
    ],
)
async def test_only_web_addresses_are_links(ui: UiDriver, address: str | None, followed: bool):
    """An address of the web is a link that opens elsewhere and tells nobody; any other is plain text."""
    seen = await ui.evaluate(
        """async (address) => {
          const { link } = await import("/dom.js");
          const made = link(address, "words");
          return [made.localName, made.getAttribute("rel"), made.textContent];
        }""",
        address,
    )
    rel = "noopener noreferrer nofollow"
    assert seen == (["a", rel, "words"] if followed else ["span", None, "words"])


@pytest.mark.parametrize("formula", ['=HYPERLINK("http://x","y")', "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1"])
async def test_no_cell_of_the_csv_is_a_formula(ui: UiDriver, formula: str):
    """A title that a spreadsheet would run stands behind an apostrophe; numbers stay numbers."""
    told = await ui.evaluate(
        'async (offers) => (await import("/export.js")).csv(offers)', [offer(title=formula, price=-3.5)]
    )
    line = told.split("\r\n", 1)[1]
    assert line.startswith("-3.5,EUR,good,asking,ebay,")
    assert line.split(",", 5)[5].lstrip('"').startswith("'" + formula[0])


async def test_csv_quotes_what_it_must(ui: UiDriver):
    """Commas, quotes and line ends stay inside their cell."""
    told = await ui.evaluate(
        'async (offers) => (await import("/export.js")).csv(offers)', [offer(title='A "big", red\nthing')]
    )
    assert '"A ""big"", red\nthing",https://shop.test/1' in told


async def test_a_title_without_end_does_not_widen_the_page(ui: UiDriver):
    """A title of 2,000 letters without a gap is broken into lines."""
    await ui.evaluate(_TABLE, {"second-hand-offers": [offer(title="W" * 2000, wear="X" * 300)]})
    await ui.evaluate(_CARDS, {"model-producer": {"producer": "P" * 500, "model": "M" * 500}})
    assert await ui.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


async def test_what_is_left_out_is_folded_with_its_reason(ui: UiDriver):
    """Offers that were not believed are not in the table; they wait in a fold, each with the reason."""
    bad = offer(title="A replica", link="https://shop.test/2", kept=False, reason="replica")
    good = offer(kept=True, reason="", weight=1)
    await ui.evaluate(_TABLE, {"second-hand-offers": [offer(), bad], "price-evidence": [good, bad]})
    assert len(await ui.texts("#tried tbody tr")) == 1
    assert await ui.texts("#tried summary") == ["Left out (1)"]
    assert await ui.texts("#tried li") == []
    await ui.click("#tried summary")
    assert "A replica replica" in (await ui.texts("#tried li"))[0]


async def test_equal_failures_are_reported_once(ui: UiDriver):
    """A failure is a sentence with its place; the same one again is not another."""
    error = {"stage": "offers.ebay-sold", "outcome": "timeout", "message": "Took over 20 s."}
    lines = await ui.evaluate(
        """async (errors) => {
          const { errorNotice } = await import("/stages.js");
          return [...errorNotice(errors, null)[0].children].map((line) => line.textContent);
        }""",
        [error, error],
    )
    assert lines == ["Offers on ebay-sold: It took too long. Took over 20 s."]


async def test_failures_that_are_alike_are_one_line(ui: UiDriver):
    """Marketplaces that fail in the same way share a sentence, with the words of each; another way is another line."""
    failed = [("offers.ebay", "blocked"), ("offers.vinted", "blocked"), ("offers.mercari", "timeout")]
    errors = [{"stage": at, "outcome": how, "message": f"{at}!"} for at, how in failed]
    lines = await ui.evaluate(
        """async (errors) => {
          const { errorNotice } = await import("/stages.js");
          return [...errorNotice(errors, null)[0].children].map((line) => line.textContent);
        }""",
        errors,
    )
    assert lines == [
        "Offers on ebay, vinted: The site does not let us in at the moment. offers.ebay! offers.vinted!",
        "Offers on mercari: It took too long. offers.mercari!",
    ]


async def test_the_table_fills_while_marketplaces_answer(ui: UiDriver):
    """Offers that came early stand in the table, which says that more may come, and stay when all are there."""
    seen = await ui.evaluate(
        """async (early, late) => {
          const { OffersTable } = await import("/offers-table.js");
          const root = document.createElement("div");
          const offers = new OffersTable(root);
          const look = () => [root.querySelector("h3").textContent, ...[...root.querySelectorAll("a")].map((it) => it.href)];
          offers.show({ partial: [early] }, { state: "started" });
          const before = look();
          offers.show({ partial: [early], "second-hand-offers": [early, late] }, { state: "ok" });
          return [before, look()];
        }""",
        offer(),
        offer(link="https://shop.test/2", price=20),
    )
    assert seen == [
        ["Offers (1 so far)", "https://shop.test/1"],
        ["Offers (2)", "https://shop.test/1", "https://shop.test/2"],
    ]


async def test_many_offers_are_unfolded_by_a_button(ui: UiDriver):
    """Of 64 offers ten are shown; a button shows all of them, says so, and takes it back."""
    many = [offer(link=f"https://shop.test/{n}", price=n) for n in range(64)]
    await ui.evaluate(_TABLE, {"second-hand-offers": many})
    assert len(await ui.texts("#tried tbody tr")) == 10
    assert await ui.texts("#tried .more") == ["Show all 64 offers"]
    await ui.click("#tried .more")
    assert len(await ui.texts("#tried tbody tr")) == 64
    assert await ui.evaluate("() => document.querySelector('#tried .more').ariaExpanded") == "true"
    await ui.click("#tried .more")
    assert len(await ui.texts("#tried tbody tr")) == 10


async def test_wear_is_sorted_by_its_grade(ui: UiDriver):
    """The best condition comes first, not the first of the alphabet."""
    worn = ["good", "like new", "not a grade", "acceptable", "new"]
    await ui.evaluate(
        _TABLE, {"second-hand-offers": [offer(wear=wear, link=f"https://shop.test/{wear}") for wear in worn]}
    )
    await ui.click("#tried th.wear button")
    assert await ui.texts("#tried td.wear") == ["new", "like new", "good", "acceptable", "not a grade"]
