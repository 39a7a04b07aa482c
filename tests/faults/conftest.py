"""A service on a real socket that asks for tokens, one that asks for none, and those who have one."""

from __future__ import annotations

from served import served, settings  # noqa: F401 # fixtures
from token_holders import guarded, tokens  # noqa: F401 # fixtures
