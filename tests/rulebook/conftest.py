"""The sound rulebook of these tests, and what can be changed in it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from subsidyengine.rulebook import Rulebook
from subsidyengine.rulebook.load import build, read_texts

SOUND = Path(__file__).parent / "rulebooks" / "sound"


@pytest.fixture(scope="session")
def sound_texts() -> dict[str, str]:
    """File names and texts of the sound rulebook; copy before changing."""
    texts, problems = read_texts(SOUND)
    assert not problems
    return texts


@pytest.fixture(scope="session")
def sound(sound_texts: dict[str, str]) -> Rulebook:
    """The sound rulebook."""
    book, problems = build(sound_texts)
    assert not problems, "\n".join(map(str, problems))
    return book


@pytest.fixture
def folder(tmp_path: Path, sound_texts: dict[str, str]) -> Path:
    """The sound rulebook as a folder that a test may change."""
    return write(tmp_path / "rules", sound_texts)


def write(folder: Path, texts: dict[str, str]) -> Path:
    """Files of ``texts`` in ``folder``, byte for byte."""
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    return folder


@pytest.fixture
def write_files() -> Callable[[Path, dict[str, str]], Path]:
    """``write_files(folder, {name: text})``."""
    return write


def changed(texts: dict[str, str], case: dict[str, Any]) -> dict[str, str]:
    """``texts`` with one case of rulebooks/bad/*.yaml done to them. What is replaced must stand there."""
    texts = dict(texts)
    for change in (case, *case.get("more", ())):
        if "old" in change:
            count = change.get("count", 1)
            text = texts[change["file"]]
            new = change["new"].replace("%", "not " * change.get("repeat", 1))
            assert text.count(change["old"]) >= count, f"{case['name']}: '{change['old']}' is not in {change['file']} {count} times"
            texts[change["file"]] = text.replace(change["old"], new, count)
    texts.update(case.get("write", {}))
    for source, target in case.get("copy", {}).items():
        texts[target] = texts[source]
    if "drop" in case:
        del texts[case["drop"]]
    if "many" in case:
        texts[case["many"]["file"]] = many(**case["many"])
    return texts


def many(rules: int, file: str, of: int = 1) -> str:
    """A scheme of ``rules`` conclusions that all rest on the same condition, each with ``of`` conditions more."""
    condition = "holds: who.needy, cite: 'act § 1 [text]', says: {da: a, en: b}"
    names = [f"c{i}-{j}" for i in range(rules) for j in range(of - 1)]
    head = "scheme: home.way\ntitle: {da: a, en: b}\ndecided_by: {da: a, en: b}\nappeal: board\ntouched_by: [who]\nconditions:\n"
    conditions = "".join(f"  {name}: {{{condition}}}\n" for name in ["shared", *names])
    members = {i: ", ".join(["shared", *(f"c{i}-{j}" for j in range(of - 1))]) for i in range(rules)}
    written = "".join(f"  r{i}: {{any: [{m}]}}\n" for i, m in members.items())
    groups = [[f"r{i}" for i in range(start, min(start + 16, rules))] for start in range(0, rules, 16)]
    written += "".join(f"  g{n}: {{all: [{', '.join(group)}]}}\n" for n, group in enumerate(groups))
    return f"{head}{conditions}rules:\n{written}  granted: {{all: [{', '.join(f'g{n}' for n in range(len(groups)))}]}}\n"


@pytest.fixture(scope="session")
def change_texts() -> Callable[[dict[str, str], dict[str, Any]], dict[str, str]]:
    """``change_texts(texts, case)``."""
    return changed
