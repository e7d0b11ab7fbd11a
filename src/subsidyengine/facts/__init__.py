"""Case files in: facts with their days and where they came from, checked against the vocabulary of the rulebook.

``read_cases(paths, rulebook)`` gives every case of files, folders and standard input, or what is wrong with it;
``case_from_data(data, vocabulary)`` checks one case that is already in memory.
"""

from .case import Case, FactValue, Given
from .check import ENVELOPE, STATEMENT, PlaceOf, case_from_data
from .explain import UnknownFact, example, explain
from .models import CaseFile, Statement, case_schema, facts_model
from .problems import CaseError, CaseProblem, looks_like_cpr
from .read import SUFFIXES, read_cases
from .tables import LONG, WIDE

__all__ = [
    "ENVELOPE", "LONG", "STATEMENT", "SUFFIXES", "WIDE", "Case", "CaseError", "CaseFile", "CaseProblem", "FactValue", "Given",
    "PlaceOf", "Statement", "UnknownFact", "case_from_data", "case_schema", "example", "explain", "facts_model",
    "looks_like_cpr", "read_cases",
]  # fmt: skip
