"""Filling what the base leaves open with what an overlay says: a rate's row, a condition's version."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from ..words import say
from .model import Condition, ConditionVersion, Rate, RateRow, Versions
from .problems import Problem

DAY = timedelta(days=1)


def fill_rate(rate: Rate, row: RateRow, problems: list[Problem]) -> Rate:
    """``rate`` with ``row`` on the row's days; before and after them the base's rows stand.

    Every day of the row must be unknown in the base: as known on the row's ``known_from``, or, when it has none, at all times.
    """
    first, last = row.from_ or date.min, row.until or date.max
    known = row.known_from or date.min
    message: str = ""
    if last < first:
        message = say("rate {name}: the row ends on {until}, before it begins on {start}", name=rate.name, until=row.until, start=row.from_)
        problems.append(Problem(row.place, "R_ORDER", message))
    elif row.value is None:
        message = say("rate {name}: an overlay's row gives a value; leave out the days that stay unknown", name=rate.name)
        problems.append(Problem(row.place, "O_UNKNOWN", message))
    else:
        for day, given in _given(rate, first, last, row.known_from):
            message = say(
                "rate {name} is given for {day} at {place}; an overlay fills only days of 'value: unknown'",
                name=rate.name,
                day=day,
                place=given.place,
            )
            problems.append(Problem(row.place, "O_CONTRADICTS", message))
            break
    if message:
        return rate
    rows = [replace(row, until=None)]
    for other in rate.rows:
        begins = other.from_ or date.min
        if first <= begins <= last:
            before = (other.known_from or date.min) < known
            if other.value is None and not before:
                continue
            # Known before the overlay's row, it stays for what was decided then.
            if before and begins > first and not any(r.place == row.place and r.from_ == other.from_ for r in rows):
                rows.append(replace(row, from_=other.from_, until=None))
        rows.append(other)
    if last < date.max:
        after = last + DAY
        if not any(r.from_ == after and (r.known_from or date.min) <= known for r in rate.rows):
            rows.append(replace(rate.at(after, known), from_=after, known_from=row.known_from))
    return replace(rate, rows=tuple(sorted(rows, key=lambda r: (r.from_ or date.min, r.known_from or date.min))))


def _given(rate: Rate, first: date, last: date, known: date | None) -> Iterator[tuple[date, RateRow]]:
    """Rows of the base that give a value between two days, as known on a day (None: on any)."""
    days = sorted({first, *(r.from_ for r in rate.rows if r.from_ is not None and first < r.from_ <= last)})
    states = [known] if known else sorted({date.min, *(r.known_from for r in rate.rows if r.known_from is not None)})
    for day in days:
        for state in states:
            found = rate.at(day, state)
            if found.value is not None:
                yield day, found


def fill_condition(old: Condition, new: Condition, problems: list[Problem]) -> Condition:
    """Versions where the law is not known, replaced by the overlay's on the overlay's days."""
    rows: list[ConditionVersion] = list(old.versions.rows)
    for version in new.versions.rows:
        place, match = version.place, next((r for r in rows if r.holds is None and _covers(r, version)), None)
        clash = next((r for r in rows if r.holds is not None and _overlaps(r, version)), None)
        if version.law_of not in (None, old.law_of):
            message = say(
                "condition {name}: the base chooses its version by {chosen} ({place}), not by {given}",
                name=old.name,
                chosen=old.law_of or say("the day asked for"),
                place=old.place,
                given=version.law_of,
            )
            problems.append(Problem(place, "O_CONTRADICTS", message))
        elif match is None and clash is not None:
            message = say(
                "condition {name} is law for these days at {place}; an overlay fills only days of 'holds: unknown'",
                name=old.name,
                place=clash.place,
            )
            problems.append(Problem(place, "O_CONTRADICTS", message))
        elif match is None:
            places = ", ".join(str(r.place) for r in rows if _overlaps(r, version))
            message = say(
                "condition {name}: its days are split in the base ({places}): give a version for each of them", name=old.name, places=places
            )
            problems.append(Problem(place, "O_CONTRADICTS", message))
        elif version.when is not None and match.when is not None and version.when.text != match.when.text:
            message = say(
                "condition {name} bears on the case only when '{when}' ({place}): leave out 'when', or say the same",
                name=old.name,
                when=match.when.text,
                place=match.place,
            )
            problems.append(Problem(place, "O_CONTRADICTS", message))
        elif version.why is not None and version.holds is None:
            message = say("condition {name}: an overlay's version says when it holds; leave out the days that stay unknown", name=old.name)
            problems.append(Problem(place, "O_UNKNOWN", message))
        elif version.holds is not None:  # else its formula cannot be read, which was said
            index = rows.index(match)
            rows[index : index + 1] = _cut(match, replace(version, when=version.when or match.when))
    return replace(old, versions=Versions(tuple(rows)))


def _cut(old: ConditionVersion, new: ConditionVersion) -> Iterator[ConditionVersion]:
    """What is left of ``old`` before ``new``, ``new``, and what is left after it."""
    if new.from_ is not None and (old.from_ is None or old.from_ < new.from_):
        yield replace(old, until=new.from_ - DAY)
    yield new
    if new.until is not None and (old.until is None or old.until > new.until):
        yield replace(old, from_=new.until + DAY)


def _covers(old: ConditionVersion, new: ConditionVersion) -> bool:
    return (old.from_ or date.min) <= (new.from_ or date.min) and (old.until or date.max) >= (new.until or date.max)


def _overlaps(old: ConditionVersion, new: ConditionVersion) -> bool:
    return (old.from_ or date.min) <= (new.until or date.max) and (new.from_ or date.min) <= (old.until or date.max)
