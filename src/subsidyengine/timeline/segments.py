"""Segments of equal answers, and the events between them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from ..decision import Answer, Conclude, Happening, Outcome, Reading, answer, program_for
from ..formula import Span, shift
from ..rulebook import Cite, Text
from .turns import DAY, own_days, turning_day

#: How far an open-ended answer is followed: a condition that moves with the day asked for would change for ever.
HORIZON_YEARS = 100


@dataclass(frozen=True, slots=True)
class Segment:
    """Days (both inclusive; ``to`` None: open-ended) on which the answer is the same."""

    from_: date
    to: date | None
    outcome: Outcome
    amount: Decimal | None
    unit: str
    route: str | None
    answer: Answer


@dataclass(frozen=True, slots=True)
class Change:
    """An event that the timeline itself sees: the law changes (``says`` is what it says then), or the amount does."""

    on: date
    kind: str
    cites: tuple[Cite, ...]
    says: Text | None = None
    before: Decimal | None = None
    after: Decimal | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Timeline:
    """Segments in order, and all events: those of the rules and the changes between segments."""

    segments: tuple[Segment, ...]
    events: tuple[Happening | Change, ...]


def timeline(found: Answer, conclude: Conclude) -> Timeline:
    """The timeline of the case that ``found`` answers, over its period (or its facts where it has none)."""
    reading = found.reading
    start, end = _window(found)
    steady = sorted(set(_steady_days(reading)))
    horizon = end or (shift(max(start, reading.on), Span(years=HORIZON_YEARS)) or date.max)
    raw: list[Segment] = []
    day: date | None = start
    while day is not None:
        here = found if day == reading.on else _on(reading, day, conclude)
        later = [d for d in (*steady, *own_days(here.reading)) if day < d <= horizon]
        last = min(later, default=horizon + DAY) - DAY
        after = turning_day(here.reading, last, lambda d: _on(reading, d, conclude).reading) or min(later, default=None)
        raw.append(_segment(day, after - DAY if after else end, here))
        day = after
    segments = tuple(_merge(raw))
    bearing = {f.name for s in raw for c in s.answer.clauses for f in c.findings}
    changes = [*_law_changes(reading, start, end, bearing), *_amount_changes(segments)]
    alive = {c.clause.name for s in raw for c in s.answer.clauses if c.outcome != "refused"}
    events: list[Happening | Change] = [*(e for e in found.events if e.part in alive), *changes]
    return Timeline(segments, tuple(sorted(events, key=_event_key)))


def _event_key(event: Happening | Change) -> tuple[date, str, str]:
    return (event.on, event.rule.kind, event.part) if isinstance(event, Happening) else (event.on, event.kind, "")


def _on(reading: Reading, day: date, conclude: Conclude) -> Answer:
    return answer(Reading(reading.rulebook, reading.program, reading.case, day, reading.known), conclude, events=False)


def _window(found: Answer) -> tuple[date, date | None]:
    """First and last day to show: the answer's period, else from the first dated fact (or the day asked for) on."""
    clauses = [found.chosen] if found.chosen is not None else list(found.clauses)
    starts = [c.start for c in clauses if c.start is not None]
    if starts:
        ends = [c.end for c in clauses if c.start is not None]
        last = None if any(e is None for e in ends) else max(e for e in ends if e is not None)
        first = min(starts)
        return first, last if last is None or last >= first else first
    reading = found.reading
    return min([reading.on, *reading.case.change_days(reading.known, reading.program.facts)]), None


def _steady_days(reading: Reading) -> Iterator[date]:
    """Days on which a fact or a version of law changes, whatever the answer turns on."""
    for scheme in _schemes(reading):
        program = program_for(reading.rulebook, scheme)
        yield from reading.case.change_days(reading.known, program.facts)
        yield from reading.rulebook.law_days(program.scheme)


def _schemes(reading: Reading) -> list[str]:
    """The scheme asked for, and those that give it a fact that was not given."""
    found = [reading.program.scheme.id]
    for name in sorted(reading.program.facts - reading.case.facts.keys()):
        scheme = reading.rulebook.facts[name].derived_from
        if scheme is not None and scheme in reading.rulebook.schemes and scheme not in found:
            found.append(scheme)
    return found


def _segment(day: date, last: date | None, found: Answer) -> Segment:
    chosen = found.chosen
    amount = chosen.amount if chosen is not None and found.outcome != "refused" else None
    return Segment(
        day, last, found.outcome, amount.value if amount else None, amount.ready.version.unit if amount else "",
        found.route, found,
    )  # fmt: skip


def _merge(raw: list[Segment]) -> Iterator[Segment]:
    """Equal neighbours become one."""
    current: Segment | None = None
    for segment in raw:
        if current is not None and _face(current) == _face(segment):
            current = Segment(current.from_, segment.to, *_face(current), current.answer)
        else:
            if current is not None:
                yield current
            current = segment
    if current is not None:
        yield current


def _face(segment: Segment) -> tuple[Outcome, Decimal | None, str, str | None]:
    return (segment.outcome, segment.amount, segment.unit, segment.route)


def _law_changes(reading: Reading, start: date, end: date | None, bearing: set[str]) -> Iterator[Change]:
    """A new version of a condition that bears on the case, inside the window."""
    since = reading.program.scheme.known_since
    for name, rows in reading.program.conditions.items():
        if reading.program.law_of[name] is not None or name not in bearing:
            continue
        for before, after in pairwise(rows):
            day = after.version.from_
            if day is None or day <= start or (end is not None and day > end) or before.version.holds is after.version.holds:
                continue
            if since is not None and since.bounds(before.version):
                continue  # no change of the law: it is not known before
            yield Change(day, "law_changes", after.version.cites, says=after.version.says)


def _amount_changes(segments: tuple[Segment, ...]) -> Iterator[Change]:
    for before, after in pairwise(segments):
        if before.amount is not None and after.amount is not None and before.amount != after.amount:
            chosen = after.answer.chosen
            cites = chosen.amount.ready.version.cites if chosen and chosen.amount else ()
            yield Change(after.from_, "amount_changes", cites, before=before.amount, after=after.amount, unit=after.unit)
