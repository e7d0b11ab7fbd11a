"""What holds for every sequence: conservation, ceilings, stability of what was answered, and a plain recount."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from subsidyengine.allocation.sequence import run

from .scene import terms_of, vacancy

START = date(2025, 1, 1)
END = date(2026, 12, 31)
MUNICIPAL = {"municipal", "rehousing"}
CAUSES = ["notice", "notice", "notice", "death", "swap", "internal_move", "for_sale"]
RELAXED = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@st.composite
def happenings(draw):
    """A vacancy's day and what became of it, days from the start."""
    day = draw(st.integers(0, 40))
    what = draw(st.sampled_from(["", "", "used", "passed", "passed", "let", "withdrawn", "offered"]))
    return day, what, draw(st.integers(0, 12)), draw(st.sampled_from(CAUSES)), draw(st.sampled_from([None, 3900, 4000, 6000, 6001]))


def lines_of(found, causes=True):
    out = []
    for number, (day, what, wait, cause, rent) in enumerate(found):
        vacant = START + timedelta(days=day)
        after = vacant + timedelta(days=wait)
        parts = [f"V{number:03d} {vacant}", f"cause={cause if causes else 'notice'}"]
        if rent is not None:
            parts.append(f"rent={rent}")
        parts += {
            "used": [f"offered_on={vacant}", f"answered_on={after}", "used", f"let_from={after}"],
            "passed": [f"offered_on={vacant}", f"answered_on={after}", "passed"],
            "withdrawn": [f"offered_on={vacant}", f"answered_on={vacant}", "used", f"withdrawn_on={after}"],
            "let": [f"let_from={after}"],
            "offered": [f"offered_on={vacant}"],
        }.get(what, [])
        out.append(vacancy(" ".join(parts), number + 2))
    return out


SHARES = ["1/4", "1/3", "1/2", "2/5", "1/1"]
ANSWER = {"days": 5, "counted_in": "calendar_days"}
TERMS = [
    {"share": share, "counting": {"position": position, **passing}, **({"answer": ANSWER} if position == "first" else {})}
    for share in SHARES
    for position in ("first", "last")
    for passing in ({"passing": "used"}, {"passing": "kept"}, {"passing": {"is": "carried", "at_most": 1}})
]
SEVERAL = {
    "rights": [
        {"right": "municipal", "basis": "section_59_2", "share": "1/4", "limits": {"rent": {"from": 4000, "to": 6000}}},
        {"right": "rehousing", "basis": "section_59_2", "share": "1/3"},
        {"right": "flexible", "basis": "section_60", "share": "1/2"},
        {"right": "internal", "basis": "waiting_list_internal", "share": "1/2"},
        {"right": "external", "basis": "waiting_list"},
    ],
    "counting": {"outside_limits": "waits", "withdrawal": "passed", "passing": "kept", "not_offered": "kept"},
}


@pytest.fixture(scope="module")
def made(book, tmp_path_factory):
    """Every agreement of this file, read once."""
    folder = tmp_path_factory.mktemp("terms")
    return {index: terms_of(folder, book, "agreed", changes) for index, changes in enumerate([*TERMS, SEVERAL])}


def shared(lines, shipped, terms, on=END):
    return run(lines, replace(shipped, terms={"agreed": terms}), on)


@given(found=st.lists(happenings(), max_size=30), which=st.integers(0, len(TERMS)))
@RELAXED
def test_every_vacancy_has_one_owner_and_turns_add_up(found, which, shipped, made):
    result = shared(lines_of(found), shipped, made[which])
    assert len(result.draws) == len(found)
    owners = Counter(d.owner for d in result.draws)
    allowed = {r.name for r in made[which].rights} | {"exempt", None}
    assert set(owners) <= allowed
    for draw in result.draws:
        # Nobody's only where a figure is missing; exempt exactly where it is left out.
        assert (draw.owner is None) == bool(draw.missing)
        assert (draw.owner == "exempt") == bool(draw.exempt)
        if draw.count is not None and which < len(TERMS):
            # Turns that stood over from before: none where a pass uses the turn, at most so many where they are carried.
            passing = made[which].params["passing"]
            assert passing.value == "kept" or draw.count.carried <= (passing.at_most or 0)
    for account in result.accounts:
        assert account.turns == account.used + account.out_of_turn + account.lost + account.on_offer + account.left
        assert account.left >= -account.out_of_turn
        assert account.used + account.lost + account.on_offer <= account.turns
        # The last of a cycle is never more than was earned; the first of one comes before the rest of it.
        assert account.used <= account.entitlement if account.right.position == "last" else account.used < account.entitlement + 1
        given_up, passing = account.passed + account.silent, made[which].params["passing"].value
        lost = account.not_offered if made[which].params["not_offered"].value == "lost" else 0
        assert lost + (given_up if passing == "used" else 0) <= account.lost <= lost + (0 if passing == "kept" else given_up)
        assert account.entitlement == sum(
            (
                account.right.share_at("", d.vacancy.ordered_on)
                for d in result.draws
                for e in d.counted.values()
                if e and e.account is account
            ),
            Fraction(0),
        )


