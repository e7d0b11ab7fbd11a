"""Every problem that a rulebook can have, with its exact message; and its neighbour that is none.

The cases stand in ``rulebooks/bad/*.yaml``: the sound rulebook with one thing changed.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML

import subsidyengine.rulebook
from subsidyengine.rulebook import check_folder

BAD = Path(__file__).parent / "rulebooks" / "bad"
CASES = {code: cases for path in sorted(BAD.glob("*.yaml")) for code, cases in YAML(typ="safe").load(path.read_text()).items()}


def listed(kind):
    return [pytest.param(code, case, id=f"{code}-{case['name']}") for code, cases in CASES.items() for case in cases[kind]]


@pytest.mark.parametrize(("code", "case"), listed("bad"))
def test_what_is_wrong_is_said_exactly(code, case, sound_texts, change_texts, write_files, tmp_path, snapshot):
    problems = check_folder(write_files(tmp_path, change_texts(sound_texts, case)))
    assert "\n".join(map(str, problems)) == snapshot
    assert {p.code for p in problems} == {code, *case.get("also", ())}


@pytest.mark.parametrize(("code", "case"), listed("good"))
def test_what_is_right_is_left_alone(code, case, sound_texts, change_texts, write_files, tmp_path):
    texts = change_texts(sound_texts, case)
    assert texts != sound_texts, "nothing was changed, so nothing was tried"
    assert [str(p) for p in check_folder(write_files(tmp_path, texts))] == []


def test_every_code_has_its_good_and_its_bad_rulebooks():
    source = Path(subsidyengine.rulebook.__file__).parent
    written = {code for path in source.rglob("*.py") for code in re.findall(r'"([YSR]_[A-Z_]+)"', path.read_text())}
    assert written - CASES.keys() == set()
    formula = {code for path in (source.parent / "formula").glob("*.py") for code in re.findall(r'"(F_[A-Z]+)"', path.read_text())}
    assert formula - CASES.keys() == set()
    thin = [code for code, cases in CASES.items() if len(cases["bad"]) < 2 or not cases["good"]]
    assert thin == []


@pytest.mark.parametrize(("code", "case"), listed("bad"))
def test_every_problem_stands_at_a_line_of_a_file_that_exists(code, case, sound_texts, change_texts, write_files, tmp_path):
    texts = change_texts(sound_texts, case)
    for problem in check_folder(write_files(tmp_path, texts)):
        if "drop" in case:
            assert problem.place.file == case["drop"]
            continue
        lines = texts[problem.place.file].split("\n")
        assert 1 <= problem.place.line <= len(lines)
        assert 1 <= problem.place.column <= len(lines[problem.place.line - 1]) + 1
