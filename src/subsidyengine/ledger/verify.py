"""Is everything still as it was recorded? Names the first entry that was changed, removed, inserted or re-ordered.

Each entry holds its own number and the seal of the one before; its hash is in the tree; the last seal signs the whole tree. So one walk
with hashes and one signature cover every byte. When the last seal does not hold (somebody rewrote the database without the key), the first
seal that does not hold is looked for by halving: the entry that it seals is the first that was touched.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import Connection, LargeBinary, Select, cast, func, select, text

from . import merkle, privacy
from .append import split
from .errors import Damaged, LedgerError, StorageError
from .keys import Key, signed
from .records import searched
from .rules import stored_layers
from .schema import SEARCHED, files, personal, records, rulebooks, state
from .seals import node_reader
from .verifier import Head, ProofError, leaf_hash, read_key

if TYPE_CHECKING:
    from .ledger import Ledger

Trouble = Literal[
    "changed", "removed", "inserted", "reordered", "cut", "personal", "rulebook", "head", "key", "state", "storage", "unopened"
]  # fmt: skip
STEP = 1000


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, and with which entry (None: with the ledger as a whole)."""

    trouble: Trouble
    seq: int | None = None
    id: str | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """What a verification found. ``problems`` is empty when all is well; the first is the first entry touched."""

    entries: int
    head: str
    key: str
    problems: tuple[Problem, ...]
    heads_checked: int = 0

    @property
    def sound(self) -> bool:
        return not self.problems


def verify(ledger: Ledger, heads: Sequence[Head] = (), key: str = "", progress: Callable[[int], None] | None = None) -> Report:
    """Check every entry, the personal data and rules that hang on them, and that the ledger continues the ``heads`` that were handed
    out. ``key``: the public key that must have signed it. ``progress`` is told how many entries are done."""
    walk = Walk(progress or (lambda _: None))
    problems: list[Problem] = []
    head_text = key_text = ""
    checked = 0
    try:
        with ledger.store.reading() as connection:
            seen = _seen(connection, ledger.key)  # before the walk: others may be writing, and what they saw is newer than the walk
        with ledger.store.reading() as connection:
            problem = walk.run(connection)
            if problem is None or problem.trouble == "state":
                head_text, key_text = walk.head().text(read_key(walk.key)[1]), walk.key
                outside = [*heads, *([seen] if seen else [])]
                problems += _heads(connection, walk, outside)
                checked = len(outside)
                problems += [problem] if problem else []
                problems += [*_keys(ledger, walk, key), *_personal(connection, walk), *_rules(connection)]
            else:
                problems.append(problem)
            problems += _file(connection, ledger.store.is_sqlite)
    except (Damaged, StorageError, ProofError) as error:
        problems.append(Problem("storage", walk.count if not problems else None, detail=str(error)))
    return Report(walk.count, head_text, key_text, tuple(problems), checked)


