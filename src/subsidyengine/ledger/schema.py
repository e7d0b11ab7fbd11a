"""The tables. ``records`` is append-only and everything in it is sealed; the rest hangs on it by hashes."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, LargeBinary, MetaData, String, Table, Text

metadata = MetaData()

#: One row: what the next append needs, and the lock that puts appends in line.
state = Table(
    "ledger_state", metadata,
    Column("id", Integer, primary_key=True),
    Column("origin", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("peaks", LargeBinary, nullable=False),
    Column("seal", LargeBinary, nullable=False),
)  # fmt: skip

#: Every act, in order. ``entry`` is the text that the tree is built over, ``content`` what it names by hash; ``nodes`` are the
#: perfect subtrees that end here (merkle.py), ``seal`` is the signature of the head at this entry. The other columns repeat what
#: ``entry`` says, to search by.
records = Table(
    "ledger_records", metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", String(16), nullable=False),
    Column("id", String(16), unique=True),
    Column("ref", String(16)),
    Column("case_id", Text),
    Column("scheme", Text),
    Column("outcome", String(16)),
    Column("rulebook", Text),
    Column("day", String(10)),
    Column("entry", Text, nullable=False),
    Column("content", Text),
    Column("nodes", LargeBinary, nullable=False),
    Column("seal", LargeBinary, nullable=False),
    Index("ledger_records_about", "ref", "kind"),
    Index("ledger_records_case", "case_id"),
)  # fmt: skip

#: Rulebooks by hash: which files, in which layers. The files themselves stand once each.
rulebooks = Table("ledger_rulebooks", metadata, Column("hash", String(80), primary_key=True), Column("layers", Text, nullable=False))
files = Table("ledger_files", metadata, Column("hash", String(64), primary_key=True), Column("text", Text, nullable=False))

#: Names, addresses and CPR numbers: the only rows that are ever deleted. The entry holds a salted commitment to each.
personal = Table(
    "ledger_personal", metadata,
    Column("id", String(16), ForeignKey("ledger_records.id"), primary_key=True),
    Column("field", String(16), primary_key=True),
    Column("value", Text, nullable=False),
    Column("salt", LargeBinary, nullable=False),
)  # fmt: skip

#: Columns of ``records`` that repeat what the entry says.
SEARCHED = ("kind", "id", "ref", "case_id", "scheme", "outcome", "rulebook", "day")
