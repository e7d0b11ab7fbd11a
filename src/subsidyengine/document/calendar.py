"""Events of decisions as a calendar file (iCalendar, RFC 5545) for Outlook and the like."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta

from .models import Document


def calendar_bytes(documents: Iterable[Document]) -> bytes:
    """All-day entries, one an event. The same events give the same bytes: ids are hashes, and the stamp is the day itself."""
    from icalendar import Calendar, Event  # slow to load, and rarely wanted

    calendar = Calendar()
    calendar.add("prodid", "-//subsidyengine//timeline//EN")
    calendar.add("version", "2.0")
    for document in documents:
        for event in document.events:
            entry = Event()
            mark = f"{document.case}|{document.scheme}|{event.on}|{event.kind}|{event.part or ''}|{event.text}"
            entry.add("uid", hashlib.sha256(mark.encode()).hexdigest()[:32] + "@subsidyengine")
            entry.add("dtstamp", datetime.combine(document.on, time(), UTC))
            entry.add("dtstart", event.on)
            entry.add("dtend", event.on + timedelta(days=1))
            entry.add("summary", f"{document.case}: {event.text}")
            entry.add("description", f"{document.title} ({document.scheme}, {event.kind}). {event.cite}".strip())
            entry.add("transp", "TRANSPARENT")
            calendar.add_component(entry)
    return bytes(calendar.to_ical())
