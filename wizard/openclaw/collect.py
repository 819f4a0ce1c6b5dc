"""Collects what can be seen of OpenClaw on this machine. Reads only; starts nothing but a look into the keyring."""

from __future__ import annotations

from collections.abc import Callable

from wizard.base.environment import Environment
from wizard.keys.keyring_store import Keyring, system_keyring
from wizard.keys.vault import Vault
from wizard.openclaw.config_file import read_config, redact_known
from wizard.openclaw.env_files import collect_layers
from wizard.openclaw.env_layers import config_layer
from wizard.openclaw.executable import find_install
from wizard.openclaw.keyring_keys import keys_in_keyring
from wizard.openclaw.locate import Located
from wizard.openclaw.merged_config import with_includes
from wizard.openclaw.profiles import saved_profiles
from wizard.openclaw.references import all_names, place_names
from wizard.openclaw.seen import OpenClawSeen, Runtime, RuntimeSeen
from wizard.openclaw.versions import parse_version


def collect_openclaw(
    environment: Environment,
    located: Located,
    vault: Vault,
    open_keyring: Callable[[Environment], Keyring] = system_keyring,
) -> OpenClawSeen:
    """The installation, the config and the environment of the command line's runtime.

    Args:
        environment: where OpenClaw would run.
        located: its files.
        vault: keeps the secrets.
        open_keyring: gives the keyring of an environment; asked only where the config refers to it.
    """
    install = find_install(environment)
    config = with_includes(read_config(located, environment, vault), located, environment, vault)
    wanted = all_names(config.value)
    outside = collect_layers(environment, located, wanted, vault, places=frozenset(place_names(config.value)))
    inside = config_layer(config, parse_version(install.version))
    profiles = saved_profiles(located.state_dir, environment, vault)
    keyring_keys = keys_in_keyring(config.value, environment, vault, open_keyring)
    return OpenClawSeen(
        install=install,
        config=redact_known(config, vault),
        profile=located.profile,
        runtimes=(RuntimeSeen(Runtime.CLI, (*outside, inside)),),
        saved_profiles=profiles,
        keyring_keys=keyring_keys,
    )
