"""R_LIMIT: a scheme's conclusions stay inside what durable-rules can carry."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...inference import check_limits, compile_conclusions
from ..book import Rulebook
from ..problems import Problem

_ATOM = re.compile(r":(met|not_met|unknown|possible|unproven)'")


def check(book: Rulebook) -> Iterator[Problem]:
    """Every scheme's compiled rule set."""
    for scheme in book.schemes.values():
        try:
            ruleset = compile_conclusions(scheme.conclusions)
        except ValueError:
            continue  # a circle, or 'granted' twice: other lint rules name it
        # One statement stands in several atoms (met, possible, ...); the reader of a rulebook knows the statement.
        for message in dict.fromkeys(_ATOM.sub("'", m) for m in check_limits(ruleset)):
            yield Problem(scheme.place, "R_LIMIT", f"{scheme.id} is too big for durable-rules: {message}; split the scheme")
