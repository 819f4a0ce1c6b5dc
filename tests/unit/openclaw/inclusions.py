"""Configs with `$include`: the files, and what OpenClaw makes of them.

Held against `openclaw config get` of 2026.5.7 and 2026.9.6 in tests/real/test_includes.py. Every config is about
`agents.defaults.model`, an object with a string and a list to which OpenClaw adds no defaults.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from wizard.openclaw.includes import IncludeTrouble

CONFIG: Final = ".openclaw/openclaw.json"


@dataclass(frozen=True)
class Inclusion:
    """One config.

    Attributes:
        name: what is special about it.
        files: files below the home folder with their text; a text that starts with `-> ` is a symbolic link's target,
            with `=> ` a hard link's.
        model: what `agents.defaults.model` is in the end.
        trouble: why OpenClaw refuses the config, instead of a model.
        said: the words of OpenClaw's that show the trouble.
        env: variables; `{home}` stands for the home folder.
    """

    name: str
    files: Mapping[str, str]
    model: Any = None
    trouble: IncludeTrouble | None = None
    said: str = ""
    env: Mapping[str, str] = field(default_factory=dict)

    def prepare(self, home: Path) -> None:
        """Puts the files there, links last."""
        for name, text in sorted(self.files.items(), key=lambda item: item[1][:3] in ("-> ", "=> ")):
            path = home / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if text.startswith("-> "):
                path.symlink_to(text[3:].replace("{home}", str(home)))
            elif text.startswith("=> "):
                os.link(home / text[3:], path)
            else:
                path.write_text(text.replace("{home}", str(home)))
                path.chmod(0o600)

    def variables(self, home: Path) -> dict[str, str]:
        """The variables for this home."""
        return {name: value.replace("{home}", str(home)) for name, value in self.env.items()}


def _main(model: str) -> str:
    return f"{{agents: {{defaults: {{model: {model}}}}}}}"


def _one(model: str, included: str, name: str = "m.json5") -> dict[str, str]:
    return {CONFIG: _main(model), f".openclaw/{name}": included}


def _chain(length: int) -> dict[str, str]:
    """A config that includes a file that includes a file, and so on, `length` included files in all."""
    files = {
        f".openclaw/{number}.json5": f'{{"$include": "./{number + 1}.json5"}}'
        if number < length
        else '{primary: "p/deep"}'
        for number in range(1, length + 1)
    }
    return {CONFIG: _main('{"$include": "./1.json5"}'), **files}


P, Q, R = '{primary: "p/one", fallbacks: ["f/1"]}', '{primary: "q/two", fallbacks: ["f/2"]}', '{fallbacks: ["f/3"]}'

READ: Final = (
    Inclusion(
        "one file, JSON5 with a comment",
        _one('{"$include": "./m.json5"}', "{primary: 'p/one', // by hand\n fallbacks: ['f/1',],}"),
        {"primary": "p/one", "fallbacks": ["f/1"]},
    ),
    Inclusion("a name without ./", _one('{"$include": "m.json5"}', P), {"primary": "p/one", "fallbacks": ["f/1"]}),
    Inclusion(
        "an absolute path",
        _one('{"$include": "{home}/.openclaw/m.json5"}', P),
        {"primary": "p/one", "fallbacks": ["f/1"]},
    ),
    Inclusion(
        "a list: the last counts, lists are joined",
        _one('{"$include": ["./m.json5", "./n.json5"]}', P) | {".openclaw/n.json5": Q},
        {"primary": "q/two", "fallbacks": ["f/1", "f/2"]},
    ),
    Inclusion(
        "members beside it win, lists are joined",
        _one('{primary: "s/own", "$include": "./m.json5", fallbacks: ["f/9"]}', P),
        {"primary": "s/own", "fallbacks": ["f/1", "f/9"]},
    ),
    Inclusion(
        "null beside it",
        _one('{"$include": "./m.json5", fallbacks: ["f/9"]}', '{primary: "p/one", fallbacks: null}'),
        {"primary": "p/one", "fallbacks": ["f/9"]},
    ),
    Inclusion(
        "objects are merged all the way down",
        {
            CONFIG: '{"$include": "./root.json5", agents: {defaults: {model: {fallbacks: ["f/9"]}}}}',
            ".openclaw/root.json5": _main(P),
        },
        {"primary": "p/one", "fallbacks": ["f/1", "f/9"]},
    ),
    Inclusion(
        "relative to the file it stands in",
        {
            CONFIG: '{"$include": "./sub/a.json5"}',
            ".openclaw/sub/a.json5": _main('{"$include": "./b.json5", fallbacks: [{"$include": "../c.json5"}]}'),
            ".openclaw/sub/b.json5": '{primary: "p/one"}',
            ".openclaw/c.json5": '"f/7"',
        },
        {"primary": "p/one", "fallbacks": ["f/7"]},
    ),
    Inclusion(
        "a string, a list item and a whole list",
        {
            CONFIG: _main('{primary: {"$include": "./p.json5"}, fallbacks: {"$include": ["./f.json5", "./f.json5"]}}'),
            ".openclaw/p.json5": '"p/one"',
            ".openclaw/f.json5": '["f/1", {"$include": "./g.json5"}]',
            ".openclaw/g.json5": '"g/1"',
        },
        {"primary": "p/one", "fallbacks": ["f/1", "g/1", "f/1", "g/1"]},
    ),
    Inclusion(
        "an empty list of files",
        _one('{"$include": [], primary: "p/one"}', P),
        {"primary": "p/one"},
    ),
    Inclusion("ten files deep", _chain(10), {"primary": "p/deep"}),
    Inclusion(
        "a folder that is called ~",
        {CONFIG: _main('{"$include": "~/m.json5"}'), ".openclaw/~/m.json5": P},
        {"primary": "p/one", "fallbacks": ["f/1"]},
    ),
    Inclusion(
        "${NAME} in the path is no variable",
        {CONFIG: _main('{"$include": "./${NAME}.json5"}'), ".openclaw/${NAME}.json5": P, ".openclaw/x.json5": Q},
        {"primary": "p/one", "fallbacks": ["f/1"]},
        env={"NAME": "x"},
    ),
    Inclusion(
        "a link inside the folder",
        _one('{"$include": "./l.json5"}', P) | {".openclaw/l.json5": "-> m.json5"},
        {"primary": "p/one", "fallbacks": ["f/1"]},
    ),
    Inclusion(
        "relative to the link, not to what it leads to",
        {
            CONFIG: _main('{"$include": "./l.json5"}'),
            ".openclaw/l.json5": "-> sub/a.json5",
            ".openclaw/sub/a.json5": '{"$include": "./b.json5"}',
            ".openclaw/sub/b.json5": Q,
            ".openclaw/b.json5": P,
        },
        {"primary": "p/one", "fallbacks": ["f/1"]},
    ),
    Inclusion(
        "the config itself a link: relative to the link",
        {
            CONFIG: "-> {home}/dots/openclaw.json",
            "dots/openclaw.json": _main('{"$include": "./m.json5"}'),
            "dots/m.json5": Q,
            ".openclaw/m.json5": P,
        },
        {"primary": "p/one", "fallbacks": ["f/1"]},
    ),
    Inclusion(
        "a folder of OPENCLAW_INCLUDE_ROOTS",
        {CONFIG: _main('{"$include": "../shared/m.json5"}'), "shared/m.json5": P},
        {"primary": "p/one", "fallbacks": ["f/1"]},
        env={"OPENCLAW_INCLUDE_ROOTS": "/nowhere: ~/shared ::"},
    ),
)
REFUSED: Final = (
    Inclusion(
        "no such file",
        {CONFIG: _main('{"$include": "./gone.json5"}')},
        trouble=IncludeTrouble.MISSING,
        said="Failed to read include file: ./gone.json5",
    ),
    Inclusion(
        "a link that leads nowhere",
        {CONFIG: _main('{"$include": "./l.json5"}'), ".openclaw/l.json5": "-> gone.json5"},
        trouble=IncludeTrouble.MISSING,
        said="include",
    ),
    Inclusion(
        "outside the folder",
        {CONFIG: _main('{"$include": "../m.json5"}'), "m.json5": P},
        trouble=IncludeTrouble.OUTSIDE,
        said="Include path escapes config directory: ../m.json5",
    ),
    Inclusion(
        "a link to a file outside the folder",
        {CONFIG: _main('{"$include": "./l.json5"}'), ".openclaw/l.json5": "-> {home}/m.json5", "m.json5": P},
        trouble=IncludeTrouble.OUTSIDE,
        said="Include path resolves outside config directory (symlink): ./l.json5",
    ),
    Inclusion(
        "the config itself a link, the file beside its target",
        {
            CONFIG: "-> {home}/dots/openclaw.json",
            "dots/openclaw.json": _main('{"$include": "./m.json5"}'),
            "dots/m.json5": P,
        },
        trouble=IncludeTrouble.MISSING,
        said="Failed to read include file: ./m.json5",
    ),
    Inclusion(
        "a circle",
        _one('{"$include": "./m.json5"}', '{"$include": "./sub/../m.json5"}'),
        trouble=IncludeTrouble.CYCLE,
        said="Circular include detected",
    ),
    Inclusion(
        "the config itself",
        {CONFIG: _main('{"$include": "./openclaw.json"}')},
        trouble=IncludeTrouble.CYCLE,
        said="Circular include detected",
    ),
    Inclusion(
        "eleven files deep", _chain(11), trouble=IncludeTrouble.TOO_DEEP, said="Maximum include depth (10) exceeded"
    ),
    Inclusion(
        "broken JSON5",
        _one('{"$include": "./m.json5"}', "{primary:"),
        trouble=IncludeTrouble.SYNTAX,
        said="Failed to parse include file: ./m.json5",
    ),
    Inclusion(
        "an empty file",
        _one('{"$include": "./m.json5"}', ""),
        trouble=IncludeTrouble.SYNTAX,
        said="Failed to parse include file: ./m.json5",
    ),
    Inclusion(
        "members beside a list",
        _one('{primary: "p/one", fallbacks: {"$include": "./m.json5", more: 1}}', '["f/1"]'),
        trouble=IncludeTrouble.NOT_AN_OBJECT,
        said="Sibling keys require included content to be an object",
    ),
    Inclusion(
        "a number",
        {CONFIG: _main('{"$include": 1}')},
        trouble=IncludeTrouble.MALFORMED,
        said="Invalid $include value: expected string or array of strings, got number",
    ),
    Inclusion(
        "a number in the list",
        _one('{"$include": ["./m.json5", 1]}', P),
        trouble=IncludeTrouble.MALFORMED,
        said="Invalid $include array item: expected string, got number",
    ),
    Inclusion(
        "a folder",
        {CONFIG: _main('{"$include": "./sub"}'), ".openclaw/sub/x": ""},
        trouble=IncludeTrouble.UNREADABLE,
        said="./sub",
    ),
    Inclusion(
        "a hard link",
        _one('{"$include": "./h.json5"}', P) | {".openclaw/h.json5": "=> .openclaw/m.json5"},
        trouble=IncludeTrouble.UNREADABLE,
        said="Include file failed security checks (regular file, max 2097152 bytes, no hardlinks): ./h.json5",
    ),
    Inclusion(
        "over 2 MiB",
        _one('{"$include": "./m.json5"}', P + " " * 2**21),
        trouble=IncludeTrouble.UNREADABLE,
        said="Include file failed security checks (regular file, max 2097152 bytes, no hardlinks): ./m.json5",
    ),
)
