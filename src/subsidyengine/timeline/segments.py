"""Segments of equal answers, and the events between them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from ..decision import Answer, Conclude, Happening, Outcome, Program, Reading, answer, program_for
from ..formula import DATE, Formula, Node, Span, shift
from ..rulebook import Cite, Rulebook, Text

DAY = timedelta(days=1)


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
    days = sorted({start, *(d for d in _change_days(reading, found) if start < d and (end is None or d <= end))})
    raw: list[Segment] = []
    for index, day in enumerate(days):
        last = days[index + 1] - DAY if index + 1 < len(days) else end
        on_day = found if day == reading.on else _on(reading, day, conclude)
        raw.append(_segment(day, last, on_day))
    segments = tuple(_merge(raw))
    changes = [*_law_changes(reading, start, end, days), *_amount_changes(segments)]
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


def _change_days(reading: Reading, found: Answer) -> Iterator[date]:
    rulebook, program = reading.rulebook, reading.program
    yield reading.on
    for each in (program, *derived_programs(rulebook, reading)):
        yield from reading.case.change_days(reading.known, each.facts)
        yield from rulebook.law_days(each.scheme)
        for name in each.rates:
            yield from rulebook.rates[name].starts()
        for day in _compared_days(each, reading):
            yield day
            if day < date.max:
                yield day + DAY
    for clause in found.clauses:
        for edge in (clause.start, clause.end):
            if edge is not None:
                yield edge
                yield edge + DAY


def derived_programs(rulebook: Rulebook, reading: Reading) -> list[Program]:
    """Schemes that give this one a fact that was not given."""
    wanted = {
        fact.derived_from
        for name, fact in rulebook.facts.items()
        if fact.derived_from and name in reading.program.facts and name not in reading.case.facts and fact.derived_from in rulebook.schemes
    }
    wanted.discard(reading.program.scheme.id)
    return [program_for(rulebook, scheme_id) for scheme_id in sorted(w for w in wanted if w)]


def _compared_days(program: Program, reading: Reading) -> Iterator[date]:
    """Days that conditions compare the day asked for with, as far as this reading computed them."""
    for formula in _formulas(program):
        if not formula.reads_on:
            continue
        for node in formula.root.walk():
            if node.op == "compare" and any(a.op == "on" for a in node.args):
                yield from (day for side in node.args if (day := _value(side, reading)) is not None)
            elif node.op == "call" and node.name == "age_on" and node.args[1].op == "on":
                yield from _birthdays(reading.record.get(node.args[0]))


def _birthdays(born: object) -> Iterator[date]:
    """Every birthday up to a hundred: a condition on age can turn on any of them."""
    if isinstance(born, date):
        yield from (day for age in range(101) if (day := shift(born, Span(years=age))) is not None)


def _value(node: Node, reading: Reading) -> date | None:
    if node.op == "on" or node.type != DATE:
        return None
    value = reading.record.get(node)
    return value if isinstance(value, date) else None


def _formulas(program: Program) -> Iterator[Formula]:
    for rows in program.conditions.values():
        for ready in rows:
            yield from (f for f in (ready.version.holds, ready.version.when) if f is not None)
    for values in program.values.values():
        yield from (v.version.formula for v in values if v.version.formula is not None)


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


def _law_changes(reading: Reading, start: date, end: date | None, days: list[date]) -> Iterator[Change]:
    """A new version of a condition that bears on the case, inside the window."""
    for name, rows in reading.program.conditions.items():
        if reading.program.law_of[name] is not None:
            continue
        for before, after in pairwise(rows):
            day = after.version.from_
            if day is None or day <= start or (end is not None and day > end) or before.version.holds is after.version.holds:
                continue
            yield Change(day, "law_changes", after.version.cites, says=after.version.says)


def _amount_changes(segments: tuple[Segment, ...]) -> Iterator[Change]:
    for before, after in pairwise(segments):
        if before.amount is not None and after.amount is not None and before.amount != after.amount:
            chosen = after.answer.chosen
            cites = chosen.amount.ready.version.cites if chosen and chosen.amount else ()
            yield Change(after.from_, "amount_changes", cites, before=before.amount, after=after.amount, unit=after.unit)
