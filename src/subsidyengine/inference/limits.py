"""What durable-rules cannot take, checked before it is tried: beyond some of these limits it ends the process.

The limits are fixed array lengths in the C source of durable-rules 2.0.28, and where its own check is one entry late
the number here is the safe one. The others (64 patterns matching one fact, 512 comparisons on one property, 1,024 live
sessions, 255 properties of a fact) cannot be reached by the way the adapter writes rules and facts.
"""

import json
from collections import Counter

from ..words import Message, say
from .model import RuleSet

MAX_PREMISES_OF_A_RULE = 16
MAX_RULES = 4_000
"""durable-rules has room for 4,096; the adapter adds one of its own."""
MAX_RULES_SHARING_AN_ATOM = 255
"""The list of rules behind one pattern has 256 places, and the last one has to stay empty."""
MAX_PREMISES = 8_000
"""Not a limit of the library but of sense: each premise costs some 10 KiB in every session."""
MAX_ATOM_LENGTH = 1_000
"""As JSON. String lengths are kept in 16 bits inside, so very long atoms would be taken for one another."""


def check_limits(ruleset: RuleSet) -> list[Message]:
    """What in the rule set is over a limit of durable-rules, one message each; nothing: it can be run."""
    messages: list[Message] = []
    if len(ruleset.rules) > MAX_RULES:
        messages.append(say("{count} rules; at most {most} fit in one rule set", count=len(ruleset.rules), most=MAX_RULES))
    sharing: Counter[str] = Counter()
    total = 0
    for rule in ruleset.rules:
        premises = set(rule.premises)
        total += len(premises)
        sharing.update(premises)
        if len(premises) > MAX_PREMISES_OF_A_RULE:
            messages.append(
                say(
                    "the rule for '{name}' has {count} premises; "
                    "at most {most} fit in one rule: name a part of them as a conclusion of its own",
                    name=rule.conclusion,
                    count=len(premises),
                    most=MAX_PREMISES_OF_A_RULE,
                )
            )
    if total > MAX_PREMISES:
        messages.append(say("{count} premises in all; at most {most} fit in one rule set", count=total, most=MAX_PREMISES))
    for atom, rules in sorted(sharing.items()):
        if rules > MAX_RULES_SHARING_AN_ATOM:
            messages.append(
                say(
                    "'{name}' is a premise of {count} rules; at most {most} can share one",
                    name=atom,
                    count=rules,
                    most=MAX_RULES_SHARING_AN_ATOM,
                )
            )
    atoms = ruleset.premises.union(rule.conclusion for rule in ruleset.rules)
    for atom in sorted(atoms):
        length = len(json.dumps(atom))
        if length > MAX_ATOM_LENGTH:
            messages.append(
                say("the atom '{name}...' is {count} characters long; at most {most} fit",
                    name=atom[:40], count=length, most=MAX_ATOM_LENGTH)
            )  # fmt: skip
    return messages
