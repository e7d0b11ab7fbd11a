"""Every worked case beside the rules is a test, and together they show every condition version met, not met and unknown."""

from __future__ import annotations

import pytest

from subsidyengine.rulebook import open_rulebook, shipped_folder
from subsidyengine.worked import coverage, load_worked, run_worked

RULES = shipped_folder()
FILES = sorted(path.relative_to(RULES).as_posix() for path in RULES.rglob("*.cases.yaml"))


@pytest.fixture(scope="session")
def book():
    return open_rulebook(cache=False)


def test_every_scheme_has_worked_cases(book):
    tested = {load_worked(RULES / name, book, name)[0].scheme for name in FILES}
    assert tested == set(book.schemes)


@pytest.mark.parametrize("name", FILES)
def test_worked_cases_come_out_as_reasoned(book, name):
    differing = {}
    for worked in load_worked(RULES / name, book, name):
        _, differences = run_worked(worked, book)
        if differences:
            differing[worked.name] = differences
    assert differing == {}


@pytest.mark.parametrize("name", FILES)
def test_each_condition_version_is_shown_met_not_met_and_unknown(book, name):
    cases = load_worked(RULES / name, book, name)
    answers = [run_worked(worked, book)[0] for worked in cases]
    gaps = coverage(answers, book, [cases[0].scheme]).missing()
    assert [(condition, index, lacking) for (_, condition, index), lacking in gaps] == []
