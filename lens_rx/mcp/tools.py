"""Every tool, one line each."""

from __future__ import annotations

from typing import Any

from lens_rx.mcp.correct_item import CORRECT_ITEM
from lens_rx.mcp.decide import DECIDE
from lens_rx.mcp.dismiss_comparable import DISMISS_COMPARABLE
from lens_rx.mcp.get_run import GET_RUN
from lens_rx.mcp.price_item import PRICE_ITEM
from lens_rx.mcp.tool import Tool

TOOLS: tuple[Tool[Any], ...] = (PRICE_ITEM, GET_RUN, CORRECT_ITEM, DISMISS_COMPARABLE, DECIDE)
