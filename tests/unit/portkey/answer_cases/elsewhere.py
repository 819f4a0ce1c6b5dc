"""What answers where no Portkey gateway is: pages, redirects, other vendors and other gateways."""

from __future__ import annotations

from typing import Final

from tests.unit.portkey.answer_cases.case import COMPANY, HOSTED, HTML, TEXT, Case, error
from wizard.portkey.answers import Meaning, Origin
from wizard.portkey.exchange import ProbeKind

M = Meaning
NOBODY = Origin.NOT_PORTKEY
NGINX = (
    "<html>\r\n<head><title>404 Not Found</title></head>\r\n<body>\r\n<center><h1>404 Not Found</h1></center>\r\n"
    "<hr><center>nginx/1.24.0</center>\r\n</body>\r\n</html>\r\n"
)
SHELL = '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Portkey</title></head><body></body></html>'
BLOCKED = "<!-- proxy --><!-- 10.1.1.1 -->\n<HTML><HEAD><TITLE lang=en>Access Denied</TITLE></HEAD></HTML>"


def page(name: str, status: int, body: str, title: str, url: str = COMPANY) -> Case:
    return Case(name, status, body, NOBODY, M.PAGE, headers=HTML, message=title, kind=ProbeKind.IDENTIFY, url=url)


def redirect(status: int, location: str) -> Case:
    headers = (("location", location),)
    return Case(f"redirect {status}", status, "", NOBODY, M.REDIRECT, headers=headers, kind=ProbeKind.IDENTIFY)


CASES: Final = (
    page("dashboard's shell", 200, SHELL, "Portkey"),
    page("nginx, no such page", 404, NGINX, "404 Not Found"),
    page("block page", 403, BLOCKED, "Access Denied"),
    page("block page of Cloudflare's", 403, f"\n\n{SHELL}", "Portkey", url=HOSTED),
    page("page of XHTML", 200, '<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "x"><html></html>', ""),
    page("page without a head", 500, "<h1>Internal Server Error</h1>", ""),
    Case("page called JSON", 200, SHELL, NOBODY, M.PAGE, message="Portkey"),
    Case("page without a type", 200, SHELL, NOBODY, M.PAGE, headers=(), message="Portkey"),
    Case("nginx, one line", 404, "404 page not found\n", NOBODY, M.FOREIGN, headers=TEXT),
    Case("Starlette's 404", 404, "Not Found", NOBODY, M.FOREIGN, headers=TEXT),
    Case("FastAPI's 404", 404, {"detail": "Not Found"}, NOBODY, M.UNRECOGNISED),
    Case("API Gateway's 404", 404, {"message": "Not Found"}, NOBODY, M.FOREIGN),
    Case("Telegram's 404", 404, {"ok": False, "error_code": 404, "description": "Not Found"}, NOBODY, M.UNRECOGNISED),
    Case("block of Cloudflare's in a word", 403, "error code: 1010", NOBODY, M.FOREIGN, headers=TEXT, url=HOSTED),
    *(redirect(status, "https://elsewhere.example/v1/models") for status in (301, 302, 303, 307, 308)),
    Case("not modified", 304, "", NOBODY, M.REDIRECT, headers=()),
    Case(
        "OpenAI without a key",
        401,
        error("You didn't provide an API key.", "invalid_request_error"),
        NOBODY,
        M.FOREIGN,
        type="invalid_request_error",
    ),
    Case(
        "OpenAI with a wrong key",
        401,
        error("Incorrect API key provided: sk-bad.", "invalid_request_error", "invalid_api_key"),
        NOBODY,
        M.FOREIGN,
        code="invalid_api_key",
    ),
    Case(
        "Anthropic without a key",
        401,
        {"type": "error", "error": {"type": "authentication_error", "message": "x-api-key header is required"}},
        NOBODY,
        M.FOREIGN,
        type="authentication_error",
    ),
    Case(
        "LiteLLM",
        401,
        {
            "error": {
                "message": "Authentication Error, Invalid proxy server token passed.",
                "type": "auth_error",
                "param": "None",
                "code": "401",
            }
        },
        NOBODY,
        M.FOREIGN,
        type="auth_error",
    ),
    Case("OpenRouter", 401, {"error": {"message": "No auth credentials found", "code": 401}}, NOBODY, M.FOREIGN),
    Case("OpenRouter, no credit", 402, {"error": {"message": "Insufficient credits", "code": 402}}, NOBODY, M.FOREIGN),
    Case("somebody's rate limit", 429, {"error": {"message": "rate limit exceeded"}}, NOBODY, M.FOREIGN),
    Case("somebody's rate limit in a word", 429, "rate limit exceeded", NOBODY, M.FOREIGN, headers=TEXT),
    Case("somebody's code 03", 401, {"error": {"message": "no", "code": "03"}}, NOBODY, M.FOREIGN, code="03"),
    Case("Spring's 404", 404, {"status": 404, "error": "Not Found", "path": "/v1"}, NOBODY, M.FOREIGN),
    Case("bucket's XML", 403, '<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>', NOBODY, M.FOREIGN, TEXT),
    Case("teapot", 418, "", NOBODY, M.UNRECOGNISED, headers=()),
)
