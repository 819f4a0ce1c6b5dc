"""OpenClaw's own words for each failure: the last line of a turn, and what commands say to a config.

Measured with real installations of 2026.9.6 and 2026.5.7 against recording servers: docs/facts/openclaw-messages.md and
docs/facts/openclaw.md, sections 4, 8, 11, 13, 14 and 16.
"""

from __future__ import annotations

from typing import Final

from wizard.diagnosis.messages.message import ANTHROPIC, BOTH, COMPLETIONS, NEWER, OLDER, Message

_REFUSED_BY_GATEWAY: Final = (
    *("PKC108", "PKC401", "PKC501", "PKC502", "PKC405", "PKC407", "PKC406", "PKC510", "PKC409", "PKC410"),
)
_AUTHENTICATION_FAILED: Final = (
    "Authentication failed (provider returned HTTP 401). Your provider token may have expired — try the request again"
    " in a moment. If the failure persists, re-authenticate this provider."
)
_SCHEMA_REJECTED: Final = "LLM request failed: provider rejected the request schema or tool payload."
_INCOMPLETE: Final = "FailoverError: {ref} ended with an incomplete terminal response"
_BILLING: Final = (
    "⚠️ {provider} ({model}) returned a billing error — your API key has run out of credits or has an insufficient"
    " balance. Check your {provider} billing dashboard and top up or switch to a different API key."
)
_HTML_PAGE: Final = (
    "The provider returned an HTML error page instead of an API response. This usually means a CDN or gateway"
    " (e.g. Cloudflare) blocked the request. Retry in a moment or check provider status."
)
_NETWORK_ERROR: Final = "LLM request failed: network connection error."
_RATE_LIMIT: Final = "⚠️ API rate limit reached. Please try again later."
_OVERFLOW: Final = (
    "Context overflow: prompt too large for the model. Try /reset (or /new) to start a fresh session, or use a"
    " larger-context model."
)
_OVERLOADED: Final = "The AI service is temporarily overloaded. Please try again in a moment."

_KEY: Final = (
    Message(
        _AUTHENTICATION_FAILED,
        ("PKC205", "PKC208", "PKC202", "PKC206", "PKC203"),
        (NEWER,),
        also=("PKC506", "PKC304"),
        statuses=(401,),
    ),
    Message(
        "⚠️ {ref} request failed (authentication failed, HTTP 401). Re-authenticate the provider and try again.",
        ("PKC506", "PKC507"),
        (NEWER,),
        statuses=(401,),
    ),
    Message(
        "⚠️ {ref} request failed (authentication failed, HTTP 403). Re-authenticate the provider and try again.",
        ("PKC207", "PKC506"),
        (NEWER,),
        statuses=(403,),
    ),
    Message(
        "FailoverError: HTTP 401: Portkey Error: Invalid API Key. Error Code: 03",
        ("PKC205", "PKC208"),
        (OLDER,),
    ),
    Message("FailoverError: HTTP 401: Portkey Error: Portkey API Key Expired. Error Code: 01", ("PKC206",), (OLDER,)),
    Message("FailoverError: HTTP 403: Portkey Error: Forbidden!. Error Code: 033", ("PKC207",), (OLDER,)),
    Message("FailoverError: HTTP 401: {words}", ("PKC506",), (OLDER,), statuses=(401,)),
    Message("FailoverError: 401 {words}", ("PKC507",), (OLDER,), statuses=(401,)),
    Message("FailoverError: 401 status code (no body)", (), (OLDER,), also=("PKC205", "PKC208", "PKC206")),
    Message("FailoverError: 403 status code (no body)", (), (OLDER,), also=("PKC207",)),
    Message(
        'No API key found for provider "{provider}". Auth store: {path}. Configure an API key (openclaw models auth'
        " paste-api-key --provider {provider}; {rest})",
        ("PKC201",),
        (NEWER,),
    ),
    Message(
        'FailoverError: No API key found for provider "{provider}". Auth store: {path}', ("PKC201", "PKC202"), (OLDER,)
    ),
    Message(
        'Inline API key for provider "{provider}" is temporarily disabled after a provider auth/billing failure. Retry'
        " after about {n} minute(s), or switch to a different auth profile/API key.",
        (),
        (NEWER,),
        also=("PKC205", "PKC208", "PKC202", "PKC207", "PKC206", "PKC506", "PKC511", "PKC608"),
    ),
    Message(
        "Secret owner provider:{provider} is configured but unavailable (secret reference was not found). |"
        " SECRET_SURFACE_UNAVAILABLE",
        (),
        (NEWER,),
        also=("PKC202",),
    ),
    Message(
        "failed to resolve secrets from the active gateway snapshot (gateway secrets.resolve requires credentials"
        " before opening a websocket). Local resolution also failed. Check the configured secret sources and gateway"
        " access, then retry.",
        (),
        (NEWER,),
        also=("PKC202",),
    ),
    Message(
        "Fix: configure gateway.auth token/password, pair this device, or pass --token/--password.",
        (),
        (NEWER,),
        also=("PKC202",),
    ),
    Message('Missing env var "{name}" - feature using this value will be unavailable', (), (NEWER,), also=("PKC202",)),
    Message('REF_UNRESOLVED Environment variable "{name}" is missing or empty.', (), BOTH, also=("PKC202",)),
    Message('Headers.append: "{value}" is an invalid header value.', (), BOTH, also=("PKC203",)),
)

