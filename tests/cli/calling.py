"""How the tests here call `lens-rx`."""

from __future__ import annotations

import subprocess
from collections.abc import Callable

Call = Callable[..., subprocess.CompletedProcess[str]]
