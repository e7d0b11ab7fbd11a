"""An independent recount: whose turn each vacancy is, told anew from the rows before it, with limits, silence, quotas and several rights.

No running account: for each vacancy the fate of every earlier one is worked out from its own row, as it stood that day.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from math import ceil, floor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from subsidyengine.allocation.sequence import run

from .scene import terms_of, vacancy

START, END = date(2024, 12, 20), date(2026, 12, 31)
RELAXED = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
DAYS_TO_ANSWER = 5
#: Name, share or quota a year, and the rents that fit. In the order of draws.
RIGHTS = (("municipal", Fraction(1, 4), (4000, 6000)), ("rehousing", Fraction(1, 3), None), ("transitional", 2, None))
MODES = [
    {"position": "first", "passing": "kept", "outside_limits": "waits", "several_rights": "stream"},
    {"position": "last", "passing": "kept", "outside_limits": "not_counted", "several_rights": "remainder"},
    {"position": "first", "passing": "used", "outside_limits": "not_counted", "several_rights": "stream"},
    {"position": "last", "passing": "used", "outside_limits": "waits", "several_rights": "remainder"},
    {"position": "last", "passing": "kept", "outside_limits": "waits", "several_rights": "stream"},
    {"position": "first", "passing": "used", "outside_limits": "waits", "several_rights": "remainder"},
]


@pytest.fixture(scope="module")
def made(book, tmp_path_factory):
    folder = tmp_path_factory.mktemp("terms")
    rights = [
        {"right": "municipal", "basis": "section_59_2", "share": "1/4", "limits": {"rent": {"from": 4000, "to": 6000}}},
        {"right": "rehousing", "basis": "section_59_2", "share": "1/3"},
        {"right": "transitional", "basis": "section_63", "kinds": ["family"], "quota_per_year": 2},
        {"right": "waiting_list", "basis": "waiting_list"},
    ]
    answer = {"days": DAYS_TO_ANSWER, "counted_in": "calendar_days"}
    return [terms_of(folder, book, "agreed", {"rights": rights, "answer": answer, "counting": mode}) for mode in MODES]


ROWS = st.lists(
    st.tuples(st.integers(0, 40), st.sampled_from([3999, 4000, 5000, 6000, 6001]), st.sampled_from(["", "offered", "passed", "used"]), st.integers(0, 9)),
    max_size=30,
)  # fmt: skip


def lines_of(rows):
    out = []
    for number, (day, rent, what, wait) in enumerate(rows):
        vacant = START + timedelta(days=day)
        words = [f"V{number:03d} {vacant} rent={rent}"]
        words += [f"offered_on={vacant}"] if what else []
        words += [f"answered_on={vacant + timedelta(days=wait)} {what}"] if what in ("passed", "used") else []
        out.append(vacancy(" ".join(words), number + 2))
    return sorted(out, key=lambda v: v.order)


class Recount:
    """``turns[k]``: the right whose turn vacancy ``k`` is, None for the waiting list's."""

    def __init__(self, lines, mode):
        self.lines, self.mode = lines, mode
        self.turns: list[str | None] = []
        #: For each vacancy the rights that count it, in order.
        self.counting: list[list[str]] = []
        for k in range(len(lines)):
            self.arrive(k)

    def arrive(self, k):
        line, counting, turn = self.lines[k], [], None
        for name, much, rents in RIGHTS:
            inside = rents is None or rents[0] <= line.rent <= rents[1]
            if (self.mode["several_rights"] == "remainder" and turn) or (not inside and self.mode["outside_limits"] == "not_counted"):
                continue
            counting.append(name)
            self.counting[k:] = [counting]
            if turn is None and inside and self.left(k, name, much) >= 1:
                turn = name
        self.counting[k:] = [counting]
        self.turns.append(turn)

    def left(self, k, name, much):
        """Turns of a right that nobody has, as vacancy ``k`` comes."""
        year = self.lines[k].vacant_from.year if isinstance(much, int) else None
        same = [j for j in range(k + 1) if year is None or self.lines[j].vacant_from.year == year]
        exact = much if year else much * sum(name in self.counting[j] for j in same)
        whole = ceil(exact) if self.mode["position"] == "first" else floor(exact)
        return whole - sum(self.gone(j, name, self.lines[k].vacant_from) for j in same if j < k)

    def gone(self, j, name, day):
        """How many turns of a right vacancy ``j`` holds on ``day``."""
        line = self.lines[j]
        answered = line.answered_on
        if self.turns[j] is None:  # taken without a turn, off the first right that counts it
            return int(bool(line.used) and answered <= day and self.counting[j][:1] == [name])
        if self.turns[j] != name:
            return 0
        silence = line.offered_on + timedelta(days=DAYS_TO_ANSWER + 1) if line.offered_on else None
        in_time = answered is not None and (silence is None or answered < silence)
        given_up = (answered if line.passed else None) if in_time else silence
        returned = given_up is not None and given_up <= day and self.mode["passing"] == "kept"
        late = bool(line.used) and not in_time and answered <= day
        return int(not returned) + int(late)


