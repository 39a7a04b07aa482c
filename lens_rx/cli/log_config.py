"""The structured log on stderr."""

from __future__ import annotations

import logging
import sys

import structlog

from lens_rx.settings import Settings


def configure(settings: Settings) -> None:
    """Write lines of `log_level` and above, as JSON where `log_json` says so."""
    level = logging.getLevelNamesMapping().get(settings.log_level.upper(), logging.INFO)
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    # libraries log addresses and keys of their requests
    for noisy in ("aiohttp", "httpx", "openai", "pyppeteer", "websockets", "asyncio", "mcp"):
        logging.getLogger(noisy).setLevel(logging.ERROR)
    renderer = (
        structlog.processors.JSONRenderer()
        if settings.log_json
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        # looked up at each line, so that stderr can be redirected later
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
    )
