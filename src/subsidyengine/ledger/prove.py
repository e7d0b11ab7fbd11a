"""Proofs to hand out: one entry stands in the ledger; the ledger only grew. ``verifier.py`` checks them without the database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from ..words import say
from . import lookup, merkle
from .append import head_of
from .errors import LedgerError, NotThere
from .schema import records
from .seals import node_reader
from .verifier import CONSISTENCY, INCLUSION, Head, read_key

if TYPE_CHECKING:
    from .ledger import Ledger


def prove_entry(ledger: Ledger, given: str, act: str = "decision", content: bool = True) -> dict[str, Any]:
    """The proof that a decision (or its ``signature``, ``letter``, ``erasure``) stands in the ledger, under the newest head.

    With ``content`` the facts and the document go along; without, only their hash. No personal data is ever in a proof.
    """
    with ledger.store.reading() as connection:
        decision = lookup.full_id(connection, given)
        column = records.c.id if act == "decision" else records.c.ref
        query = select(records).where(column == decision, records.c.kind == act).order_by(records.c.seq.desc())
        row = connection.execute(query).mappings().first()
        if row is None:
            raise NotThere(say("no {act} of {decision} is in the ledger", act=act, decision=decision))
        head, key = head_of(connection)
        path = merkle.inclusion(row["seq"], head.size, node_reader(connection))
        proof = {
            "proof": INCLUSION,
            "key": key,
            "head": head.text(read_key(key)[1]),
            "entry": row["entry"],
            "path": [p.hex() for p in path],
        }
        return {**proof, "content": row["content"]} if content and row["content"] is not None else proof


def prove_growth(ledger: Ledger, old: Head) -> dict[str, Any]:
    """The proof that the ledger of a head handed out earlier stands unchanged at the beginning of today's."""
    with ledger.store.reading() as connection:
        head, key = head_of(connection)
        if old.origin != head.origin:
            raise LedgerError(say("the head is of another ledger ({origin})", origin=old.origin))
        if old.size > head.size:
            raise LedgerError(
                say(
                    "the head is of {old} entries, and the ledger holds {size}: something was cut",
                    old=old.size,
                    size=head.size,
                )
            )
        path = merkle.consistency(old.size, head.size, node_reader(connection))
        public = read_key(key)[1]
        return {
            "proof": CONSISTENCY, "key": key, "old": old.text(public), "head": head.text(public), "path": [p.hex() for p in path],
        }  # fmt: skip
