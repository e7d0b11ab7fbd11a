"""The reference: forward chaining in plain Python, small enough to be checked by reading.

Each rule counts the premises that are still missing. An atom that becomes true lowers the counter of every rule that
asks for it; a rule whose counter reaches zero fires. Each atom and each premise is looked at once.
"""

from collections.abc import Iterable
from functools import lru_cache

from .model import Closure, Rule, RuleSet

ENGINE = "reference"


class _Index:
    """A rule set prepared for chaining: which rules ask for an atom, and how many premises each rule has."""

    __slots__ = ("always", "asked_by", "missing", "rules")

    def __init__(self, ruleset: RuleSet) -> None:
        self.rules = ruleset.rules
        self.missing: list[int] = []
        self.always: list[int] = []
        asked_by: dict[str, list[int]] = {}
        for number, rule in enumerate(ruleset.rules):
            self.missing.append(len(rule.premises))
            if not rule.premises:
                self.always.append(number)
            # A premise given twice is counted twice and, when it comes, taken off twice.
            for atom in rule.premises:
                asked_by.setdefault(atom, []).append(number)
        self.asked_by = {atom: tuple(numbers) for atom, numbers in asked_by.items()}


# A process sees few rule sets (one per snapshot of the law), a test run thousands: keep the recent ones.
_index = lru_cache(maxsize=512)(_Index)


def closure(ruleset: RuleSet, atoms: Iterable[str]) -> Closure:
    """Everything that follows from the atoms, with a proof of each conclusion. Never fails."""
    index = _index(ruleset)
    rules, asked_by = index.rules, index.asked_by.get
    missing = index.missing.copy()
    known = set(atoms)
    proof: dict[str, Rule] = {}
    new: Iterable[str] = known
    fired = index.always.copy()
    while True:
        for atom in new:
            for number in asked_by(atom, ()):
                left = missing[number] - 1
                missing[number] = left
                if not left:
                    fired.append(number)
        if not fired:
            return Closure(frozenset(known), proof, ENGINE)
        # Rule order, whatever the order of the atoms: the proof has to be the same in every process.
        fired.sort()
        concluded: list[str] = []
        for number in fired:
            rule = rules[number]
            if rule.conclusion not in known:
                known.add(rule.conclusion)
                proof[rule.conclusion] = rule
                concluded.append(rule.conclusion)
        new = concluded
        fired = []
