"""Decisions: one case, one scheme, one day. Three-valued findings become an outcome with its reasons.

``answer(Reading(...))`` is the reference reading; ``open_points`` what is still to ask; :class:`Document` what is shown.
"""

from .answer import Amount, Answer, ClauseAnswer, Conclude, Finding, Happening, Outcome, answer, touches
from .moving import Turn
from .opening import Open, open_points, part_points, untouched
from .program import Program, program_for
from .reading import Reading

__all__ = [
    "Amount", "Answer", "ClauseAnswer", "Conclude", "Finding", "Happening", "Open", "Outcome", "Program", "Reading", "Turn",
    "answer", "open_points",
    "part_points", "program_for", "touches", "untouched",
]  # fmt: skip
