"""Commands in the README and in docs/ do what they say: each block is run and its output compared.

A block is ```console with lines `$ subsidyengine ...`, each followed by what it prints. `...` on a line of its own stands for
lines left out. After a change of output: UPDATE_DOCS=1 python -m pytest tests/documents/test_docs.py, and read the difference.
"""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from subsidyengine.cli.app import app

ROOT = Path(__file__).parents[2]
FILES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)


def blocks(file: Path) -> list[str]:
    return BLOCK.findall(file.read_text(encoding="utf-8"))


def commands(block: str) -> list[tuple[str, str]]:
    """(command, expected output) of one block."""
    found: list[tuple[str, str]] = []
    for line in block.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], ""))
        elif found:
            command, output = found[-1]
            found[-1] = (command, f"{output}{line}\n")
    return found


def run(command: str, ledger: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    monkeypatch.setenv("SUBSIDYENGINE_LEDGER", str(ledger))
    name, *args = shlex.split(command)
    assert name == "subsidyengine"
    result = CliRunner().invoke(app, args, catch_exceptions=False)
    return "\n".join(line.rstrip() for line in (result.stdout + result.stderr).rstrip().splitlines())


def steady(text: str) -> str:
    """The rulebook's hash changes with every rule, and so do ids; a ledger has its own key. They are not what the text is about."""
    for pattern, written in STEADY:
        text = re.sub(pattern, written, text)
    return text


STEADY = (
    ("\N{NO-BREAK SPACE}", " "),
    (r"sha256:[0-9a-f]{4,}", "sha256:..."),
    (r"\S*/ledger\.db", "ledger.db"),
    (r"subsidyengine-ledger-[0-9a-f]{16}", "subsidyengine-ledger-5d1f0c9be2a74836"),
    (r"(?<![-0-9a-f])[0-9a-f]{16}(?![0-9a-f])", "9f2c71d033ab8e4f"),
    (r"\+[0-9a-f]{8}\+[A-Za-z0-9+/=]{40,}", "+..."),
    (r"(?m)^(— \S+ )?[A-Za-z0-9+/]{40,}=*$", r"\1..."),
    (r"\d{4}-\d\d-\d\dT[0-9:.]+Z", "2026-03-02T09:15:00.000000Z"),
    (r"\b(subsidyengine|pydantic|pendulum) \d[0-9.]*", r"\1 ..."),
)


def matches(expected: str, got: str) -> bool:
    parts = [re.escape(p.strip("\n")) for p in re.split(r"(?m)^\.\.\.$", steady(expected))]
    return re.fullmatch(r"(?s)\n*" + r"\n.*?\n?".join(parts) + r"\n*", steady(got)) is not None


CASES = [(f.name, i) for f in FILES for i in range(len(blocks(f)))]


@pytest.mark.parametrize(("name", "index"), CASES)
def test_documented_commands_print_what_the_text_shows(name, index, monkeypatch, tmp_path):
    file = next(f for f in FILES if f.name == name)
    block = blocks(file)[index]
    if os.environ.get("UPDATE_DOCS"):
        fresh = "".join(f"$ {c}\n{steady(run(c, tmp_path / 'ledger.db', monkeypatch))}\n" for c, _ in commands(block))
        file.write_text(file.read_text(encoding="utf-8").replace(block, fresh), encoding="utf-8")
        return
    for command, expected in commands(block):
        got = run(command, tmp_path / "ledger.db", monkeypatch)
        assert matches(expected, got), f"{command}\n--- prints\n{got}\n--- the text says\n{expected}"


def test_every_command_is_documented():
    text = "\n".join(f.read_text(encoding="utf-8") for f in FILES)
    names = [c.name or c.callback.__name__ for c in app.registered_commands]
    for group in app.registered_groups:
        names += [f"{group.name} {c.name}" for c in group.typer_instance.registered_commands]
    missing = [n for n in names if f"subsidyengine {n}" not in text]
    assert missing == []
