"""The list as a whole: what its sum contains, what needs a look, its CSV, and what the desk has chosen."""

from __future__ import annotations

from typing import Any

import pytest
from sandbox_service import SandboxService
from ui_driver import UiDriver

pytestmark = pytest.mark.asyncio(loop_scope="session")

#: Answers `things` that tell what they hold, as the list sees them.
_SUM = 'async (things) => (await import("/list-summary.js")).describeSum(things)'
_ROW = 'async (thing) => (await import("/list-csv.js")).listRow(thing)'
_CSV = """async (rows, columns, format, country) => {
  for (const [name, value] of Object.entries({ "csv-format": format, country })) localStorage.setItem(`lens_rx.${name}`, value);
  return (await import("/export.js")).csv(rows, columns);
}"""
#: A service that tells each thing a certainty: the first one is sure.
_TELL = """(certainties) => {
  const waiting = [...certainties];
  window.WebSocket = class {
    constructor() { setTimeout(() => this.run(waiting.shift())); }
    run(certainty) {
      const facts = [["model-producer", { producer: "Acme", model: `Hike ${certainty}`, decided_by: "model" }],
        ["second-hand-offers", []],
        ["estimated-price", { price: 80, min_range: 70, max_range: 90, certainty, currency: "EUR", basis: "sold", comparables: 9 }],
        ["complete", { seconds: 1, cost_usd: 0 }]];
      this.onopen();
      const tell = (message) => this.onmessage({ data: JSON.stringify(message) });
      tell({ key: "k".repeat(64), replayed: false, generation: 1 });
      facts.forEach(([kind, data], at) => tell({ data_description: kind, data, seq: at + 1, observed_at: "2026-11-28T10:00:00Z" }));
      this.onclose({ code: 1000 });
    }
    send() {}
    close() {}
  };
}"""


def thing(price: float | None = None, currency: str = "EUR", certainty: float = 0.9, **other: Any) -> dict:
    """Return a thing that has ended."""
    facts: dict[str, Any] = {"model-producer": {"producer": "Acme", "model": "Hike", "decided_by": "model"}}
    if price is not None:
        facts["estimated-price"] = {
            "price": price,
            "currency": currency,
            "certainty": certainty,
            "basis": "sold",
        }
    return {"phase": "done", "ended": True, "facts": facts, "errors": [], "names": ["a.jpg"]} | other


async def test_the_sum_says_what_it_contains(ui: UiDriver):
    """Things with a price are added and counted; those without, and those that need a look, are told beside it."""
    refused = thing(phase="failed", rejection={"error": "no"})
    told = {
        "2 things, about €240": [thing(100), thing(140)],
        "2 of 4 things, about €1,250; 2 without a price; 3 need a look": [
            *(thing(1000), thing(243, certainty=0.2), thing(), refused)
        ],
        "2 things, about €100 and $50": [thing(100), thing(50, "USD")],
        "1 of 2 things, about €100": [thing(100), thing(phase="running", ended=False)],
        "2 without a price; 2 need a look": [thing(), thing()],
        "2 things, about €200; 1 needs a look": [
            thing(100),
            thing(100, errors=[{"stage": "lens", "outcome": "blocked", "message": "a captcha"}]),
        ],
    }
    for words, things in told.items():
        assert await ui.evaluate(_SUM, things) == words


async def test_a_row_has_the_marks_of_its_price(ui: UiDriver):
    """The CSV's row tells state, basis, condition, certainties, what to pay and to ask, errors and the key of the run."""
    decision = {"cost": 40, "verdict": "buy", "pay_at_most": 52.5, "list_at": "market", "market_price": 99.0}
    estimate = {"price": 80, "certainty": 0.3, "basis": "asking", "comparables": 4, "condition": "good"}
    known = thing(key="abc", errors=[{"stage": "offers.ebay", "outcome": "blocked", "message": "captcha"}])
    known["facts"] |= {"estimated-price": estimate, "price-decision": decision}
    row = await ui.evaluate(_ROW, known)
    wanted = {"asked": 40, "verdict": "buy", "pay_at_most": 52.5, "list_price": 99.0, "key": "abc"}
    assert row.items() >= (wanted | estimate | {"state": "done", "photos": "a.jpg"}).items()
    assert row["error"] == "offers.ebay blocked: captcha"
    assert "not sure" in row["needs_a_look"] and "let us in" in row["needs_a_look"]
    refused = await ui.evaluate(_ROW, thing(phase="failed", rejection={"error": "No photo."}))
    assert (refused["state"], refused["error"]) == ("without result", "No photo.")


