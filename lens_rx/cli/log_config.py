"""The log for people and machines who operate the service: structured, on stderr."""

from __future__ import annotations

import logging
import sys

import structlog

from lens_rx.settings import Settings


def configure(settings: Settings) -> None:
    """Write lines of `log_level` and above, as JSON where `log_json` says so."""
    level = logging.getLevelNamesMapping().get(settings.log_level.upper(), logging.INFO)
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    # libraries write addresses and keys of what they ask; ours is the only voice
    for noisy in ("aiohttp", "httpx", "openai", "pyppeteer", "websockets", "asyncio"):
        logging.getLogger(noisy).setLevel(logging.ERROR)
    last = (
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
            last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        # asked for at each line: whoever redirects stderr later gets what is logged then
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
    )
