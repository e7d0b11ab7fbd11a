"""Worked cases that stand beside the rules: facts -> expected answer, with the reason. They are tests and documentation."""

from .coverage import Coverage, coverage
from .run import Expectation, WorkedCase, WorkedError, load_worked, run_worked

__all__ = ["Coverage", "Expectation", "WorkedCase", "WorkedError", "coverage", "load_worked", "run_worked"]
