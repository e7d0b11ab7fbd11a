"""R_RESIDENCE: no local layer refuses by length of residence alone.

A fixed length of residence as an absolute gate is unlawful under almenboligloven § 59 stk. 1 (Statsforvaltningen 2016-12-12);
weighed beside the applicant's need it is not. A gate is absolute when length of residence decides it with nothing else known:
the facts marked ``about: residence`` are given their least and their greatest values, every other fact is left out, and
a condition that fails all the same, and with it the answer, is one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from ...formula import FactsOnly, Formula, Node, Value, compile_formula
from ...inference import Status, atoms_of, compile_conclusions, infer, status_of
from ...words import say
from ..book import Rulebook
from ..model import Fact, Scheme
from ..problems import Problem
from .local import facts_read, local_conditions

_LAST = date(2299, 12, 31)
#: Somebody who has just come, and somebody who was always here.
_NEWCOMER: dict[str, Any] = {"bool": False, "number": 0, "date": _LAST}
_NATIVE: dict[str, Any] = {"bool": True, "number": 10**6, "date": date(1800, 1, 1)}


def check(book: Rulebook) -> Iterator[Problem]:
    """Every condition of a local layer that reads a length of residence."""
    stays = {n: f for n, f in book.facts.items() if f.about == "residence" and f.type.kind in _NEWCOMER}
    for scheme in book.schemes.values():
        gates = {}
        for condition, version in local_conditions(scheme):
            named = [n for n in facts_read(scheme, version.holds) if n in stays]
            if named and version.holds is not None and _fails(book, scheme, version.holds, stays):
                gates[condition.name] = (version, named)
        for name in _decisive(scheme, gates):
            version, named = gates[name]
            message = say(
                "condition {name} ({layer}) refuses by length of residence alone ({facts}): as an absolute gate it is unlawful under "
                "almenboligloven § 59 stk. 1 (Statsforvaltningen 2016-12-12); let it weigh beside the applicant's need",
                name=name, layer=version.layer, facts=", ".join(named),
            )  # fmt: skip
            yield Problem(version.place, "R_RESIDENCE", message)


def _fails(book: Rulebook, scheme: Scheme, holds: Formula, stays: Mapping[str, Fact]) -> bool:
    """Is ``holds`` false for a newcomer, or for somebody who was always here, whatever else is true of them?"""
    people = ({name: values[fact.type.kind] for name, fact in stays.items()} for values in (_NEWCOMER, _NATIVE))
    return any(_Person(book, scheme, facts).read(holds) is False for facts in people)


def _decisive(scheme: Scheme, gates: Mapping[str, object]) -> Iterator[str]:
    """Gates whose failing refuses: one of several alternatives does not."""
    if not gates:
        return
    try:
        ruleset = compile_conclusions(scheme.conclusions)
    except ValueError:
        return  # a circle, or 'granted' twice: other lint rules name it
    statuses: dict[str, Status] = {name: "not_met" if name in gates else "unknown" for name in scheme.conditions}
    statuses.update((clause.bears, "unknown") for clause in scheme.clauses if clause.bears)
    closure = infer(ruleset, atoms_of(statuses, ruleset), durable=False)
    refused = [clause for clause in scheme.clauses if status_of(closure, clause.conclusion) == "not_met"]
    yield from (name for name in gates if any(name in clause.conditions for clause in refused))


class _Person(FactsOnly):
    """Reads a formula with nothing known of somebody but ``facts``."""

    def __init__(self, book: Rulebook, scheme: Scheme, facts: dict[str, Any]) -> None:
        super().__init__(facts, _LAST)
        self.book, self.scheme = book, scheme

    def read(self, formula: Formula) -> Any:
        return compile_formula(replace(formula, root=self.blind(formula.root)))(self)

    def blind(self, node: Node) -> Node:
        """``node`` without what tells whether something is known: everything else may be, and may be anything."""
        asks = node.op == "call" and node.name in ("is_known", "known_or")
        if asks and any(n.op in ("fact", "value") and n.name not in self.facts for n in node.walk()):
            return replace(node, op="unknown", args=())
        return replace(node, args=tuple(self.blind(a) for a in node.args))

    def rate(self, name: str, day: date | None) -> Value:
        value = self.book.rates[name].at(day or self.on).value
        return self.fact(name) if value is None else value

    def value(self, name: str) -> Value:
        formula = self.scheme.values[name].versions.at(self.on).formula
        return self.fact(name) if formula is None else self.read(formula)

    def setting(self, name: str) -> Value:
        return self.book.settings[name].value
