"""The line for operators about outside services that end."""

from __future__ import annotations

import pytest
from ui_driver import UiDriver

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.fixture
def ui(reloaded_ui: UiDriver) -> UiDriver:
    """Return a page whose tab other tests have used: what is tried here is not remembered."""
    return reloaded_ui


ENDING = {"name": "gpt-4o", "used_for": "model", "in_use": True, "available": True, "warning": True}
NEXT = {"name": "gpt-6-luna", "used_for": "model", "in_use": False, "available": True, "warning": False}
#: Shows the line anew, with these services or with the failure of the request.
_SHOW = """async (suppliers) => {
  const { showSuppliers } = await import("/supplier-notice.js");
  const answer = suppliers ? new Response(JSON.stringify({ suppliers })) : new Response("", { status: 503 });
  window.fetch = async () => answer;
  await showSuppliers();
  const line = document.getElementById("suppliers");
  return [line.hidden, line.textContent];
}"""


async def test_a_service_that_lasts_is_not_mentioned(ui: UiDriver):
    """Where no end is known, or it is far, there is no line."""
    assert await ui.evaluate("() => document.getElementById('suppliers').hidden")
    assert await ui.evaluate(_SHOW, [NEXT]) == [True, ""]


@pytest.mark.parametrize(
    ("supplier", "words"),
    [
        ({"ends": "2027-01-14", "days_left": 47}, "gpt-4o (model) ends on 2027-01-14, in 47 days."),
        ({"ends": "2027-01-14", "days_left": 1}, "gpt-4o (model) ends on 2027-01-14, in 1 day."),
        ({"ends": "2027-01-14", "days_left": -2}, "gpt-4o (model) was to end on 2027-01-14."),
        ({"available": False}, "gpt-4o (model) is no longer available."),
    ],
)
async def test_an_end_is_told_in_one_line(ui: UiDriver, supplier: dict, words: str):
    """The line names the service, what it is used for, and the day; services that last are not in it."""
    assert await ui.evaluate(_SHOW, [ENDING | supplier, NEXT]) == [False, f"For operators: {words}"]


async def test_a_name_is_text(ui: UiDriver):
    """Whatever a service is called, it is no markup."""
    hidden, words = await ui.evaluate(_SHOW, [ENDING | {"name": "<img src=x>", "available": False}])
    assert not hidden
    assert "<img src=x>" in words
    assert await ui.evaluate("() => document.querySelectorAll('#suppliers *').length") == 0


async def test_without_an_answer_there_is_no_line(ui: UiDriver):
    """A service that does not answer, or knows no such address, is not told on the page."""
    assert await ui.evaluate(_SHOW, None) == [True, ""]
