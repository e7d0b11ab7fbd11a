"""R_LIMIT: a scheme's conclusions stay inside what durable-rules can carry."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...inference import check_limits, compile_conclusions
from ...words import Message, say
from ..book import Rulebook
from ..problems import Problem

_ATOM = re.compile(r":(met|not_met|unknown|possible|unproven)$")


def check(book: Rulebook) -> Iterator[Problem]:
    """Every scheme's compiled rule set."""
    for scheme in book.schemes.values():
        try:
            ruleset = compile_conclusions(scheme.conclusions)
        except ValueError:
            continue  # a circle, or 'granted' twice: other lint rules name it
        # One statement stands in several atoms (met, possible, ...); the reader of a rulebook knows the statement.
        for reason in dict.fromkeys(Message(m.template, {n: _ATOM.sub("", p) for n, p in m.parts.items()}) for m in check_limits(ruleset)):
            message = say("{scheme} is too big for durable-rules: {reason}; split the scheme", scheme=scheme.id, reason=reason)
            yield Problem(scheme.place, "R_LIMIT", message)
