"""`openai` as the modules here import it: loaded when it is first used, since that takes 0.4 s of CPU at a start."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__all__ = ["openai"]

if TYPE_CHECKING:
    import openai
else:

    class _LazyModule:
        def __getattr__(self, name: str) -> Any:
            return getattr(import_module("openai"), name)

    openai = _LazyModule()
