"""Which tests run on the same worker of pytest-xdist, and which start first.

A module's tests stay together, so that what they share is made once; so do the modules below one of `TOGETHER`, whose
tests share a service. (`--dist loadgroup` would do the same by marks, but xdist 3.8 loses them under pytest 9.2.)
"""

from __future__ import annotations

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

#: Groups by the beginning of their paths; each runs on one worker.
TOGETHER = {"tests/ui/": "ui", "tests/end_to_end/": "service", "tests/cli/": "service"}
#: What takes longest starts first, so that no worker is left alone with it at the end.
FIRST = ("tests/cluster/", "tests/ui/", "tests/end_to_end/", "tests/cli/", "tests/clients/", "tests/sandbox/")


def group_of(nodeid: str) -> str:
    """Return the group of a test: one of `TOGETHER`, or its module."""
    return next(
        (name for path, name in TOGETHER.items() if nodeid.startswith(path)), nodeid.partition("::")[0]
    )


def order_of(nodeid: str) -> int:
    """Return the place of a test in the order of starting."""
    return next((place for place, path in enumerate(FIRST) if nodeid.startswith(path)), len(FIRST))


class GroupScheduling(LoadScopeScheduling):
    """Sends the tests of a group to one worker, groups in the order of collection."""

    def __init__(self, config: pytest.Config, log: Producer) -> None:
        config.option.loadscopereorder = False
        super().__init__(config, log)

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)
