"""Finding decisions, and putting together what was recorded about each."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import CTE, ColumnElement, Connection, RowMapping, bindparam, exists, select

from ..formula import near
from ..words import say
from .append import read_entry
from .errors import Damaged, NotThere
from .letters import letter_of
from .records import Entry, sha256, written
from .schema import records, state

SHORTEST = 4
PAGE = 200

# Made once: making a statement costs more than running it.
_HAS = select(records.c.seq).where(records.c.id == bindparam("id"))
_WHOLE = select(records).where(records.c.id == bindparam("id"))
_ABOUT = (
    select(records.c.seq, records.c.kind, records.c.id, records.c.ref, records.c.entry)
    .where(records.c.ref.in_(bindparam("ids", expanding=True)), records.c.kind.in_(("signature", "decision", "letter", "erasure")))
    .order_by(records.c.seq)
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which decisions; None: any."""

    case: str | None = None
    scheme: str | None = None
    outcome: str | None = None
    signed: bool | None = None
    in_force: bool = False
    rulebook: str | None = None

    def where(self) -> list[ColumnElement[bool]]:
        found: list[ColumnElement[bool]] = [records.c.kind == "decision"]
        pairs = ((records.c.case_id, self.case), (records.c.scheme, self.scheme), (records.c.outcome, self.outcome),
                 (records.c.rulebook, self.rulebook))  # fmt: skip
        found += [column == value for column, value in pairs if value is not None]
        if self.in_force:
            found.append(in_force())
        elif self.signed is not None:
            found.append(is_signed() if self.signed else ~is_signed())
        return found


def is_signed() -> ColumnElement[bool]:
    """A row of ``records`` is signed."""
    about = records.alias()
    return exists().where(about.c.ref == records.c.id, about.c.kind == "signature")


def superseded() -> CTE:
    """Ids of decisions that a signed one corrects, at once or over proposals that were never signed."""
    about = records.alias()
    signed = exists().where(about.c.ref == records.c.id, about.c.kind == "signature")
    corrected = select(records.c.ref.label("id")).where(records.c.kind == "decision", records.c.ref.is_not(None), signed)
    found = corrected.cte("superseded", recursive=True)
    newer = records.alias()
    older = select(newer.c.ref).where(newer.c.id == found.c.id, newer.c.kind == "decision", newer.c.ref.is_not(None))
    return found.union(older)


def in_force() -> ColumnElement[bool]:
    """A row of ``records`` is signed, and no signed decision corrects it."""
    return is_signed() & records.c.id.not_in(select(superseded().c.id))


def is_open(connection: Connection) -> bool:
    """Whether the ledger has its first entry."""
    return connection.execute(select(state.c.id)).first() is not None


def has(connection: Connection, decision: str) -> bool:
    """Whether a decision of this whole id is there."""
    return connection.execute(_HAS, {"id": decision}).first() is not None


def full_id(connection: Connection, given: str) -> str:
    """The decision whose id begins with ``given``, or the one decision of the case ``given`` that none corrects; NotThere when there is
    none, or several."""
    asked = given.strip()
    if found := _of_case(connection, asked):
        if len(found) > 1:
            raise NotThere(say("the case has several decisions: {ids}", ids=", ".join(found)))
        return found[0]
    asked = asked.lower()
    if len(asked) < SHORTEST or not all(c in "0123456789abcdef" for c in asked):
        raise NotThere(
            say(
                "'{given}' is no case, and no id of a decision: an id is 16 signs of 0-9 and a-f, and at least the first 4 are given",
                given=_shown(asked),
            )
        )
    query = select(records.c.id).where(records.c.id >= asked, records.c.id < asked + "g").order_by(records.c.id).limit(6)
    ids = [str(found) for found in connection.execute(query).scalars()]
    if asked in ids or len(ids) == 1:
        return asked if asked in ids else ids[0]
    if ids:
        some = ", ".join(ids[:5]) + (" ..." if len(ids) > 5 else "")
        raise NotThere(say("several decisions begin with {asked}: {ids}", asked=asked, ids=some))
    around = select(records.c.id).where(records.c.id >= asked[:2], records.c.id < asked[:2] + "g").limit(1000)
    raise NotThere(say("there is no decision {asked}{hint}", asked=asked, hint=near(asked, list(connection.execute(around).scalars()))))


