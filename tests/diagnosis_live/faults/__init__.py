"""Every fault with its neighbours, hop by hop."""

from typing import Final

from tests.diagnosis_live.faults import base_url, gateway, key, model, network, openclaw, provider
from tests.diagnosis_live.scenario import Fault, Neighbour

_MODULES = (openclaw, key, base_url, network, gateway, provider, model)
ALL_FAULTS: Final[tuple[Fault, ...]] = tuple(fault for module in _MODULES for fault in module.FAULTS)
ALL_NEIGHBOURS: Final[tuple[Neighbour, ...]] = tuple(each for module in _MODULES for each in module.NEIGHBOURS)