@given(rows=ROWS, which=st.integers(0, len(MODES) - 1))
@RELAXED
def test_the_recount_agrees(rows, which, made, shipped):
    lines = lines_of(rows)
    result = run(lines, replace(shipped, terms={"agreed": made[which]}), END)
    recount = Recount(lines, MODES[which])
    assert [d.vacancy.vacancy for d in result.draws] == [v.vacancy for v in lines]
    assert [None if d.turn == "waiting_list" else d.turn for d in result.draws] == recount.turns


@given(rows=ROWS, which=st.integers(0, len(MODES) - 1))
@RELAXED
def test_shares_add_up_and_every_vacancy_has_one_owner(rows, which, made, shipped):
    lines = lines_of(rows)
    result = run(lines, replace(shipped, terms={"agreed": made[which]}), END)
    names = [r.name for r in made[which].rights]
    owners = [d.owner for d in result.draws]
    assert set(owners) <= set(names)
    assert sum(owners.count(name) for name in names) == len(lines)
    for account in result.accounts:
        mine = [d for d in result.draws if d.account is account]
        # What it drew on its turns is used, given up or on offer: nothing is lost sight of.
        assert account.used + account.out_of_turn == sum(d.status == "used" for d in mine)
        assert account.passed + account.silent == sum(s.what in ("passed", "silent") and s.right == account.right.name for d in result.draws
                                                      if of_its_year(d, account) for s in d.steps)  # fmt: skip
        assert account.turns == account.used + account.out_of_turn + account.lost + account.on_offer + account.left


def of_its_year(draw, account):
    return account.year in (0, draw.vacancy.ordered_on.year)


@given(rows=ROWS, which=st.integers(0, len(MODES) - 1))
@RELAXED
def test_at_no_point_is_more_used_than_the_entitlement_gives(rows, which, made, shipped):
    """Up to every vacancy, counted from the rows: uses on a turn are at most the entitlement, rounded up where the first of a cycle is
    the municipality's and down where the last is. Where a pass uses the turn, turns drawn are at most that; kept, a passed one is drawn again."""
    lines, mode = lines_of(rows), MODES[which]
    result = run(lines, replace(shipped, terms={"agreed": made[which]}), END)
    for right in made[which].rights[:2]:
        exact, drawn, used = Fraction(0), 0, 0
        for draw in result.draws:
            exact += right.steps[0].share * any(e and e.account.right is right for e in draw.counted.values())
            mine = draw.turn == right.name
            drawn += mine
            used += mine and draw.status == "used" and not draw.irregular
            most = ceil(exact) if mode["position"] == "first" else floor(exact)
            assert used <= most
            assert used <= exact or mode["position"] == "first"
            assert drawn <= most or mode["passing"] == "kept"
