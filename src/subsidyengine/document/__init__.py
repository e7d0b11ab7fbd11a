"""The decision document: the answer with all its reasons, as contract.md has it.

``decide(case, rulebook, scheme)`` is the way in; :class:`Document` the result, ``.to_json()`` its line.
"""

from .build import decide, document, finding_out, happening_out, open_out
from .models import AmountOut, CertaintyWord, Document, EventOut, FindingOut, OpenOut, OutcomeWord, Part, PeriodOut

__all__ = [
    "AmountOut", "CertaintyWord", "Document", "EventOut", "FindingOut", "OpenOut", "OutcomeWord", "Part", "PeriodOut", "decide",
    "document", "finding_out", "happening_out", "open_out",
]  # fmt: skip
