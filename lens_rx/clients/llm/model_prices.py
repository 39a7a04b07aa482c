"""What model calls cost: US dollars per million tokens, as published by OpenAI in 2025."""

from __future__ import annotations

import re

#: model -> (prompt, completion).
PRICES_USD: dict[str, tuple[float, float]] = {
    "gpt-4o-mini": (0.15, 0.60),
    "gpt-4o": (2.50, 10.00),
    "gpt-4.1-nano": (0.10, 0.40),
    "gpt-4.1-mini": (0.40, 1.60),
    "gpt-4.1": (2.00, 8.00),
}
_DATE = re.compile(r"-\d{4}-\d{2}-\d{2}$")


def cost_usd(model: str, prompt_tokens: int, completion_tokens: int) -> float:
    """Return the price of a call, 0 for a model whose price is not known.

    A dated name such as gpt-4o-2024-11-20 costs what its plain one does.
    """
    prompt, completion = PRICES_USD.get(_DATE.sub("", model), (0.0, 0.0))
    return (prompt_tokens * prompt + completion_tokens * completion) / 1_000_000
