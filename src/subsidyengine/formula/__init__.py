"""The formula language of the rules: text, checked against types and units, read as value, proof and prose.

``parse(text, scope)`` gives a typed :class:`Formula`; ``compile_formula`` its scalar reading, ``trace`` its proof,
``prose`` its sentence. Nothing of a formula is ever executed as Python.
"""

from .calendar import MAX_DAYS, Span, add_weekdays, danish_holidays, first_weekday_of_month, is_weekday, nearest_weekday, shift
from .check import Scope, parse
from .env import Env, FactsOnly, Run
from .errors import FormulaError, near
from .evaluate import compile_formula
from .nodes import BOUNDS, SATURDAY, Formula, Node
from .prose import Lang, Titles, day_text, number_text, prose
from .trace import Step, trace
from .types import BASE_UNITS, BOOL, COUNT, DATE, DATES, LITERAL, SPAN, TEXT, Type, Unit, number, unify
from .value import Cause, CauseKind, Unknown, Value, exact_decimal, merge, plain, quantize

__all__ = [
    "BASE_UNITS",
    "BOOL",
    "BOUNDS",
    "COUNT",
    "DATE",
    "DATES",
    "LITERAL",
    "MAX_DAYS",
    "SATURDAY",
    "SPAN",
    "TEXT",
    "Cause",
    "CauseKind",
    "Env",
    "FactsOnly",
    "Formula",
    "FormulaError",
    "Lang",
    "Node",
    "Run",
    "Scope",
    "Span",
    "Step",
    "Titles",
    "Type",
    "Unit",
    "Unknown",
    "Value",
    "add_weekdays",
    "compile_formula",
    "danish_holidays",
    "day_text",
    "exact_decimal",
    "first_weekday_of_month",
    "is_weekday",
    "merge",
    "near",
    "nearest_weekday",
    "number",
    "number_text",
    "parse",
    "plain",
    "prose",
    "quantize",
    "shift",
    "trace",
    "unify",
]
