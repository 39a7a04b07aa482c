"""Whether the extra `[mcp]` is installed."""

from __future__ import annotations

from importlib.util import find_spec

HOW_TO_INSTALL = (
    "The Model Context Protocol needs the extra [mcp], which is not installed: pip install 'lens-rx[mcp]'"
)


def is_installed() -> bool:
    """Return whether the SDK can be imported, without importing it."""
    return find_spec("mcp") is not None
