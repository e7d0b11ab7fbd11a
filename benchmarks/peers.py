"""The same twenty conditions in four other engines.

Each peer is a class: ``__init__`` prepares all that can be prepared once, ``given`` turns a case into what the engine
takes in (not timed), ``ask`` is what is timed, ``results`` reads the answers out of what ``ask`` gave (timed too, as
part of ``ask``, where the engine makes a caller fetch them). Where an engine can be called in several ways, the way that
was quickest here is used.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from subsidyengine.formula import Node
from subsidyengine.rulebook import Rulebook

from . import languages
from .languages import flat

Facts = Mapping[str, Any]
Results = dict[str, bool]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What every engine has to answer: conditions, and conclusions in an order in which each has its members before it."""

    rulebook: Rulebook
    conditions: Mapping[str, Node]
    conclusions: Sequence[tuple[str, str, tuple[str, ...]]]
    kinds: Mapping[str, str]
    words: Mapping[str, tuple[str, ...]]


class Peer(Protocol):
    """One engine, ready."""

    name: str
    note: str

    def given(self, facts: Facts) -> Any: ...
    def ask(self, given: Any) -> Any: ...
    def results(self, answered: Any) -> Results: ...


class Zen:
    """ZEN (Rust). One decision of one expression node, so that each condition is a named result; trace on.

    Asked through an engine with a static loader: a decision object of the same content took several times as long.
    """

    name = "zen-engine"
    note = "one call, trace on"

    def __init__(self, wanted: Wanted) -> None:
        import zen

        rows = [(flat(name), languages.zen(node)) for name, node in wanted.conditions.items()]
        for name, kind, members in wanted.conclusions:
            rows.append((flat(name), (" and " if kind == "all" else " or ").join(f"$.{flat(m)}" for m in members)))
        self.names = {flat(n): n for n in (*wanted.conditions, *(c[0] for c in wanted.conclusions))}
        nodes: list[dict[str, Any]] = [
            {"id": "in", "name": "in", "type": "inputNode"},
            {"id": "rules", "name": "rules", "type": "expressionNode",
             "content": {"expressions": [{"id": k, "key": k, "value": v} for k, v in rows]}},
            {"id": "out", "name": "out", "type": "outputNode"},
        ]  # fmt: skip
        edges = [
            {"id": "a", "sourceId": "in", "targetId": "rules", "type": "edge"},
            {"id": "b", "sourceId": "rules", "targetId": "out", "type": "edge"},
        ]
        graph = {"nodes": [{**n, "position": {"x": 0, "y": 0}} for n in nodes], "edges": edges}
        self.engine = zen.ZenEngine({"loader": {"type": "static", "content": {"eligibility": graph}}})
        self.options = {"trace": True}

    def given(self, facts: Facts) -> Any:
        """Nested, as JSON would be: days are texts."""
        nested: dict[str, dict[str, Any]] = {}
        for name, value in facts.items():
            group, key = name.split(".")
            nested.setdefault(group, {})[key] = value.isoformat() if isinstance(value, date) else value
        return nested

    def ask(self, given: Any) -> Any:
        return self.engine.evaluate("eligibility", given, self.options)

    def results(self, answered: Any) -> Results:
        assert len(answered["trace"]["rules"]["traceData"]) == len(self.names)
        return {self.names[key]: value for key, value in answered["result"].items()}


class OpenFisca:
    """openfisca-core (NumPy). A simulation of one person for each case, every variable computed; its tracer off."""

    name = "openfisca-core"
    note = "one simulation, no trace"

    def __init__(self, wanted: Wanted) -> None:
        import datetime as days

        import numpy
        from openfisca_core import entities, indexed_enums, periods, taxbenefitsystems, variables
        from openfisca_core.simulations import SimulationBuilder

        person = entities.Entity("person", "persons", "a person", "")
        self.system = taxbenefitsystems.TaxBenefitSystem([person])
        self.period = periods.period("2026-03")
        self.build = SimulationBuilder
        self.numpy = numpy
        month = periods.DateUnit.MONTH
        scope: dict[str, Any] = {"datetime64": numpy.datetime64}
        types = {"bool": bool, "number": float, "date": days.date}

        def add(name: str, **parts: Any) -> None:
            body = {"entity": person, "definition_period": month, **parts}
            self.system.add_variable(type(flat(name), (variables.Variable,), body))

        for name, kind in wanted.kinds.items():
            if kind == "enum":
                values = indexed_enums.Enum(flat(name), {w: w for w in wanted.words[name]})
                scope[flat(name)] = values
                add(name, value_type=indexed_enums.Enum, possible_values=values, default_value=next(iter(values)))
            else:
                add(name, value_type=types[kind])
        for name, node in wanted.conditions.items():
            add(name, value_type=bool, formula=self._formula(languages.numpy(node), scope))
        for name, kind, members in wanted.conclusions:
            body = (" & " if kind == "all" else " | ").join(f"person('{flat(m)}', period)" for m in members)
            add(name, value_type=bool, formula=self._formula(body, scope))
        self.asked = {n: flat(n) for n in (*wanted.conditions, *(c[0] for c in wanted.conclusions))}

    @staticmethod
    def _formula(body: str, scope: dict[str, Any]) -> Any:
        made: dict[str, Any] = {}
        exec(f"def formula(person, period):\n    return {body}\n", scope, made)
        return made["formula"]

    def given(self, facts: Facts) -> Any:
        """Arrays of one, as ``set_input`` keeps them."""
        return [(flat(n), self.numpy.array([self.numpy.datetime64(v) if isinstance(v, date) else v])) for n, v in facts.items()]

    def given_many(self, columns: Mapping[str, Any]) -> Any:
        """Arrays of many cases; words as the numbers that OpenFisca itself makes of them, so that it need not."""
        arrays = []
        for name, column in columns.items():
            words = getattr(self.system.get_variable(flat(name)), "possible_values", None)
            arrays.append((flat(name), column if words is None else words.encode(column)))
        return arrays

    def ask(self, given: Any) -> Any:
        period = self.period
        simulation = self.build().build_default_simulation(self.system, count=len(given[0][1]))
        for name, value in given:
            simulation.set_input(name, period, value)
        return [simulation.calculate(name, period) for name in self.asked.values()]

    def results(self, answered: Any) -> Results:
        return {name: bool(array[0]) for name, array in zip(self.asked, answered, strict=True)}


