"""Every broken file of fixtures/bad in Danish, beside the English of expected.yaml."""

from __future__ import annotations

import pickle

import pytest

from subsidyengine.facts import CaseError, read_cases
from subsidyengine.words import Message, translated

from .test_bad_files import FILES, FOLDER, ROOT, book

__all__ = ["book"]  # the fixture


@pytest.mark.parametrize("name", FILES)
def test_a_bad_file_says_in_danish_what_is_wrong(name, book, monkeypatch, snapshot):
    monkeypatch.chdir(ROOT)
    problems = [p for found in read_cases([FOLDER / name], book) if isinstance(found, CaseError) for p in found.problems]
    for problem in problems:
        assert isinstance(problem.message, Message), problem
        assert translated(problem.message, "da") != problem.message
    assert "\n".join(problem.told("da") for problem in problems) == snapshot


def test_errors_keep_their_danish_from_one_process_to_another(book, monkeypatch):
    monkeypatch.chdir(ROOT)
    for found in read_cases([FOLDER], book):
        if isinstance(found, CaseError):
            again = pickle.loads(pickle.dumps(found))
            assert [p.told("da") for p in again.problems] == [p.told("da") for p in found.problems]
