"""What the law makes of a draw: which day's law counts, which provision gives the rent and the guarantee, and until when."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from subsidyengine.allocation import share_out

from .scene import terms_of, vacancy

USED = "offered_on={day} answered_on={day} used rent=5000 available_from={day} let_from={let}"


def documents(book, shipped, terms, lines, on=date(2025, 12, 31), private=False):
    desk = share_out([vacancy(line, n, private) for n, line in enumerate(lines, 2)], book, replace(shipped, terms={"agreed": terms}), on)
    return {d.case: d for d in desk.documents("en")}


@pytest.mark.parametrize(("day", "known"), [("2010-03-01", False), ("2015-01-11", False), ("2015-01-12", True)])
@pytest.mark.parametrize(
    ("more", "outcome"),
    [(USED, "granted"), ("", "granted"), ("kind=elderly", "granted"), ("cause=swap", "refused"), ("cause=for_sale", "refused")],
)
def test_a_vacancy_before_the_law_was_known_is_not_answered_whenever_it_is_asked_about(day, known, more, outcome, book, shipped, tmp_path):
    terms = terms_of(tmp_path, book, "agreed", {"from": date(2009, 1, 1), "share": 1})
    found = documents(book, shipped, terms, [f"A1 {day} {more.format(day=day, let='2025-06-01')}"])["A1"]
    assert found.outcome == (outcome if known else "undetermined")
    assert ([(o.kind, o.rule) for o in found.open] == [("law_not_known", "allocation.turn")]) == (not known)
    assert (found.certainty == "unknown") == (not known)
    for part in found.parts:
        if not known and part.part == "vacancy_rent" and more:
            assert (part.outcome, part.amount) == ("undetermined", None)


def test_nor_is_a_vacancy_that_would_go_to_the_waiting_list(book, shipped, tmp_path):
    terms = terms_of(tmp_path, book, "agreed", {"from": date(2009, 1, 1)})
    found = documents(book, shipped, terms, ["A1 2015-01-11", "A2 2015-01-12"])
    assert [(d.owner, d.outcome) for d in found.values()] == [("waiting_list", "undetermined"), ("waiting_list", "refused")]
