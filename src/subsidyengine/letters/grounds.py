"""What a decision rests on, read again from the case: the document and, beside it, every fact with its source, the
figures on the way to the amount and the provisions. A letter says nothing that does not come from here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from ..decision import Answer, ClauseAnswer, Conclude, Finding, Reading, answer, program_for
from ..document import Document, document, leaned_sentence
from ..facts import Case, Given
from ..formula import Lang, Unknown
from ..rulebook import Appeal, Cite, Fact, Rulebook, Source, ValueVersion
from ..timeline import timeline
from . import wording

#: Kinds of sources that are rules of law; the others say how we know them.
_LAW = ("statute", "order")
#: How a case file says that the party gave a fact.
_PARTY = frozenset(
    word
    for noun in ("citizen", "party", "applicant", "tenant", "borger", "borgeren", "part", "parten", "ansøger", "ansøgeren", "boligsøger",
                 "boligsøgeren", "lejer", "lejeren")
    for word in (noun, f"the {noun}")
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Weighed:
    """One fact that was given weight. ``given`` None: computed by the scheme ``derived``. ``judged``: a person assessed it;
    ``discretion``: the law leaves it to that person.
    """

    fact: Fact
    value: Any
    given: Given | None
    derived: str
    judged: bool
    discretion: bool

    @property
    def from_party(self) -> bool:
        """Did the party give it?"""
        return self.given is not None and self.given.source.strip().casefold() in _PARTY


@dataclass(frozen=True, slots=True)
class Figure:
    """A named value or a rate on the way to the amount."""

    title: str
    value: str
    law: str


class Grounds:
    """One decision and what it rests on, in one language. ``routes`` are the rules that say how it is appealed, when they are
    not those that it was decided by: a lawyer may have established the route since.
    """

    def __init__(
        self, case: Case, rulebook: Rulebook, scheme: str, lang: Lang, on: date, known: date | None = None, routes: Rulebook | None = None
    ) -> None:
        conclude, self.routes = Conclude(), routes or rulebook
        rulebook = rulebook.as_known(known)  # as a decision does: an overlay is not used before its own day
        self.case, self.rulebook, self.lang = case, rulebook, lang
        self.answer: Answer = answer(Reading(rulebook, program_for(rulebook, scheme), case, on, known), conclude)
        self.document: Document = document(self.answer, timeline(self.answer, conclude), lang)
        self.reading: Reading = self.answer.reading
        self.scheme = rulebook.schemes[scheme]
        now = self.routes.schemes.get(scheme, self.scheme)
        self.route: Appeal = self.routes.appeals[now.appeal]
        self.charge = self.scheme.charge or now.charge

    @property
    def title(self) -> str:
        """The scheme's title as it stands inside a sentence."""
        return wording.lower_first(self.scheme.title.get(self.lang))

    @cached_property
    def clauses(self) -> tuple[ClauseAnswer, ...]:
        """The route that answers; where none does, every part and route that bears on the case."""
        chosen = self.answer.chosen
        return (chosen,) if chosen is not None and chosen.outcome == "granted" else self.answer.clauses

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """Every finding of them once, in order."""
        return tuple({f.name: f for clause in self.clauses for f in clause.findings}.values())

    @cached_property
    def weighed(self) -> tuple[Weighed, ...]:
        """The facts that conditions, amount and period read and that were known, those of a derived fact after it."""
        return tuple(self._weighed(self._names()))

    def against(self, amount: bool = False) -> tuple[Weighed, ...]:
        """The facts that count against the party: those behind what is not met and, with ``amount``, those that it turns on."""
        failed = [f for f in self.findings if f.status == "not_met"]
        found = tuple(self._weighed({name: None for f in failed for name in f.facts}))
        return tuple({w.fact.name: w for w in (*found, *(self.amount_facts() if amount else ()))}.values())

    def amount_facts(self) -> tuple[Weighed, ...]:
        """The facts that the amount turns on."""
        names = {n: None for c in self.clauses if c.amount is not None and c.outcome == "granted" for n in c.amount.ready.facts}
        return tuple(self._weighed(names))

    def unsettled(self) -> list[Finding]:
        """Conditions that stayed open though what they belong to is decided."""
        decided = {f.name: f for c in self.answer.clauses if c.outcome != "undetermined" for f in c.findings}
        return [f for f in self.findings if f.status == "unknown" and f.name in decided]

    def leaned(self) -> list[str]:
        """What the days of events lean on though the law has not settled it."""
        return [wording.bind(leaned_sentence(self.rulebook.settings[name], self.lang)) for name in self.answer.leaned]

    def statements(self, name: str) -> list[Given]:
        """What was known of a fact, oldest first; those that a later one of the same day replaces are left out."""
        known = self.reading.known
        rows = [g for g in self.case.facts.get(name, ()) if known is None or g.received is None or g.received <= known]
        return list({g.from_: g for g in rows}.values())

    def figures(self) -> list[Figure]:
        """Rates and named values that were read, as they stood on the day; of a refusal those that what is not met turned on."""
        wanted = self._behind()
        rates: dict[tuple[str, str], Figure] = {}
        for node, value in self.reading.record.items():
            name = node.name
            if node.op in ("rate", "at") and f"rate.{name}" in wanted and not isinstance(value, Unknown):
                rate = self.rulebook.rates[name]
                shown = wording.typed(value, rate.unit, self.lang)
                title = wording.upper_first(rate.title.get(self.lang))
                rates[name, shown] = Figure(title, shown, self.law(self._rate_cites(name, value)))
        values = []
        read = self.reading.values_read()
        for name in (n for n in self.scheme.values if n in read):
            value, found = self.scheme.values[name], self.reading.value(name)
            if not isinstance(found, Unknown) and name in wanted:
                title = wording.upper_first(value.title.get(self.lang))
                cites = self._version(name).cites
                values.append(Figure(title, wording.typed(found, wording.unit_of(value.type), self.lang), self.law(cites)))
        return [*rates.values(), *values]

    def _version(self, name: str) -> ValueVersion:
        value = self.scheme.values[name]
        return value.versions.at(self.reading.law_day(value.law_of))

    def _behind(self) -> set[str]:
        """Named values, and rates as ``rate.name``, that the answer turned on, directly or by way of others: for a refusal those
        of what is not met, else those of the conditions, the amount and the period."""
        refused = self.document.outcome == "refused"
        queue = [f.version.holds for f in self.findings if f.status == "not_met" or not refused]
        for clause in self.clauses if not refused else ():
            if clause.outcome == "granted":
                queue += [clause.amount.ready.version.formula] if clause.amount is not None else []
                period = clause.clause.period
                queue += [period.at(self.reading.on).start, period.at(self.reading.on).end] if period is not None else []
        found: set[str] = set()
        while queue:
            formula = queue.pop()
            if formula is None:
                continue
            found.update(f"rate.{name}" for name in formula.rates)
            new = [name for name in formula.values if name not in found]
            found.update(new)
            queue += [self._version(name).formula for name in new if name in self.reading.values_read()]
        return found

    def settled_by(self) -> list[str]:
        """What a municipality's overlays settled: the reason, who and when."""
        overlays = dict.fromkeys((*self.rulebook.overlays, *self.routes.overlays))
        return [wording.bind(f"{o.reason.get(self.lang)} ({o.by}, {wording.day(o.on, self.lang)})") for o in overlays]

    def law(self, cites: Iterable[Cite], book: Rulebook | None = None) -> str:
        """The rules of law among citations, as written in a letter; all of them where none is a rule of law."""
        book, cites = book or self.rulebook, tuple(cites)
        rules = [c for c in cites if c.source in book.sources and book.sources[c.source].kind in _LAW] or cites
        return "; ".join(wording.provisions([book.cite_text(rules)]))

    def rules(self) -> list[str]:
        """Every rule that the decision rests on, each source with its title and its provisions."""
        cites: list[Cite] = [cite for f in self.findings for cite in f.version.cites]
        for clause in self.clauses:
            if clause.outcome == "refused":
                continue
            for rows in (clause.clause.amount, clause.clause.period):
                cites += rows.at(self.reading.on).cites if rows is not None else ()
        behind = self._behind()
        for node, value in self.reading.record.items():
            if node.op in ("rate", "at") and f"rate.{node.name}" in behind:
                cites += self._rate_cites(node.name, value)
        by_source: dict[str, dict[str, None]] = {}
        for cite in cites:
            source = self._source(cite)
            if source is not None and source.kind in _LAW:
                by_source.setdefault(cite.source, {})[cite.provision] = None
        return [self._rule(self.rulebook.sources[key], list(provisions)) for key, provisions in by_source.items()]

    def _rule(self, source: Source, provisions: list[str]) -> str:
        title = source.title.get(self.lang)
        said = "; ".join(wording.provisions([p for p in provisions if p]))
        name = source.short if source.short.casefold() in title.casefold() else f"{title} ({source.short})"
        return wording.bind(wording.upper_first(f"{title if name == source.short else name}{': ' + said if said else ''}"))

    def _source(self, cite: Cite) -> Source | None:
        return self.rulebook.sources.get(cite.source)

    def _rate_cites(self, name: str, value: Any) -> tuple[Cite, ...]:
        """The citation of the row that gave ``value``: that of the day, else the latest with that value."""
        rate = self.rulebook.rates[name]
        row = rate.at(self.reading.on, self.reading.known)
        if row.value == value:
            return row.cites
        return next((r.cites for r in reversed(rate.rows) if r.value == value), ())

    def _names(self) -> dict[str, None]:
        names = {name: None for f in self.findings for name in f.facts}
        for clause in self.clauses:
            if clause.amount is not None and clause.outcome != "refused":
                names.update(dict.fromkeys(clause.amount.ready.facts))
            if clause.start is not None or clause.end is not None:
                names.update({n: None for row in self.reading.program.periods.get(clause.clause.name, ()) for n in row.facts})
        return names

    def _weighed(self, names: dict[str, None]) -> Iterator[Weighed]:
        derived = self.reading.derived()
        judged = {n for f in self.findings if f.version.judgement for n in f.facts}
        queue = list(names)
        for inner in self.reading.inner:
            if any(name in names for name, (_, scheme) in derived.items() if scheme == inner.program.scheme.id):
                queue += [n for n in inner.program.facts if n not in names and inner.facts.get(n) is not None]
        for name in dict.fromkeys(queue):
            value = self.reading.shown(name)
            if value is None:
                continue
            fact = self.rulebook.facts[name]
            given = next((g for g in reversed(self.statements(name)) if g.from_ is None or g.from_ <= self.reading.on), None)
            discretion = fact.assessment or name in judged
            title = self.rulebook.schemes[derived[name][1]].title.get(self.lang) if name in derived else ""
            yield Weighed(fact, value, given, title, discretion or bool(given and given.by), discretion)
