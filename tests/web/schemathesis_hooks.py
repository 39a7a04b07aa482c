"""What schemathesis uploads where the document says a file: photos in which something can be seen."""

from __future__ import annotations

import schemathesis
from hypothesis import strategies
from served import photo
from urllib3.response import HTTPResponse

schemathesis.openapi.format("binary", strategies.sampled_from([photo(), photo(300, "JPEG")]))


def read1(response: HTTPResponse, amount: int, **options: bool) -> bytes:
    """Read what urllib3 2 would read at once: the urllib3 that pyppeteer allows cannot, and the streams here end."""
    return response.read(amount, **options)


if not hasattr(HTTPResponse, "read1"):
    HTTPResponse.read1 = read1