def _of_case(connection: Connection, case: str) -> list[str]:
    """Decisions of a case that no other corrects."""
    newer = records.alias()
    corrected = exists().where(newer.c.ref == records.c.id, newer.c.kind == "decision")
    query = select(records.c.id).where(records.c.case_id == case, records.c.kind == "decision", ~corrected).order_by(records.c.seq)
    return [str(found) for found in connection.execute(query).scalars()]


def _shown(given: str) -> str:
    """Something typed by mistake may be a name or a CPR number: only the beginning is repeated."""
    return given if len(given) <= SHORTEST else given[:SHORTEST] + "..."


def entry(connection: Connection, given: str) -> Entry:
    """One decision, with what was recorded about it."""
    return exact(connection, full_id(connection, given))


def exact(connection: Connection, decision: str) -> Entry:
    """The decision of a whole id."""
    return _entries(connection, [connection.execute(_WHOLE, {"id": decision}).mappings().one()])[0]


def some(connection: Connection, wanted: Wanted, after: int) -> tuple[list[Entry], int]:
    """The next decisions after an entry's number, and the number to go on from (-1 at the end)."""
    query = select(records).where(records.c.seq > after, *wanted.where()).order_by(records.c.seq).limit(PAGE)
    rows = connection.execute(query).mappings().all()
    return _entries(connection, rows), rows[-1]["seq"] if len(rows) == PAGE else -1


def _entries(connection: Connection, rows: Sequence[RowMapping]) -> list[Entry]:
    about: defaultdict[str, list[RowMapping]] = defaultdict(list)
    for found in connection.execute(_ABOUT, {"ids": [row["id"] for row in rows]}).mappings():
        about[found["ref"]].append(found)
    corrected: set[str] = set()
    if any(found["kind"] == "decision" for each in about.values() for found in each):
        gone = superseded()
        corrected = set(connection.execute(select(gone.c.id).where(gone.c.id.in_(list(about)))).scalars())
    return [_entry(row, about[row["id"]], row["id"] in corrected) for row in rows]


def _entry(row: RowMapping, about: Sequence[RowMapping], superseded: bool) -> Entry:
    try:
        return _read(row, about, superseded)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Damaged(say("entry {number} was changed: see `subsidyengine ledger verify`", number=row["seq"])) from None


def _read(row: RowMapping, about: Sequence[RowMapping], superseded: bool) -> Entry:
    said = read_entry(row["entry"])
    if sha256(row["content"]) != said["content"]:
        raise Damaged(say("entry {number} was changed: see `subsidyengine ledger verify`", number=row["seq"]))
    content = json.loads(row["content"])
    more: dict[str, Any] = {}
    letters, erased = [], []
    for other in about:
        acted = read_entry(other["entry"])
        match other["kind"]:
            case "signature":
                more |= {"signed_by": acted["by"], "role": acted["role"], "signed_on": date.fromisoformat(acted["signed_on"])}
            case "decision":
                more["replaced_by"] = other["id"]
            case "letter":
                letters.append(letter_of(acted))
            case "erasure":
                erased += acted["fields"]
    return Entry(
        seq=row["seq"],
        id=row["id"],
        case_data=content["case"],
        document_json=written(content["document"]),
        lang=said["lang"],
        program=said["program"],
        decided_on=date.fromisoformat(said["decided_on"]),
        effective_from=date.fromisoformat(said["effective_from"]),
        recorded_at=datetime.fromisoformat(said["recorded_at"]),
        replaces=said["replaces"],
        why=said["why"],
        letters=tuple(letters),
        personal=tuple(said["personal"]),
        erased=tuple(erased),
        superseded=superseded,
        **more,
    )
