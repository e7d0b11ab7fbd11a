"""Case files in: facts with their days and where they came from, checked against the vocabulary of the rulebook.

``read_cases(paths, rulebook)`` gives every case of files, folders and standard input, or what is wrong with it;
``case_from_data(data, vocabulary)`` checks one case that is already in memory.
"""

from .case import Case, FactValue, Given
from .check import ENVELOPE, STATEMENT, PlaceOf, case_from_data
from .explain import UnknownFact, example, explain
from .models import CaseFile, Statement, case_schema, facts_model
from .problems import CaseError, CaseProblem, clean, looks_like_cpr, reason, shown
from .read import SUFFIXES, read_cases
from .sheets import EMPTY, Sheet, SheetError, open_sheets
from .tables import LONG, WIDE, by_row, header_problems, is_long, with_point
from .values import FAILED, Wrong, read_day, read_number, read_text
from .words import refuse_two_readings

__all__ = [
    "EMPTY",
    "ENVELOPE",
    "FAILED",
    "LONG",
    "STATEMENT",
    "SUFFIXES",
    "WIDE",
    "Case",
    "CaseError",
    "CaseFile",
    "CaseProblem",
    "FactValue",
    "Given",
    "PlaceOf",
    "Sheet",
    "SheetError",
    "Statement",
    "UnknownFact",
    "Wrong",
    "by_row",
    "case_from_data",
    "case_schema",
    "clean",
    "example",
    "explain",
    "facts_model",
    "header_problems",
    "is_long",
    "looks_like_cpr",
    "open_sheets",
    "read_cases",
    "read_day",
    "read_number",
    "read_text",
    "reason",
    "refuse_two_readings",
    "shown",
    "with_point",
]
