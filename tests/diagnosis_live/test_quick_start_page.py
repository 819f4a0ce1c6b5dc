"""A quick start page that users follow, to the letter: what the doctor makes of it, version by version."""

from __future__ import annotations

from typing import Final

import pytest

from tests.diagnosis_live.hosts import portkey
from tests.diagnosis_live.scenario import HOSTED, NEW, OLD, Doctor, Outcome, Scenario
from wizard.sandbox.accounts import ApiKey, ProviderEntry, SavedConfig

QUICK_START: Final = """{
  agents: {
    defaults: {
      model: { primary: "portkey/claude-opus-4-5" }
    }
  },
  models: {
    mode: "merge",
    providers: {
      portkey: {
        baseUrl: "https://api.portkey.ai/v1",
        apiKey: "${PORTKEY_API_KEY}",
        api: "anthropic-messages",
        models: [
          { id: "@anthropic/claude-opus-4-5", name: "Claude Opus 4.5" },
          { id: "@anthropic/claude-sonnet-4-5", name: "Claude Sonnet 4.5" }
        ]
      }
    }
  }
}
"""
OPENAI: Final = """{
  agents: {
    defaults: {
      model: { primary: "portkey-openai/gpt-5.2" }
    }
  },
  models: {
    mode: "merge",
    providers: {
      "portkey-openai": {
        baseUrl: "https://api.portkey.ai/v1",
        apiKey: "${PORTKEY_API_KEY}",
        api: "openai-completions",
        models: [
          { id: "@openai/gpt-5.2", name: "GPT-5.2" },
          { id: "@openai/gpt-5", name: "GPT-5" }
        ]
      }
    }
  }
}
"""
PER_AGENT: Final = """{
  agents: {
    main: {
      model: { primary: "portkey/claude-opus-4-5" }
    }
  },
  models: {
    mode: "merge",
    providers: {
      portkey: {
        baseUrl: "https://api.portkey.ai/v1",
        apiKey: "${PORTKEY_API_KEY}",
        api: "anthropic-messages",
        headers: {
          "x-portkey-metadata": "{\\"agent\\":\\"main\\",\\"environment\\":\\"production\\"}"
        },
        models: [
          { id: "@anthropic/claude-opus-4-5", name: "Claude Opus 4.5" }
        ]
      }
    }
  }
}
"""
FALLBACKS: Final = """{
  models: {
    mode: "merge",
    providers: {
      portkey: {
        baseUrl: "https://api.portkey.ai/v1",
        apiKey: "${PORTKEY_API_KEY}",
        api: "anthropic-messages",
        models: [
          { id: "@anthropic/claude-opus-4-5", name: "Claude Opus 4.5" }
        ]
      }
    }
  }
}
"""

# Every change that the page needs, each as what it has and what works.
PRIMARY = ("portkey/claude-opus-4-5", "portkey/@anthropic/claude-opus-4-5")
API = ('api: "anthropic-messages",', 'api: "anthropic-messages", authHeader: true,')

WORKSPACE: Final = portkey(
    ProviderEntry(
        "anthropic", "anthropic", ("claude-opus-4-5", "claude-sonnet-4-5"), "sk-ant-api03-seedSEED0123456789"
    ),
    ProviderEntry("openai", "openai", ("gpt-5.2", "gpt-5"), "sk-proj-seedSEEDseedSEED0123456789"),
    SavedConfig("pc-fallback-seed", {"strategy": {"mode": "fallback"}, "targets": [{"provider": "@anthropic"}]}),
    ApiKey("with-fallbacks", "pk-seedFALLBACKSseedFALLBACKS01", default_config="pc-fallback-seed"),
)


def followed(doctor: Doctor, text: str, *, version: str = NEW) -> Outcome:
    return doctor(Scenario(text, version=version, host=WORKSPACE, names=(HOSTED,), tls="good"))


def mended(text: str, *changes: tuple[str, str]) -> str:
    for before, after in changes:
        assert text.count(before) == 1
        text = text.replace(before, after)
    return text


def with_key_below_env(text: str) -> str:
    """What the older version's `openclaw config set env.PORTKEY_API_KEY …` makes of the file, or a hand does."""
    return text.replace("{\n", '{\n  env: { PORTKEY_API_KEY: "{{key}}" },\n', 1)


