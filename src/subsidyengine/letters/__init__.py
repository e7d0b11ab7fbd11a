"""Letters: the decision, the hearing (*partshøring*) and the letter that asks for missing facts, as tagged PDF.

``Grounds(case, rulebook, scheme, lang, on)`` reads what a decision rests on; ``decision_letter``, ``hearing_letter`` and
``facts_letter`` make a :class:`Letter` from it or raise :class:`LetterRefused` with what to do; ``pdf`` prints it.
"""

from .build import Envelope, decision_letter, facts_letter, hearing_letter
from .deadline import DeadlineUnknown, last_day
from .grounds import Grounds
from .models import Letter
from .people import LetterInputError, Recipient, Sender, Signature, read_recipient, read_sender
from .refusals import LetterRefused, Refusal
from .render import STANDARDS, MissingExtra, TemplateError, pdf, pictures, shipped_templates

__all__ = [
    "STANDARDS", "DeadlineUnknown", "Envelope", "Grounds", "Letter", "LetterInputError", "LetterRefused", "MissingExtra",
    "Recipient", "Refusal", "Sender", "Signature", "TemplateError", "decision_letter", "facts_letter", "hearing_letter",
    "last_day", "pdf", "pictures", "read_recipient", "read_sender", "shipped_templates",
]  # fmt: skip