class Walk:
    """One pass over all entries in order."""

    def __init__(self, progress: Callable[[int], None]) -> None:
        self.progress = progress
        self.count = 0
        self.peaks: list[bytes] = []
        self.seal = b""
        self.origin = self.key = ""
        #: Personal fields committed to and not erased.
        self.held = 0

    def run(self, connection: Connection) -> Problem | None:
        """The first entry that is not as it was recorded; None when all are."""
        for row in connection.execute(_rows(connection), execution_options={"yield_per": STEP}):
            problem = self.entry(connection, *row)
            if problem is not None:
                return problem
            self.count += 1
            if self.count % STEP == 0:
                self.progress(self.count)
        self.progress(self.count)
        return self.end(connection)

    def entry(
        self, connection: Connection, seq: int, raw: bytes, content: bytes | None, nodes: bytes, seal: bytes, *columns: Any
    ) -> Problem | None:
        """Check one row against what came before it."""
        wanted = self.count
        if seq != wanted:
            return Problem("removed" if seq > wanted else "inserted", min(seq, wanted))
        leaf = leaf_hash(raw)
        try:
            said = json.loads(raw)
            number, after, named = said["seq"], said["after"], said.get("content")
            expected = tuple(value if value is None else value.encode() for value in searched(said).values())
        except (ValueError, KeyError, TypeError, AttributeError):
            return Problem("changed", seq, columns[1].decode(errors="replace") if columns[1] else None)
        problem = Problem("changed", seq, said.get("id"))
        shown = columns[1].decode(errors="replace") if columns[1] else None
        if leaf != nodes[: merkle.SIZE]:
            return Problem("changed", seq, shown or said.get("id"))
        if number != seq:
            return self.moved(connection, seq, number, said.get("id"))
        if after != base64.b64encode(self.seal).decode():
            return self.broken_link(seq, said.get("id"))
        grown, self.peaks = merkle.grow(seq, self.peaks, leaf)
        if b"".join(grown) != nodes or columns != expected:
            return problem
        if (hashlib.sha256(content).hexdigest() if content is not None else None) != named:
            return problem
        self.seal = seal
        self.note(said)
        return None

    def note(self, said: dict[str, Any]) -> None:
        """Keep the opening's key, and how many personal fields should be held."""
        match said["kind"]:
            case "opening":
                self.origin, self.key = said["origin"], said["key"]
            case "decision":
                self.held += len(said["personal"])
            case "erasure":
                self.held -= len(said["fields"])

    def broken_link(self, seq: int, id_: str | None) -> Problem:
        """The entry names another seal than the one before it has: one of the two was touched."""
        before = seq - 1
        if seq and not signed(read_key(self.key)[1], self.head()):
            return Problem("changed", before)
        return Problem("changed", seq, id_)

    def moved(self, connection: Connection, seq: int, number: int, id_: str | None) -> Problem:
        """A whole entry stands where another belongs: ones before it were removed, one was inserted, or some changed places."""
        if number < seq:
            public = read_key(self.key)[1]
            return Problem("inserted", seq if signed(public, self.head()) else self.first_unsealed(connection, public).seq)
        for found in connection.execute(select(records.c.entry).where(records.c.seq > seq)).scalars():
            if found.startswith(f'{{"seq":{seq},'):
                return Problem("reordered", seq, id_)
        return Problem("removed", seq)

    def head(self) -> Head:
        """The head over everything walked so far."""
        return Head(self.origin, self.count, merkle.root(self.peaks), self.seal)

    def end(self, connection: Connection) -> Problem | None:
        """The seal over everything, and the place where the next entry goes."""
        rows = connection.execute(select(state)).mappings().all()
        if not rows or not self.count:
            return Problem("unopened")
        row = rows[0]
        if len(rows) > 1 or row["id"] != 1:
            return Problem("state")
        if row["size"] != self.count:
            return Problem("cut" if row["size"] > self.count else "inserted", min(row["size"], self.count))
        public = read_key(self.key)[1]
        if not signed(public, self.head()):
            return self.first_unsealed(connection, public)
        if (row["origin"], row["key"], split(row["peaks"]), row["seal"]) != (self.origin, self.key, self.peaks, self.seal):
            return Problem("state")
        return None

    def first_unsealed(self, connection: Connection, public: bytes) -> Problem:
        """The first entry whose seal does not hold. All before it hold, for a seal covers everything before it."""
        node = node_reader(connection)
        low, high = 0, self.count - 1
        while low < high:
            middle = (low + high) // 2
            seal = connection.execute(select(records.c.seal).where(records.c.seq == middle)).scalar_one()
            if signed(public, Head(self.origin, middle + 1, merkle.subtree(0, middle + 1, node), seal)):
                low = middle + 1
            else:
                high = middle
        found = connection.execute(select(records.c.id).where(records.c.seq == low)).scalar()
        return Problem("changed", low, found)


def _rows(connection: Connection) -> Select[Any]:
    """Entries as bytes: a text that is no text any more, or bytes made a text, must not stop the reading."""
    lite = connection.dialect.name == "sqlite"

    def raw(column: Any) -> Any:
        return cast(column, LargeBinary) if lite or isinstance(column.type, LargeBinary) else func.convert_to(column, "UTF8")

    columns = [raw(getattr(records.c, name)) for name in ("entry", "content", "nodes", "seal", *SEARCHED)]
    return select(records.c.seq, *columns).order_by(records.c.seq)


def _seen(connection: Connection, key: Key) -> Head | None:
    """The newest head of this ledger that was seen on this machine."""
    opening = connection.execute(select(records.c.entry).where(records.c.seq == 0)).scalar()
    try:
        said = json.loads(opening or "")
        return key.seen(said["origin"], read_key(said["key"])[1])
    except (ValueError, KeyError, TypeError, AttributeError):
        return None  # the walk says what is wrong with the opening


