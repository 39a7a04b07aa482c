"""The outside services as a table of plain text."""

from __future__ import annotations

from collections.abc import Sequence

from lens_rx.clients.protocols import days_left
from lens_rx.wiring.node import SupplierCheck

HEADINGS = ("supplier", "configured", "reachable", "used for", "known end")


def supplier_table(checks: Sequence[SupplierCheck]) -> list[str]:
    """Return the lines of the table, a heading and one line for each supplier."""
    rows = [HEADINGS, *(_row(check) for check in checks)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]


def _row(check: SupplierCheck) -> tuple[str, ...]:
    reachable = {True: "yes", False: "no", None: "-"}[check.is_reachable]
    end = check.supplier.ends
    known_end = "-" if end is None else f"{end} ({days_left(end)} days)"
    configured = "yes" if check.is_configured else "no"
    return check.supplier.name, configured, reachable, check.supplier.used_for, known_end
