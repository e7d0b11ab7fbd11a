"""What runs out and falls away, as a calendar for Outlook and the like: an all-day entry for each case, dwelling or grant."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from ..formula import Lang
from .falling import Basis
from .forecast import Forecast
from .words import WORDS, money

if TYPE_CHECKING:
    from icalendar import Event

#: A reminder so long before, where that day is still ahead: a month to budget or to act. Practice, not law.
ALARM = timedelta(days=30)


def expiry_calendar(found: Forecast, lang: Lang) -> bytes:
    """The calendar's bytes (RFC 5545); the same forecast gives the same.

    An entry keeps its id when its day moves, and the stamp is the forecast's first day: a later forecast that is read into the same
    calendar moves the entry instead of doubling it.
    """
    from icalendar import Calendar

    calendar, words, seen = Calendar(), WORDS[lang], Counter[str]()
    calendar.add("prodid", "-//subsidyengine//forecast//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    for name in ("name", "x-wr-calname"):  # RFC 7986, and what Outlook and others read
        calendar.add(name, words["calendar"])

    def add(case: str, scheme: str, kind: str, day: date, what: str, told: list[str], outcome: str, basis: Basis) -> None:
        mark = f"{case}|{scheme}|{kind}"
        seen[mark] += 1
        told = [*told, f"{words['outcome']}: {words[outcome]}", f"{words['basis']}: {_told(basis, words)}"]
        calendar.add_component(_entry(found, f"{mark}|{seen[mark]}", day, f"{case}: {what}", told, words[kind]))

    basis = found.expiry_basis()
    for item in found.expiries:
        told = [found.title[lang], _place(item.organisation, item.department), f"{words['amount']} {words['not_known']}"]
        if item.amount is not None:
            told[-1] = f"{money(item.amount, lang)} kr. {words['per.DKK/month']}"
        add(item.case, found.scheme, "refunds", item.last_day, words["ends"], told, item.outcome, basis)
    for thing in found.falling:
        if thing.day is None or thing.passed:
            continue
        told = [thing.title[lang], _place(thing.organisation, thing.department)]
        if thing.amount is not None:
            told.append(f"{money(thing.amount, lang)} kr. {words[f'per.{thing.unit}']}")
        add(thing.case, thing.scheme, thing.list, thing.day, thing.says[lang], told, thing.outcome, thing.basis)
    return bytes(calendar.to_ical())


def _told(basis: Basis, words: Mapping[str, str]) -> str:
    return f"{basis.cite} ({words[f'certainty.{basis.certainty}']})"


def _place(organisation: str, department: str) -> str:
    return ", ".join(part for part in (organisation, department) if part)


def _entry(found: Forecast, mark: str, day: date, what: str, told: list[str], category: str) -> Event:
    """An all-day entry, with a reminder."""
    from icalendar import Alarm, Event

    entry = Event()
    entry.add("uid", hashlib.sha256(mark.encode()).hexdigest()[:32] + "@subsidyengine")
    entry.add("dtstamp", datetime.combine(found.horizon.first, time(), UTC))
    entry.add("dtstart", day)
    entry.add("dtend", day + timedelta(days=1))
    entry.add("summary", what)
    entry.add("description", "\n".join(t for t in told if t))
    entry.add("categories", [category])
    entry.add("transp", "TRANSPARENT")
    if day - ALARM >= found.horizon.first:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("trigger", -ALARM)
        alarm.add("description", what)
        entry.add_component(alarm)
    return entry
