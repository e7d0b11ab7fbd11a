"""A whole ledger in one file that is tied to no database: for safety, for the archive, and to move from SQLite to PostgreSQL.

The file is gzipped NDJSON: a head, rule files, entries in order, personal data, and a last line with the SHA-256 of all before it. A file
that was cut or changed in any byte is refused. It holds personal data (only its owner may read it), but not the signing key.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import os
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, cast

from sqlalchemy import Connection, insert, select, update

from ..words import quoted, say
from . import lookup, merkle
from .append import head_of, open_state
from .errors import Damaged, LedgerError, NotAllowed
from .keys import signed
from .records import searched, written
from .schema import files, personal, records, rulebooks, state
from .verifier import Head, ProofError, leaf_hash, read_key

if TYPE_CHECKING:
    from .ledger import Ledger
    from .storage import Store

FORMAT = "subsidyengine-ledger-backup-1"
STEP = 500
Told = Callable[[int], None]


def backup(ledger: Ledger, path: Path, told: Told = lambda _: None) -> int:
    """Write the ledger to a new file; the number of entries. The file is there when it is whole, or not at all. LedgerError."""
    if path.exists():
        raise NotAllowed(say("{path} is there already: a backup never overwrites another", path=path))
    made = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with open(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as raw:
            with (
                gzip.GzipFile(filename="", fileobj=raw, mode="wb", compresslevel=6, mtime=0) as packed,
                ledger.store.reading() as connection,
            ):
                size = _write(connection, cast(IO[bytes], packed), told)
            raw.flush()
            os.fsync(raw.fileno())
        made.rename(path)
    except OSError as error:
        raise LedgerError(say("{path}: cannot be written: {reason}", path=path, reason=quoted(str(error.strerror or error)))) from None
    finally:
        made.unlink(missing_ok=True)
    return size


def _write(connection: Connection, out: IO[bytes], told: Told) -> int:
    digest, count = hashlib.sha256(), 0
    head, key = head_of(connection)
    for line in _lines(connection, head, key, told):
        raw = written(line).encode() + b"\n"
        digest.update(raw)
        out.write(raw)
        count += 1
    out.write(written({"lines": count, "sha256": digest.hexdigest()}).encode() + b"\n")
    return head.size


def _lines(connection: Connection, head: Head, key: str, told: Told) -> Iterator[dict[str, Any]]:
    yield {"backup": FORMAT, "key": key, "head": head.text(read_key(key)[1])}
    for row in connection.execute(select(files).order_by(files.c.hash)):
        yield {"file": row.hash, "text": row.text}
    for row in connection.execute(select(rulebooks).order_by(rulebooks.c.hash)):
        yield {"rulebook": row.hash, "layers": row.layers}
    query = select(records.c.seq, records.c.entry, records.c.content, records.c.seal).order_by(records.c.seq)
    for row in connection.execute(query, execution_options={"yield_per": STEP}):
        yield {"seq": row.seq, "entry": row.entry, "content": row.content, "seal": base64.b64encode(row.seal).decode()}
        if row.seq % STEP == 0:
            told(row.seq)
    query_ = select(personal).order_by(personal.c.id, personal.c.field)
    for row in connection.execute(query_, execution_options={"yield_per": STEP}):
        yield {"personal": row.id, "field": row.field, "value": row.value, "salt": base64.b64encode(row.salt).decode()}


def restore(store: Store, path: Path, told: Told = lambda _: None) -> int:
    """Read a backup into a database without a ledger; the number of entries. All of it or nothing.

    Damaged when the file was cut or changed, NotAllowed when there is a ledger already.
    """
    if store.version() is not None:
        with store.reading() as connection:
            if lookup.is_open(connection):
                raise NotAllowed(say("{where}: there is a ledger here: a backup is restored beside it, never over it", where=store.shown))
    check_file(path)
    store.migrate()
    with store.writing() as connection:
        return _Restoring(connection, told).run(_read(path))


def check_file(path: Path) -> None:
    """Damaged unless the file is whole: nothing of it is used before that is known."""
    for _ in _read(path):
        pass


def _read(path: Path) -> Iterator[dict[str, Any]]:
    """Every line but the last, which must fit the others."""
    digest, count, last = hashlib.sha256(), 0, b""
    try:
        with gzip.open(path, "rb") as packed:
            for raw in packed:
                if last:
                    digest.update(last)
                    count += 1
                    yield json.loads(last)
                last = raw
        end = json.loads(last) if last else {}
    except FileNotFoundError:
        raise LedgerError(say("{path}: no such file", path=path)) from None
    except (OSError, EOFError, zlib.error, ValueError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise LedgerError(say("{path}: cannot be read: {reason}", path=path, reason=quoted(str(error.strerror)))) from None
        raise Damaged(say("{path}: is no backup, or was cut or changed", path=path)) from None
    if not isinstance(end, dict) or end.get("lines") != count or end.get("sha256") != digest.hexdigest():
        raise Damaged(say("{path}: is no backup, or was cut or changed", path=path))


class _Restoring:
    """Rows as they are read; the tree grows with them, and its last seal must hold."""

    def __init__(self, connection: Connection, told: Told) -> None:
        self.connection, self.told = connection, told
        self.size, self.peaks, self.seal = 0, list[bytes](), b""
        self.origin, self.public = "", b""
        self.waiting: list[dict[str, Any]] = []

    def run(self, lines: Iterator[dict[str, Any]]) -> int:
        try:
            for line in lines:
                self.line(line)
            self.flush()
        except (KeyError, TypeError, ProofError) as error:
            raise Damaged(say("the backup lacks something: {error}", error=error)) from None
        if not self.size or not signed(self.public, Head(self.origin, self.size, merkle.root(self.peaks), self.seal)):
            raise Damaged(say("the backup's last seal does not hold: it was changed"))
        self.connection.execute(update(state).values(size=self.size, peaks=b"".join(self.peaks), seal=self.seal))
        return self.size

    def line(self, line: dict[str, Any]) -> None:
        if "seq" in line:
            self.record(line)
            return
        self.flush()
        if "backup" in line:
            if line["backup"] != FORMAT:
                raise LedgerError(say("a backup of another kind ({kind}): update the program", kind=line["backup"]))
            self.origin, self.public = read_key(line["key"])
            open_state(self.connection, self.origin, line["key"])
        elif "file" in line:
            self.connection.execute(insert(files), {"hash": line["file"], "text": line["text"]})
        elif "rulebook" in line:
            self.connection.execute(insert(rulebooks), {"hash": line["rulebook"], "layers": line["layers"]})
        elif "personal" in line:
            row = {"id": line["personal"], "field": line["field"], "value": line["value"], "salt": base64.b64decode(line["salt"])}
            self.connection.execute(insert(personal), row)

    def record(self, line: dict[str, Any]) -> None:
        if line["seq"] != self.size:
            raise Damaged(say("the backup lacks entry {number}", number=self.size))
        nodes, self.peaks = merkle.grow(self.size, self.peaks, leaf_hash(line["entry"].encode()))
        self.seal = base64.b64decode(line["seal"])
        self.size += 1
        row = {"seq": line["seq"], "entry": line["entry"], "content": line["content"], "nodes": b"".join(nodes), "seal": self.seal}
        self.waiting.append({**row, **searched(json.loads(line["entry"]))})
        if len(self.waiting) == STEP:
            self.flush()
            self.told(self.size)

    def flush(self) -> None:
        if self.waiting:
            self.connection.execute(insert(records), self.waiting)
            self.waiting = []
