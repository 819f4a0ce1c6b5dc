"""The names of the headers that Portkey reads, and the ones it answers with.

Source: Portkey's header reference, read 2026-08, and answers measured on the gateway's 1.15.2 and 2.2.3.
"""

from __future__ import annotations

from typing import Final

API_KEY: Final = "x-portkey-api-key"
AUTHORIZATION: Final = "authorization"
VENDOR_API_KEY: Final = "x-api-key"
PROVIDER: Final = "x-portkey-provider"
CONFIG: Final = "x-portkey-config"
VIRTUAL_KEY: Final = "x-portkey-virtual-key"
TRACE_ID: Final = "x-portkey-trace-id"
METADATA: Final = "x-portkey-metadata"
FETCH_CATALOGUE: Final = "x-portkey-fetch-integrated-models"

PREFIX: Final = "x-portkey-"

# A request with one of these names where it is to go by itself.
ROUTING: Final = (CONFIG, PROVIDER, VIRTUAL_KEY)

# The gateway adds these only to what has reached routing.
ROUTED_MARK: Final = "x-portkey-last-used-option-index"
ANSWERING_PROVIDER: Final = "x-portkey-provider"
RETRY_COUNT: Final = "x-portkey-retry-attempt-count"
GATEWAY_EXCEPTION: Final = "x-portkey-gateway-exception"

# Values of these may be shown; every other header's value may be a secret.
HARMLESS: Final = frozenset(
    {
        PROVIDER,
        CONFIG,
        TRACE_ID,
        METADATA,
        FETCH_CATALOGUE,
        VIRTUAL_KEY,
        "x-portkey-span-id",
        "x-portkey-parent-span-id",
        "x-portkey-span-name",
        "x-portkey-cache-force-refresh",
        "x-portkey-cache-namespace",
        "x-portkey-request-timeout",
        "x-portkey-custom-host",
        "x-portkey-forward-headers",
        "x-portkey-sensitive-headers",
        "x-portkey-debug",
        "x-portkey-strict-open-ai-compliance",
        "x-portkey-beta",
        "x-portkey-nitro-mode",
        "anthropic-version",
        "anthropic-beta",
        "content-type",
        "accept",
        "user-agent",
    }
)
