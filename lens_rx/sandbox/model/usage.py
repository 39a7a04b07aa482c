"""Token counts: of text and images, of cached prompts, and of reasoning."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field
from io import BytesIO
from threading import Lock
from typing import Final

from PIL import Image

CHARACTERS_PER_TOKEN: Final = 4
TOKENS_PER_PATCH: Final = 1.2
#: A prompt is cached from this length on, in steps (developers.openai.com, "Prompt caching").
MIN_CACHED_TOKENS: Final = 1024
CACHE_STEP: Final = 128
CACHED_PROMPTS: Final = 64


def text_tokens(text: str) -> int:
    """Return the approximate number of tokens of a text."""
    return len(text) // CHARACTERS_PER_TOKEN


def image_tokens(image: bytes, *, in_patches: bool = False) -> int:
    """Return the tokens of an image: 85, and 170 for each tile of 512 at a short side of 768; or 1.2 for each patch.

    Tiles are those of GPT-4o, patches of 32 x 32 those of GPT-6, which reads images as they are.
    """
    with Image.open(BytesIO(image)) as opened:
        width, height = opened.size
    if in_patches:
        return round(TOKENS_PER_PATCH * math.ceil(width / 32) * math.ceil(height / 32))
    shrink = min(1.0, 2048 / max(width, height))
    shrink *= min(1.0, 768 / (min(width, height) * shrink))
    return 85 + 170 * math.ceil(width * shrink / 512) * math.ceil(height * shrink / 512)


@dataclass(slots=True)
class PromptCache:
    """The prompts of recent requests to each model: the longest common prefix counts as cached."""

    _prompts: deque[tuple[str, str]] = field(default_factory=lambda: deque(maxlen=CACHED_PROMPTS))
    _lock: Lock = field(default_factory=Lock)

    def cached_tokens(self, model: str, prompt: str) -> int:
        """Return the cached tokens of a prompt, and cache the prompt."""
        with self._lock:
            shared = [_common_prefix(prompt, other) for name, other in self._prompts if name == model]
            self._prompts.append((model, prompt))
        tokens = max(shared, default=0) // CHARACTERS_PER_TOKEN
        return tokens // CACHE_STEP * CACHE_STEP if tokens >= MIN_CACHED_TOKENS else 0


def _common_prefix(one: str, other: str) -> int:
    """Return the length of the common prefix of two texts."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((index for index, (a, b) in pairs if a != b), min(len(one), len(other)))


@dataclass(frozen=True, slots=True)
class Output:
    """What is left of an answer under a limit of tokens, which reasoning counts against."""

    text: str
    tokens: int
    reasoning_tokens: int
    is_cut: bool


def limit_output(text: str, reasoning_tokens: int, limit: int) -> Output:
    """Return the answer cut at `limit` tokens; it is empty where reasoning alone reaches the limit."""
    if reasoning_tokens >= limit:
        return Output("", limit, limit, is_cut=True)
    tokens = reasoning_tokens + max(1, text_tokens(text))
    if tokens <= limit:
        return Output(text, tokens, reasoning_tokens, is_cut=False)
    return Output(
        text[: (limit - reasoning_tokens) * CHARACTERS_PER_TOKEN], limit, reasoning_tokens, is_cut=True
    )
