"""One answer of a gateway as it was seen, and what it must be taken for."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

from wizard.portkey.answers import Meaning, Origin
from wizard.portkey.exchange import Exchange, Headers, NetworkFailure, ProbeKind

COMPANY: Final = "https://gateway.acme.com/v1/chat/completions"
HOSTED: Final = "https://api.portkey.ai/v1/chat/completions"
# The five headers that only a request which reached routing is answered with.
ROUTED: Final[Headers] = (
    ("x-portkey-provider", "anthropic"),
    ("x-portkey-last-used-option-index", "config"),
    ("x-portkey-retry-attempt-count", "0"),
    ("x-portkey-trace-id", "8c8f2f2e-6d5e-4a38-9a53-0d0a6c2f1d11"),
    ("x-portkey-cache-status", "DISABLED"),
)
EXCEPTION: Final[Headers] = (("x-portkey-gateway-exception", "true"),)
JSON: Final[Headers] = (("content-type", "application/json"),)
EVENTS: Final[Headers] = (("content-type", "text/event-stream"),)
HTML: Final[Headers] = (("content-type", "text/html"),)
TEXT: Final[Headers] = (("content-type", "text/plain; charset=utf-8"),)


@dataclass(frozen=True)
class Case:
    """An answer and its meaning.

    Attributes:
        name: the case in words; the test's id.
        status: the HTTP status.
        body: the exact body; an object is written as JSON.
        origin: whose answer it is.
        meaning: what it means.
        headers: the answer's headers that matter; those of JSON where none are named.
        kind: what was asked.
        url: what was asked, a company's gateway unless it matters.
        failure: why the body broke off, or None.
        code: the error code that must be read.
        type: the error type that must be read.
        message: what the message that is read must begin with.
        text: the model's words that must be read.
        tokens: the tokens that must be read.
    """

    name: str
    status: int
    body: Any
    origin: Origin
    meaning: Meaning
    headers: Headers = JSON
    kind: ProbeKind = ProbeKind.CALL
    url: str = COMPANY
    failure: NetworkFailure | None = None
    code: str | None = None
    type: str | None = None
    message: str | None = None
    text: str | None = None
    tokens: int | None = None

    @property
    def exchange(self) -> Exchange:
        """The answer as the client brings it."""
        body = self.body if isinstance(self.body, str) else json.dumps(self.body)
        return Exchange(
            probe_id="probe",
            kind=self.kind,
            route_ids=(),
            method="POST",
            url=self.url,
            status=self.status,
            headers=self.headers,
            body=body,
            failure=self.failure,
        )


def failed(message: str, **more: Any) -> dict[str, Any]:
    """The data plane's own shape."""
    return {"status": "failure", "message": message, **more}


def refused(message: str, code: str) -> dict[str, Any]:
    """The shape in which the key is refused."""
    text = f"Portkey Error: {message}. Error Code: {code}"
    return {"status": "failure", "message": text, "error": {"message": text, "code": code}}


def admin(message: str, code: str) -> dict[str, Any]:
    """The control plane's shape."""
    return {"success": False, "data": {"message": message, "errorCode": code}}


def error(message: str, kind: str | None, code: str | None = None, **more: Any) -> dict[str, Any]:
    """OpenAI's shape, which the gateway uses for all that comes after routing."""
    return {"error": {"message": message, "type": kind, "param": None, "code": code}, **more}
