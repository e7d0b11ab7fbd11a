"""The rulebook: the law as data, loaded, checked and read on a day as known on another.

``load(folder)`` gives a :class:`Rulebook`, ``check(folder)`` every problem of one, ``Rulebook.as_of`` a snapshot.
"""

from .book import Overlay, Rulebook, Snapshot, era
from .forms import read_form
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
from .schema import Day, Form, Said, TextForm
from .shipped import Layer, build_layers, layers_hash, open_rulebook, read_layers, shipped_folder
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
    "Day",
    "Document",
    "EventRule",
    "Fact",
    "Form",
    "KnownSince",
    "Layer",
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
    "Said",
    "Scheme",
    "Setting",
    "Snapshot",
    "Source",
    "SourceError",
    "Text",
    "TextForm",
    "ValueVersion",
    "Versions",
    "build_layers",
    "check_folder",
    "era",
    "layers_hash",
    "load_documents",
    "load_folder",
    "open_rulebook",
    "read_folder",
    "read_form",
    "read_layers",
    "shipped_folder",
    "weakest",
]  # fmt: skip
