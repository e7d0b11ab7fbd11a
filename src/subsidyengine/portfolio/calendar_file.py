"""What runs out, as a calendar for Outlook and the like: an all-day entry for each case."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, time, timedelta

from ..formula import Lang
from .forecast import Forecast
from .words import WORDS, money


def expiry_calendar(found: Forecast, lang: Lang) -> bytes:
    """The calendar's bytes; the same forecast gives the same."""
    from icalendar import Calendar, Event

    calendar, words = Calendar(), WORDS[lang]
    calendar.add("prodid", "-//subsidyengine//forecast//EN")
    calendar.add("version", "2.0")
    for item in found.expiries:
        entry = Event()
        mark = f"{item.case}|{found.scheme}|{item.last_day}"
        entry.add("uid", hashlib.sha256(mark.encode()).hexdigest()[:32] + "@subsidyengine")
        entry.add("dtstamp", datetime.combine(found.horizon.first, time(), UTC))
        entry.add("dtstart", item.last_day)
        entry.add("dtend", item.last_day + timedelta(days=1))
        entry.add("summary", f"{item.case}: {words['ends']}")
        entry.add(
            "description",
            f"{found.title[lang]}. {words['amount']} {money(item.amount, lang)}. {item.organisation} {item.department}".strip(),
        )
        entry.add("transp", "TRANSPARENT")
        calendar.add_component(entry)
    return bytes(calendar.to_ical())