_REQUEST: Final = (
    Message(_SCHEMA_REJECTED, _REFUSED_BY_GATEWAY, (NEWER,), statuses=(400,)),
    Message(_SCHEMA_REJECTED, ("PKC513",), (NEWER,), statuses=(400, 422)),
    Message("FailoverError: " + _SCHEMA_REJECTED, _REFUSED_BY_GATEWAY, (OLDER,), apis=ANTHROPIC, statuses=(400,)),
    Message("FailoverError: " + _SCHEMA_REJECTED, ("PKC513",), (OLDER,), statuses=(400, 422)),
    Message(_INCOMPLETE, _REFUSED_BY_GATEWAY, (OLDER,), apis=COMPLETIONS, statuses=(400,)),
    Message(_INCOMPLETE, ("PKC317", "PKC323"), (OLDER,), statuses=(200, 302)),
    Message(_INCOMPLETE, ("PKC607",), (OLDER,), statuses=(413,)),
    Message(_BILLING, ("PKC511", "PKC608"), (NEWER,), statuses=(400, 402, 403, 429)),
    Message("FailoverError: " + _BILLING, ("PKC511",), (OLDER,), statuses=(400,)),
    Message("402 status code (no body)", ("PKC608",), (OLDER,), statuses=(402,)),
    Message(
        "FailoverError: ⚠️ You exceeded your current quota, please check your plan and billing details.",
        ("PKC511",),
        (OLDER,),
        statuses=(429,),
    ),
    Message(_RATE_LIMIT, ("PKC603", "PKC602"), (NEWER,), statuses=(429,)),
    Message(_RATE_LIMIT, ("PKC601",), (NEWER,), statuses=(412,)),
    Message("FailoverError: " + _RATE_LIMIT, ("PKC603", "PKC602"), (OLDER,), statuses=(429,)),
    Message("FailoverError: " + _RATE_LIMIT, ("PKC601",), (OLDER,), statuses=(412,)),
    Message("412 status code (no body)", (), (OLDER,), also=("PKC601", "PKC505")),
    Message("⚠️ {ref} request failed (HTTP 412).", ("PKC505",), (NEWER,), statuses=(412,)),
    Message("412 {words}", ("PKC505",), (OLDER,), statuses=(412,)),
    Message("⚠️ {ref} request failed (HTTP 446).", ("PKC604",), (NEWER,), statuses=(446,)),
    Message(
        "446 The guardrail checks defined in the config failed. You can find more information in the `hook_results`"
        " object.",
        ("PKC604",),
        (OLDER,),
        statuses=(446,),
    ),
    Message("446 status code (no body)", (), (OLDER,), also=("PKC604",)),
    Message(_OVERFLOW, ("PKC607",), (NEWER,), also=("PKC513",), statuses=(413,)),
    Message(_OVERFLOW, (), (OLDER,), also=("PKC607", "PKC513")),
    Message("⚠️ {ref} request failed (HTTP 431).", ("PKC607",), (NEWER,), statuses=(431,)),
    Message("431 status code (no body)", ("PKC607",), (OLDER,), statuses=(431,)),
)

_WHERE_TO: Final = (
    Message(
        "The selected model was not found by the provider. Check the model id or choose a different model.",
        ("PKC504", "PKC301", "PKC302"),
        (NEWER,),
        also=("PKC303", "PKC304", "PKC323"),
        statuses=(404,),
    ),
    Message("FailoverError: 404 status code (no body)", ("PKC301", "PKC302"), (OLDER,), apis=COMPLETIONS),
    Message("FailoverError: HTTP 404: Not Found", ("PKC301", "PKC302"), (OLDER,), apis=ANTHROPIC),
    Message("FailoverError: HTTP 404: {words}", ("PKC504",), (OLDER,), statuses=(404,)),
    Message(_HTML_PAGE, ("PKC303", "PKC317"), (NEWER,), also=("PKC304",), statuses=(404,)),
    Message("FailoverError: " + _HTML_PAGE, ("PKC303", "PKC317"), (OLDER,), also=("PKC304",), statuses=(404,)),
    Message("Invalid URL", ("PKC307",), (OLDER,)),
)

