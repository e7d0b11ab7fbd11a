"""What the room speaks in: rules, rule sets, what follows from them, and the two ways it can go wrong."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

Status = Literal["met", "not_met", "unknown"]
"""What is known about one statement. `unknown` is not `not_met`: nothing has failed, something is open."""


@dataclass(frozen=True, slots=True)
class Rule:
    """If every premise is true, the conclusion is true.

    An "or" is several rules with one conclusion. A rule without premises always holds. A premise given twice counts
    once.
    """

    premises: tuple[str, ...]
    conclusion: str


@dataclass(frozen=True, slots=True, eq=False)
class RuleSet:
    """Rules that are used together, known by their content.

    Two rule sets with the same rules in the same order are equal. The order never changes what follows; it decides
    only which of several rules is named in a proof.
    """

    rules: tuple[Rule, ...]
    name: str = field(init=False)
    """"rs_" and 24 hexadecimal digits of the content's SHA-256."""
    premises: frozenset[str] = field(init=False, repr=False)
    """Every atom that some rule asks for; other atoms can be given, but nothing follows from them."""

    def __post_init__(self) -> None:
        content = json.dumps([[rule.premises, rule.conclusion] for rule in self.rules], separators=(",", ":"))
        # A frozen dataclass has no other way to keep what is worked out once from its own content.
        object.__setattr__(self, "name", "rs_" + hashlib.sha256(content.encode()).hexdigest()[:24])
        object.__setattr__(self, "premises", frozenset(atom for rule in self.rules for atom in rule.premises))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RuleSet) and self.name == other.name

    def __hash__(self) -> int:
        return hash(self.name)


@dataclass(frozen=True, slots=True)
class Closure:
    """Everything that is true at the end, and why.

    `atoms` holds what was given and what was concluded. `proof` names, for each concluded atom that was not already
    given, the rule that gave it: rules are applied in passes, each pass to what was known before it began, and within
    a pass the first rule in the rule set's order counts. So a proof never depends on the order of the given atoms,
    and it is among the shortest. `engine` says what computed the answer.
    """

    atoms: frozenset[str]
    proof: Mapping[str, Rule]
    engine: str


class InferenceFault(Exception):
    """durable-rules could not compute an answer: a limit was exceeded, or an error happened inside it.

    The message says what. It is never an answer about the case: fix the rule set, or answer from the reference alone.
    """


class EngineDisagreement(Exception):
    """durable-rules and the reference reached different conclusions; neither is to be recorded.

    `ruleset` is the rule set's name; `only_reference` and `only_durable` are the atoms that one found and the other
    did not, sorted. Report it with all three: one of the engines has a fault.
    """

    def __init__(self, ruleset: str, only_reference: Iterable[str], only_durable: Iterable[str]) -> None:
        self.ruleset = ruleset
        self.only_reference = tuple(sorted(only_reference))
        self.only_durable = tuple(sorted(only_durable))
        super().__init__(ruleset, self.only_reference, self.only_durable)

    def __str__(self) -> str:
        return (
            f"the engines disagree on rule set {self.ruleset}: "
            f"only the reference concluded {list(self.only_reference)}, "
            f"only durable-rules concluded {list(self.only_durable)}"
        )