def _keys(ledger: Ledger, walk: Walk, wanted: str) -> Iterator[Problem]:
    if wanted and read_key(wanted) != read_key(walk.key):
        yield Problem("key", detail=wanted)
    if ledger.key.path.exists():
        try:
            if ledger.key.public() != read_key(walk.key)[1]:
                yield Problem("key", detail=str(ledger.key.path))
        except LedgerError as error:
            yield Problem("key", detail=str(error))


def _heads(connection: Connection, walk: Walk, heads: Iterable[Head]) -> Iterator[Problem]:
    """Heads that were handed out, and the newest one seen on this machine: the ledger must continue each."""
    origin, public = read_key(walk.key)
    node = node_reader(connection)
    for head in heads:
        if head.origin != origin or not signed(public, head):
            yield Problem("head", detail=f"{head.origin}, {head.size}")
        elif head.size > walk.count:
            yield Problem("cut", walk.count, detail=str(head.size))
        elif merkle.subtree(0, head.size, node) != head.root:
            yield Problem("head", detail=f"{head.origin}, {head.size}")


def _personal(connection: Connection, walk: Walk) -> Iterator[Problem]:
    """Each value is the one committed to, none is missing without an erasure, none is back after one; in the order of the entries."""
    query = select(personal, records.c.seq, records.c.entry).join_from(personal, records, personal.c.id == records.c.id)
    there, found = 0, []
    for row in connection.execute(query.order_by(records.c.seq), execution_options={"yield_per": STEP}):
        there += 1
        if privacy.commitment(row.field, row.value, row.salt) != json.loads(row.entry)["personal"].get(row.field):
            found.append(Problem("personal", row.seq, row.id, row.field))
    erased = select(records.c.ref).where(records.c.kind == "erasure")
    for back in connection.execute(select(personal.c.id).where(personal.c.id.in_(erased)).distinct()).scalars():
        found.append(Problem("personal", None, back))
    lone = connection.execute(select(func.count()).select_from(personal)).scalar_one() - there
    if found or lone or there != walk.held:
        named = {problem.seq for problem in found}
        found += [problem for problem in _missing(connection) if problem.seq not in named]
        yield from sorted(found, key=lambda p: (p.seq is None, p.seq or 0)) or [Problem("personal")]


def _missing(connection: Connection) -> Iterator[Problem]:
    """Personal fields that were committed to, were not erased, and are not there."""
    query = select(records.c.seq, records.c.id, records.c.entry).where(records.c.kind == "decision").order_by(records.c.seq)
    for row in connection.execute(query):
        fields = set(json.loads(row.entry)["personal"])
        gone = connection.execute(select(records.c.seq).where(records.c.ref == row.id, records.c.kind == "erasure")).first()
        held = set(connection.execute(select(personal.c.field).where(personal.c.id == row.id)).scalars())
        if fields != held and not gone:
            yield Problem("personal", row.seq, row.id, ", ".join(sorted(fields ^ held)))


def _rules(connection: Connection) -> Iterator[Problem]:
    """Every rulebook that decided is there, file by file; nothing else is."""
    used = set(connection.execute(select(records.c.rulebook).where(records.c.kind == "decision").distinct()).scalars())
    there = {row.hash: row.layers for row in connection.execute(select(rulebooks.c.hash, rulebooks.c.layers))}
    sound = True
    named: dict[str, str] = {}
    for name in sorted(used | there.keys(), key=str):
        with suppress(ValueError, KeyError, TypeError, AttributeError):  # said just below
            named.update((mark, file) for layer in json.loads(there[name]) for file, mark in layer["files"].items())
        try:
            stored_layers(connection, name)
        except Damaged as error:
            sound = False
            yield Problem("rulebook", detail=str(error))
    lite = connection.dialect.name == "sqlite"
    raw = cast(files.c.text, LargeBinary) if lite else func.convert_to(files.c.text, "UTF8")
    for mark, body in connection.execute(select(files.c.hash, raw).order_by(files.c.hash)):
        # Where a rulebook is not sound, files that none names any more are no trouble of their own.
        if hashlib.sha256(body).hexdigest() != mark or (sound and mark not in named):
            yield Problem("rulebook", detail=f"file {named.get(mark, mark[:16])}")


def _file(connection: Connection, lite: bool) -> Iterator[Problem]:
    """The database's own check of its file."""
    if lite:
        said = connection.execute(text("PRAGMA integrity_check(1)")).scalar()
        if said != "ok":
            yield Problem("storage", detail=str(said).splitlines()[-1])
