"""What follows from findings: rules of atoms, chained by two engines that have to agree.

`compile_conclusions` writes "granted: all of these" as rules, `atoms_of` gives findings as atoms, `infer` says what
follows, and `status_of` reads a conclusion's status back. No money, date or personal data comes here: only names.
"""

import sys
import threading
from collections.abc import Iterable

from . import durable as _durable
from . import reference as _reference
from .kleene import Conclusion, atoms_of, compile_conclusions, status_of
from .limits import check_limits
from .model import Closure, EngineDisagreement, InferenceFault, Rule, RuleSet, Status

__all__ = [
    "Closure",
    "Conclusion",
    "EngineDisagreement",
    "InferenceFault",
    "Rule",
    "RuleSet",
    "Status",
    "atoms_of",
    "check_limits",
    "compile_conclusions",
    "infer",
    "status_of",
]

# Taken by the first who tells, and never given back.
_told = threading.Lock()


def infer(ruleset: RuleSet, atoms: Iterable[str], *, durable: bool = True) -> Closure:
    """Everything that follows from the atoms, and why; computed twice and compared, unless `durable` is false.

    `Closure.engine` says what was used: `durable-rules 2.0.28 + reference`, or `reference` alone where durable-rules
    was not wanted or cannot be used on this Python (which is said once on stderr).

    Raises:
        EngineDisagreement: the engines reached different conclusions. It is a fault, not an answer: record nothing.
        InferenceFault: the rule set is over the limits of durable-rules (`check_limits` says of what), or it failed.
    """
    given = tuple(atoms)
    closure = _reference.closure(ruleset, given)
    if not durable:
        return closure
    reason = _durable.why_unavailable()
    if reason is not None:
        if _told.acquire(blocking=False):
            print(f"subsidyengine: {reason}; conclusions come from the reference alone", file=sys.stderr)
        return closure
    concluded = _durable.conclude(ruleset, given)
    if concluded != closure.atoms:
        raise EngineDisagreement(ruleset.name, closure.atoms - concluded, concluded - closure.atoms)
    return Closure(closure.atoms, closure.proof, f"durable-rules {_durable.VERSION} + reference")
