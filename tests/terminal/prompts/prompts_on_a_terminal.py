"""Puts the prompts named on the command line and writes the answers to a file; the tests run it in a pty.

Usage: python prompts_on_a_terminal.py ANSWERS.json [--plain] [--no-color] [--json] [--steps] PROMPT…
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

from wizard.base.environment import Environment
from wizard.portkey.hosts import HostKind
from wizard.setup.key_shape import judge_key
from wizard.setup.prompter.choose import make_prompter
from wizard.setup.prompter.model import (
    BackError,
    Choice,
    ChoicePrompt,
    ConfirmPrompt,
    ManyPrompt,
    Prompter,
    SecretPrompt,
    TextPrompt,
    Verdict,
)
from wizard.terminal.console import make_console
from wizard.terminal.steps import show_step
from wizard.terminal.tty import quiet_terminal

HOSTILE = "\x1b[2J\x1b]0;owned\x07evil\u202e\nmodel"
PROVIDERS = (
    Choice("anthropic-prod", "@anthropic-prod", "Anthropic · active"),
    Choice("openai-prod", "@openai-prod", "OpenAI · active"),
    Choice("bedrock-eu", "@bedrock-eu", "Bedrock", refused="budget used up until 1 December"),
    Choice("none", "I have none yet: open the Portkey page and wait for it"),
)
MODELS = tuple(
    Choice(f"@{slug}/model-{n:04}", f"@{slug}/model-{n:04}", f"{n % 100}k context, tools" + " and more" * (n % 3))
    for n in range(2500)
    for slug in ("anthropic-prod", "openai-prod")
)


def one_word(text: str) -> Verdict:
    return Verdict("is two words: use one" if " " in text else None)


def a_url(text: str) -> Verdict:
    return Verdict(None if text.startswith("https://") else "is no https:// address")


PROMPTS = {
    "text": TextPrompt("provider_id", "Name of the provider in OpenClaw", "portkey", one_word, "letters and digits"),
    "url": TextPrompt("gateway_url", "Portkey gateway", "https://api.portkey.ai/v1", a_url),
    "bare": TextPrompt("trace_id", "Trace id"),
    "secret": SecretPrompt(
        "api_key",
        "Portkey API key",
        lambda text: judge_key(text, HostKind.HOSTED),
        "Keys are made at https://app.portkey.ai/api-keys; copy one and paste it here.",
    ),
    "choose": ChoicePrompt("slug", "Provider", PROVIDERS, help="The ones that this key may use."),
    "models": ChoicePrompt("model", "Model", MODELS, default="@anthropic-prod/model-0002"),
    "hostile": ChoicePrompt("model", f"Model of {HOSTILE}", (Choice("a", HOSTILE, HOSTILE), Choice("b", "plain one"))),
    "empty": ChoicePrompt("model", "Model", ()),
    "many": ManyPrompt("fallback", "Fallback models", MODELS[:40], chosen=(MODELS[1].value,)),
    "one": ManyPrompt("model", "Models", PROVIDERS, least=1),
    "two": ManyPrompt("model", "Models", PROVIDERS, least=2),
    "few": ManyPrompt("fallback", "Fallback models", PROVIDERS),
    "confirm": ConfirmPrompt("apply", "Apply"),
    "yes": ConfirmPrompt("keep", "Keep the key that is there", default=True, help="It works, as far as was seen."),
}


def put(prompter: Prompter, name: str) -> Any:
    if name == "slowly":
        print("waiting", flush=True)
        return time.sleep(1.0)
    prompt = PROMPTS[name]
    try:
        match prompt:
            case TextPrompt():
                return prompter.text(prompt)
            case SecretPrompt():
                return prompter.secret(prompt)
            case ChoicePrompt():
                return prompter.choose(prompt)
            case ManyPrompt():
                return list(prompter.choose_many(prompt))
            case ConfirmPrompt():
                return prompter.confirm(prompt)
    except BackError:
        return {"back": name}


def main(target: Path, arguments: list[str]) -> int:
    environment = Environment.current()
    stream = environment.stderr if "--json" in arguments else environment.stdout
    looks = {"plain": "--plain" in arguments, "no_color": "--no-color" in arguments}
    console = make_console(environment, stream=stream, **looks)
    prompter = make_prompter(environment, console)
    names = [name for name in arguments if not name.startswith("--")]
    answers: list[Any] = []
    try:
        with quiet_terminal(environment.stdin):
            for number, name in enumerate(names, 1):
                if "--steps" in arguments:
                    title, note = "Portkey for OpenClaw", "nothing written"
                    show_step(console, number, len(names), title=title, keys=prompter.keys, note=note)
                answers.append(put(prompter, name))
                target.write_text(json.dumps(answers))
    except KeyboardInterrupt:
        target.write_text(json.dumps([*answers, "left"]))
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
