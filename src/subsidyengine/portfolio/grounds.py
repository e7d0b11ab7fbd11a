"""The law behind a forecast: every provision that its schemes cite, and what of it is not established."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from ..formula import Formula, Node
from ..rulebook import Cite, Dated, Rate, RateRow, Scheme, Text, formulas
from .forecast import Forecast


class _Version(Dated, Protocol):
    @property
    def cites(self) -> tuple[Cite, ...]: ...
    @property
    def why(self) -> Text | None: ...


@dataclass(frozen=True, slots=True)
class Gap:
    """Law that is not established for the days from ``from_`` to ``until`` (None: on that side without end), and why.

    ``about``: what of the scheme it is, together where the days and the reason are the same. Without any: something that the rules note.
    """

    scheme: Scheme
    about: tuple[Text, ...]
    from_: date | None
    until: date | None
    why: Text
    cites: tuple[Cite, ...]


def schemes_of(found: Forecast, lists: bool = True) -> list[Scheme]:
    """The schemes that a forecast asks: the refund's, those of its lines and ``lists``, and those that work out a fact for them."""
    book = found.rulebook
    names = [found.scheme, *(line.scheme for line in found.lines), *(item.scheme for item in found.falling if lists)]
    listed: dict[str, Scheme] = {}
    while names:
        scheme = book.schemes[names.pop(0)]
        if scheme.id not in listed:
            listed[scheme.id] = scheme
            derived = (book.facts[fact].derived_from for formula in formulas(scheme) for fact in formula.facts)
            names[:0] = [name for name in derived if name and name in book.schemes]
    return list(listed.values())


def grounds(found: Forecast) -> dict[Cite, list[Scheme]]:
    """Every provision that a scheme of the forecast cites, with the schemes, in the order of the rules; of rates those that can count."""
    listed: dict[tuple[str, str, str], tuple[Cite, dict[str, Scheme]]] = {}
    for scheme in schemes_of(found):
        cites = [c for _, rows in _named_versions(scheme) for row in rows for c in row.cites]
        cites += [c for clause in scheme.clauses for event in clause.events for c in event.cites]
        cites += [c for note in scheme.notes for c in note.cites]
        cites += [c for _, row, _ in _rates(found, scheme) for c in row.cites]
        cites += [c for formula in formulas(scheme) for name in formula.settings for c in found.rulebook.settings[name].cites]
        for cite in cites:
            listed.setdefault((cite.source, cite.provision, cite.mark), (cite, {}))[1][scheme.id] = scheme
    return {cite: list(schemes.values()) for cite, schemes in listed.values()}


def gaps(found: Forecast) -> list[Gap]:
    """What is not established of the law and the rates that the sums rest on; then what the rules note of themselves."""
    listed = []
    for scheme in schemes_of(found, lists=False):
        since = scheme.known_since
        rows = [(name, row, row.until) for name, rows in _named_versions(scheme) for row in rows if not (since and since.bounds(row))]
        rows += [(rate.title, row, until) for rate, row, until in _rates(found, scheme)]
        alike: dict[tuple[date | None, date | None, str], Gap] = {}
        for name, row, until in rows:
            if row.why:
                key = (row.from_, until, row.why.da)
                before = alike[key].about if key in alike else ()
                alike[key] = Gap(scheme, tuple(dict.fromkeys((*before, name))), row.from_, until, row.why, row.cites)
        listed += [*alike.values(), *(Gap(scheme, (), None, None, note.says, note.cites) for note in scheme.notes)]
    return listed


def _named_versions(scheme: Scheme) -> Iterator[tuple[Text, Sequence[_Version]]]:
    for value in scheme.values.values():
        yield value.title, value.versions.rows
    for condition in scheme.conditions.values():
        for row in condition.versions.rows:
            yield row.says, (row,)
    for clause in scheme.clauses:
        for versions in (clause.amount, clause.period):
            if versions:
                yield clause.title, versions.rows


def _rates(found: Forecast, scheme: Scheme) -> Iterator[tuple[Rate, RateRow, date | None]]:
    """The rows of a scheme's rates, with their last day: those of the forecast's days, and all of a rate read on another day."""
    elsewhere = {name for formula in formulas(scheme) for name in _on_other_days(formula)}
    for name in dict.fromkeys(name for formula in formulas(scheme) for name in formula.rates):
        rate = found.rulebook.rates[name]
        for row in rate.rows:
            after = min((r.from_ for r in rate.rows if r.from_ and r.from_ > (row.from_ or date.min)), default=None)
            begun = row.from_ is None or row.from_ <= found.horizon.last
            if name in elsewhere or (begun and (after is None or after > found.horizon.first)):
                yield rate, row, row.until or (after and after - timedelta(days=1))


def _on_other_days(formula: Formula) -> Iterator[str]:
    nodes: list[Node] = [formula.root]
    while nodes:
        node = nodes.pop()
        if node.op == "at" and node.args[0].op == "rate":
            yield node.args[0].name
        nodes += node.args