def with_key_in_vars(text: str) -> str:
    return text.replace("{\n", '{\n  env: { vars: { PORTKEY_API_KEY: "{{key}}" } },\n', 1)


def independent(outcome: Outcome) -> set[str]:
    """The faults that a user has to mend one by one."""
    return {each.code for each in outcome.report.findings if each.severity == "error" and each.caused_by is None}


def test_followed_on_the_newer_version_which_refuses_to_set_the_key(doctor: Doctor) -> None:
    outcome = followed(doctor, QUICK_START)
    assert independent(outcome) == {"PKC108", "PKC202", "PKC208"}
    assert outcome.report.root_cause == "PKC108"  # all three are errors of one route: the first hop's comes first
    assert (outcome.report.verdict, outcome.exit_code) == ("broken", 1)
    places = {"PKC108": "primary:", "PKC202": "apiKey:", "PKC208": "api:"}
    for code, text in places.items():
        where = outcome.finding(code).where
        assert where is not None
        assert where.line == outcome.line_of(text)


def test_followed_on_the_older_version_which_puts_the_key_below_env(doctor: Doctor) -> None:
    outcome = followed(doctor, with_key_below_env(QUICK_START), version=OLD)
    assert independent(outcome) == {"PKC108", "PKC208"}
    assert outcome.report.root_cause == "PKC108"


def test_a_hand_puts_the_key_below_env_on_the_newer_version(doctor: Doctor) -> None:
    outcome = followed(doctor, with_key_below_env(QUICK_START))
    assert independent(outcome) == {"PKC114", "PKC108", "PKC208"}
    assert outcome.report.root_cause == "PKC114"
    assert outcome.finding("PKC202").caused_by == outcome.finding("PKC114").id


@pytest.mark.parametrize("version", [NEW, OLD])
def test_the_page_on_agents_of_their_own(doctor: Doctor, version: str) -> None:
    outcome = followed(doctor, with_key_in_vars(PER_AGENT), version=version)
    assert independent(outcome) == {"PKC115", "PKC208"}
    assert outcome.report.root_cause == "PKC115"
    where = outcome.finding("PKC115").where
    assert where is not None
    assert (where.path, where.line) == ("agents.main", outcome.line_of("main: {"))


def test_the_page_on_openai(doctor: Doctor) -> None:
    outcome = followed(doctor, with_key_in_vars(OPENAI))
    assert independent(outcome) == {"PKC108"}
    assert outcome.finding("PKC108").confidence == "certain"


def test_the_page_on_saved_configs(doctor: Doctor) -> None:
    outcome = followed(doctor, with_key_in_vars(FALLBACKS).replace("{{key}}", "{{key:with-fallbacks}}"))
    assert independent(outcome) == {"PKC208"}


@pytest.mark.parametrize(
    ("code", "text", "version"),
    [
        ("PKC202", mended(QUICK_START, PRIMARY, API), NEW),
        ("PKC108", with_key_in_vars(mended(QUICK_START, API)), NEW),
        ("PKC208", with_key_in_vars(mended(QUICK_START, PRIMARY)), NEW),
        ("PKC114", with_key_below_env(mended(QUICK_START, PRIMARY, API)), NEW),
        ("PKC115", with_key_in_vars(mended(PER_AGENT, API)), NEW),
        ("PKC202", mended(QUICK_START, PRIMARY, API), OLD),
        ("PKC108", with_key_below_env(mended(QUICK_START, API)), OLD),
        ("PKC208", with_key_below_env(mended(QUICK_START, PRIMARY)), OLD),
        ("PKC115", with_key_below_env(mended(PER_AGENT, API)), OLD),
    ],
)
def test_each_of_its_faults_alone_is_the_root_cause(doctor: Doctor, code: str, text: str, version: str) -> None:
    outcome = followed(doctor, text, version=version)
    assert (outcome.report.root_cause, independent(outcome)) == (code, {code})


@pytest.mark.parametrize(
    ("version", "put"), [(NEW, with_key_in_vars), (OLD, with_key_below_env), (OLD, with_key_in_vars)]
)
def test_with_all_of_them_mended_it_works(doctor: Doctor, version: str, put: object) -> None:
    assert callable(put)
    outcome = followed(doctor, put(mended(QUICK_START, PRIMARY, API)), version=version)
    assert (outcome.noise, outcome.exit_code, outcome.report.verdict) == ((), 0, "healthy")
