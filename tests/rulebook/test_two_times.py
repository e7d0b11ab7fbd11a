"""The law of one day, as it was known on another."""

from __future__ import annotations

from datetime import date

import pytest

from subsidyengine.rulebook import era


def day(text):
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("valid", "known", "value"),
    [
        ("2019-12-31", None, None),
        ("2020-01-01", None, 80),
        ("2020-12-31", None, 80),
        ("2021-01-01", None, None),
        ("2023-12-31", None, None),
        # Published 90.50, corrected to 89 on 24 March 2024: both answers stay reproducible.
        ("2024-01-01", "2024-03-23", 90.5),
        ("2024-01-01", "2024-03-24", 89),
        ("2024-01-01", "2024-03-25", 89),
        ("2024-01-01", None, 89),
        ("2024-12-31", "2024-03-23", 90.5),
        ("2024-12-31", "2030-01-01", 89),
        # The correction is of 2024 and touches neither the year before nor the year after.
        ("2023-12-31", "2030-01-01", None),
        ("2025-01-01", "2024-03-24", 95),
        ("2025-01-01", "2024-03-23", 95),
        ("1800-01-01", None, None),
        ("9999-12-31", None, 95),
    ],
)
def test_rate_of_a_day_as_known_on_another(sound, valid, known, value):
    snapshot = sound.as_of(day(valid), day(known) if known else None)
    assert snapshot.rate("own_day").value == value
    # The same row is found from any other day, when it is asked for by name.
    assert sound.as_of(day("2000-01-01"), snapshot.known).rate("own_day", day(valid)) is snapshot.rate("own_day")


def test_row_says_why_it_is_unknown_and_where_it_stands(sound):
    row = sound.as_of(day("2022-05-01")).rate("own_day")
    assert (row.why.en, str(row.place)) == ("Not published.", "rates/home.yaml:8")


@pytest.mark.parametrize(
    ("valid", "starts"),
    [
        ("1900-01-01", None),
        ("2019-12-31", None),
        ("2020-01-01", "2020-01-01"),
        ("2023-06-30", "2020-01-01"),
        ("2023-07-01", "2023-07-01"),
        ("9999-12-31", "2023-07-01"),
    ],
)
def test_version_of_the_day_before_of_and_after_a_change(sound, valid, starts):
    version = sound.as_of(day(valid)).law("home.support")["in-need"]
    assert version.from_ == (day(starts) if starts else None)
    assert (version.holds is None) == (starts is None)


def test_snapshot_has_every_condition_of_the_scheme_in_the_order_of_the_file(sound):
    assert list(sound.as_of(day("2024-01-01")).law("home.support")) == ["in-need", "is-flat", "small-enough", "few-adults", "within-period"]


def test_days_on_which_the_law_changes(sound):
    days = sound.law_days(sound.schemes["home.support"])
    assert days == [day("2020-01-01"), day("2023-07-01")]
    assert [era(days, day(d)) for d in ("2019-12-31", "2020-01-01", "2023-06-30", "2023-07-01")] == [0, 1, 1, 2]


def test_law_chosen_by_a_fact_does_not_change_with_the_days_of_the_calendar(sound_texts, change_texts):
    from subsidyengine.rulebook.load import build

    texts = sound_texts
    for old in ("{until: 2019-12-31,", "    - from: 2020-01-01\n", "    - from: 2023-07-01\n"):
        new = old.replace("{", "{law_of: home.start, ").replace("- from", "- law_of: home.start\n      from")
        texts = change_texts(texts, {"name": old, "file": "home/support.yaml", "old": old, "new": new})
    book, problems = build(texts)
    assert not problems
    assert book.schemes["home.support"].conditions["in-need"].law_of == "home.start"
    assert book.law_days(book.schemes["home.support"]) == []


def test_law_of_the_whole_scheme_holds_for_all_its_conditions_and_values_but_those_with_their_own(sound_texts, change_texts):
    from subsidyengine.rulebook.load import build

    change = {"name": "x", "file": "home/way.yaml", "old": "appeal: board", "new": "appeal: board\nlaw_of: home.start"}
    book, problems = build(change_texts(sound_texts, change))
    assert not problems
    assert {c.law_of for c in book.schemes["home.way"].conditions.values()} == {"home.start"}
    assert {n: c.law_of for n, c in book.schemes["home.support"].conditions.items() if c.law_of} == {"few-adults": "home.start"}
