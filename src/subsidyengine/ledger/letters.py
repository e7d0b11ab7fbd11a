"""Letters sent, and the two lists that must be empty: decisions without their letter, and letters without their decision.

A large city once lost thousands of letters because nobody held the one against the other (users.md 3).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, exists, select

from ..words import say
from .append import Writer, read_entry
from .errors import LedgerError
from .records import Letter, line
from .schema import records

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

_HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)
_ID = re.compile(r"[0-9a-f]{16}", re.ASCII)
_KIND = re.compile(r"[a-z][a-z_]{0,30}", re.ASCII)
DECISION = "decision"


def letter_of(said: Mapping[str, Any]) -> Letter:
    """The letter of an entry."""
    sent = date.fromisoformat(said["sent_on"])
    return Letter(said["seq"], said["decision"], said["letter"], said["sha256"], sent, said["channel"])


def record(writer: Writer, given: str, kind: str, sha256: str, sent_on: date, channel: str, unknown: bool) -> Letter:
    """Record a letter; the same one (same decision, kind, file, day and channel) once only."""
    from . import lookup

    mark = sha256.lower().removeprefix("sha256:")
    if not _HASH.fullmatch(mark):
        raise LedgerError(say("the letter's SHA-256 is 64 signs of 0-9 and a-f"))
    if not _KIND.fullmatch(kind):
        raise LedgerError(say("the kind of letter is a word such as decision, hearing or facts"))
    decision = given if unknown and _ID.fullmatch(given) else lookup.full_id(writer.connection, given)
    says = {
        "decision": decision,
        "letter": kind,
        "sha256": mark,
        "sent_on": sent_on.isoformat(),
        "channel": line(channel, say("the channel")),
    }
    for known in listed(writer.connection, decision):
        if (known.kind, known.sha256, known.sent_on, known.channel) == (kind, mark, sent_on, says["channel"]):
            return known
    seq = writer.record("letter", says)
    return letter_of({**says, "seq": seq})


def listed(connection: Connection, decision: str | None) -> tuple[Letter, ...]:
    """Letters in the order they were recorded."""
    query = select(records.c.entry).where(records.c.kind == "letter")
    if decision is not None:
        query = query.where(records.c.ref == decision)
    return tuple(letter_of(read_entry(said)) for said in connection.execute(query.order_by(records.c.seq)).scalars())


def missing(connection: Connection) -> tuple[str, ...]:
    """Decisions in force without a decision letter, in the order they were recorded."""
    from .lookup import in_force

    sent = select(records.c.ref, records.c.entry).where(records.c.kind == "letter")
    done = {ref for ref, said in connection.execute(sent) if read_entry(said)["letter"] == DECISION}
    query = select(records.c.id).where(records.c.kind == "decision", in_force()).order_by(records.c.seq)
    return tuple(found for found in connection.execute(query).scalars() if found not in done)


def stray(connection: Connection) -> tuple[Letter, ...]:
    """Decision letters whose decision is not signed, or not in the ledger."""
    query = select(records.c.entry).where(records.c.kind == "letter", ~_signed()).order_by(records.c.seq)
    found = (letter_of(read_entry(said)) for said in connection.execute(query).scalars())
    return tuple(letter for letter in found if letter.kind == DECISION)


def _signed() -> ColumnElement[bool]:
    about = records.alias()
    return exists().where(about.c.ref == records.c.ref, about.c.kind == "signature")
