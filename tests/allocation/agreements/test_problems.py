"""Every problem that an agreement can have, with its exact message; and its neighbour that is none.

The cases stand in ``bad/*.yaml``: one change of the agreements in ``sound/``.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from subsidyengine.allocation import lint

BAD = Path(__file__).parent / "bad"
CASES = {code: cases for path in sorted(BAD.glob("*.yaml")) for code, cases in YAML(typ="safe").load(path.read_text()).items()}
LINT_CODES = {
    "A_BASIS", "A_CEILING", "A_RIGHT", "A_DAYS", "A_DECISION", "A_FLEXIBLE", "A_KIND", "A_ORDER", "A_OTHERS", "A_PRIVATE", "A_RESIDENCE",
    "A_SPREAD", "A_WHY", "A_OVERLAP", "A_REPLACES",
}  # fmt: skip


def listed(kind):
    return [pytest.param(code, case, id=f"{code}-{case['name']}") for code, cases in CASES.items() for case in cases.get(kind, ())]


def changed(sound, case):
    texts = dict(sound)
    for change in (case, *case.get("more", ())):
        assert change["old"] in texts[change["file"]], f"{case['name']}: '{change['old']}' is not in {change['file']}"
        texts[change["file"]] = texts[change["file"]].replace(change["old"], change["new"])
    return texts


@pytest.mark.parametrize(("code", "case"), listed("bad"))
def test_what_is_wrong_is_said_exactly(code, case, sound, read, snapshot):
    _, problems = read(changed(sound, case))
    assert "\n".join(p.told(lang) for p in problems for lang in ("en", "da")) == snapshot
    assert {p.code for p in problems} == {code, *case.get("also", ())}


@pytest.mark.parametrize(("code", "case"), listed("good"))
def test_the_neighbour_is_no_problem(code, case, sound, read):
    _, problems = read(changed(sound, case))
    assert not problems, "\n".join(map(str, problems))


def test_the_agreements_of_these_tests_are_sound(sound, read):
    _, problems = read(sound)
    assert not problems, "\n".join(map(str, problems))


def test_every_lint_has_a_bad_example_and_its_message_names_what_it_rests_on(sound, read):
    assert CASES.keys() >= LINT_CODES
    assert len(lint.LINTS) + len(lint.TOGETHER) == len(LINT_CODES)


def test_all_problems_are_told_at_once(sound, read):
    texts = {
        **sound,
        "social": sound["social"].replace("until: 2027-12-31", "until: 2023-12-31"),
        "council": sound["council"].replace("share: 1/4", "share: 1/3"),
        "named": sound["named"].replace("[Huset 1, Huset 2]", "[Huset 1]"),
    }
    _, problems = read(texts)
    assert {p.code for p in problems} == {"A_DAYS", "A_CEILING", "A_PRIVATE"}
