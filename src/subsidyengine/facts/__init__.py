"""Case files in: facts with their days and where they came from."""

from .case import Case, FactValue, Given
from .check import case_from_data
from .problems import CaseError

__all__ = ["Case", "CaseError", "FactValue", "Given", "case_from_data"]
