"""Which condition versions the worked cases show met, not met and unknown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..decision import Answer
from ..formula import Formula, Node
from ..inference import Status
from ..rulebook import ConditionVersion, Rulebook, Scheme

Version = tuple[str, str, int]


@dataclass(frozen=True, slots=True)
class Coverage:
    """For each condition version (scheme, condition, index): statuses that are shown, and those that must be."""

    shown: dict[Version, frozenset[Status]]
    needed: dict[Version, frozenset[Status]]

    def missing(self) -> list[tuple[Version, list[Status]]]:
        """Versions and the statuses that no worked case shows."""
        gaps = [(v, sorted(need - self.shown.get(v, frozenset()))) for v, need in self.needed.items()]
        return [(version, lacking) for version, lacking in gaps if lacking]

    def share(self) -> tuple[int, int]:
        """(shown, needed) statuses."""
        needed = sum(len(n) for n in self.needed.values())
        return needed - sum(len(lacking) for _, lacking in self.missing()), needed


def coverage(answers: Iterable[Answer], rulebook: Rulebook, schemes: Iterable[str]) -> Coverage:
    """What ``answers`` show of the condition versions of ``schemes``."""
    needed: dict[Version, frozenset[Status]] = {}
    index: dict[int, Version] = {}
    for scheme_id in schemes:
        scheme = rulebook.schemes[scheme_id]
        for condition in scheme.conditions.values():
            for number, version in enumerate(scheme.written(condition.versions)):
                key = (scheme_id, condition.name, number)
                index[id(version)] = key
                needed[key] = _needed(scheme, version)
    shown: dict[Version, set[Status]] = {}
    for answer in answers:
        for clause in answer.clauses:
            for finding in clause.findings:
                key = index.get(id(finding.version), ("", "", 0))
                shown.setdefault(key, set()).add(finding.status)
    return Coverage({k: frozenset(v) for k, v in shown.items()}, needed)


def _needed(scheme: Scheme, version: ConditionVersion) -> frozenset[Status]:
    if version.holds is None:
        return frozenset({"unknown"})
    needed: set[Status] = set()
    outcomes = _possible(version.holds)
    if "met" in outcomes:
        needed.add("met")
    if "not_met" in outcomes:
        needed.add("not_met")
    given = _given(version.when.root) if version.when is not None else frozenset()
    if _can_be_unknown(scheme, version.holds, given) or (version.when and _can_be_unknown(scheme, version.when, given)):
        needed.add("unknown")
    return frozenset(needed)


def _possible(formula: Formula) -> set[Status]:
    """A formula of the form `true if x else unknown` can never be false, and so on."""
    root = formula.root
    if root.op == "if":
        ends = {_end(a.op, a.literal) for a in root.args[1:]}
        return ends if "any" not in ends else {"met", "not_met"}  # type: ignore[return-value]
    return {"met", "not_met"}


def _end(op: str, literal: object) -> str:
    if op == "unknown":
        return "unknown"
    if op == "literal":
        return "met" if literal is True else "not_met"
    return "any"


def _given(when: Node) -> frozenset[str]:
    """Facts that are known whenever ``when`` is true: those of `is_known(...)` joined by `and`."""
    if when.op == "and":
        return frozenset().union(*(_given(a) for a in when.args))
    if when.op == "call" and when.name == "is_known" and when.args[0].op == "fact":
        return frozenset({when.args[0].name})
    return frozenset()


def _can_be_unknown(scheme: Scheme, formula: Formula, given: frozenset[str]) -> bool:
    """Reads a fact (or a rate or period, which may be unknown) other than inside is_known and known_or."""
    stack = [formula.root]
    while stack:
        node = stack.pop()
        if node.op == "fact" and node.name in given:
            continue
        if node.op in ("fact", "rate", "period", "unknown", "at"):
            return True
        if node.op == "value" and any(
            v.formula is None or _can_be_unknown(scheme, v.formula, given) for v in scheme.values[node.name].versions.rows
        ):
            return True
        if node.op == "call" and node.name == "is_known":
            continue
        stack.extend(node.args[1:] if node.op == "call" and node.name == "known_or" else node.args)
    return False
