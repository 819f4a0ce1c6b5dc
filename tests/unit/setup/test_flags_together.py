"""Flags that are wrong or contradict each other are refused before anything is asked, read or written."""

from __future__ import annotations

import argparse

import pytest

from wizard.base.errors import ExitCode, UserError
from wizard.setup.flags import check_flags
from wizard.setup.questions import declare

OPUS = "@anthropic-prod/claude-opus-4-5"


def check(*arguments: str) -> None:
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--openclaw-config")
    declare(parser)
    check_flags(vars(parser.parse_args(arguments)))


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("--remove", "--model", OPUS), ("--remove", "--model")),
        (("--remove", "--use-as", "listed"), ("--remove", "--use-as")),
        (("--remove", "--api-key-stdin"), ("--remove", "--api-key-stdin")),
        (("--remove", "--api-key-file", "key"), ("--remove", "--api-key-file")),
        (("--remove", "--clear-metadata"), ("--remove", "--clear-metadata")),
        (("--remove", "--gateway-url", "https://gw.example.com/v1"), ("--remove", "--gateway-url")),
        (("--use-as", "listed", "--primary", OPUS), ("--use-as listed", "--primary")),
        (("--use-as", "listed", "--fallback", OPUS), ("--use-as listed", "--fallback")),
        (("--config-id", "pc-a", "--clear-config-id"), ("--config-id", "--clear-config-id")),
        (("--trace-id", "t", "--clear-trace-id"), ("--trace-id", "--clear-trace-id")),
        (("--metadata", "a=b", "--clear-metadata"), ("--metadata", "--clear-metadata")),
        (("--vendor", "openai", "--clear-vendor"), ("--vendor", "--clear-vendor")),
        (("--api-key-stdin", "--api-key-file", "key"), ("--api-key-stdin", "--api-key-file")),
        (("--openclaw-config", ""), ("--openclaw-config",)),
        (("--api-key-file", ""), ("--api-key-file",)),
        (("--vendor", "@openai-prod"), ("--vendor", "--slug")),
        (("--key-storage", "vault"), ("--key-storage",)),
        (("--model", OPUS, "--model", "two words"), ("--model 'two words'",)),
        (("--metadata", "no-value"), ("--metadata",)),
    ],
)
def test_what_cannot_be_meant_is_refused(arguments: tuple[str, ...], named: tuple[str, ...]) -> None:
    with pytest.raises(UserError) as caught:
        check(*arguments)
    assert caught.value.code is ExitCode.USAGE
    for flag in named:
        assert flag in caught.value.message


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--remove", "--provider-id", "portkey-openai", "--dry-run"),
        ("--remove", "--yes", "--no-verify"),
        ("--use-as", "fallback", "--primary", OPUS, "--model", OPUS),
        ("--use-as", "listed", "--model", OPUS),
        ("--trace-id", "t", "--clear-metadata"),
        ("--vendor", "vertex-ai", "--model", "gemini-3"),
    ],
)
def test_what_goes_together_passes(arguments: tuple[str, ...]) -> None:
    check(*arguments)
