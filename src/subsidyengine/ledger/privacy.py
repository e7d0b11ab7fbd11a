"""Names, addresses and CPR numbers: kept apart, committed to, read only with a purpose, and erasable.

An entry holds, for each field, SHA-256 over a random salt and the value. With value and salt gone nothing can be found out from it (a CPR
number alone could be tried out; with 32 unknown bytes before it, it cannot), and the entry, its hash and every proof stay as they were.
CPR numbers are processed for unique identification only (databeskyttelsesloven § 11); modulus 11 is no gate (administrative.md 5).
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from ..words import Message, say
from . import lookup
from .append import Writer, read_entry
from .errors import Damaged, LedgerError, NotAllowed, NotThere
from .records import PersonalReading, line
from .schema import personal, records
from .seals import check_entry

FIELDS = ("name", "address", "cpr")
_CPR = re.compile(r"(\d{6})[- ]?(\d{4})", re.ASCII)
_LONGEST = 500

#: field -> (value, salt)
Salted = dict[str, tuple[str, bytes]]


def fields_of(person: Mapping[str, str]) -> dict[str, str]:
    """A person's fields as they are kept. LedgerError names the field, never the value."""
    unknown = sorted(str(name) for name in person.keys() - set(FIELDS))
    if unknown:
        raise LedgerError(say("a person has {fields}; {count} other fields were given", fields=", ".join(FIELDS), count=len(unknown)))
    found = {}
    for name in FIELDS:
        value = person.get(name)
        if value is None:
            continue
        text = "\n".join(part.strip() for part in str(value).strip().splitlines())
        if not text or len(text) > _LONGEST or not text.replace("\n", "").isprintable():
            raise LedgerError(say("the person's {name} is empty, too long, or holds a sign that cannot be printed", name=name))
        if name == "cpr":
            match = _CPR.fullmatch(text)
            if match is None:
                raise LedgerError(say("the person's cpr is no CPR number: write it as text of ten digits, perhaps with a hyphen"))
            text = f"{match[1]}-{match[2]}"
        found[name] = text
    return found


def salted(fields: Mapping[str, str]) -> Salted:
    """Each value with a salt of its own."""
    return {name: (value, os.urandom(32)) for name, value in fields.items()}


def commitment(field: str, value: str, salt: bytes) -> str:
    """What the entry holds of a field."""
    return hashlib.sha256(salt + field.encode() + b"\x00" + value.encode()).hexdigest()


def commitments(fields: Salted) -> dict[str, str]:
    """What the entry holds of all fields."""
    return {name: commitment(name, value, salt) for name, (value, salt) in fields.items()}


def keep(connection: Connection, decision: str, fields: Salted) -> None:
    """Store values and salts beside the entry."""
    if fields:
        connection.execute(
            insert(personal), [{"id": decision, "field": name, "value": value, "salt": salt} for name, (value, salt) in fields.items()]
        )


def _held(connection: Connection, decision: str) -> dict[str, str]:
    query = select(personal.c.field, personal.c.value).where(personal.c.id == decision)
    found = {row.field: row.value for row in connection.execute(query)}
    return {name: found[name] for name in FIELDS if name in found}


def check_same(connection: Connection, decision: str, fields: Mapping[str, str]) -> None:
    """NotAllowed when a decision that is there already is recorded again with other personal data than it holds: they would be lost."""
    if fields and _held(connection, decision) != fields:
        text = say(
            "{decision} is recorded already, with other personal data or none (none was given, or it was erased): nothing was changed. "
            "To record these, add the case with --replaces {decision} and --why; a letter takes them from --recipient too",
            decision=decision,
        )
        raise NotAllowed(text)


def _none(decision: str) -> Message:
    return say("no personal data is held with {decision}: none was given, or it was erased", decision=decision)


def read(writer: Writer, given: str, reader: str, purpose: str) -> dict[str, str]:
    """The fields that are held; who reads them and why is recorded in the same transaction. NotThere when none is held."""
    decision = lookup.full_id(writer.connection, given)
    held = _held(writer.connection, decision)
    if not held:
        raise NotThere(_none(decision))
    _check_held(writer, decision)
    said = {"decision": decision, "reader": line(reader, say("the reader's name")), "purpose": line(purpose, say("the purpose"))}
    writer.record("reading", {**said, "fields": list(held)})
    return held


def _check_held(writer: Writer, decision: str) -> None:
    """Damaged unless what is held is what the entry commits to: a letter would go to the address that somebody wrote into the database."""
    seq, text = writer.connection.execute(select(records.c.seq, records.c.entry).where(records.c.id == decision)).one()
    check_entry(writer.connection, seq, writer.head())
    rows = writer.connection.execute(select(personal).where(personal.c.id == decision))
    if {row.field: commitment(row.field, row.value, row.salt) for row in rows} != read_entry(text)["personal"]:
        message = say(
            "the personal data of {decision} are not those that were recorded: see `subsidyengine ledger verify`", decision=decision
        )
        raise Damaged(message)


def masked(connection: Connection, decision: str) -> dict[str, str]:
    """The fields as lists show them: they tell two cases apart, and say no more."""
    return {name: _mask(name, value) for name, value in _held(connection, decision).items()}


def _mask(name: str, value: str) -> str:
    if name == "cpr":
        return f"{value[:6]}-xxxx"
    return " ".join(f"{part[0]}." for part in value.split()) if name == "name" else "***"


def readings(connection: Connection, decision: str | None) -> tuple[PersonalReading, ...]:
    """Who read personal data, in order."""
    query = select(records.c.entry).where(records.c.kind == "reading")
    if decision is not None:
        query = query.where(records.c.ref == decision)
    found = []
    for text in connection.execute(query.order_by(records.c.seq)).scalars():
        said = read_entry(text)
        at = datetime.fromisoformat(said["recorded_at"])
        found.append(PersonalReading(said["seq"], said["decision"], said["reader"], said["purpose"], tuple(said["fields"]), at))
    return tuple(found)


def forget(writer: Writer, given: str | None, case: str | None, by: str, why: str) -> tuple[str, ...]:
    """Erase value and salt; an entry says that it was done, by whom and why. NotThere when nothing is held."""
    if (given is None) == (case is None):
        raise NotAllowed(say("say which: one decision, or a case"))
    named = {"by": line(by, say("the name of who erases")), "why": line(why, say("the reason why"))}
    connection = writer.connection
    if given is not None:
        ids = [lookup.full_id(connection, given)]
    else:
        query = select(records.c.id).where(records.c.case_id == case, records.c.kind == "decision").order_by(records.c.seq)
        ids = [str(found) for found in connection.execute(query).scalars()]
    done = []
    for decision in ids:
        fields = list(_held(connection, decision))
        if fields:
            connection.execute(delete(personal).where(personal.c.id == decision))
            writer.record("erasure", {"decision": decision, "fields": fields, **named})
            done.append(decision)
    if not done:
        raise NotThere(_none(ids[0]) if given else say("no personal data is held with any decision of this case"))
    return tuple(done)
