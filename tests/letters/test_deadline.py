"""The last day to appeal: 4 weeks from receipt in calendar days, and what happens when it is no working day.

Expected days are counted by hand in a calendar: 4 weeks end on the weekday of receipt.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subsidyengine.formula.calendar import danish_holidays
from subsidyengine.letters import DeadlineUnknown, last_day

OFFICE = ("06-05", "12-24", "12-31")


def day(text):
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("received", "closed", "last", "why"),
    [
        ("2026-03-04", (), "2026-04-01", "Wednesday to Wednesday"),
        ("2026-03-03", (), "2026-03-31", "Tuesday to Tuesday"),
        ("2028-02-01", (), "2028-02-29", "over no leap day yet: the 29th is the last day"),
        ("2028-02-02", (), "2028-03-01", "over a leap day"),
        ("2026-10-05", (), "2026-11-02", "over the end of summer time: days are counted, not hours"),
        ("2026-03-05", (), "2026-04-07", "2 April is Maundy Thursday; Easter lasts to Monday 6 April"),
        ("2026-03-06", (), "2026-04-07", "3 April is Good Friday"),
        ("2026-03-09", (), "2026-04-07", "6 April is Easter Monday"),
        ("2026-03-10", (), "2026-04-07", "7 April is a Tuesday"),
        ("2026-02-14", (), "2026-03-16", "14 March is a Saturday"),
        ("2026-02-15", (), "2026-03-16", "15 March is a Sunday"),
        ("2026-02-16", (), "2026-03-16", "16 March is a Monday"),
        ("2023-04-07", (), "2023-05-08", "5 May 2023 is Store Bededag"),
        ("2024-03-29", (), "2024-04-26", "26 April 2024 would have been Store Bededag, which is gone from 2024"),
        ("2026-12-04", (), "2027-01-04", "1 January 2027 is a Friday"),
        ("2026-05-08", (), "2026-06-05", "5 June is no public holiday"),
        ("2026-05-08", OFFICE, "2026-06-08", "... but this office is closed, and 6 June is a Saturday"),
        ("2026-11-26", (), "2026-12-24", "24 December is no public holiday"),
        ("2026-11-26", OFFICE, "2026-12-28", "... but this office is closed, then Christmas, 26 a Saturday, 27 a Sunday"),
        ("2026-12-03", OFFICE, "2027-01-04", "31 December, 1 January, Saturday, Sunday"),
    ],
)
def test_four_weeks_from_receipt(book, received, closed, last, why):
    assert last_day(book.appeals["ankestyrelsen"], day(received), book, closed) == day(last), why


def with_route(book, **changes):
    return replace(book.appeals["ankestyrelsen"], **changes)


def with_saturday(book, **changes):
    return replace(book, settings={**book.settings, "saturday_is_weekday": replace(book.settings["saturday_is_weekday"], **changes)})


def test_same_day_stays_on_a_sunday(book):
    assert last_day(with_route(book, when_closed="same-day"), day("2026-02-15"), book, OFFICE) == day("2026-03-15")


def test_route_of_six_weeks(book):
    assert last_day(with_route(book, weeks=6), day("2026-03-04"), book) == day("2026-04-15")


def test_saturday_that_is_a_weekday_is_a_last_day(book):
    saturday = with_saturday(book, value=True)
    assert last_day(book.appeals["ankestyrelsen"], day("2026-02-14"), saturday) == day("2026-03-14")
    assert last_day(book.appeals["ankestyrelsen"], day("2026-02-15"), saturday) == day("2026-03-16")
    # Good Friday moves past Easter, whose Saturday lies before Easter Sunday: it would be a weekday then.
    assert last_day(book.appeals["ankestyrelsen"], day("2026-03-06"), saturday) == day("2026-04-04")


def test_what_is_not_established_is_asked_for_only_where_it_matters(book):
    silent = with_route(book, when_closed=None)
    assert last_day(silent, day("2026-03-04"), book) == day("2026-04-01")
    with pytest.raises(DeadlineUnknown) as caught:
        last_day(silent, day("2026-02-15"), book)
    assert str(caught.value) == (
        "4 weeks end on Sunday 2026-03-15, and whether the last day then moves is not established. "
        "Say so in the route ankestyrelsen in an overlay: deadline.when_closed is next-weekday or same-day"
    )
    open_saturday = with_saturday(book, settled=False)
    route = book.appeals["ankestyrelsen"]
    assert last_day(route, day("2026-02-15"), open_saturday) == day("2026-03-16")
    with pytest.raises(DeadlineUnknown) as caught:
        last_day(route, day("2026-03-06"), open_saturday)
    assert str(caught.value) == (
        "the last day, counted to 2026-04-03, turns on Saturday 2026-04-04, and whether Saturday is a weekday is not established. "
        "Settle the setting saturday_is_weekday in an overlay"
    )


def test_route_without_a_time_limit_has_no_last_day(book):
    with pytest.raises(ValueError, match="the appeal route ankestyrelsen has no time limit"):
        last_day(with_route(book, weeks=None), day("2026-03-04"), book)


@given(received=st.dates(date(2020, 1, 1), date(2040, 1, 1)))
def test_last_day_is_never_early_and_never_closed(book, received):
    last, counted = last_day(book.appeals["ankestyrelsen"], received, book, OFFICE), received + timedelta(days=28)
    shut = [d for n in range((last - counted).days) for d in [counted + timedelta(days=n)]]
    assert last >= counted
    for d in (last, *shut):
        closed = d.weekday() >= 5 or d in danish_holidays() or d.strftime("%m-%d") in OFFICE
        assert closed == (d != last)