_NETWORK: Final = (
    Message(_NETWORK_ERROR, ("PKC314",), (NEWER,), also=("PKC313", "PKC315", "PKC316")),
    Message(_NETWORK_ERROR, ("PKC317", "PKC323"), (NEWER,), statuses=(200, 302)),
    Message(_NETWORK_ERROR, ("PKC203",), (NEWER,)),
    Message(
        "FailoverError: " + _NETWORK_ERROR,
        ("PKC312", "PKC311", "PKC314"),
        (OLDER,),
        also=("PKC306", "PKC313", "PKC315", "PKC316"),
    ),
    Message(
        "LLM request failed: DNS lookup for the provider endpoint failed.", ("PKC311",), (NEWER,), also=("PKC306",)
    ),
    Message(
        "LLM request failed: connection refused by the provider endpoint.",
        ("PKC312", "PKC508"),
        (NEWER,),
        also=("PKC316",),
    ),
    Message("FailoverError: 500 status code (no body)", ("PKC318", "PKC509", "PKC508"), (OLDER,), apis=COMPLETIONS),
    Message(
        "⚠️ {ref} request failed (provider internal error, HTTP 500). This is usually temporary — try again shortly.",
        ("PKC318", "PKC512", "PKC509"),
        (NEWER,),
        also=("PKC508",),
        statuses=(500,),
    ),
    Message(_OVERLOADED, ("PKC512",), (NEWER,), statuses=(529,)),
    Message("FailoverError: " + _OVERLOADED, ("PKC512",), (OLDER,), statuses=(529,)),
    Message("LLM request timed out.", ("PKC606",), (NEWER,), also=("PKC313",)),
    Message("FailoverError: LLM request timed out.", ("PKC606",), (OLDER,), also=("PKC313",)),
    Message(
        'No text output returned for provider "{provider}" model "{model}".',
        (),
        BOTH,
        also=("PKC205", "PKC208", "PKC401", "PKC108", "PKC301", "PKC504", "PKC312", "PKC318"),
    ),
    Message("Blocked hostname or private/internal/special-use IP address", (), (NEWER,), also=("PKC323",)),
)

_CONFIG: Final = (
    Message("Config file not found: {path}", ("PKC102",), BOTH),
    Message(
        "No route-compatible authentication source is configured for openai.", (), (NEWER,), also=("PKC102", "PKC105")
    ),
    Message('No API key found for provider "openai".', (), (OLDER,), also=("PKC102", "PKC105"), needs="openai"),
    Message("OpenClaw config is invalid", ("PKC115",), (NEWER,), also=("PKC114", "PKC103", "PKC113")),
    Message("Config invalid Run: openclaw doctor --fix", (), (OLDER,), also=("PKC115", "PKC103", "PKC113")),
    Message("Failed to read config at {path}: JSON5: invalid character {c} at {n}", ("PKC103",), (NEWER,)),
    Message("JSON5 parse failed: SyntaxError: JSON5: invalid {what} at {n}", ("PKC103",), (OLDER,)),
    Message("JSON5: invalid {what} at {n}", ("PKC103",)),
    Message("config reload skipped (invalid config)", (), (NEWER,), also=("PKC103", "PKC114", "PKC115", "PKC113")),
    Message('env: Unrecognized key: "{name}"', ("PKC114",), (NEWER,), needs="env"),
    Message("Legacy config keys detected:", (), (NEWER,), also=("PKC114",)),
    Message('agents: Unrecognized key: "{name}"', ("PKC115",), (OLDER,), needs="agents"),
    Message('agents: Unrecognized key: "{name}"', (), (NEWER,), also=("PKC115",), needs="agents"),
    Message('Unrecognized key: "{name}"', (), BOTH, also=("PKC114", "PKC115")),
    Message('agents: Unrecognized keys: "ownership", "entries"', (), (OLDER,), also=("PKC115",)),
    Message(
        'agents.ownership: multi-agent rosters require agents.ownership="explicit" or one legacy default=true marker',
        (),
        (NEWER,),
        also=("PKC115",),
    ),
    Message(
        'models.providers.{provider}.api: Invalid option: expected one of "openai-completions"|{rest}',
        ("PKC113",),
        BOTH,
    ),
    Message("Unknown model: {ref}", ("PKC107",), BOTH),
)

OPENCLAW_TEXTS: Final = (*_KEY, *_REQUEST, *_WHERE_TO, *_NETWORK, *_CONFIG)
