"""Errors in the form of OpenAI's API."""

from __future__ import annotations

import json

from aiohttp import web


class ApiError(Exception):
    """A rejected request, with the fields of the API's error object."""

    def __init__(
        self,
        message: str,
        param: str | None = None,
        code: str | int | None = None,
        *,
        status: int = 400,
        kind: str = "invalid_request_error",
    ) -> None:
        super().__init__(message)
        self.status = status
        self.error = {"message": message, "type": kind, "code": code}
        if not isinstance(code, int):  # servers of local models send a number, and never a parameter
            self.error["param"] = param

    def response(self) -> web.Response:
        """Return the error as an HTTP response."""
        body = json.dumps({"error": self.error}, indent=2)
        return web.Response(status=self.status, text=body, content_type="application/json")
