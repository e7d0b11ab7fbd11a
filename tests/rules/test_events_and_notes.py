"""Every event and note that a scheme can give is given by some worked case or example case: none is there unseen."""

from __future__ import annotations

from pathlib import Path

import pytest

from subsidyengine.decision import Conclude, Reading, answer, program_for
from subsidyengine.facts import Case, read_cases
from subsidyengine.rulebook import open_rulebook, shipped_folder
from subsidyengine.worked import load_worked

RULES = shipped_folder()
BOOK = open_rulebook(cache=False)
FIXTURES = Path(__file__).parents[2] / "fixtures" / "cases"
#: The last day of the reduction is not established (law says no duration), so no case can give it. It stands for the day it is.
NOT_YET = {"fund.rent_reduction": "event subsidy_ends"}


@pytest.fixture(scope="module")
def asked():
    """Of each scheme its worked cases, and the example cases that ask for it."""
    found = {scheme_id: [] for scheme_id in BOOK.schemes}
    for path in sorted(RULES.rglob("*.cases.yaml")):
        for worked in load_worked(path, BOOK, path.name):
            found[worked.scheme].append(worked.case)
    for case in read_cases([FIXTURES], BOOK):
        assert isinstance(case, Case)
        for scheme_id in case.schemes:
            found[scheme_id].append(case)
    return found


def unseen(scheme_id, cases):
    """``file:line`` and what stands there, for each event and note that no case gives."""
    scheme, program, conclude = BOOK.schemes[scheme_id], program_for(BOOK, scheme_id), Conclude(durable=False)
    rest = {id(e): f"{e.place}: event {e.kind}" for c in scheme.clauses for e in c.events}
    rest |= {id(n): f"{n.place}: note '{n.says.en[:60]}'" for n in scheme.notes}
    for case in cases:
        found = answer(Reading(BOOK, program, case, case.on, case.known), conclude)
        for given in (*(h.rule for h in found.events), *found.notes):
            rest.pop(id(given), None)
    return sorted(rest.values())


@pytest.mark.parametrize("scheme_id", sorted(BOOK.schemes))
def test_every_event_and_note_is_seen(scheme_id, asked):
    never = unseen(scheme_id, asked[scheme_id])
    never = [what for what in never if scheme_id not in NOT_YET or not what.endswith(NOT_YET[scheme_id])]
    assert never == []
