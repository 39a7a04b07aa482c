"""Parameters that one model accepts and another rejects."""

from __future__ import annotations

from collections.abc import Sequence

from lens_rx.sandbox.model.api_error import ApiError
from lens_rx.sandbox.model.behaviours import ALL_EFFORTS, ModelBehaviour
from lens_rx.sandbox.model.request import CompletionRequest, JsonSchemaFormat


def check_parameters(request: CompletionRequest, behaviour: ModelBehaviour) -> None:
    """Raise the `ApiError` of the model for a parameter that it does not accept."""
    if behaviour.is_local:
        _check_local(request)
    elif behaviour.efforts:
        _check_reasoning(request, behaviour)
    elif request.reasoning_effort is not None:
        raise ApiError("Unrecognized request argument supplied: reasoning_effort")
    if not behaviour.is_local:
        _check_features(request, behaviour)
    limit, name = request.requested_tokens, "max_tokens" if request.max_tokens else "max_completion_tokens"
    if limit is not None and limit > behaviour.max_output_tokens:
        message = (
            f"{name} is too large: {limit}. This model supports at most {behaviour.max_output_tokens} completion"
            f" tokens, whereas you provided {limit}."
        )
        raise ApiError(message, name, "invalid_value")


def _check_local(request: CompletionRequest) -> None:
    """Reject what servers of local models reject; their errors have a number as code, and name no parameter."""
    for name in ("max_completion_tokens", "reasoning_effort"):
        if getattr(request, name) is not None:
            raise ApiError(f"Unsupported param: {name}", code=400)
    if isinstance(request.response_format, JsonSchemaFormat):
        message = 'response_format type must be one of "text" or "json_object", but got: json_schema'
        raise ApiError(message, code=400)
    if request.images():
        message = (
            "image input is not supported - hint: if this is unexpected, you may need to provide the mmproj"
        )
        raise ApiError(message, code=500, status=500, kind="server_error")


def _check_features(request: CompletionRequest, behaviour: ModelBehaviour) -> None:
    if not behaviour.efforts and request.verbosity not in (None, "medium"):
        message = (
            f"Unsupported value: 'verbosity' does not support '{request.verbosity}' with this model."
            " Supported values are: 'medium'."
        )
        raise ApiError(message, "verbosity", "unsupported_value")
    if not behaviour.takes_schema and isinstance(request.response_format, JsonSchemaFormat):
        # the answer of a widespread server to a response format that it does not know
        message = "'response_format.type' : Input should be 'text' or 'json_object'"
        raise ApiError(message, status=500, kind="server_error")
    if not behaviour.takes_images and request.images():
        raise ApiError("This model does not support image inputs.", "messages")


def _check_reasoning(request: CompletionRequest, behaviour: ModelBehaviour) -> None:
    if request.max_tokens is not None:
        raise unsupported("max_tokens", " Use 'max_completion_tokens' instead.")
    check_effort("reasoning_effort", request.reasoning_effort, behaviour.efforts)
    if behaviour.effort(request.reasoning_effort) != "none":
        check_sampling(request.temperature, request.top_p)


def check_effort(param: str, effort: str | None, supported: Sequence[str]) -> None:
    """Raise `ApiError` for a reasoning effort that the API or the model does not know."""
    if effort is None or effort in supported:
        return
    if effort not in ALL_EFFORTS:
        message = f"Invalid value: '{effort}'. Supported values are: {_listed(ALL_EFFORTS)}."
        raise ApiError(message, param, "invalid_value")
    message = (
        f"Unsupported value: '{param}' does not support '{effort}' with this model."
        f" Supported values are: {_listed(supported)}."
    )
    raise ApiError(message, param, "unsupported_value")


def check_sampling(temperature: float | None, top_p: float | None) -> None:
    """Raise `ApiError` for sampling parameters, which a reasoning model does not accept."""
    if temperature is not None and temperature != 1:
        message = (
            f"Unsupported value: 'temperature' does not support {temperature:g} with this model."
            " Only the default (1) value is supported."
        )
        raise ApiError(message, "temperature", "unsupported_value")
    if top_p is not None and top_p != 1:
        raise unsupported("top_p")


def unsupported(param: str, advice: str = "") -> ApiError:
    """Return the error for a parameter that the model does not accept at all."""
    message = f"Unsupported parameter: '{param}' is not supported with this model.{advice}"
    return ApiError(message, param, "unsupported_parameter")


def _listed(values: Sequence[str]) -> str:
    return ", ".join(f"'{value}'" for value in values[:-1]) + f", and '{values[-1]}'"
