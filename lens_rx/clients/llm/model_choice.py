"""Which of the configured models is asked: the first that is not gone; and when each of them ends."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from time import monotonic
from typing import TypeVar

import structlog

from lens_rx.clients.llm.capabilities import text_of
from lens_rx.clients.llm.lazy_openai import openai
from lens_rx.clients.protocols import Supplier, current_day, days_left

R = TypeVar("R")

_ABOUT_A_MODEL = re.compile(r"\bmodel\b", re.IGNORECASE)
_GONE = re.compile(
    r"deprecat|retired|no longer|shut ?down|discontinued|sunset|removed|not found|not exist|does not have access"
    r"|not a valid model",
    re.IGNORECASE,
)
#: OpenRouter's words, which do not speak of a model.
_NO_ENDPOINTS = re.compile(r"no endpoints found for ", re.IGNORECASE)
#: A model that another API of the server still offers.
_ELSEWHERE = re.compile(r"supported (with|in|for|by) ", re.IGNORECASE)
_MODEL_CODES = (
    "model_not_found",
    "model_deprecated",
    "model_retired",
    "model_not_available",
    "DeploymentNotFound",
)

#: Seconds for which a server that does not accept the key is left alone.
KEY_REFUSED_SECONDS = 3_600.0

_log = structlog.get_logger()


class ModelChoice:
    """The models in order of preference, those that are gone, and the known ends."""

    def __init__(
        self,
        names: Sequence[str],
        on_gone: Callable[[str], None] = lambda _: None,
        today: Callable[[], date] | None = None,
    ) -> None:
        self.names = tuple(names)
        self._on_gone = on_gone
        self.gone: tuple[str, ...] = ()
        self.ends: dict[str, date] = {}
        self._today = today or current_day
        self._key_refused_until = 0.0

    @property
    def current(self) -> str:
        """The model to ask: the first that is not gone, the last where all are."""
        return next((name for name in self.names if name not in self.gone), self.names[-1])

    def leave(self, name: str) -> bool:
        """Leave a model that is gone for the next one; False where there is none. Logged once."""
        if name in self.gone:
            return True
        if name == self.names[-1] or not set(self.names) - {*self.gone, name}:
            return False
        self.gone = (*self.gone, name)
        self._on_gone(name)
        _log.warning("the model is gone, the next one is asked", model=name, next=self.current)
        return True

    @property
    def key_is_refused(self) -> bool:
        """Tell whether the server has refused the key lately, so that it need not be asked."""
        return monotonic() < self._key_refused_until

    def refuse_key(self, url: str) -> None:
        """Remember that the server does not accept the key. Logged once."""
        if not self._key_refused_until:
            _log.error("the model's server does not accept the key: check OPENAI_API_KEY", url=url)
        self._key_refused_until = monotonic() + KEY_REFUSED_SECONDS

    def accept_key(self) -> None:
        """Forget that the key was refused."""
        self._key_refused_until = 0.0

    async def ask(self, call: Callable[[str], Awaitable[R]]) -> R:
        """Return what `call` returns for the first model that is not gone; raise what it raises where all are."""
        while True:
            name = self.current
            try:
                return await call(name)
            except openai.APIStatusError as error:
                if not is_gone(error) or not self.leave(name):
                    raise

    def set_end(self, name: str, ends: date | None) -> None:
        """Remember on which day a model ends, and warn where that is near."""
        if ends is None:
            self.ends.pop(name, None)
            return
        self.ends[name] = ends
        if Supplier(name, "model", ends).ends_soon(self._today()):
            later = self.names[self.names.index(name) + 1 :]
            _log.warning(
                "the model ends soon",
                model=name,
                ends=ends.isoformat(),
                days=days_left(ends, self._today()),
                next=next(iter(later), None),
            )

    def suppliers(self) -> list[Supplier]:
        """Return the models as suppliers, those that are gone as well."""
        return [
            Supplier(name, "model", self.ends.get(name), name not in self.gone, name == self.current)
            for name in self.names
        ]


def is_gone(error: openai.APIStatusError) -> bool:
    """Tell whether an error says that the model is not there (any more), not just not in this API."""
    message = text_of(error)
    if _ELSEWHERE.search(message):
        return False
    if error.code in _MODEL_CODES:
        return True
    if error.status_code not in (400, 403, 404, 410) or error.param not in (None, "model"):
        return False
    if _NO_ENDPOINTS.search(message):
        return True
    return _ABOUT_A_MODEL.search(message) is not None and _GONE.search(message) is not None
