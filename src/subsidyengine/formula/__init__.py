"""The formula language of the rules: text, checked against types and units, read as value, proof and prose.

``parse(text, scope)`` gives a typed :class:`Formula`; ``compile_formula`` its scalar reading, ``trace`` its proof,
``prose`` its sentence. Nothing of a formula is ever executed as Python.
"""

from .calendar import Span, shift
from .check import Scope, parse
from .env import Env, Run
from .errors import FormulaError, near
from .evaluate import compile_formula
from .nodes import SATURDAY, Formula, Node
from .prose import Lang, Titles, day_text, number_text, prose
from .trace import Step, trace
from .types import BOOL, COUNT, DATE, DATES, SPAN, TEXT, Type, Unit, number, unify
from .value import Cause, CauseKind, Unknown, Value, exact_decimal, merge, plain, quantize

__all__ = [
    "BOOL", "COUNT", "DATE", "DATES", "SATURDAY", "SPAN", "TEXT", "Cause", "CauseKind", "Env", "Formula",
    "FormulaError", "Lang", "Node", "Run", "Scope", "Span", "Step", "Titles", "Type", "Unit", "Unknown", "Value",
    "compile_formula", "day_text", "exact_decimal", "merge", "near", "number", "number_text", "parse", "plain",
    "prose", "quantize", "shift", "trace", "unify",
]  # fmt: skip
