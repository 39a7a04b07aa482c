"""The models that the sandbox serves, and how each of them behaves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

#: Every reasoning effort that the API knows; a model supports some of them.
ALL_EFFORTS: Final = ("none", "minimal", "low", "medium", "high", "xhigh", "max")
DEFAULT_EFFORT: Final = "medium"
#: Tokens that a model spends on reasoning before it answers.
REASONING_TOKENS: Final[Mapping[str, int]] = {
    "none": 0,
    "minimal": 64,
    "low": 192,
    "medium": 768,
    "high": 2048,
    "xhigh": 4096,
    "max": 8192,
}


@dataclass(frozen=True, slots=True)
class ModelBehaviour:
    """What a model accepts and how it answers; one with `efforts` reasons, by default at medium effort.

    `is_local`: it behaves as the servers of local models do, which know fewer parameters and ignore the rest.
    """

    takes_images: bool = True
    takes_schema: bool = True
    refuses: bool = False
    answers_in_prose: bool = False
    efforts: tuple[str, ...] = ()
    max_output_tokens: int = 16_384
    is_local: bool = False

    def effort(self, requested: str | None) -> str:
        """Return the effort that applies to a request; `none` for a model that does not reason."""
        return (requested or DEFAULT_EFFORT) if self.efforts else "none"


MODELS: Final[Mapping[str, ModelBehaviour]] = {
    "gpt-4o": ModelBehaviour(),
    "gpt-4o-mini": ModelBehaviour(),
    "gpt-6-luna": ModelBehaviour(
        efforts=("none", "low", "medium", "high", "xhigh", "max"), max_output_tokens=128_000
    ),
    "gpt-6-astra": ModelBehaviour(
        efforts=("low", "medium", "high", "xhigh", "max"), max_output_tokens=128_000
    ),
    "practice-blind": ModelBehaviour(takes_images=False, takes_schema=False),
    "practice-refusing": ModelBehaviour(refuses=True),
    "practice-chattering": ModelBehaviour(answers_in_prose=True),
}
#: The models at `/local/v1`, a server such as llama.cpp's or Ollama's.
LOCAL_MODELS: Final[Mapping[str, ModelBehaviour]] = {
    "practice-local": ModelBehaviour(takes_images=False, takes_schema=False, is_local=True),
}
