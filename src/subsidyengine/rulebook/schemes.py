"""Building one scheme from its form: formulas are read and checked, versions lined up, conclusions compiled."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

from ..formula import BOOL, DATE, LITERAL, Formula, FormulaError, Scope, Type, near, parse
from ..inference import Conclusion
from ..words import say
from . import schema
from .model import (
    AmountVersion,
    Clause,
    Condition,
    ConditionVersion,
    EventRule,
    Fact,
    KnownSince,
    NamedValue,
    Note,
    PeriodVersion,
    Rate,
    Scheme,
    Setting,
    Text,
    ValueVersion,
    Versions,
    value_of,
)
from .problems import Problem
from .since import bounded
from .source import Document, Path, Place
from .vocabulary import must, read_cites, text_of, unit_type

UNKNOWN = "unknown"
V = TypeVar("V")
_NAME = re.compile(r"\b[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)+")


class SchemeBuilder:
    """Reads the formulas of one scheme; problems are collected, never raised."""

    def __init__(
        self,
        document: Document,
        facts: Mapping[str, Fact],
        rates: Mapping[str, Rate],
        settings: Mapping[str, Setting],
        problems: list[Problem],
        broken: list[str],
        unread: set[str],
    ) -> None:
        self.document, self.facts, self.problems, self.broken, self.unread = document, facts, problems, broken, unread
        self.value_types: dict[str, Type] = {}
        self.later: set[str] = set()
        self.layer = "statute"
        self.fact_types = {n: f.type for n, f in facts.items()}
        self.rate_types = {n: r.type for n, r in rates.items()}
        self.setting_types = {n: s.type for n, s in settings.items()}

    def place(self, *path: str | int) -> Place:
        return self.document.place(path)

    def problem(self, place: Place, code: str, message: str) -> None:
        self.problems.append(Problem(place, code, message))

    def formula(self, text: str, path: Path, expected: Type | None, period: bool) -> Formula | None:
        """Read one formula; None when it is ``unknown`` or cannot be read (then a problem says why)."""
        if text.strip() == UNKNOWN:
            return None
        scope = Scope(self.fact_types, self.rate_types, self.value_types, self.setting_types, period)
        try:
            return parse(text, scope, expected)
        except FormulaError as error:
            self.broken.append(text)
            if error.code == "F_SYNTAX" or not self.reads_unread(text):
                self.problem(self.document.inside(path, error.column), error.code, self.explained(error.message, path))
            return None

    def explained(self, message: str, path: Path) -> str:
        """The message about a name that exists, but cannot be read from here."""
        name = message.removeprefix("unknown name '").split("'")[0]
        if message.startswith("unknown name 'value.") and name.removeprefix("value.") in self.later:
            if name == f"value.{path[1]}":
                return say("{name}: a value does not read itself", name=name)
            return say("{name} is defined further down; a value reads only values above it", name=name)
        if message.startswith("unknown name 'period."):
            if "period" in path:
                return say("{name}: a period does not read itself", name=name)
            if path[0] == "values":
                return say("{name}: a value does not read the period", name=name)
            return say("{name}: there is no period here; write one", name=name)
        return message

    def reads_unread(self, text: str) -> bool:
        """Does a formula name something that stands in a file, but could not be read? Then that is the problem to mend."""
        for name in _NAME.findall(text):
            head = name.partition(".")[0]
            group = {"rate": "rates", "setting": "settings", "value": "values", "period": "periods"}.get(head, "facts")
            if name in self.unread or group in self.unread:
                return True
        return False

    def condition_of(self, text: str | None, path: Path, period: bool) -> Formula | None:
        """A `when`: it may be left out, but not be `unknown`."""
        if text is None:
            return None
        if text.strip() == UNKNOWN:
            message = say("'when' is a formula; where the law is not known write 'holds: unknown' with 'why'")
            self.problem(self.document.place(path), "R_WHEN", message)
            return None
        return self.formula(text, path, BOOL, period)

    def known(self, name: str | None, path: Path) -> str | None:
        """A fact named outside a formula (`law_of`, `touched_by`)."""
        if name is not None and name not in self.facts and not {name, "facts"} & self.unread:
            message = say("unknown name '{name}'{hint}", name=name, hint=near(name, self.facts))
            self.problem(self.document.place(path), "F_NAME", message)
        return name

    def dated(self, name: str | None, path: Path) -> str | None:
        """What `law_of` names: a fact, or a value of the scheme."""
        value = value_of(name)
        if value is None:
            return self.known(name, path)
        if value not in self.value_types and f"value.{value}" not in self.unread:
            message = say("unknown name '{name}'{hint}", name=name, hint=near(name or "", [f"value.{v}" for v in self.value_types]))
            self.problem(self.document.place(path), "F_NAME", message)
        return name

    # values -----------------------------------------------------------------------------------------------------

    def values(self, form: schema.SchemeForm) -> dict[str, NamedValue]:
        """Named values, each reading only the ones above it."""
        built: dict[str, NamedValue] = {}
        self.later = set(form.values)
        for name, versions in form.values.items():
            place = self.place("values", name)
            listed = isinstance(self.document.data["values"][name], list)
            rows: list[ValueVersion] = []
            common: Type | None = None
            for index, v in enumerate(versions):
                path: Path = ("values", name, index, "is") if listed else ("values", name, "is")
                formula = self.formula(v.is_, path, common, period=False)
                if formula is not None and common is None and not self.reads_unread(v.is_):
                    common = formula.type
                rows.append(
                    ValueVersion(v.from_, v.until, formula, read_cites(v.cite, self.document, *path[:-1]), text_of(v.why),
                                 text_of(v.note), self.document.place(path[:-1]),
                                 self.known(v.law_of, (*path[:-1], "law_of")))
                )  # fmt: skip
            title = next((must(v.title) for v in versions if v.title), None)
            if title is None:
                self.problem(place, "R_TRANSLATION", say("value {name} needs a title: {{da: ..., en: ...}}", name=name))
                title = Text(name, name)
            law_of = versions[0].law_of or form.law_of
            built[name] = NamedValue(name, title, common or LITERAL, law_of, Versions(tuple(rows)), place)
            self.later.discard(name)
            if common is None and any(v.is_.strip() != UNKNOWN for v in versions):
                self.unread.add(f"value.{name}")
            else:
                # Not known at any time, it fits beside any number.
                self.value_types[name] = common or LITERAL
        return built

    # conditions -------------------------------------------------------------------------------------------------

    def conditions(self, forms: Mapping[str, Sequence[schema.ConditionForm]], law_of: str | None, period: bool) -> dict[str, Condition]:
        """Conditions with their versions."""
        built: dict[str, Condition] = {}
        for name, versions in forms.items():
            listed = isinstance(self.document.data["conditions"][name], list)
            rows = []
            for index, v in enumerate(versions):
                base: Path = ("conditions", name, index) if listed else ("conditions", name)
                place = self.document.place(base)
                rows.append(
                    ConditionVersion(
                        v.from_, v.until, self.formula(v.holds, (*base, "holds"), BOOL, period),
                        self.condition_of(v.when, (*base, "when"), period), read_cites(v.cite, self.document, *base),
                        must(v.says), text_of(v.ask), text_of(v.why), text_of(v.note), v.judgement, v.version or "",
                        place, self.dated(v.law_of, (*base, "law_of")), self.layer,
                    )
                )  # fmt: skip
            by = versions[0].law_of or law_of
            built[name] = Condition(name, by, Versions(tuple(rows)), self.place("conditions", name))
        return built

    # clauses ----------------------------------------------------------------------------------------------------

    def amounts(self, forms: Sequence[schema.AmountForm] | None, base: Path, period: bool) -> Versions[AmountVersion] | None:
        if not forms:
            return None
        rows = []
        for path, a in self.listed((*base, "amount"), forms):
            place = self.document.place(path)
            type_ = unit_type(a.unit, self.document.place((*path, "unit")), self.problems)
            formula = self.formula(a.is_, (*path, "is"), type_, period)
            rows.append(
                AmountVersion(a.from_, a.until, formula, a.unit, a.round, read_cites(a.cite, self.document, *path), text_of(a.why),
                              text_of(a.zero_says), place)
            )  # fmt: skip
        return Versions(tuple(rows))

    def periods(self, forms: Sequence[schema.PeriodForm] | None, base: Path) -> Versions[PeriodVersion] | None:
        if not forms:
            return None
        rows = []
        for path, p in self.listed((*base, "period"), forms):
            rows.append(
                PeriodVersion(
                    p.law_from, p.law_until, self.formula(p.from_, (*path, "from"), DATE, False),
                    self.formula(p.to, (*path, "to"), DATE, False) if p.to is not None else None,
                    self.formula(p.open_when, (*path, "open_when"), BOOL, False) if p.open_when is not None else None,
                    read_cites(p.cite, self.document, *path), text_of(p.why), self.document.place(path),
                )
            )  # fmt: skip
        return Versions(tuple(rows))

    def listed(self, path: Path, forms: Sequence[V]) -> Iterator[tuple[Path, V]]:
        """Each version with its path: one version may stand alone, without a list."""
        alone = (*path, 0) not in self.document.places
        for index, form in enumerate(forms):
            yield (path if alone else (*path, index)), form

    def events(self, forms: Sequence[schema.EventForm], base: Path, period: bool) -> tuple[EventRule, ...]:
        rows = []
        for index, e in enumerate(forms):
            path: Path = (*base, "events", index)
            on = self.formula(e.on, (*path, "on"), DATE, period)
            when = self.condition_of(e.when, (*path, "when"), period)
            place = self.document.place(path)
            if e.on.strip() == UNKNOWN:
                message = say("event {name} is on an unknown day: leave it out, or say it in a note", name=e.kind)
                self.problem(place, "S_VALUE", message)
            if on is not None:
                cites = read_cites(e.cite, self.document, *path)
                rows.append(EventRule(on, e.kind, must(e.says), cites, e.basis or "", when, place))
        return tuple(rows)

    def notes(self, forms: Sequence[schema.NoteForm], period: bool) -> tuple[Note, ...]:
        rows = []
        for index, n in enumerate(forms):
            place = self.place("notes", index)
            when = self.condition_of(n.when, ("notes", index, "when"), period)
            rows.append(Note(must(n.says), when, n.open, read_cites(n.cite, self.document, "notes", index), place))
        return tuple(rows)

    def build(self, form: schema.SchemeForm) -> Scheme:
        """The scheme, as far as it could be read."""
        self.layer = form.layer
        clauses_in = form.parts or form.routes
        period = bool(form.period) or any(c.period for c in clauses_in.values())
        values = self.values(form)
        conditions = self.conditions(form.conditions, form.law_of, period)
        self.dated(form.law_of, ("law_of",))
        self.touched(form.touched_by, ("touched_by",))
        conclusions = [
            Conclusion(name, "any" if c.any is not None else "all", tuple(c.any if c.any is not None else c.all or ()))
            for name, c in form.rules.items()
        ]
        if clauses_in:
            kind = "part" if form.parts else "route"
            clauses = tuple(self.clause(name, c, kind, conclusions) for name, c in clauses_in.items())
            conclusions.append(Conclusion("granted", "any", tuple(c.conclusion for c in clauses)))
        else:
            clauses = (
                Clause(
                    "", "scheme", must(form.title), "granted", "", (), None, reach("granted", conclusions, conditions),
                    self.amounts(form.amount, (), period), self.periods(form.period, ()),
                    self.events(form.events, (), period), self.place("scheme"),
                ),
            )  # fmt: skip
        scheme = Scheme(
            form.scheme, must(form.title), must(form.decided_by), form.appeal, form.layer, tuple(form.touched_by),
            form.pick, values, conditions, tuple(conclusions), clauses, self.notes(form.notes, period),
            self.document.file, self.place("scheme"), self.places(form), form.charge,
            law_of=form.law_of,
        )  # fmt: skip
        since = form.known_since
        if since is None:
            return scheme
        cites = read_cites(since.cite, self.document, "known_since")
        return bounded(scheme, KnownSince(since.day, must(since.why), cites, self.place("known_since")))

    def places(self, form: schema.SchemeForm) -> dict[str, Place]:
        """Where the appeal route and the conclusions stand."""
        return {
            "appeal": self.place("appeal"),
            **{f"part:{name}": self.place("parts", name) for name in form.parts},
            **{f"route:{name}": self.place("routes", name) for name in form.routes},
            **{name: self.place("rules", name) for name in form.rules},
        }

    def touched(self, names: Sequence[str], path: Path) -> None:
        """Facts, or whole groups such as `fund`."""
        for index, name in enumerate(names):
            if not any(f == name or f.startswith(name + ".") for f in self.facts):
                self.known(name, (*path, index))

    def clause(self, name: str, form: schema.ClauseForm, kind: str, conclusions: list[Conclusion]) -> Clause:
        """A part or route: its conclusion needs that it bears on the case, and its members."""
        group = "parts" if kind == "part" else "routes"
        base: Path = (group, name)
        period = bool(form.period)
        bears, conclusion = f"{kind}:{name}:bears", f"{kind}:{name}"
        members = tuple(form.any if form.any is not None else form.all or ())
        if form.any is not None:
            conclusions.append(Conclusion(f"{conclusion}:any", "any", members))
            members = (f"{conclusion}:any",)
        conclusions.append(Conclusion(conclusion, "all", (bears, *members)))
        when = self.condition_of(form.when, (*base, "when"), period)
        self.touched(form.touched_by or (), (*base, "touched_by"))
        names = dict.fromkeys(self.document.data.get("conditions", {}))
        return Clause(
            name, "part" if kind == "part" else "route", must(form.title), conclusion, bears,
            tuple(form.touched_by or ()), when, reach(conclusion, conclusions, names),
            self.amounts(form.amount, base, period), self.periods(form.period, base),
            self.events(form.events, base, period), self.document.place(base),
        )  # fmt: skip


def reach(start: str, conclusions: Sequence[Conclusion], conditions: Mapping[str, object]) -> tuple[str, ...]:
    """Conditions that ``start`` rests on, in the order of reading."""
    by_name = {c.name: c for c in conclusions}
    found: dict[str, None] = {}
    todo, seen = [start], set()
    while todo:
        name = todo.pop(0)
        if name in seen:
            continue
        seen.add(name)
        if name in by_name:
            todo = [*by_name[name].members, *todo]
        elif name in conditions:
            found[name] = None
    return tuple(found)
