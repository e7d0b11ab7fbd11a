"""The decision document: the answer with all its reasons, as contract.md has it.

``decide(case, rulebook, scheme)`` is the way in; :class:`Document` the result, ``.to_json()`` its line.
"""

from .build import decide, document, finding_out, happening_out, open_out
from .calendar import calendar_bytes
from .models import AmountOut, CertaintyWord, Document, EventOut, FindingOut, OpenOut, OutcomeWord, Part, PeriodOut
from .sentence import leaned_sentence, money, number_of_kroner

__all__ = [
    "AmountOut",
    "CertaintyWord",
    "Document",
    "EventOut",
    "FindingOut",
    "OpenOut",
    "OutcomeWord",
    "Part",
    "PeriodOut",
    "calendar_bytes",
    "decide",
    "document",
    "finding_out",
    "happening_out",
    "leaned_sentence",
    "money",
    "number_of_kroner",
    "open_out",
]