async def test_a_csv_file_opens_where_it_is_read(ui: UiDriver):
    """Separator and decimal sign are those of the desk's spreadsheet; a byte-order mark makes umlauts right in Excel."""
    rows = [{"price": 12.5, "title": "Größe 42; neu", "note": "=1+1"}]
    commas, semicolons = '12.5,"Größe 42; neu",\'=1+1', '12,5;"Größe 42; neu";\'=1+1'
    told = {
        ("", ""): commas,
        ("", "DE"): semicolons,
        ("semicolon", "US"): semicolons,
        ("comma", "DE"): commas,
    }
    for (chosen, country), line in told.items():
        text = await ui.evaluate(_CSV, rows, ["price", "title", "note"], chosen, country)
        heading = "price;title;note" if line is semicolons else "price,title,note"
        assert text == f"\ufeff{heading}\r\n{line}\r\n"


async def test_what_needs_a_look_is_shown_alone(ui: UiDriver, photos: Any):
    """A key, or the button, hides what is sure; what was looked at stays until the filter is taken away."""
    await ui.evaluate(_TELL, [0.9, 0.1, 0.95])
    await ui.choose(photos / "01.jpg", photos / "03.jpg", photos / "08.jpg")
    await ui.wait_for_text("#sum", "3 things, about €240; 1 needs a look")
    await ui.press("l")
    assert await ui.texts(".name") == ["Acme Hike 0.1"]
    assert (
        await ui.texts("#look") == ["Show all\nL"] and await ui.evaluate("() => look.ariaPressed") == "true"
    )
    await ui.click("#look")
    assert len(await ui.texts(".name")) == 3


async def test_the_country_is_asked_once(blank_ui: UiDriver, service: SandboxService):
    """The language's country is proposed with its currency, taken when confirmed, remembered, and not asked again."""
    ui = blank_ui
    await ui.tab.evaluateOnNewDocument(
        "() => Object.defineProperty(navigator, 'languages', { get: () => ['de-CH', 'en'] })"
    )
    await ui.open(service.url)
    assert await ui.texts("#ask-yes") == ["Yes: Switzerland, CHF"]
    values = "() => ['country', 'currency'].map((name) => document.getElementById(name).value)"
    assert await ui.evaluate(values) == ["", "EUR"]
    await ui.tab.select("#ask-country", "GB")
    assert await ui.texts("#ask-yes") == ["Yes: United Kingdom, GBP"]
    await ui.click("#ask-yes")
    assert await ui.evaluate(values) == ["GB", "GBP"] and await ui.texts("#ask") == []
    await ui.reload()
    assert await ui.evaluate(values) == ["GB", "GBP"] and await ui.texts("#ask") == []


async def test_the_country_may_be_left_open(ui: UiDriver):
    """Who sells nowhere in particular says so once; the question is no dialog, and hinders nothing."""
    await ui.click("#ask-open")
    await ui.reload()
    assert await ui.texts("#ask") == []
    assert await ui.evaluate("() => document.getElementById('country').value") == ""


async def test_calibration_is_told_in_a_line(ui: UiDriver):
    """How many sales fell in their range is told beside what is right; of too few nothing is."""
    describe = 'async (it) => (await import("/calibration.js")).describeCalibration(it)'
    told = {"sales": 24, "inside": 19, "expected_inside": 0.8}
    assert (
        await ui.evaluate(describe, told)
        == "Of 24 reported sales 19 fell in the range of single sales: 79 %, and 80 % is right."
    )
    assert await ui.evaluate(describe, told | {"sales": 19}) == await ui.evaluate(describe, {}) == ""
    assert (await ui.evaluate("async () => (await fetch('calibration')).json()")).keys() >= told.keys()


async def test_a_sale_is_reported_in_the_card(ui: UiDriver):
    """What a thing was sold for is sent in the view's currency, and compared in words; what is no amount is not sent."""
    said = await ui.evaluate(
        """async (thing) => {
          const { saleReport } = await import("/sale-report.js");
          const sent = [];
          window.fetch = async (address, { body } = {}) => {
            if (!body) return new Response("{}");
            sent.push([address, JSON.parse(body)]);
            return new Response(JSON.stringify({ sold_price: 72.5, currency: "EUR", range: "inside", off: 0.103 }));
          };
          const report = saleReport(thing);
          document.body.append(report);
          const [form, remark] = report.querySelectorAll("form, .sale-remark");
          const submit = async (price) => {
            form.elements.sold_price.value = price;
            form.requestSubmit();
            while (!remark.textContent || remark.textContent === window.before) await new Promise(requestAnimationFrame);
            window.before = remark.textContent;
            return window.before;
          };
          return [await submit("a lot"), await submit("72,50"), sent];
        }""",
        thing(80, key="abc", query={}),
    )
    sale = {"sold_price": 72.5, "currency": "EUR", "marketplace": ""}
    assert said == [
        "Type what it was sold for, such as 72 or 72.50.",
        "Reported: €72.50, in the range of single sales; the estimate was 10 % too high.",
        [["runs/abc/outcome", sale]],
    ]
