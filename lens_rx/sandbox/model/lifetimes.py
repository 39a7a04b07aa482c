"""Which models are offered today: announced shutdown dates, and models that faults have retired."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from lens_rx.sandbox.faults import ModelFault
from lens_rx.sandbox.model.api_error import ApiError


@dataclass(frozen=True, slots=True)
class Lifetimes:
    """The models' ends, as the current faults set them; without faults no model ends."""

    faults: Callable[[], ModelFault] = ModelFault

    def shutdown_date(self, model: str) -> date | None:
        """Return the day from which a model is no longer accessible, None where none is announced."""
        return self.faults().shutdown_dates.get(model)

    def is_retired(self, model: str) -> bool:
        """Return whether a model is no longer accessible."""
        end = self.shutdown_date(model)
        return model in self.faults().retired or (end is not None and end <= datetime.now(UTC).date())


def model_object(name: str, shutdown_date: date | None) -> dict[str, Any]:
    """Return a model as OpenAI's API describes it."""
    end = shutdown_date.isoformat() if shutdown_date else None
    return {"id": name, "object": "model", "created": 0, "owned_by": "lens_rx", "shutdown_date": end}


def local_model_object(name: str) -> dict[str, Any]:
    """Return a model as a server of local models describes it, which knows no shutdown date."""
    return {"id": name, "object": "model", "created": 0, "owned_by": "llamacpp"}


def unknown_model(name: str) -> ApiError:
    """Return the error of a request to a model that does not exist."""
    message = f"The model `{name}` does not exist or you do not have access to it."
    return ApiError(message, None, "model_not_found", status=404)


def retired_model(name: str) -> ApiError:
    """Return the error of a request to a model after its end."""
    message = f"The model `{name}` has been deprecated, learn more here: https://platform.openai.com/docs/deprecations"
    return ApiError(message, None, "model_not_found", status=404)


def missing_model(name: str) -> ApiError:
    """Return the error of a look-up of a model that is not offered."""
    return ApiError(f"The model '{name}' does not exist", "model", "model_not_found", status=404)
