"""Set-ups that work, each odd in its own way: the doctor has nothing above info to say of any."""

from typing import Final

from tests.diagnosis_live.healthy_setups import choices, surroundings, ways
from tests.diagnosis_live.scenario import Scenario

HEALTHY: Final[dict[str, Scenario]] = {
    f"{kind}: {story}": scenario
    for kind, group in {
        "base URL": ways.BASE_URLS,
        "key": ways.KEYS,
        "routing": choices.ROUTING,
        "agents": choices.AGENTS,
        "beside": choices.BESIDE,
        "file": surroundings.FILES,
        "open source": surroundings.OPEN_SOURCE,
        "saved": surroundings.SAVED_KEYS,
        "answers": surroundings.ANSWERS,
    }.items()
    for story, scenario in group.items()
}