@given(found=st.lists(happenings(), min_size=1, max_size=25), which=st.integers(0, len(TERMS)), cut=st.integers(0, 25))
@RELAXED
def test_later_vacancies_change_no_earlier_turn(found, which, cut, shipped, made):
    lines = sorted(lines_of(found), key=lambda v: v.order)
    whole = shared(lines, shipped, made[which]).draws
    part = shared(lines[: cut + 1], shipped, made[which]).draws
    last = part[-1].vacancy.ordered_on
    for before, after in zip(part, whole, strict=False):
        # That the order of one day is not stated is told once another of that day has come; it moves no turn.
        leans = [tuple(n for n in d.leans if n != "same_day" or d.vacancy.ordered_on < last) for d in (before, after)]
        assert (before.vacancy, before.turn, before.count, leans[0], before.missing) == (
            after.vacancy, after.turn, after.count, leans[1], after.missing,
        )  # fmt: skip
        if which < len(TERMS):
            assert (before.owner, before.status) == (after.owner, after.status)


@given(
    found=st.lists(happenings(), min_size=2, max_size=25), which=st.integers(0, len(TERMS) - 1), late=st.integers(0, 24),
    wait=st.integers(0, 12), used=st.booleans(),
)  # fmt: skip
@RELAXED
def test_an_event_changes_only_turns_of_its_day_and_later(found, which, late, wait, used, shipped, made):
    lines = sorted(lines_of(found), key=lambda v: v.order)
    index = late % len(lines)
    chosen = lines[index]
    day = chosen.vacant_from + timedelta(days=wait)
    quiet = chosen._replace(offered_on=chosen.vacant_from, answered_on=None, used=None, passed=None, withdrawn_on=None, let_from=None)
    changed = quiet._replace(answered_on=day, used=used or None, passed=None if used else True)
    one = shared([*lines[:index], quiet, *lines[index + 1 :]], shipped, made[which]).draws
    two = shared([*lines[:index], changed, *lines[index + 1 :]], shipped, made[which]).draws
    for before, after in zip(one, two, strict=True):
        if after.vacancy.ordered_on < day:
            assert (before.turn, before.count) == (after.turn, after.count)


@given(found=st.lists(happenings(), min_size=1, max_size=25), which=st.integers(0, len(TERMS)), day=st.integers(0, 60))
@RELAXED
def test_what_has_not_happened_yet_changes_nothing(found, which, day, shipped, made):
    on = START + timedelta(days=day)
    lines = lines_of(found)
    known = [
        v._replace(**{name: None for name in ("answered_on", "used", "passed", "withdrawn_on") if v.answered_on and v.answered_on > on})
        if v.answered_on and v.answered_on > on
        else v._replace(withdrawn_on=None)
        if v.withdrawn_on and v.withdrawn_on > on
        else v
        for v in lines
    ]
    one, two = shared(lines, shipped, made[which], on).draws, shared(known, shipped, made[which], on).draws
    for before, after in zip(one, two, strict=True):
        if before.vacancy.ordered_on <= on:
            assert (before.turn, before.count, before.owner) == (after.turn, after.count, after.owner)


@given(found=st.lists(happenings(), max_size=25), which=st.integers(0, len(TERMS) - 1))
@RELAXED
def test_the_order_of_the_rows_does_not_matter(found, which, shipped, made):
    lines = lines_of(found)
    one, two = shared(lines, shipped, made[which]), shared(lines[::-1], shipped, made[which])
    assert [(d.vacancy.vacancy, d.turn, d.owner, d.status, d.count) for d in one.draws] == [
        (d.vacancy.vacancy, d.turn, d.owner, d.status, d.count) for d in two.draws
    ]


def recount(lines, share, position, kept):
    """Whose turn each is, worked out anew for each vacancy from everything before it; no running account."""
    lines = sorted(lines, key=lambda v: v.order)
    mine: list[int] = []
    for k, line in enumerate(lines):
        exact = share * (k + 1)
        turns = -(-exact.numerator // exact.denominator) if position == "first" else exact.numerator // exact.denominator
        gone = 0
        for j in mine:
            known = lines[j].passed and max(lines[j].answered_on, lines[j].vacant_from) <= line.vacant_from
            gone += not (known and kept)
        if turns - gone >= 1:
            mine.append(k)
    return {lines[k].vacancy for k in mine}


@given(
    days=st.lists(st.tuples(st.integers(0, 30), st.booleans(), st.integers(0, 10)), max_size=40),
    share=st.sampled_from(SHARES), position=st.sampled_from(["first", "last"]), kept=st.booleans(),
)  # fmt: skip
@RELAXED
def test_a_plain_recount_agrees(days, share, position, kept, shipped, made):
    which = next(
        i
        for i, t in enumerate(TERMS)
        if t["share"] == share and t["counting"] == {"position": position, "passing": "kept" if kept else "used"}
    )
    lines = []
    for number, (day, passes, wait) in enumerate(days):
        vacant = START + timedelta(days=day)
        end = f" answered_on={vacant + timedelta(days=wait)} passed" if passes else ""
        lines.append(vacancy(f"V{number:03d} {vacant}{end}", number + 2))
    result = shared(lines, shipped, made[which])
    assert {d.vacancy.vacancy for d in result.draws if d.turn == "municipal"} == recount(lines, Fraction(share), position, kept)
