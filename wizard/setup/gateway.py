"""The gateway's URL as setup writes it, and whether the key may go there."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlunsplit

from wizard.base.errors import UserError, usage_error
from wizard.diagnosis.base_url import fault_of
from wizard.openclaw.config_view import provider_entries
from wizard.openclaw.seen import ConfigFile
from wizard.portkey import hosts
from wizard.portkey.hosts import HostKind, Origin
from wizard.route.model import Api
from wizard.setup.strangers import is_stranger


@dataclass(frozen=True, slots=True)
class Gateway:
    """A gateway to write into the config.

    Attributes:
        base_url: what `baseUrl` is to be.
        api_root: where `/models` hangs below.
        origin: scheme, host and port.
        kind: what the host's name tells.
        notes: what was changed in the URL or should be known of it.
    """

    base_url: str
    api_root: str
    origin: Origin
    kind: HostKind
    notes: tuple[str, ...] = ()

    @property
    def to_remember(self) -> bool:
        """Whether the key may go there only because the user named it."""
        return not hosts.may_receive_key(self.base_url)


def read_gateway(url: str, api: Api) -> Gateway:
    """The gateway that a URL means; what the doctor would call a fault is refused here.

    The OpenAI formats hang `/chat/completions` or `/responses` below the URL as it stands, so that `/v1` must be in
    it; the Anthropic format takes both (measured on OpenClaw 2026.3.13, 2026.5.7 and 2026.9.6).

    Raises:
        UserError: it is no URL, or no place where a Portkey gateway is; exit code 2.
    """
    url = url.strip()
    parts, where = hosts.split(url), hosts.origin(url)
    if parts is None or where is None:
        fault = fault_of(url, openai=api.is_openai)
        better = fault.better if fault and fault.better else hosts.DEFAULT_BASE_URL
        raise usage_error("--gateway-url is no URL.", f"Write the whole URL, such as {better}.")
    if parts.username is not None or parts.password is not None:
        raise usage_error("--gateway-url holds a user name or a password.", "Give the URL without them.")
    if parts.query or parts.fragment:
        raise usage_error("--gateway-url has a ? or # part.", "Give the URL up to /v1 and no further.")
    path = parts.path.rstrip("/")
    notes = []
    if not path and api.is_openai:
        path = "/v1"
        notes.append(f"/v1 is added to {where}: OpenClaw puts {api.value} requests right below the base URL.")
    base_url = urlunsplit((where.scheme, str(where).partition("://")[2], path, "", ""))
    kind = hosts.kind(where.host)
    _refuse_fault(base_url, where, kind, api)
    if where.scheme == "http" and kind is HostKind.OTHER:
        notes.append(f"{where} is plain http: the key and every prompt can be read on the way.")
    root = base_url if api.is_openai or path.endswith("/v1") else f"{base_url}/v1"
    return Gateway(base_url, root, where, kind, tuple(notes))


def standing_gateway(config: ConfigFile, provider_id: str, confirmed: Collection[str]) -> str | None:
    """The gateway that the entry already leads to, which a run without `--gateway-url` leaves as it is.

    A hosted gateway, an entry of somebody else's, a base URL that cannot work and one that is written as a reference
    are no answer: the default mends them, or the run ends before the key is asked for.

    Args:
        config: OpenClaw's config.
        provider_id: the entry's name.
        confirmed: the origins that the user confirmed in earlier runs.

    Raises:
        UserError: it is a host of the user's that was never confirmed; exit code 2.
    """
    entry = next((each for each in provider_entries(config) if each.id == provider_id), None)
    url = entry.settings.get("baseUrl") if entry is not None else None
    where = hosts.origin(url.strip()) if isinstance(url, str) else None
    if entry is None or not isinstance(url, str) or where is None or is_stranger(entry, confirmed):
        return None
    if hosts.kind(where.host) not in (HostKind.OTHER, HostKind.LOOPBACK):
        return None
    if not hosts.may_receive_key(url, confirmed):
        raise usage_error(
            f"The entry {provider_id} leads to {where}, which is not one of Portkey's own hosts.",
            f"Confirm it with --gateway-url {url.strip()}, or use --gateway-url {hosts.DEFAULT_BASE_URL}",
        )
    return url


def _refuse_fault(base_url: str, where: Origin, kind: HostKind, api: Api) -> None:
    fault = fault_of(base_url, openai=api.is_openai)
    if fault is not None:
        raise _refused(base_url, fault.reason, fault.better or hosts.DEFAULT_BASE_URL)
    if kind is HostKind.VENDOR:
        raise _refused(base_url, "that is a model provider's own API, not a Portkey gateway", hosts.DEFAULT_BASE_URL)
    if kind is HostKind.HOSTED and not hosts.may_receive_key(base_url):
        raise _refused(base_url, "Portkey's gateway has no other port", f"https://{where.host}/v1")


def _refused(url: str, why: str, better: str) -> UserError:
    return usage_error(f"--gateway-url {url}: {why}.", f"Use {better}")
