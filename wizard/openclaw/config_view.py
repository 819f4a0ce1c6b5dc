"""OpenClaw's config in its own vocabulary: provider entries, agents, and the models they name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from wizard.openclaw.seen import ConfigFile, ConfigPath

MAIN_AGENT: Final = "main"
PROVIDERS: Final[ConfigPath] = ("models", "providers")
DEFAULT_MODEL: Final[ConfigPath] = ("agents", "defaults", "model")


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """A model that a provider entry lists."""

    id: str
    path: ConfigPath
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ProviderEntry:
    """A provider entry below `models.providers`."""

    id: str
    path: ConfigPath
    settings: Mapping[str, Any]
    models: tuple[ModelEntry, ...]

    def model(self, model_id: str) -> ModelEntry | None:
        """The listed model of that id, or None."""
        return next((model for model in self.models if model.id == model_id), None)

    def setting(self, name: str, model: ModelEntry | None) -> tuple[Any, ConfigPath]:
        """A setting and where it stands; a model's own wins over its provider's."""
        if model is not None and model.settings.get(name) is not None:
            return model.settings[name], (*model.path, name)
        return self.settings.get(name), (*self.path, name)

    def headers(self, model: ModelEntry | None) -> Iterator[tuple[str, Any, ConfigPath]]:
        """Name, value and place of every configured header, in the order in which they are laid over each other."""
        request = self.settings.get("request")
        sections = [(self.settings.get("headers"), (*self.path, "headers"))]
        if isinstance(request, Mapping):
            sections.append((request.get("headers"), (*self.path, "request", "headers")))
        if model is not None:
            sections.append((model.settings.get("headers"), (*model.path, "headers")))
        for section, path in sections:
            if isinstance(section, Mapping):
                for name, value in section.items():
                    yield name, value, (*path, name)


@dataclass(frozen=True, slots=True)
class Selection:
    """The models that an agent names: each text with its place; `primary` is None where none is named."""

    primary: tuple[str, ConfigPath] | None
    fallbacks: tuple[tuple[str, ConfigPath], ...] = ()


@dataclass(frozen=True, slots=True)
class Agent:
    """An agent and its own selection, None where it takes the defaults."""

    id: str
    is_default: bool
    own: Selection | None


def provider_entries(config: ConfigFile) -> tuple[ProviderEntry, ...]:
    """All provider entries that are objects, in the file's order."""
    section = config.get(PROVIDERS)
    if not isinstance(section, Mapping):
        return ()
    return tuple(provider_entry(name, settings) for name, settings in section.items() if isinstance(settings, Mapping))


def provider_entry(name: str, settings: Mapping[str, Any]) -> ProviderEntry:
    """A provider entry of that name with these settings."""
    path = (*PROVIDERS, name)
    return ProviderEntry(name, path, settings, tuple(_models(settings, (*path, "models"))))


def default_selection(config: ConfigFile) -> Selection:
    """The defaults' models."""
    return _selection(config.get(DEFAULT_MODEL), DEFAULT_MODEL) or Selection(None)


def agents(config: ConfigFile) -> tuple[Agent, ...]:
    """The agents, the default one first; a config that names none has the agent `main`."""
    found = list(_named_agents(config))
    if not found:
        return (Agent(MAIN_AGENT, is_default=True, own=None),)
    marked = [agent_id for agent_id, settings, _ in found if settings.get("default") is True]
    first = marked[0] if marked else next((name for name, _, _ in found if name == MAIN_AGENT), found[0][0])
    ordered = sorted(found, key=lambda item: item[0] != first)
    return tuple(
        Agent(agent_id, agent_id == first, _selection(settings.get("model"), (*path, "model")))
        for agent_id, settings, path in ordered
    )


def aliases(config: ConfigFile) -> Mapping[str, str]:
    """Alias in lower case to model ref, from `agents.defaults.models`; OpenClaw does not look at an alias's case."""
    section = config.get(("agents", "defaults", "models"))
    if not isinstance(section, Mapping):
        return {}
    return {
        settings["alias"].strip().lower(): ref
        for ref, settings in section.items()
        if isinstance(settings, Mapping) and isinstance(settings.get("alias"), str)
    }


def _models(settings: Mapping[str, Any], path: ConfigPath) -> Iterator[ModelEntry]:
    listed = settings.get("models")
    for index, item in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(item, Mapping) and isinstance(item.get("id"), str):
            yield ModelEntry(item["id"], (*path, index), item)


def _named_agents(config: ConfigFile) -> Iterator[tuple[str, Mapping[str, Any], ConfigPath]]:
    listed = config.get(("agents", "list"))
    for index, item in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(item, Mapping) and isinstance(item.get("id"), str):
            yield item["id"], item, ("agents", "list", index)
    entries = config.get(("agents", "entries"))
    for name, item in (entries if isinstance(entries, Mapping) else {}).items():
        if isinstance(item, Mapping):
            yield name, item, ("agents", "entries", name)


def _selection(value: Any, path: ConfigPath) -> Selection | None:
    if isinstance(value, str) and value.strip():
        return Selection((value.strip(), path))
    if not isinstance(value, Mapping):
        return None
    primary = value.get("primary")
    listed = value.get("fallbacks")
    fallbacks = tuple(
        (item.strip(), (*path, "fallbacks", index))
        for index, item in enumerate(listed if isinstance(listed, list) else ())
        if isinstance(item, str) and item.strip()
    )
    named = (primary.strip(), (*path, "primary")) if isinstance(primary, str) and primary.strip() else None
    return Selection(named, fallbacks) if named or fallbacks else None
