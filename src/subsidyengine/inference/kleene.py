"""Three-valued conclusions written as plain rules.

A rule engine knows only "true": it cannot say "not". So each statement is given as atoms, one for its status and two
companions that say what the status leaves open:

| status    | atoms                                     |
| --------- | ----------------------------------------- |
| `met`     | `s:met`, `s:possible`                     |
| `unknown` | `s:unknown`, `s:possible`, `s:unproven`   |
| `not_met` | `s:not_met`, `s:unproven`                 |

With these, Kleene's "all" is: met when every member is met, not met when any member is not met, and unknown when a
member is unknown and every member is possible. "any" is the same with met and not met, possible and unproven
exchanged. "Every member is possible" is the conclusion's own `K:possible`, so the number of premises grows with the
number of members and not with its square.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from graphlib import CycleError, TopologicalSorter
from typing import Literal, cast

from .model import Closure, Rule, RuleSet, Status

MAX_MEMBERS = 16
"""Members of one conclusion before it is split: the most premises that durable-rules takes in a rule."""

_ATOMS: dict[Status, tuple[str, ...]] = {
    "met": (":met", ":possible"),
    "unknown": (":unknown", ":possible", ":unproven"),
    "not_met": (":not_met", ":unproven"),
}
_STATUSES: tuple[Status, ...] = ("met", "not_met", "unknown")


@dataclass(frozen=True, slots=True)
class Conclusion:
    """A named conclusion: `all` its members are met, or `any` of them is. Members are conditions or other conclusions.

    `all` of nothing is met, `any` of nothing is not met.
    """

    name: str
    kind: Literal["all", "any"]
    members: tuple[str, ...]


def compile_conclusions(conclusions: Sequence[Conclusion]) -> RuleSet:
    """The rules from which the status of every conclusion follows, by Kleene's logic.

    A member that is no conclusion's name is a condition; its status has to be given. A conclusion of more than 16
    members is split into named parts (`granted#1`, `granted#2`).

    Raises:
        ValueError: two conclusions share a name, or conclusions depend on themselves (the message has the circle).
    """
    _refuse_repeats_and_cycles(conclusions)
    taken = {name for conclusion in conclusions for name in (conclusion.name, *conclusion.members)}
    small = [part for conclusion in conclusions for part in _split(conclusion, taken)]
    asked = {member + (":possible" if conclusion.kind == "all" else ":unproven") for conclusion in small for member in conclusion.members}
    return RuleSet(tuple(rule for conclusion in small for rule in _rules(conclusion, asked)))


def atoms_of(statuses: Mapping[str, Status], ruleset: RuleSet | None = None) -> list[str]:
    """The atoms that give these statuses, in the mapping's order; with a rule set, only those that its rules ask for.

    With a rule set and nothing unknown the companions are left out too: they only carry what an unknown leaves open.
    """
    if ruleset is None:
        return [name + suffix for name, status in statuses.items() for suffix in _ATOMS[status]]
    asked = ruleset.premises
    if "unknown" not in statuses.values():
        table = _asked(ruleset)
        return [atom for name, status in statuses.items() if (atom := table[status].get(name))]
    return [atom for name, status in statuses.items() for suffix in _ATOMS[status] if (atom := name + suffix) in asked]


@lru_cache(maxsize=512)
def _asked(ruleset: RuleSet) -> dict[Status, dict[str, str]]:
    """The atoms that the rules ask for, by status and name: written once, not for every case."""
    split = [(atom, *atom.rpartition(":")) for atom in ruleset.premises]
    return {status: {name: atom for atom, name, _, suffix in split if suffix == status} for status in _STATUSES}


def status_of(known: Closure | Iterable[str], name: str) -> Status:
    """The status of a statement among what is known.

    Raises:
        LookupError: nothing gives it a status (a member's status was not given, or the name is wrong).
        ValueError: it has more than one status, so contradictory atoms were given.
    """
    atoms = known.atoms if isinstance(known, Closure) else frozenset(known)
    met, not_met, unknown = f"{name}:met" in atoms, f"{name}:not_met" in atoms, f"{name}:unknown" in atoms
    if met + not_met + unknown == 1:
        return "met" if met else "not_met" if not_met else "unknown"
    found = [status for status in _STATUSES if f"{name}:{status}" in atoms]
    if not found:
        raise LookupError(f"no status follows for '{name}': is the name right, and was every member's status given?")
    raise ValueError(f"'{name}' is {' and '.join(found)} at once: the given atoms contradict each other")


def _refuse_repeats_and_cycles(conclusions: Sequence[Conclusion]) -> None:
    graph: dict[str, tuple[str, ...]] = {}
    for conclusion in conclusions:
        if conclusion.name in graph:
            raise ValueError(f"two conclusions are named '{conclusion.name}'")
        graph[conclusion.name] = conclusion.members
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        circle = cast(list[str], error.args[1])
        raise ValueError(f"conclusions depend on themselves: {' -> '.join(reversed(circle))}") from None


def _split(conclusion: Conclusion, taken: set[str]) -> Iterator[Conclusion]:
    """The conclusion in parts of at most 16 members, parts first. "all" of "all"s is the same "all"; so for "any"."""
    members = tuple(dict.fromkeys(conclusion.members))
    number = 0
    while len(members) > MAX_MEMBERS:
        count = -(-len(members) // MAX_MEMBERS)
        names: list[str] = []
        for part in range(count):
            number += 1
            while (name := f"{conclusion.name}#{number}") in taken:
                number += 1
            taken.add(name)
            # Parts of nearly equal size: a lone last member would be a conclusion of its own for nothing.
            chosen = members[part * len(members) // count : (part + 1) * len(members) // count]
            yield Conclusion(name, conclusion.kind, chosen)
            names.append(name)
        members = tuple(names)
    yield Conclusion(conclusion.name, conclusion.kind, members)


def _rules(conclusion: Conclusion, asked: set[str]) -> Iterator[Rule]:
    name, members = conclusion.name, conclusion.members
    # "any" is "all" seen in a mirror; the words below are those of "all".
    met, not_met, possible, unproven = (
        (":met", ":not_met", ":possible", ":unproven") if conclusion.kind == "all" else (":not_met", ":met", ":unproven", ":possible")
    )
    yield Rule(tuple(member + met for member in members), name + met)
    for member in members:
        yield Rule((member + not_met,), name + not_met)
    # With no members it always has the same status, and only another conclusion can ask whether it is possible.
    if members or name + possible in asked:
        yield Rule(tuple(member + possible for member in members), name + possible)
    for member in members:
        yield Rule((member + ":unknown", name + possible), name + ":unknown")
    if members and name + unproven in asked:
        yield Rule((name + not_met,), name + unproven)
        yield Rule((name + ":unknown",), name + unproven)
