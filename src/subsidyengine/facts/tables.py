"""Tables of cases. A wide table holds a case a row, with dotted paths as column names; a long one (``case, fact, from,
value`` and perhaps ``source``, ``received``, ``by``, ``why``) holds a statement a row and carries dated facts.

A long table that comes together with a wide one adds its facts to the wide one's cases, by id; the rest of its cases
come last. Long tables alone make cases by themselves. An empty cell is a fact that is not given.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from ..rulebook.source import Path, Place
from .case import Case
from .problems import CaseError, CaseProblem
from .sheets import Sheet

LONG = ("case", "fact", "from", "value", "source", "received", "by", "why")
WIDE = ("case", "on", "known", "schemes")

_SPLIT = re.compile(r"[\s,;|]+")
_GROUPED = re.compile(r"[-+]?\d{1,3}(?:\.\d{3})*,\d+", re.ASCII)
_PLAIN_COMMA = re.compile(r"[-+]?\d+,\d+", re.ASCII)
_MIDNIGHT = re.compile(r"(\d{4}-\d{2}-\d{2}) 00:00:00", re.ASCII)
_TRUTH = {"true": True, "false": False, "sand": True, "falsk": False}  # as Excel writes them, also in Danish

Found = Case | CaseError
#: data, place_of, default id, problems found before -> the case or all that is wrong with it.
Finish = Callable[[Any, Callable[[Path], Place], str, Sequence[CaseProblem]], Found]


def is_long(sheet: Sheet) -> bool:
    """Whether a table holds a statement a row."""
    return {"fact", "value"} <= set(sheet.header)
