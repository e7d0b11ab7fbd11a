"""The portfolio: the same rules over a whole table of cases at once, and what they cost month by month.

``decide_files`` reads tables and writes answers; ``plan`` is the Ibis expression for one scheme, ``gather`` makes a table of
cases in memory.
"""

from .decide import Decided, Summary, decide_files
from .gather import Gathered, gather
from .layout import Layout, limit_of
from .plan import facts_of, plan
from .raw import Reject, SourceError
from .run import connect, sql_of, stated, unfused

__all__ = [
    "Decided", "Gathered", "Layout", "Reject", "SourceError", "Summary", "connect", "decide_files", "facts_of", "gather", "limit_of",
    "plan", "sql_of", "stated", "unfused",
]  # fmt: skip
