"""The service that the tests of the web talk to."""

from __future__ import annotations

from served import served, settings  # noqa: F401 # fixtures
from token_holders import guarded, tokens  # noqa: F401 # fixtures
