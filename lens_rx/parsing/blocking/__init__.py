"""Block pages: whether a response is the page that was asked for, or a captcha, consent wall or error."""

from lens_rx.parsing.blocking.page_outcome import PageVerdict, classify_page

__all__ = ["PageVerdict", "classify_page"]
