"""What is typed into a marketplace's search field."""

from __future__ import annotations

from lens_rx.facts import Identity


def words_of(identity: Identity) -> str:
    """Return producer and model as one search, the producer once."""
    producer, model = (" ".join(text.split()) for text in (identity.producer, identity.model))
    if model.casefold().startswith(producer.casefold()):
        return model
    return f"{producer} {model}".strip()
