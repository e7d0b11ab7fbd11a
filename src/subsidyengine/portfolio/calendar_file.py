"""What runs out and falls away, as a calendar for Outlook and the like: an all-day entry for each case, dwelling or grant."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from ..formula import Lang
from .falling import Basis
from .forecast import Forecast
from .words import WORDS, money

if TYPE_CHECKING:
    from icalendar import Event


def expiry_calendar(found: Forecast, lang: Lang) -> bytes:
    """The calendar's bytes; the same forecast gives the same."""
    from icalendar import Calendar

    calendar, words = Calendar(), WORDS[lang]
    calendar.add("prodid", "-//subsidyengine//forecast//EN")
    calendar.add("version", "2.0")
    basis = found.expiry_basis()
    for item in found.expiries:
        money_ = f"{words['amount']} {money(item.amount, lang)}"
        told = [f"{found.title[lang]}. {money_}.", f"{item.organisation} {item.department}".strip()]
        calendar.add_component(
            _entry(found, item.case, found.scheme, item.last_day, words["ends"], [*told, f"{words['basis']}: {_told(basis, words)}"])
        )
    for thing in found.falling:
        if thing.day is None or thing.passed:
            continue
        told = [f"{thing.title[lang]}.", f"{thing.organisation} {thing.department}".strip()]
        if thing.amount is not None:
            told.append(f"{words['falls_amount']} {money(thing.amount, lang)} {words[f'per.{thing.unit}']}")
        told.append(f"{words['basis']}: {_told(thing.basis, words)}")
        calendar.add_component(_entry(found, thing.case, thing.scheme, thing.day, thing.says[lang], told))
    return bytes(calendar.to_ical())


def _told(basis: Basis, words: Mapping[str, str]) -> str:
    return f"{basis.cite} ({words[f'certainty.{basis.certainty}']})"


def _entry(found: Forecast, case: str, scheme: str, day: date, what: str, told: list[str]) -> Event:
    """An all-day entry."""
    from icalendar import Event

    entry = Event()
    entry.add("uid", hashlib.sha256(f"{case}|{scheme}|{day}".encode()).hexdigest()[:32] + "@subsidyengine")
    entry.add("dtstamp", datetime.combine(found.horizon.first, time(), UTC))
    entry.add("dtstart", day)
    entry.add("dtend", day + timedelta(days=1))
    entry.add("summary", f"{case}: {what}")
    entry.add("description", " ".join(t for t in told if t))
    entry.add("transp", "TRANSPARENT")
    return entry
