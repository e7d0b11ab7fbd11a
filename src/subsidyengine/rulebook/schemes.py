"""Building one scheme from its form: formulas are read and checked, versions lined up, conclusions compiled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..formula import BOOL, COUNT, DATE, Formula, FormulaError, Scope, Type, parse
from ..inference import Conclusion
from . import schema
from .model import (
    AmountVersion,
    Clause,
    Condition,
    ConditionVersion,
    EventRule,
    Fact,
    NamedValue,
    Note,
    PeriodVersion,
    Rate,
    Scheme,
    Setting,
    ValueVersion,
    Versions,
)
from .problems import Problem
from .source import Document, Path, Place
from .vocabulary import must, read_cites, text_of, unit_type

UNKNOWN = "unknown"


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
    ) -> None:
        self.document, self.facts, self.problems, self.broken = document, facts, problems, broken
        self.value_types: dict[str, Type] = {}
        self.later: set[str] = set()
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
            place = self.document.place(path)
            message = error.message
            missing = message.removeprefix("unknown name 'value.").split("'")[0]
            if missing in self.later:
                message = f"value.{missing} is defined further down; a value reads only values above it"
            self.problem(Place(place.file, place.line, place.column + error.column), error.code, message)
            self.broken.append(text)
            return None

    def known(self, name: str | None, path: Path) -> str | None:
        """A fact named outside a formula (`law_of`, `touched_by`)."""
        if name is not None and name not in self.facts:
            from ..formula import near

            self.problem(self.document.place(path), "F_NAME", f"unknown name '{name}'{near(name, self.facts)}")
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
                if formula is not None and common is None:
                    common = formula.type
                why = text_of(v.why)
                if v.is_.strip() == UNKNOWN and why is None:
                    self.problem(self.document.place(path), "R_WHY", f"value {name}: an unknown value needs 'why'")
                rows.append(
                    ValueVersion(v.from_, v.until, formula, read_cites(v.cite, self.document.place(path[:-1])), why,
                                 text_of(v.note), self.document.place(path[:-1]))
                )  # fmt: skip
            title = next((must(v.title) for v in versions if v.title), None)
            if title is None:
                self.problem(place, "R_TRANSLATION", f"value {name} needs a title in both languages")
                continue
            law_of = self.known(versions[0].law_of or form.law_of, ("values", name))
            built[name] = NamedValue(name, title, common or COUNT, law_of, Versions(tuple(rows)), place)
            self.value_types[name] = common or COUNT
            self.later.discard(name)
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
                if v.holds.strip() == UNKNOWN and v.why is None:
                    self.problem(place, "R_WHY", f"condition {name}: `holds: unknown` needs 'why'")
                rows.append(
                    ConditionVersion(
                        v.from_, v.until, self.formula(v.holds, (*base, "holds"), BOOL, period),
                        self.formula(v.when, (*base, "when"), BOOL, period) if v.when else None,
                        read_cites(v.cite, self.document.place((*base, "cite"))),
                        must(v.says), text_of(v.ask), text_of(v.why), text_of(v.note), v.judgement, v.version or "",
                        place,
                    )
                )  # fmt: skip
            by = self.known(versions[0].law_of or law_of, ("conditions", name))
            built[name] = Condition(name, by, Versions(tuple(rows)), self.place("conditions", name))
        return built

    # clauses ----------------------------------------------------------------------------------------------------

    def amounts(self, forms: Sequence[schema.AmountForm] | None, base: Path, period: bool) -> Versions[AmountVersion] | None:
        if not forms:
            return None
        rows = []
        for a in forms:
            place = self.document.place((*base, "amount"))
            type_ = unit_type(a.unit, place, self.problems)
            formula = self.formula(a.is_, (*base, "amount", "is"), type_, period)
            rows.append(
                AmountVersion(a.from_, a.until, formula, a.unit, a.round, read_cites(a.cite, place), text_of(a.why),
                              text_of(a.zero_says), place)
            )  # fmt: skip
        return Versions(tuple(rows))

    def periods(self, forms: Sequence[schema.PeriodForm] | None, base: Path) -> Versions[PeriodVersion] | None:
        if not forms:
            return None
        rows = []
        for p in forms:
            place = self.document.place((*base, "period"))
            rows.append(
                PeriodVersion(
                    p.law_from, p.law_until, self.formula(p.from_, (*base, "period", "from"), DATE, False),
                    self.formula(p.to, (*base, "period", "to"), DATE, False) if p.to else None,
                    read_cites(p.cite, place), text_of(p.why), place,
                )
            )  # fmt: skip
        return Versions(tuple(rows))

    def events(self, forms: Sequence[schema.EventForm], base: Path, period: bool) -> tuple[EventRule, ...]:
        rows = []
        for index, e in enumerate(forms):
            path: Path = (*base, "events", index)
            on = self.formula(e.on, (*path, "on"), DATE, period)
            when = self.formula(e.when, (*path, "when"), BOOL, period) if e.when else None
            place = self.document.place(path)
            if on is not None:
                rows.append(EventRule(on, e.kind, must(e.says), read_cites(e.cite, place), e.basis or "", when, place))
        return tuple(rows)

    def notes(self, forms: Sequence[schema.NoteForm], period: bool) -> tuple[Note, ...]:
        rows = []
        for index, n in enumerate(forms):
            place = self.place("notes", index)
            when = self.formula(n.when, ("notes", index, "when"), BOOL, period) if n.when else None
            rows.append(Note(must(n.says), when, n.open, read_cites(n.cite, place), place))
        return tuple(rows)

    def build(self, form: schema.SchemeForm) -> Scheme:
        """The scheme, as far as it could be read."""
        clauses_in = form.parts or form.routes
        period = bool(form.period) or any(c.period for c in clauses_in.values())
        values = self.values(form)
        conditions = self.conditions(form.conditions, form.law_of, period)
        for index, name in enumerate(form.touched_by):
            if not any(f == name or f.startswith(name + ".") for f in self.facts):
                self.known(name, ("touched_by", index))
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
        return Scheme(
            form.scheme, must(form.title), must(form.decided_by), form.appeal, form.layer, tuple(form.touched_by),
            form.pick, values, conditions, tuple(conclusions), clauses, self.notes(form.notes, period),
            self.document.file, self.place("scheme"),
        )  # fmt: skip

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
        when = self.formula(form.when, (*base, "when"), BOOL, period) if form.when else None
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
