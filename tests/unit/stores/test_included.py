"""The key in files that the config includes: found where it stands, changed where it stands."""

from __future__ import annotations

from tests.unit.stores.places import ENTRY, KEY, OTHER, PRIMARY, Place
from wizard.change.included import read_config_sources
from wizard.stores.model import Storage
from wizard.stores.moving import Moving, plan_move, plan_set


def include(place: Place, secret: str = "${PORTKEY_API_KEY}") -> None:
    """Has a config whose provider entries and variables each stand in a file of their own."""
    place.write(".openclaw/models.json5", {"providers": {"portkey": {**ENTRY, "apiKey": secret}}})
    place.write(".openclaw/env.json5", '{\n  // mine\n  vars: {\n    PORTKEY_API_KEY: "%s",\n  },\n}\n' % KEY)  # noqa: UP031
    main = {"models": {"$include": "./models.json5"}, "env": {"$include": "./env.json5"}, **PRIMARY}
    place.write(".openclaw/openclaw.json", main)


def moves(place: Place, storage: Storage, value: str) -> Moving:
    handle = place.takes(value)
    source = read_config_sources(place.located, place.environment, place.vault)
    moving = plan_move(source, handle, storage, place.copies(), place.context(handle), place.vault)
    place.applies(moving.plan)
    return moving


def test_a_key_is_found_in_the_file_and_line_that_holds_it(place: Place) -> None:
    include(place)
    (copy,) = place.copies()
    assert (copy.layer, copy.wins, copy.location) == ("config-env", True, "~/.openclaw/env.json5:4")
    assert copy.path == place.home / ".openclaw/env.json5"


def test_a_literal_key_is_found_in_the_included_entry(place: Place) -> None:
    include(place, OTHER)
    found = {copy.layer: copy for copy in place.copies()}
    assert found["literal"].wins
    assert (found["literal"].path, found["literal"].handle) == (
        place.home / ".openclaw/models.json5",
        place.takes(OTHER),
    )


def test_a_comment_of_an_included_file_is_looked_through(place: Place) -> None:
    include(place)
    path = place.home / ".openclaw/models.json5"
    path.write_text(f"// {KEY}\n" + path.read_text())
    assert [copy.location for copy in place.copies() if copy.layer == "other-setting"] == ["~/.openclaw/models.json5:1"]


def test_a_move_changes_the_included_files_and_keeps_their_comments(place: Place) -> None:
    include(place)
    main = place.config.read_text()
    moving = moves(place, Storage.DOTENV, KEY)
    assert place.config.read_text() == main
    assert (place.home / ".openclaw/env.json5").read_text() == "{\n  // mine\n  vars: {},\n}\n"
    assert [copy.layer for copy in moving.gone] == ["config-env"]
    assert place.dotenv.read_text() == f"PORTKEY_API_KEY={KEY}\n"


def test_setting_a_key_makes_an_included_literal_a_reference(place: Place) -> None:
    include(place, OTHER)
    source = read_config_sources(place.located, place.environment, place.vault)
    handle = place.takes(KEY)
    moving = plan_set(source, handle, Storage.DOTENV, place.copies(), place.context(), place.vault)
    place.applies(moving.plan)
    assert OTHER not in (place.home / ".openclaw/models.json5").read_text()
    assert "${PORTKEY_API_KEY}" in (place.home / ".openclaw/models.json5").read_text()
    assert (("models", "providers", "portkey", "apiKey")) in moving.paths
