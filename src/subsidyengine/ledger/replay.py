"""Deciding again: from the stored facts, rules and knowledge, to the byte; or under another law, with what differs and why.

A public face of the room beside ``__init__``, which loads nothing before it is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from ..decision import Conclude
from ..document import Document, decide
from ..facts import CaseError
from ..formula import Lang
from ..rulebook import Rulebook
from ..words import say
from .casedata import case_of
from .difference import EXACT, Difference, Voice, differences, program_difference
from .errors import LedgerError
from .records import Entry, written

if TYPE_CHECKING:
    from .ledger import Ledger


@dataclass(frozen=True, slots=True)
class Replayed:
    """A decision made again. ``same``: to the byte (or, under another law, the same answer). ``document`` None: it could not be made
    again, for the reason ``fault``."""

    entry: Entry
    same: bool
    document: Document | None
    differences: tuple[Difference, ...] = ()
    fault: str = ""


def decide_again(
    entry: Entry, rules: Rulebook, *, known: date | None, lang: Lang | None = None, conclude: Conclude | None = None
) -> Document:
    """The decision under ``rules`` with what was known on ``known``. LedgerError when its facts are not words of those rules."""
    if entry.scheme not in rules.schemes:
        raise LedgerError(say("{id}: the rules {rules} have no scheme {scheme}", id=entry.id, rules=rules.hash[:19], scheme=entry.scheme))
    try:
        case = case_of(entry.case_data, rules)
    except CaseError as error:
        raise LedgerError(
            say(
                "{id}: its facts are not words of the rules {rules}: {problem}",
                id=entry.id,
                rules=rules.hash[:19],
                problem=error.problems[0],
            )
        ) from None
    return decide(case, rules, entry.scheme, lang or entry.lang, on=entry.on, known=known, conclude=conclude)


def replay(ledger: Ledger, entries: Iterable[Entry], voice: Voice = EXACT) -> Iterator[Replayed]:
    """Decide each again as it was decided then: the document must be the same to the byte."""
    conclude = Conclude()
    for entry in entries:
        try:
            document = decide_again(entry, ledger.rulebook(entry.rulebook), known=entry.known, conclude=conclude)
        except Exception as fault:  # one that cannot be made again hides no other
            yield Replayed(entry, False, None, fault=f"{type(fault).__name__}: {fault}")
            continue
        if written(document.plain()) == entry.document_json:
            yield Replayed(entry, True, document)
        else:
            found = differences(entry.document, document.plain(), voice=voice) or program_difference(entry)
            yield Replayed(entry, False, document, found)


def under_other_law(
    ledger: Ledger, entries: Iterable[Entry], rules: Rulebook | None, known: date | None, voice: Voice = EXACT
) -> Iterator[Replayed]:  # fmt: skip
    """Decide each again with what was known on ``known``, under ``rules`` (None: the rules that it was decided by)."""
    conclude = Conclude()
    for entry in entries:
        stored = ledger.rulebook(entry.rulebook)
        law = rules or stored
        try:
            document = decide_again(entry, law, known=known, conclude=conclude)
            found = differences(entry.document, document.plain(), _readings(entry, stored, law, known), voice)
        except Exception as fault:
            yield Replayed(entry, False, None, fault=f"{type(fault).__name__}: {fault}")
            continue
        yield Replayed(entry, not found, document, found)


def _readings(entry: Entry, stored: Rulebook, law: Rulebook, known: date | None) -> tuple[tuple[Entry, Rulebook, date | None], ...]:
    """The two laws that are held against each other."""
    return ((entry, stored, entry.known), (entry, law, known))
