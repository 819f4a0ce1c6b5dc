"""Words that are not OpenClaw's own: Portkey's, a provider's and Node's, as they stand in its logs (`rawError=`).

Portkey's are measured on its gateways or documented, see the rows of `wizard.portkey.answers`. The names of errors are
Node's and OpenSSL's.
"""

from __future__ import annotations

from typing import Final

from wizard.diagnosis.messages.message import Message

_PORTKEY: Final = (
    Message("Portkey Error: Invalid API Key. Error Code: 03", ("PKC205", "PKC208", "PKC202", "PKC203")),
    Message("Portkey Error: Portkey API Key Expired. Error Code: 01", ("PKC206",)),
    Message("Portkey Error: Unable to validate key. Error Code: 033", ("PKC205",)),
    Message("Portkey Error: Forbidden!. Error Code: 033", ("PKC207",)),
    Message("You do not have enough permissions to execute this request", ("PKC207",)),
    Message("AB03", ("PKC207",)),
    Message("Portkey API Key Usage Limit Exceeded. Error Code: 04", ("PKC601",)),
    Message("Portkey Workspace Usage Limit Exceeded", ("PKC601",)),
    Message("virtual_key_exhaust_error", ("PKC601",)),
    Message("integration_exhaust_error", ("PKC601",)),
    Message("workspace_exhaust_error", ("PKC601",)),
    Message("usage_limits_policy_exhaust_error", ("PKC601",)),
    Message("Portkey Error: apikey {id} rate limit exceeded. Error Code: 05", ("PKC602",)),
    Message("virtual_key_rate_limit_error", ("PKC602",)),
    Message("api_key_rate_limit_error", ("PKC602",)),
    Message("rate_limits_policy_exhaust_error", ("PKC602",)),
    Message("Either x-portkey-config or x-portkey-provider header is required", ("PKC401", "PKC108", "PKC502")),
    Message("Following keys are not valid: {slug}", ("PKC501",)),
    Message("Invalid provider passed", ("PKC407",)),
    Message("Invalid config id passed", ("PKC405",)),
    Message("Invalid config passed. You need to pass a valid json", ("PKC406",)),
    Message(
        "Either x-portkey-provider needs to be passed. Or the x-portkey-config header should have a valid config with"
        " provider details in it.",
        ("PKC406",),
    ),
    Message("Cannot override default config set for this API key.", ("PKC409",)),
    Message("inline_config_blocked", ("PKC410",)),
    Message("inline_provider_blocked", ("PKC410",)),
    Message("inline_custom_host_blocked", ("PKC410",)),
    Message("inline_provider_url_blocked", ("PKC410",)),
    Message("inline_forward_headers_blocked", ("PKC410",)),
    Message("model_not_allowed_error", ("PKC505",)),
    Message("Model {model} is not allowed for this integration", ("PKC505",)),
    Message("virtual_key_expired_error", ("PKC507",)),
    Message("Portkey Virtual Key {slug} Expired", ("PKC507",)),
    Message("Request exceeded the timeout sent in the request: {n}ms", ("PKC606",)),
    Message("Payload size exceeds the limit of {n}MB", ("PKC607",)),
    Message("hooks_failed", ("PKC604",)),
    Message("AB09", ("PKC608",)),
    Message("Something went wrong", ("PKC318",)),
    Message("{method} is not supported by {provider}", ("PKC509",)),
)

_PROVIDER: Final = (
    Message("{provider} error: invalid x-api-key", ("PKC506",)),
    Message("invalid_request_error: Incorrect API key provided: {key}", ("PKC506",), also=("PKC304",)),
    Message("Your credit balance is too low", ("PKC511",)),
    Message("insufficient_quota", ("PKC511",)),
    Message("overloaded_error", ("PKC512",)),
    Message("fetch failed", ("PKC508",)),
)

_NODE: Final = (
    Message("Invalid URL", ("PKC307",)),
    Message("ENOTFOUND {host}", ("PKC311", "PKC306")),
    Message("EAI_AGAIN {host}", ("PKC311",)),
    Message("ECONNREFUSED {address}", ("PKC312",), also=("PKC316", "PKC508")),
    Message("ECONNRESET", ("PKC312",), also=("PKC316",)),
    Message("socket hang up", ("PKC312",), also=("PKC316",)),
    Message("ETIMEDOUT", ("PKC313",)),
    Message("UND_ERR_CONNECT_TIMEOUT", ("PKC313",)),
    Message("Connect Timeout Error", ("PKC313",)),
    Message("UNABLE_TO_VERIFY_LEAF_SIGNATURE", ("PKC314",)),
    Message("unable to verify the first certificate", ("PKC314",)),
    Message("UNABLE_TO_GET_ISSUER_CERT_LOCALLY", ("PKC314",)),
    Message("unable to get local issuer certificate", ("PKC314",)),
    Message("SELF_SIGNED_CERT_IN_CHAIN", ("PKC314",)),
    Message("DEPTH_ZERO_SELF_SIGNED_CERT", ("PKC314",)),
    Message("self-signed certificate in certificate chain", ("PKC314",)),
    Message("CERT_HAS_EXPIRED", ("PKC315",)),
    Message("certificate has expired", ("PKC315",)),
    Message("CERT_NOT_YET_VALID", ("PKC315",)),
    Message("ERR_TLS_CERT_ALTNAME_INVALID", ("PKC315",)),
    Message("Hostname/IP does not match certificate's altnames", ("PKC315",)),
    Message("ERR_SSL_WRONG_VERSION_NUMBER", ("PKC315",)),
)

LOG_WORDS: Final = (*_PORTKEY, *_PROVIDER, *_NODE)
