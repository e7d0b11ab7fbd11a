"""A backup is whole or refused; it moves a ledger from one database to the other."""

from __future__ import annotations

import gzip
import random
import stat
from dataclasses import replace

import pytest
from conftest import DECIDED, PERSON
from sqlalchemy import select

from subsidyengine.ledger import Damaged, Ledger, LedgerError, NotAllowed
from subsidyengine.ledger.backup import backup, restore
from subsidyengine.ledger.replay import replay
from subsidyengine.ledger.schema import metadata
from subsidyengine.ledger.storage import Store
from subsidyengine.ledger.verify import verify


@pytest.fixture
def filled(ledger, granted, rules, case_of):
    for number in range(4):
        case = replace(case_of("transitional-subsidy-rent-rises"), id=f"K-{number}")
        ledger.propose(case, rules, "transitional.subsidy", decided_on=DECIDED, person=PERSON)
    ledger.sign(granted.id, by="Anna", role="jurist", on=DECIDED)
    ledger.forget(by="Anna", why="frist", case="K-1")
    return ledger


def rows(ledger: Ledger) -> dict[str, list[tuple]]:
    with ledger.store.reading() as connection:
        return {t.name: sorted(map(tuple, connection.execute(select(t))), key=repr) for t in metadata.sorted_tables}


@pytest.mark.parametrize("to", ["sqlite", "postgresql"])
def test_restored_ledger_is_the_same_row_by_row_in_either_database(filled, tmp_path, new_database, key, to):
    path = tmp_path / "ledger.backup"
    assert backup(filled, path) == 8
    url = new_database(to)
    store = Store(url)
    assert restore(store, path) == 8
    store.close()
    with Ledger.open(url, key) as other:
        assert rows(other) == rows(filled)
        assert verify(other).sound
        assert all(one.same for one in replay(other, other.entries()))
        entry = next(other.entries(signed=False))
        assert other.sign(entry.id, by="Bo", role="jurist", on=DECIDED).signed
        assert verify(other).sound


def test_same_ledger_gives_the_same_bytes_readable_by_its_owner_only(filled, tmp_path):
    backup(filled, tmp_path / "a")
    backup(filled, tmp_path / "b")
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o600
    assert b"PRIVATE KEY" not in gzip.decompress((tmp_path / "a").read_bytes())


def test_backup_never_overwrites_and_leaves_nothing_when_it_fails(filled, tmp_path):
    (tmp_path / "a").write_text("x", encoding="utf-8")
    with pytest.raises(NotAllowed, match="never overwrites"):
        backup(filled, tmp_path / "a")
    with pytest.raises(LedgerError, match="cannot be written"):
        backup(filled, tmp_path / "no" / "such" / "folder")
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_restore_never_overwrites(filled, tmp_path):
    backup(filled, tmp_path / "a")
    with pytest.raises(NotAllowed, match="never over it"):
        restore(filled.store, tmp_path / "a")


def test_every_flipped_byte_and_every_cut_is_refused(filled, tmp_path, new_database):
    backup(filled, tmp_path / "a")
    whole = (tmp_path / "a").read_bytes()
    chance = random.Random(5)
    broken = [
        whole[:place] + bytes([whole[place] ^ 1 << chance.randrange(8)]) + whole[place + 1 :]
        for place in chance.sample(range(10, len(whole)), 200)
    ]
    broken += [whole[: chance.randrange(len(whole))] for _ in range(20)] + [b"", b"nonsense", gzip.compress(b"{}\n")]
    for raw in broken:
        (tmp_path / "b").write_bytes(raw)
        store = Store(str(tmp_path / "never.db"))
        with pytest.raises(Damaged):
            restore(store, tmp_path / "b")
        assert not (tmp_path / "never.db").exists()


def test_lines_changed_and_sealed_again_are_refused_by_the_seal(filled, tmp_path):
    """Somebody mends the checksum too: the ledger's own seal still tells, and nothing is left half restored."""
    import hashlib
    import json

    backup(filled, tmp_path / "a")
    lines = gzip.decompress((tmp_path / "a").read_bytes()).splitlines(keepends=True)[:-1]
    at = next(index for index, line in enumerate(lines) if b'\\"granted\\"' in line)
    lines[at] = lines[at].replace(b'\\"granted\\"', b'\\"refused\\"')
    end = json.dumps({"lines": len(lines), "sha256": hashlib.sha256(b"".join(lines)).hexdigest()}).encode() + b"\n"
    (tmp_path / "b").write_bytes(gzip.compress(b"".join([*lines, end])))
    store = Store(str(tmp_path / "new.db"))
    with pytest.raises(Damaged, match="seal does not hold"):
        restore(store, tmp_path / "b")
    backup(filled, tmp_path / "c")
    assert restore(store, tmp_path / "c") == 8


def test_missing_file_is_told(tmp_path):
    with pytest.raises(LedgerError, match="no such file"):
        restore(Store(str(tmp_path / "new.db")), tmp_path / "none")
