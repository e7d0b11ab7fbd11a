"""Before anything is sealed on top of what is there: is that still what was sealed?

A seal covers everything before it. Somebody who can write to the database and has no key could otherwise change an entry, make all hashes
fit, and wait: the next honest entry would put a true seal over the forgery.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from sqlalchemy import Connection, bindparam, or_, select

from ..words import say
from . import merkle
from .errors import Damaged
from .keys import Key, signed
from .records import searched
from .schema import SEARCHED, records
from .verifier import Head, ProofError, leaf_hash, root_of_inclusion

# Made once: making a statement costs more than running it.
_ABOUT = (
    select(records.c.seq, records.c.entry, *(getattr(records.c, name) for name in SEARCHED))
    .where(or_(records.c.id == bindparam("id"), records.c.ref == bindparam("id")))
    .order_by(records.c.seq)
)
_NODES = select(records.c.seq, records.c.nodes).where(records.c.seq.in_(bindparam("owners", expanding=True)))


def check_end(connection: Connection, head: Head, public: bytes, key: Key) -> None:
    """Damaged unless ``head``, the end of the ledger, is sealed, and continues the newest head that was seen on this machine."""
    if head.size and head == key.known:
        return
    if not head.size or not signed(public, head):
        raise Damaged(say("the ledger's end is not as it was sealed, so nothing is recorded: see `subsidyengine ledger verify`"))
    seen = key.seen(head.origin, public)
    if seen is None or (seen.size, seen.root) == (head.size, head.root):
        return
    if seen.size > head.size:
        text = say(
            "the ledger holds {size} entries, and {seen} were seen here: some were cut off, so nothing is recorded. "
            "Restore a newer backup; if they are lost for good, delete {path} to go on",
            size=head.size, seen=seen.size, path=key.seen_path(head.origin),
        )  # fmt: skip
        raise Damaged(text)
    if merkle.subtree(0, seen.size, node_reader(connection)) != seen.root:
        text = say(
            "the ledger does not continue what was seen here, so nothing is recorded: see `subsidyengine ledger verify`; "
            "if it is that a restored copy was recorded in on this machine, delete {path} to go on",
            path=key.seen_path(head.origin),
        )
        raise Damaged(text)


def check_entry(connection: Connection, seq: int, head: Head) -> None:
    """Damaged unless an entry stands under a head as it was recorded."""
    entry = connection.execute(select(records.c.entry).where(records.c.seq == seq)).scalar_one()
    _check(connection, {seq: entry}, head)


def check_decision(connection: Connection, decision: str, head: Head, public: bytes) -> None:
    """Damaged unless a decision and all that is said to be recorded about it (who signed it!) stand under the sealed end of the ledger.

    Without this a row put into the database, or one made to point elsewhere, would sign a decision that nobody signed.
    """
    if not signed(public, head):
        raise Damaged(say("the ledger's end is not as it was sealed: see `subsidyengine ledger verify`"))
    entries = {}
    for seq, entry, *found in connection.execute(_ABOUT, {"id": decision}):
        try:
            same = 0 <= seq < head.size and list(searched(json.loads(entry)).values()) == found
        except (ValueError, KeyError, TypeError, AttributeError):
            same = False
        if not same:
            raise Damaged(say("entry {number} was changed: see `subsidyengine ledger verify`", number=seq))
        entries[seq] = entry
    _check(connection, entries, head)


def _check(connection: Connection, entries: Mapping[int, str], head: Head) -> None:
    """Damaged unless each entry (by its number) stands under ``head``; their paths are read together."""
    owners: set[int] = set()

    def wanted(level: int, index: int) -> bytes:
        owners.add(merkle.owner(level, index))
        return bytes(merkle.SIZE)

    for seq in entries:
        merkle.inclusion(seq, head.size, wanted)
    kept = {row.seq: row.nodes for row in connection.execute(_NODES, {"owners": list(owners)})} if owners else {}

    def node(level: int, index: int) -> bytes:
        return _cut(kept.get(merkle.owner(level, index)), level, index)

    for seq, entry in entries.items():
        try:
            found = root_of_inclusion(seq, head.size, leaf_hash(entry.encode()), merkle.inclusion(seq, head.size, node))
        except ProofError:
            found = b""
        if found != head.root:
            raise Damaged(say("entry {number} was changed: see `subsidyengine ledger verify`", number=seq))


def node_reader(connection: Connection) -> merkle.Node:
    """Perfect subtrees as they are kept."""

    def node(level: int, index: int) -> bytes:
        owner = merkle.owner(level, index)
        return _cut(connection.execute(select(records.c.nodes).where(records.c.seq == owner)).scalar(), level, index)

    return node


def _cut(nodes: bytes | None, level: int, index: int) -> bytes:
    found = nodes[level * merkle.SIZE : (level + 1) * merkle.SIZE] if isinstance(nodes, bytes) else b""
    if len(found) != merkle.SIZE:
        raise Damaged(say("entry {number} is damaged: see `subsidyengine ledger verify`", number=merkle.owner(level, index)))
    return found
