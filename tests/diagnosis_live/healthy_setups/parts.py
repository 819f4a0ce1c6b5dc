"""What several of the healthy set-ups share."""

from __future__ import annotations

from typing import Any, Final

from tests.diagnosis_live.faults.gateway import FALLBACK, SAVED
from tests.diagnosis_live.faults.key import MESSAGES
from tests.diagnosis_live.faults.network import COMPANY
from tests.diagnosis_live.faults.provider import single
from tests.diagnosis_live.hosts import answering, open_source, portkey, vendor_fails
from tests.diagnosis_live.scenario import ACCOUNT, HOSTED, JWT, OLD, Host, Scenario
from tests.diagnosis_live.writing import GONE, GPT, OPUS, by_hand, by_machine, config, entry, in_haste
from wizard.sandbox.accounts import ProviderEntry
from wizard.sandbox.gateway import Sandbox
from wizard.sandbox.http_messages import Answer, RawReply, json_answer, text_answer
from wizard.sandbox.provider import Fault as VendorFault

KEY: Final = "${PORTKEY_API_KEY}"
HEADER: Final = "x-portkey-api-key"


def entry_with(**settings: Any) -> dict[str, Any]:
    """A whole config whose Portkey entry has these settings."""
    return config(entry(**settings))


