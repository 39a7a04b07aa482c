"""Offers that were rejected as another variant or edition, though it is the one that the user gave."""

from __future__ import annotations

import re
from dataclasses import replace

from lens_rx.facts import Identity, Rejected
from lens_rx.matching.offer_screening import ScreeningContext
from lens_rx.matching.wanted_traits import WantedTraits

_EDITION = re.compile(r"It is another edition: “(.+)”\.")


def is_of_variant(rejected: Rejected, identity: Identity, wanted: WantedTraits) -> bool:
    """Return whether a rejected offer is one of the wanted variant, and nothing else speaks against it."""
    prefix = f"The title names another variant: {identity.model} "
    edition = _EDITION.fullmatch(rejected.reason)
    if rejected.reason.startswith(prefix):
        named = rejected.reason.removeprefix(prefix).removesuffix(".")
    elif edition:
        named = edition[1]
    else:
        return False
    title = rejected.offer.title
    added = wanted.words_of_variant(named, title)
    if not added or wanted.fit_text(title).is_other_thing:
        return False
    extended = replace(identity, model=f"{identity.model} {added}")
    return not ScreeningContext.of(extended).reason(rejected.offer)
