"""Segments turn on the day that the formula says, and a long horizon is not walked day by day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subsidyengine.decision import Conclude, Reading, answer, program_for
from subsidyengine.facts import case_from_data
from subsidyengine.rulebook.load import build
from subsidyengine.timeline import segments as room
from subsidyengine.timeline import timeline

from .conftest import HELP, WORDS

DAY = timedelta(days=1)
SCHEME = """
scheme: small.turns
title: {da: dage, en: days}
decided_by: {da: rådet, en: the council}
appeal: board
touched_by: [home]
values:
  later: {title: {da: senere, en: later}, is: "VALUE", cite: 'act § 1 [text]'}
conditions:
  it: {holds: "(HOLDS) and value.later >= date(1800, 1, 1)", cite: 'act § 1 [text]', says: {da: det, en: it}}
rules: {granted: {all: [it]}}
period: {from: "FROM", to: "TO", cite: 'act § 1 [text]'}
"""
SATURDAY = "  saturday_is_weekday: {title: {da: lørdag, en: Saturday}, value: false, settled: true, cite: 'act § 9 [text]'}\n"
FACTS = {
    "home.start": date(2024, 3, 1),
    "home.left": date(2025, 2, 28),
    "home.rent": [{"from": date(2024, 1, 1), "value": 5000}, {"from": date(2024, 9, 15), "value": 6000}],
    "who.adults": 3,
}


def asked(holds, value="on", start=None, end=None, facts=FACTS, on=date(2024, 6, 1)):
    """The answer and its timeline for one condition; without a period where none is given."""
    text = SCHEME.replace("HOLDS", holds).replace("VALUE", value).replace("FROM", start or "").replace("TO", end or "")
    if start is None:
        text = text[: text.index("period:")]
    book, problems = build({**WORDS, "a.yaml": text, "b.yaml": HELP, "settings.yaml": WORDS["settings.yaml"] + SATURDAY})
    assert not problems, "\n".join(map(str, problems))
    case = case_from_data({"case": "T", "on": on, "facts": facts}, book.facts)
    conclude = Conclude(durable=False)
    found = answer(Reading(book, program_for(book, "small.turns"), case, on, None), conclude)
    return found, timeline(found, conclude), conclude


def turns(found):
    """The days on which a segment begins, but for the first."""
    return [segment.from_.isoformat() for segment in found.segments[1:]]


@pytest.mark.parametrize(
    ("holds", "days"),
    [
        # on + 10 days is 28 February 2025 on the 18th, the last day that it holds.
        ("on + days(10) <= home.left", ["2025-02-19"]),
        ("on + days(10) < home.left", ["2025-02-18"]),
        ("home.left - on > 10", ["2025-02-18"]),
        ("home.left - on >= 10", ["2025-02-19"]),
        ("on - days(10) >= home.left", ["2025-03-10"]),
        ("on + days(10) == home.left", ["2025-02-18", "2025-02-19"]),
        ("on + days(10) in [home.left, date(2025, 3, 30)]", ["2025-02-18", "2025-02-19", "2025-03-20", "2025-03-21"]),
        # A month before the end of February: 28 to 31 January all come to 28 February.
        ("on + months(1) < home.left", ["2025-01-28"]),
        ("on + months(1) <= home.left", ["2025-02-01"]),
        # 29 February 2024 + 1 year is 28 February 2025, and so is 28 February + 1 year.
        ("on + years(1) <= date(2027, 2, 28)", ["2026-03-01"]),
        # Thursday 2 and Friday 3 January are the first two weekdays after 1 January.
        ("add_weekdays(on, 2) <= date(2025, 1, 3)", ["2025-01-02"]),
        ("age_on(home.start, on + days(3)) >= 1", ["2025-02-26"]),
        ("age_on(home.start, on) >= 1", ["2025-03-01"]),
        ("year_of(on + days(3)) >= 2025", ["2024-12-29"]),
        ("days_in_month(on + days(3)) == 31 and on < date(2024, 12, 1)",
         ["2024-06-28", "2024-08-29", "2024-09-28", "2024-10-29", "2024-11-28", "2024-12-01"]),
        # The daily price is 10, 11.50 from 2024 and not known from 2025.
        ("at(rate.own_day, on - years(1)) > 11", ["2025-01-01", "2026-01-01"]),
        # A rent is stated from 1 January 2024, another from 15 September.
        ("at(home.rent, on - months(2)) > 5500", ["2024-03-01", "2024-11-15"]),
        ("number_of(at(home.rent, on - months(2))) + number_of(at(rate.own_day, on - days(5))) > 5511",
         ["2024-03-01", "2024-11-15", "2025-01-06"]),
        # Apart by a fixed span, whichever way it is written: never.
        ("on <= on + years(10) - days(1)", []),
        ("on + months(1) > on + days(40)", []),
        # A month is longer than 30 days when it has 31, but from 29 January to 28 February it is 30.
        ("on + months(1) > max(on + days(30), date(2024, 12, 1)) and on < date(2025, 2, 1)",
         ["2024-12-01", "2025-01-29"]),
    ],
)  # fmt: skip
def test_a_comparison_turns_on_its_day(holds, days, monkeypatch):
    monkeypatch.setattr(room, "HORIZON_YEARS", 4)
    assert turns(asked(holds)[1]) == days


def test_thousands_of_days_are_not_read_one_by_one(monkeypatch):
    read = []
    one = room._on
    monkeypatch.setattr(room, "_on", lambda *args: read.append(args[1]) or one(*args))
    # Both sides of the first move; the second has no last day.
    asked("on <= value.later or on + days(400) < home.left", "known_or(home.left, on) + years(60) - days(1)")
    asked("on <= value.later", "on + years(10)", "home.start", "home.start + years(90)")
    assert 0 < len(read) < 250


def day_texts():
    """Formulas of days, many of them moving with the day asked for."""
    whole = st.integers(0, 90).map(str) | st.just("who.adults") | st.just("(home.left - on)") | st.just("min(40, on - home.start)")
    return st.recursive(
        st.sampled_from(["on", "on", "home.start", "home.left", "date(2024, 7, 31)", "date(2025, 3, 1)"]),
        lambda inner: st.one_of(
            st.tuples(inner, st.sampled_from("+-"), whole).map(lambda t: f"({t[0]} {t[1]} days({t[2]}))"),
            st.tuples(inner, st.sampled_from("+-"), st.integers(0, 30)).map(lambda t: f"({t[0]} {t[1]} months({t[2]}))"),
            st.tuples(inner, st.sampled_from("+-"), st.integers(0, 3)).map(lambda t: f"({t[0]} {t[1]} years({t[2]}))"),
            st.tuples(st.sampled_from(["min", "max", "known_or"]), inner, inner).map(lambda t: f"{t[0]}({t[1]}, {t[2]})"),
            st.tuples(inner, inner, inner, inner).map(lambda t: f"({t[0]} if {t[1]} < {t[2]} else {t[3]})"),
            st.tuples(st.sampled_from(["first_of_month", "last_of_month"]), inner).map(lambda t: f"{t[0]}({t[1]})"),
            st.tuples(inner, st.integers(-9, 9)).map(lambda t: f"add_days_outside({t[0]}, {t[1]}, 7, 8)"),
        ),
        max_leaves=4,
    )


def statements(day):
    symbols = st.sampled_from(["<", "<=", ">", ">=", "==", "!="])
    return st.one_of(
        st.tuples(day, symbols, day).map(" ".join),
        st.tuples(day, day, symbols, st.integers(-40, 400)).map(lambda t: f"{t[0]} - {t[1]} {t[2]} {t[3]}"),
        st.tuples(day, day, symbols).map(lambda t: f"2 * ({t[0]} - {t[1]}) {t[2]} 61"),
        st.tuples(day, day, day).map(lambda t: f"{t[0]} in [{t[1]}, {t[2]}]"),
        st.tuples(day, day, st.integers(0, 2)).map(lambda t: f"age_on({t[0]}, {t[1]}) >= {t[2]}"),
        st.tuples(st.sampled_from(["days_in_month", "year_of"]), day, st.sampled_from([30, 2024])).map(
            lambda t: f"number_of({t[0]}({t[1]})) <= {t[2]}"
        ),
        day.map(lambda d: f"at(rate.own_day, {d}) >= 11"),
        day.map(lambda d: f"at(home.rent, {d}) > 5500"),
        day.map(lambda d: f"is_known({d})"),
        day.map(lambda d: f"{d} <= value.later"),
        day.map(lambda d: f"period.from <= {d} <= period.to"),
    )


@settings(max_examples=60, deadline=None)
@given(
    statements(day_texts()),
    day_texts(),
    day_texts(),
    day_texts(),
    st.sets(st.sampled_from(["home.start", "home.left", "who.adults"]), max_size=1),
)
def test_segments_say_what_each_day_says(holds, value, start, end, missing):
    facts = {name: fact for name, fact in FACTS.items() if name not in missing}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(room, "HORIZON_YEARS", 2)
        found, line, conclude = asked(holds, value, start, end, facts)
    reading = found.reading
    first = line.segments[0].from_
    for day in (first + DAY * n for n in range(730)):
        (here,) = [s for s in line.segments if s.from_ <= day <= (s.to or date.max)] or [None]
        if here is None:
            assert line.segments[-1].to < day
            break
        alone = answer(Reading(reading.rulebook, reading.program, reading.case, day, None), conclude, events=False)
        assert (here.outcome, here.route) == (alone.outcome, alone.route), day
