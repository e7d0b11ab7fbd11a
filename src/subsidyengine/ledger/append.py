"""Adding to the ledger: one transaction, one or more entries, each sealed before the next is written."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, insert, select, update

from ..words import say
from . import merkle
from .errors import Damaged, NotThere
from .keys import Key
from .records import Kind, searched, sha256, stamp, written
from .schema import records, state
from .seals import check_end
from .verifier import Head, ProofError, leaf_hash, read_key

# Made once: making a statement costs more than running it.
_STATE = select(state).where(state.c.id == 1)
_LOCKED = _STATE.with_for_update()
_ADD, _END = insert(records), update(state)


class Writer:
    """The end of the ledger inside one writing transaction: others wait until it is done.

    Every entry names the seal of the one before it (``after``), so one seal at the end covers all entries and all seals. Damaged when
    that end is not as it was sealed; ``first``: nothing is there yet.
    """

    def __init__(self, connection: Connection, key: Key, clock: Callable[[], datetime], *, first: bool = False) -> None:
        self.connection, self.key, self.clock = connection, key, clock
        row = _state(connection, lock=True)
        self.origin: str = row["origin"]
        self.public = read_key(row["key"])[1]
        self.size: int = row["size"]
        self.peaks = split(row["peaks"])
        self.seal: bytes = row["seal"]
        if key.public() != self.public:
            raise NotThere(say("{path} is not the key of this ledger: name the right one (--key FILE)", path=key.path))
        if not first:
            check_end(connection, self.head(), self.public, key)

    def record(self, kind: Kind, fields: dict[str, Any], content: str | None = None) -> int:
        """Write one entry; its number."""
        seq = self.size
        entry: dict[str, Any] = {"seq": seq, "kind": kind, **fields}
        if content is not None:
            entry["content"] = sha256(content)
        entry["recorded_at"] = stamp(self.clock())
        entry["after"] = base64.b64encode(self.seal).decode()
        said = written(entry)
        nodes, self.peaks = merkle.grow(seq, self.peaks, leaf_hash(said.encode()))
        self.size = seq + 1
        self.seal = self.key.sign(self.origin, self.size, merkle.root(self.peaks))
        row = {"seq": seq, "entry": said, "content": content, "nodes": b"".join(nodes), "seal": self.seal, **searched(entry)}
        self.connection.execute(_ADD, row)
        return seq

    def finish(self) -> None:
        """Leave the end where the next writer finds it."""
        self.connection.execute(_END, {"size": self.size, "peaks": b"".join(self.peaks), "seal": self.seal})

    def head(self) -> Head:
        """The signed head over everything written so far."""
        return Head(self.origin, self.size, merkle.root(self.peaks), self.seal)


def open_state(connection: Connection, origin: str, key: str) -> None:
    """An empty ledger, ready for its first entry."""
    connection.execute(insert(state), {"id": 1, "origin": origin, "key": key, "size": 0, "peaks": b"", "seal": b""})


def _state(connection: Connection, lock: bool = False) -> RowMapping:
    row = connection.execute(_LOCKED if lock else _STATE).mappings().one_or_none()
    if row is None:
        raise NotThere(say("the ledger was never opened: `subsidyengine ledger init` does that"))
    try:
        read_key(row["key"])
    except ProofError:
        raise Damaged(say("the ledger's end is not as it was sealed, so nothing is recorded: see `subsidyengine ledger verify`")) from None
    return row


def head_of(connection: Connection) -> tuple[Head, str]:
    """The newest head, and the text of the key that signs it."""
    row = _state(connection)
    return Head(row["origin"], row["size"], merkle.root(split(row["peaks"])), row["seal"]), row["key"]


def split(raw: bytes) -> list[bytes]:
    """Hashes that are kept in one cell."""
    return [raw[i : i + merkle.SIZE] for i in range(0, len(raw), merkle.SIZE)]


def read_entry(text: str) -> dict[str, Any]:
    """The fields of an entry; Damaged when it is none any more."""
    try:
        said = json.loads(text)
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise Damaged(say("an entry is no longer one: see `subsidyengine ledger verify`"))
    return said
