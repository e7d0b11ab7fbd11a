"""Every problem of a rulebook in Danish, beside the English of test_problems.py and test_overlay.py."""

from __future__ import annotations

import pytest

from subsidyengine.rulebook import RulebookError, check_folder
from subsidyengine.rulebook.overlay import apply_overlay
from subsidyengine.words import Message

from .test_overlay import BAD
from .test_problems import CASES


@pytest.mark.parametrize("code", sorted(CASES))
def test_problems_of_a_code_are_said_in_danish(code, sound_texts, change_texts, write_files, tmp_path, snapshot):
    said = []
    for index, case in enumerate(CASES[code]["bad"]):
        for problem in check_folder(write_files(tmp_path / str(index), change_texts(sound_texts, case))):
            assert isinstance(problem.message, Message), problem
            assert problem.told("da") != problem.told("en") == str(problem)
            said.append(problem.told("da"))
    assert "\n".join(dict.fromkeys(said)) == snapshot


@pytest.mark.parametrize("name", sorted(BAD))
def test_what_an_overlay_may_not_do_is_said_in_danish(name, sound, snapshot):
    with pytest.raises(RulebookError) as caught:
        apply_overlay(sound, "town", BAD[name])
    assert all(problem.told("da") != str(problem) for problem in caught.value.problems)
    assert "\n".join(problem.told("da") for problem in caught.value.problems) == snapshot
