"""Trying a key at the gateway that the entries lead to, before it is stored."""

from __future__ import annotations

from wizard.base.errors import UserError
from wizard.change.trusted_hosts import remembered_origins
from wizard.openclaw.config_view import PROVIDERS
from wizard.portkey import hosts
from wizard.route.model import Api
from wizard.setup.flow import Request as SetupRequest
from wizard.setup.flow import asker
from wizard.setup.gateway import Gateway, read_gateway
from wizard.setup.key import KeyAnswer, foreign_key_note
from wizard.setup.key_commands.look import Around, Request
from wizard.setup.verify import LookError, Trouble, look_into_catalogue
from wizard.stores.model import StoreContext


def try_key(around: Around, context: StoreContext, key: KeyAnswer, request: Request) -> tuple[str, ...]:
    """What to know of the key after the gateway of the first entry that shares it was asked for its models.

    Raises:
        UserError: it refuses the key (2), or nobody answered (3).
    """
    gateway = _gateway(around, context)
    if gateway is None:
        return ()
    if not hosts.may_receive_key(gateway.base_url, remembered_origins(request.environment)):
        why = f"{gateway.origin} is not one of Portkey's own hosts, and was never confirmed"
        return (f"The key was not tried: {why}. To confirm it: portkey-claw setup --gateway-url {gateway.base_url}",)
    vendor = foreign_key_note(key, gateway.kind)
    sender = SetupRequest({}, request.environment, request.vault, request.send, request.config_path, request.profile)
    try:
        looked = look_into_catalogue(gateway, key, asker(sender, around.seen), request.vault)
    except LookError as error:
        if error.trouble in (Trouble.KEY, Trouble.NETWORK):
            raise
        return (f"The key was not tried: {error.message}",)
    return (*looked.notes, *((vendor,) if vendor else ()))


def _gateway(around: Around, context: StoreContext) -> Gateway | None:
    """Where the first entry leads to; None where its base URL is none that could work, which the doctor tells."""
    if not context.provider_ids:
        return None
    settings = around.seen.config.get((*PROVIDERS, context.provider_ids[0]))
    url = settings.get("baseUrl")
    api = next((each for each in Api if each.value == settings.get("api")), Api.COMPLETIONS)
    try:
        return read_gateway(url if isinstance(url, str) else "", api)
    except UserError:
        return None