class RuleEngine:
    """rule-engine. Twenty rules matched against a dictionary; it has no trace and chains nothing, so Python concludes."""

    name = "rule-engine"
    note = "20 rules matched, has no trace"

    def __init__(self, wanted: Wanted) -> None:
        import rule_engine

        types = {
            "bool": rule_engine.DataType.BOOLEAN, "number": rule_engine.DataType.FLOAT,
            "date": rule_engine.DataType.DATETIME, "enum": rule_engine.DataType.STRING,
        }  # fmt: skip
        known = rule_engine.type_resolver_from_dict({flat(n): types[k] for n, k in wanted.kinds.items()})
        context = rule_engine.Context(resolver=rule_engine.resolve_item, type_resolver=known)
        self.rules = [(n, rule_engine.Rule(languages.rule_engine(node), context=context)) for n, node in wanted.conditions.items()]
        self.conclusions = [(n, all if kind == "all" else any, members) for n, kind, members in wanted.conclusions]

    def given(self, facts: Facts) -> Any:
        """Names without dots, days as the datetimes that it compares with."""
        return {flat(n): datetime(v.year, v.month, v.day) if isinstance(v, date) else v for n, v in facts.items()}

    def ask(self, given: Any) -> Any:
        found = {name: rule.matches(given) for name, rule in self.rules}
        for name, junction, members in self.conclusions:
            found[name] = junction([found[m] for m in members])
        return found

    def results(self, answered: Any) -> Results:
        return dict(answered)


def _mend(clips: Any) -> None:
    """clipspy 1.0.6 hands ``ReleaseFact`` one argument too many and hides the error, so no fact is ever let go of and each
    case takes longer than the one before. With this it keeps its speed."""
    from clips._clips import lib

    def release(self: Any) -> None:
        if lib is not None:
            lib.ReleaseFact(self._fact)

    clips.facts.Fact.__del__ = release


class Clips:
    """CLIPS (C). A rule for each condition and conclusion over one fact; those that fired have asserted themselves."""

    name = "clipspy"
    note = "reset, assert, run, results read; no trace"

    def __init__(self, wanted: Wanted) -> None:
        import clips

        _mend(clips)
        self.environment = clips.Environment()
        slots = " ".join(f"(slot {flat(n)})" for n in wanted.kinds)
        self.environment.build(f"(deftemplate case {slots})")
        # Every rule adds its name to a global that is read once: quicker than reading the facts one by one.
        self.environment.build("(defglobal ?*met* = (create$))")
        for name, node in wanted.conditions.items():
            self.environment.build(self._rule(name, node))
        for name, kind, members in wanted.conclusions:
            parts = " ".join(f"(met {flat(m)})" for m in members)
            left = parts if kind == "all" else f"(or {parts})"
            self.environment.build(f"(defrule {flat(name)}-follows {left} => {self._then(name)})")
        self.case = self.environment.find_template("case")
        self.words = {w: clips.Symbol(w) for ws in wanted.words.values() for w in ws}
        self.names = {flat(n): n for n in (*wanted.conditions, *(c[0] for c in wanted.conclusions))}

    @staticmethod
    def _rule(name: str, node: Node) -> str:
        # The test stands at the last slot that it needs: in the pattern, where CLIPS tries it first.
        read = languages.names_read(node)
        slots = [f"({flat(n)} ?{flat(n)})" for n in read[:-1]] + [f"({flat(read[-1])} ?{flat(read[-1])}&:{languages.clips(node)})"]
        return f"(defrule {flat(name)} (case {' '.join(slots)}) => {Clips._then(name)})"

    @staticmethod
    def _then(name: str) -> str:
        return f"(bind ?*met* (create$ ?*met* {flat(name)})) (assert (met {flat(name)}))"

    def given(self, facts: Facts) -> Any:
        """Words as symbols, days as their numbers."""
        return {flat(n): v.toordinal() if isinstance(v, date) else self.words.get(v, v) for n, v in facts.items()}

    def run(self, given: Any) -> None:
        """All but reading the results, which stay inside CLIPS."""
        self.environment.reset()
        self.case.assert_fact(**given)
        self.environment.run()

    def ask(self, given: Any) -> Any:
        self.run(given)
        return self.environment.find_global("met").value

    def results(self, answered: Any) -> Results:
        found = {str(word) for word in answered}
        return {name: word in found for word, name in self.names.items()}


PEERS: tuple[type[Any], ...] = (Zen, OpenFisca, RuleEngine, Clips)
PACKAGES = {Zen: "zen", OpenFisca: "openfisca_core", RuleEngine: "rule_engine", Clips: "clips"}
