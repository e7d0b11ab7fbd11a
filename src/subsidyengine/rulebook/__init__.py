"""The rulebook: the law as data, loaded, checked and read on a day as known on another.

``load(folder)`` gives a :class:`Rulebook`, ``check(folder)`` every problem of one, ``Rulebook.as_of`` a snapshot.
"""

from .book import Overlay, Rulebook, Snapshot, era
from .load import check_folder, load_folder, read_folder
from .model import (
    CERTAINTIES,
    AmountVersion,
    Appeal,
    Certainty,
    Cite,
    Clause,
    Condition,
    ConditionVersion,
    Dated,
    EventRule,
    Fact,
    KnownSince,
    NamedValue,
    Note,
    PeriodVersion,
    Rate,
    RateRow,
    Scheme,
    Setting,
    Source,
    Text,
    ValueVersion,
    Versions,
    weakest,
)
from .problems import Problem, RulebookError
from .shipped import open_rulebook, shipped_folder
from .source import Document, Place, SourceError, load_documents

__all__ = [
    "CERTAINTIES",
    "AmountVersion",
    "Appeal",
    "Certainty",
    "Cite",
    "Clause",
    "Condition",
    "ConditionVersion",
    "Dated",
    "Document",
    "EventRule",
    "Fact",
    "KnownSince",
    "NamedValue",
    "Note",
    "Overlay",
    "PeriodVersion",
    "Place",
    "Problem",
    "Rate",
    "RateRow",
    "Rulebook",
    "RulebookError",
    "Scheme",
    "Setting",
    "Snapshot",
    "Source",
    "SourceError",
    "Text",
    "ValueVersion",
    "Versions",
    "check_folder",
    "era",
    "load_documents",
    "load_folder",
    "open_rulebook",
    "read_folder",
    "shipped_folder",
    "weakest",
]  # fmt: skip
