"""What durable-rules cannot take, checked before it is tried: beyond some of these limits it ends the process.

The limits are fixed array lengths in the C source of durable-rules 2.0.28, and where its own check is one entry late
the number here is the safe one. The others (64 patterns matching one fact, 512 comparisons on one property, 1,024 live
sessions, 255 properties of a fact) cannot be reached by the way the adapter writes rules and facts.
"""

import json
from collections import Counter

from subsidyengine.inference.model import RuleSet

MAX_PREMISES_OF_A_RULE = 16
MAX_RULES = 4_000
"""durable-rules has room for 4,096; the adapter adds one of its own."""
MAX_RULES_SHARING_AN_ATOM = 255
"""The list of rules behind one pattern has 256 places, and the last one has to stay empty."""
MAX_PREMISES = 8_000
"""Not a limit of the library but of sense: each premise costs some 10 KiB in every session."""
MAX_ATOM_LENGTH = 1_000
"""As JSON. String lengths are kept in 16 bits inside, so very long atoms would be taken for one another."""


def check_limits(ruleset: RuleSet) -> list[str]:
    """What in the rule set is over a limit of durable-rules, one message each; nothing: it can be run."""
    messages: list[str] = []
    if len(ruleset.rules) > MAX_RULES:
        messages.append(f"{len(ruleset.rules):,} rules; at most {MAX_RULES:,} fit in one rule set")
    sharing: Counter[str] = Counter()
    total = 0
    for rule in ruleset.rules:
        premises = set(rule.premises)
        total += len(premises)
        sharing.update(premises)
        if len(premises) > MAX_PREMISES_OF_A_RULE:
            messages.append(
                f"the rule for '{rule.conclusion}' has {len(premises)} premises; "
                f"at most {MAX_PREMISES_OF_A_RULE} fit in one rule: name a part of them as a conclusion of its own"
            )
    if total > MAX_PREMISES:
        messages.append(f"{total:,} premises in all; at most {MAX_PREMISES:,} fit in one rule set")
    for atom, rules in sorted(sharing.items()):
        if rules > MAX_RULES_SHARING_AN_ATOM:
            messages.append(f"'{atom}' is a premise of {rules} rules; at most {MAX_RULES_SHARING_AN_ATOM} can share one")
    atoms = ruleset.premises.union(rule.conclusion for rule in ruleset.rules)
    for atom in sorted(atoms):
        length = len(json.dumps(atom))
        if length > MAX_ATOM_LENGTH:
            messages.append(f"the atom '{atom[:40]}...' is {length:,} characters long; at most {MAX_ATOM_LENGTH:,} fit")
    return messages
