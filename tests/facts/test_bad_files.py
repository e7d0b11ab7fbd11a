"""Every broken file of fixtures/bad says exactly what expected.yaml has, against the real vocabulary."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from subsidyengine.facts import Case, read_cases
from subsidyengine.rulebook import load_documents
from subsidyengine.rulebook.load import read_folder

ROOT = Path(__file__).parents[2]
FOLDER = Path("fixtures/bad")
EXPECTED = next(load_documents((ROOT / FOLDER / "expected.yaml").read_text(encoding="utf-8"), "expected.yaml")).data
FILES = sorted(path.name for path in (ROOT / FOLDER).iterdir() if path.name != "expected.yaml")


@pytest.fixture(scope="module")
def book():
    """The real vocabulary; which schemes there are does not matter here."""
    return replace(read_folder(ROOT / "rules")[0], schemes={})


def test_every_file_has_its_messages():
    assert sorted(EXPECTED) == FILES
    assert len(FILES) >= 25


@pytest.mark.parametrize("name", FILES)
def test_a_bad_file_says_what_is_wrong(name, book, monkeypatch):
    monkeypatch.chdir(ROOT)
    good, said = [], []
    for found in read_cases([FOLDER / name], book):
        if isinstance(found, Case):
            good.append(found.id)
        else:
            said += [str(problem) for problem in found.problems]
    assert said == EXPECTED[name]["says"]
    assert good == EXPECTED[name].get("cases", [])


def test_no_message_repeats_a_cpr_number(book, monkeypatch):
    monkeypatch.chdir(ROOT)
    assert "999999" not in "".join(map(str, read_cases([FOLDER], book)))
