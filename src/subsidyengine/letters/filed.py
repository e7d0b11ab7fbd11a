"""Letters and the ledger: a letter is made from the decision that was signed, its hash goes back, and both are held against
each other. A large city once lost thousands of letters because nobody did.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ..formula import Lang
from ..ledger import Entry, Ledger, case_of
from ..ledger import Letter as SentLetter
from ..ledger.replay import replay
from ..rulebook import Rulebook
from ..words import say
from .grounds import Grounds
from .models import Letter
from .people import Recipient, Signature
from .refusals import LetterRefused, Refusal

#: An address on one line: the postcode and town go on a line of their own.
_TOWN = re.compile(r",\s*(?=\d{4}\s)")


@dataclass(frozen=True, slots=True)
class Filed:
    """A decision of the ledger, made again: what it rests on, and who signed it (None: nobody yet)."""

    entry: Entry
    grounds: Grounds
    signature: Signature | None


def filed(ledger: Ledger, given: str, lang: Lang = "da", routes: Rulebook | None = None) -> Filed:
    """The decision ``given`` (an id or its beginning) of a ledger, from the facts and rules stored with it.

    Raises LetterRefused when it has been corrected since, or when deciding again does not give what was recorded; LedgerError.
    """
    entry = ledger.entry(given)
    if entry.superseded:
        message = say("{id} was corrected by {by}", id=entry.id, by=entry.replaced_by)
        raise LetterRefused([Refusal("replaced", message, say("Make the letter of {by}", by=entry.replaced_by))])
    if not next(replay(ledger, [entry])).same:
        message = say("deciding {id} again gives another document than the one recorded", id=entry.id)
        todo = say("'ledger replay {id}' says what and why; 'ledger verify' says whether the record is whole", id=entry.id)
        raise LetterRefused([Refusal("differs", message, todo)])
    book = ledger.rulebook(entry.rulebook)
    grounds = Grounds(case_of(entry.case_data, book), book, entry.scheme, lang, entry.on, entry.known, routes)
    signature = None
    if entry.signed_by is not None and entry.role is not None and entry.signed_on is not None:
        signature = Signature(entry.signed_by, entry.role, entry.signed_on)
    return Filed(entry, grounds, signature)


def recipient_of(ledger: Ledger, entry: Entry, reader: str, purpose: str) -> Recipient:
    """Name and address as the ledger holds them; the reading is recorded there. LetterRefused when they are not held, or erased."""
    there = set(entry.personal) - set(entry.erased)
    held = ledger.personal(entry.id, reader=reader, purpose=purpose) if {"name", "address"} <= there else {}
    name, address = held.get("name"), held.get("address")
    if name is None or address is None:
        message = say("the ledger holds no name and address for {id}", id=entry.id)
        raise LetterRefused([Refusal("no_recipient", message, say("Give the recipient's file: --recipient FILE"))])
    return Recipient(name=name, address=[line for part in address.splitlines() for line in _TOWN.split(part)])


def record(ledger: Ledger, entry: Entry, letter: Letter, made: bytes, sent_on: date, channel: str) -> SentLetter:
    """Record the letter as sent. A courtesy copy is recorded as one: it is not the decision's letter."""
    kind = letter.kind if letter.lang == "da" else f"{letter.kind}_courtesy"
    return ledger.record_letter(entry.id, kind, hashlib.sha256(made).hexdigest(), sent_on, channel)


@dataclass(frozen=True, slots=True)
class Reconciled:
    """Three lists that must be empty: decisions in force without their letter, decision letters without a signed decision, and
    files (of a print house, of a Digital Post batch) that no recorded letter has the hash of."""

    decisions: tuple[str, ...]
    letters: tuple[SentLetter, ...]
    files: tuple[Path, ...]

    @property
    def even(self) -> bool:
        """Does everything match?"""
        return not (self.decisions or self.letters or self.files)


def reconcile(ledger: Ledger, files: Iterable[Path] = ()) -> Reconciled:
    """Hold decisions against letters, and ``files`` that were sent against both. OSError when a file cannot be read."""
    known = {letter.sha256 for letter in ledger.letters()}
    strange = tuple(path for path in files if hashlib.sha256(path.read_bytes()).hexdigest() not in known)
    return Reconciled(ledger.decisions_without_letter(), ledger.letters_without_decision(), strange)
