"""What one answer must look like by itself."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from wizard.setup import checks
from wizard.setup.names import readable_name


@pytest.mark.parametrize(
    ("check", "text", "taken"),
    [
        (checks.slug, "@anthropic-prod", "anthropic-prod"),
        (checks.slug, "openai_prod2", "openai_prod2"),
        (checks.model, "@a/meta-llama/llama-3:free", "@a/meta-llama/llama-3:free"),
        (checks.model, "@cf/meta/llama", "@cf/meta/llama"),
        (checks.model, "gpt-5.2", "gpt-5.2"),
        (checks.provider_id, "portkey-openai", "portkey-openai"),
        (checks.config_id, "pc-single-91c4e2", "pc-single-91c4e2"),
        (checks.agent_id, "main", "main"),
        (checks.vendor, "vertex-ai", "vertex-ai"),
        (checks.trace_id, "run 7/blue", "run 7/blue"),
        (checks.metadata, "team=a=b", "team=a=b"),
        (checks.metadata, "_user=", "_user="),
        (checks.metadata, "k=" + "x" * 128, "k=" + "x" * 128),
    ],
)
def test_good_answers_are_taken(check: Callable[[str], str], text: str, taken: str) -> None:
    assert check(text) == taken


@pytest.mark.parametrize(
    ("check", "text", "words"),
    [
        (checks.slug, "@a/b", "is no provider slug"),
        (checks.slug, "", "is no provider slug"),
        (checks.model, "", "is no model name"),
        (checks.model, "two words", "is no model name"),
        (checks.model, "@noslash", "write @slug/model"),
        (checks.model, "@/model", "write @slug/model"),
        (checks.model, "gpt/", "after the slash is missing"),
        (checks.model, "${MODEL}", "is no model name"),
        (checks.model, "gpt\x1b[31m", "is no model name"),
        (checks.provider_id, "a/b", "is no name for a provider"),
        (checks.config_id, "my config", "starts with pc-"),
        (checks.agent_id, "../main", "is no agent id"),
        (checks.trace_id, "née", "ASCII"),
        (checks.trace_id, "a\nb", "ASCII"),
        (checks.trace_id, " a", "ASCII"),
        (checks.metadata, "novalue", "KEY=VALUE"),
        (checks.metadata, "=v", "KEY=VALUE"),
        (checks.metadata, "k=" + "x" * 129, "value of 129 characters, and Portkey cuts it at 128"),
        (checks.metadata, "k" * 129 + "=v", "key of 129 characters"),
        (checks.any_text, " ", "is empty"),
        (checks.slug, "anthropic-prod\n", "is no provider slug"),
        (checks.provider_id, "portkey\n", "is no name for a provider"),
        (checks.config_id, "pc-single-91c4e2\n", "starts with pc-"),
        (checks.agent_id, "main\n", "is no agent id"),
        (checks.vendor, "@openai-prod", "belongs to --slug"),
        (checks.vendor, "open ai", "is no provider's name"),
    ],
)
def test_bad_answers_are_refused_in_words(check: Callable[[str], str], text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words.replace("(", r"\(")):
        check(text)


@pytest.mark.parametrize(
    ("model", "name"),
    [
        ("claude-opus-4-5", "Claude Opus 4.5"),
        ("gpt-5.2", "GPT 5.2"),
        ("gpt-5-mini", "GPT 5 Mini"),
        ("claude-sonnet-4-5-20250929", "Claude Sonnet 4.5 20250929"),
        ("meta-llama/llama-3.1-8b", "Llama 3.1 8b"),
        ("o3", "O3"),
        ("eu.anthropic.claude-sonnet-4-5-20250929-v1:0", "eu.anthropic.claude Sonnet 4.5 20250929 v1:0"),
        ("---", "---"),
    ],
)
def test_names_are_readable(model: str, name: str) -> None:
    assert readable_name(model, "slug") == name


def test_a_name_that_is_taken_gets_its_slug() -> None:
    assert readable_name("gpt-5", "eu", ["GPT 5"]) == "GPT 5 (eu)"
