"""A history of one's own purchases and sales (CSV): its amounts, days and places in any usual notation."""

from lens_rx.parsing.history.history_parser import History, HistoryError, parse_history

__all__ = ["History", "HistoryError", "parse_history"]
