"""What falls away, a row for each lease, dwelling or grant: fund frames that lapse, temporary labels that revert, grants that end.

The days are the events of the rules, of every scheme that the rows of the table touch; no day stands here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

import ibis

from ..rulebook import CERTAINTIES, Clause, EventRule, Rulebook, weakest
from .layout import Layout
from .months import Horizon
from .plan import events_of, plan
from .run import sql_of
from .source import ROW
from .stretches import DIMENSIONS, cases_of
from .touch import touched

List = Literal["refunds", "frames", "labels", "grants"]
#: Which events make which list. The refunds have their own, see ``forecast``.
LISTS: Mapping[List, tuple[str, ...]] = {
    "frames": ("frame_lapses", "application_window_closes"), "labels": ("reverts_when_vacant",), "grants": ("subsidy_ends",),
}  # fmt: skip
#: Once this fact is given nothing more falls away: the dwelling has its commitment, the project has applied.
_SETTLED = {"frame_lapses": "fund.commitment_date", "application_window_closes": "fund.application_date"}
#: How many dwellings fall away with it.
_COUNTED = {"frame_lapses": "fund.frame_dwellings_left", "application_window_closes": "fund.dwellings"}
#: A grant that the rows need not have: it is listed where they tell of it.
_TOLD_OF = {"relabelling_contribution": "relabelling.contribution_granted"}
#: It has happened already: the dwelling has reverted.
_DONE = {"reverts_when_vacant": "reverted"}


@dataclass(frozen=True, slots=True)
class Basis:
    """What a day rests on: the provisions, and the weakest mark among those of the event and of the period that it ends."""

    cite: str
    certainty: str

    @staticmethod
    def of(rulebook: Rulebook, clause: Clause, event: EventRule) -> Basis:
        """The basis of one event."""
        cites = (*event.cites, *(c for row in (clause.period.rows if clause.period else ()) for c in row.cites))
        return Basis(rulebook.cite_text(event.cites), CERTAINTIES[weakest(cites)])


@dataclass(frozen=True, slots=True)
class Falling:
    """One lease, dwelling or grant, with the day on which something of it falls away.

    ``day``: of several such days the next one, or the last where all are past (``passed``); None: it is not known, and the row is open.
    ``amount``: what it is on the first day of the
    forecast, in ``unit`` and for one dwelling; None: it cannot be computed, and ``open`` says what is missing. ``dwellings``: how many fall
    away with it; None: the one of the row.
    """

    list: List
    case: str
    municipality: str
    organisation: str
    department: str
    scheme: str
    title: Mapping[str, str]
    day: date | None
    passed: bool
    says: Mapping[str, str]
    basis: Basis
    outcome: str
    amount: Decimal | None
    unit: str
    dwellings: int | None
    open: tuple[str, ...]


def falling(con: Any, backend: Any, rulebook: Rulebook, layout: Layout, horizon: Horizon, but: str) -> tuple[Falling, ...]:
    """The rows of every scheme that the table touches, apart from ``but``, by list, day and case."""
    found = []
    for scheme in touched(rulebook, layout):
        if scheme != but and events_of(rulebook, scheme, _kinds()):
            found += _of_scheme(con, backend, rulebook, scheme, layout, horizon)
    order = list(LISTS)
    return tuple(sorted(found, key=lambda f: (order.index(f.list), f.day or _NEVER, f.case, f.scheme)))


_NEVER = date.max


def _kinds() -> tuple[str, ...]:
    return (*(kind for kinds in LISTS.values() for kind in kinds), *_DONE.values())


def _of_scheme(con: Any, backend: Any, rulebook: Rulebook, scheme: str, layout: Layout, horizon: Horizon) -> list[Falling]:
    cases_of(con, rulebook, scheme, layout, horizon.first)
    cases = backend.table("forecast_cases")
    if not con.execute("SELECT count(*) FROM forecast_cases").fetchone()[0]:
        return []
    kept = {f"dim.{d}": cases[f] if f in layout.plain else ibis.null("string") for d, f in DIMENSIONS.items()}
    kept |= {
        f"told.{f}": layout.at(cases, f, cases["on"]) if layout.holds(f) else ibis.null("date")
        for f in (*_SETTLED.values(), *_TOLD_OF.values())
    }
    for name in dict.fromkeys(_COUNTED.values()):
        number = layout.at(cases, name, cases["on"])
        kept[f"told.{name}"] = ibis.null("int64") if number is None else number.n
    answers = plan(rulebook, scheme, layout, cases.mutate(**kept), keep=(ROW, *kept), events=_kinds())
    result = con.execute(f"SELECT * FROM ({sql_of(backend, answers)}) WHERE outcome <> 'refused' ORDER BY {ROW}")
    names = [c[0] for c in result.description]
    events = events_of(rulebook, scheme, _kinds())
    found = []
    for values in result.fetchall():
        found += _rows(rulebook, scheme, events, dict(zip(names, values, strict=True)), horizon)
    return found


def _rows(
    rulebook: Rulebook, scheme: str, events: list[tuple[Clause, EventRule]], row: Mapping[str, Any], horizon: Horizon
) -> list[Falling]:  # fmt: skip
    """One row for each list: the next day, or the last one where all are past, or none where it is not known."""
    days = [
        (row[f"event.{i}"], clause, event) for i, (clause, event) in enumerate(events) if _outcome(clause, row) not in (None, "refused")
    ]
    done = {event.kind for day, _, event in days if day is not None and day <= horizon.first}
    applied = all(row[f"told.{_SETTLED[e.kind]}"] is not None for _, e in events if e.kind in _SETTLED)
    found = []
    for name, kinds in LISTS.items():
        of = [t for t in days if t[2].kind in kinds and _falls(t[2].kind, row) and _DONE.get(t[2].kind) not in done]
        ahead = sorted((t for t in of if t[0] is not None and t[0] >= horizon.first), key=lambda t: t[0])
        past = sorted((t for t in of if t[0] is not None and t[0] < horizon.first), key=lambda t: t[0])
        undated = [t for t in of if t[0] is None and _outcome(t[1], row) == "undetermined" and t[1].period]
        if name == "grants":  # one that has ended is history; without a commitment there is none
            ahead = [t for t in ahead if _told_of(t[1], row)]
            past, undated = [], [t for t in undated if applied and _told_of(t[1], row)]
        chosen = next(iter([*ahead[:1], *past[-1:], *undated]), None)
        if chosen is not None and (chosen[0] is None or chosen[0] <= horizon.last):
            found.append(_row(rulebook, scheme, chosen[1], chosen[2], name, chosen[0], row, horizon))
    return found


def _outcome(clause: Clause, row: Mapping[str, Any]) -> str | None:
    """The answer of a part or route; None where it does not bear on the case."""
    found: str | None = row["outcome" if clause.kind == "scheme" else f"{clause.name}.outcome"]
    return found


def _told_of(clause: Clause, row: Mapping[str, Any]) -> bool:
    fact = _TOLD_OF.get(clause.name)
    return fact is None or row[f"told.{fact}"] is not None


def _falls(kind: str, row: Mapping[str, Any]) -> bool:
    settled, counted = _SETTLED.get(kind), _COUNTED.get(kind)
    return (settled is None or row[f"told.{settled}"] is None) and (counted is None or row[f"told.{counted}"] != 0)


def _row(
    rulebook: Rulebook,
    scheme: str,
    clause: Clause,
    event: EventRule,
    name: List,
    day: date | None,
    row: Mapping[str, Any],
    horizon: Horizon,
) -> Falling:
    part = clause.kind == "part"
    amount, title = row.get(f"{clause.name}.amount" if part else "amount"), clause.title if part else rulebook.schemes[scheme].title
    counted = _COUNTED.get(event.kind)
    municipality, organisation, department = (row[f"dim.{d}"] or "" for d in DIMENSIONS)
    return Falling(
        list=name,
        case=row["case"],
        municipality=municipality,
        organisation=organisation,
        department=department,
        scheme=scheme,
        title={"da": title.da, "en": title.en},
        day=day,
        passed=day is not None and day < horizon.first,
        says={"da": event.says.da, "en": event.says.en},
        basis=Basis.of(rulebook, clause, event),
        outcome=_outcome(clause, row) or "",
        amount=None if amount is None else Decimal(amount),
        unit=clause.amount.rows[-1].unit if clause.amount else "",
        dwellings=row[f"told.{counted}"] if counted else None,
        open=tuple(n for column in ("open", "open.law") for n in (row[column] or "").split(", ") if n),
    )
