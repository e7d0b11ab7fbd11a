"""Whoever touches the database is found out, and the first entry touched is named."""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import DECIDED, PERSON
from sqlalchemy import text

from subsidyengine.ledger import Damaged, Ledger, NotThere
from subsidyengine.ledger.keys import Key
from subsidyengine.ledger.merkle import grow, root
from subsidyengine.ledger.schema import metadata
from subsidyengine.ledger.verifier import leaf_hash
from subsidyengine.ledger.verify import verify

ENTRIES = 9
SUBSIDY = "transitional.subsidy"


@pytest.fixture
def filled(ledger, rules, case_of):
    """An opening, five decisions, two signatures, a letter: entries 0 to 8."""
    case = case_of("transitional-subsidy-rent-rises")
    made = [
        ledger.propose(replace(case, id=f"K-{n}"), rules, "transitional.subsidy", decided_on=DECIDED, person=PERSON if n < 3 else None)
        for n in range(5)
    ]
    ledger.sign(made[0].id, by="Anna", role="jurist", on=DECIDED)
    ledger.sign(made[1].id, by="Anna", role="jurist", on=DECIDED)
    ledger.record_letter(made[0].id, "decision", "ab" * 32, DECIDED, "Digital Post")
    return ledger


def run(ledger: Ledger, *statements: str, **values: object) -> None:
    """What somebody with the database's password can do."""
    with ledger.store.writing() as connection:
        for statement in statements:
            connection.execute(text(statement), values)


def first(ledger: Ledger) -> tuple[str, int | None]:
    found = verify(ledger).problems
    return (found[0].trouble, found[0].seq) if found else ("sound", None)


def test_untouched_ledger_is_sound(filled):
    report = verify(filled)
    assert (report.sound, report.entries) == (True, ENTRIES)


SHIFT = ("UPDATE ledger_records SET seq = -seq WHERE seq > {0}", "UPDATE ledger_records SET seq = -seq {1} 1 WHERE seq < 0")
FREE = "DELETE FROM ledger_personal"


@pytest.mark.parametrize(
    ("statements", "trouble", "seq"),
    [
        (["UPDATE ledger_records SET entry = replace(entry, 'granted', 'refused') WHERE seq = 3"], "changed", 3),
        (["UPDATE ledger_records SET content = replace(content, 'granted', 'refused') WHERE seq = 2"], "changed", 2),
        (["UPDATE ledger_records SET outcome = 'refused' WHERE seq = 4"], "changed", 4),
        (["UPDATE ledger_records SET day = '2020-01-01' WHERE seq = 6"], "changed", 6),
        (["UPDATE ledger_records SET seal = (SELECT seal FROM ledger_records WHERE seq = 1) WHERE seq = 5"], "changed", 5),
        (["UPDATE ledger_records SET nodes = (SELECT nodes FROM ledger_records WHERE seq = 0) WHERE seq = 5"], "changed", 5),
        (["DELETE FROM ledger_records WHERE seq = 6"], "removed", 6),
        (["DELETE FROM ledger_records WHERE seq = 0"], "removed", 0),
        (["DELETE FROM ledger_records WHERE seq = 8"], "cut", 8),
        (["DELETE FROM ledger_records WHERE seq = 8", "UPDATE ledger_state SET size = 8"], "cut", 8),
        (["DELETE FROM ledger_records WHERE seq = 6", *(s.format(6, "-") for s in SHIFT)], "removed", 6),
        (["UPDATE ledger_records SET seq = 99 WHERE seq = 6", "UPDATE ledger_records SET seq = 6 WHERE seq = 7",
          "UPDATE ledger_records SET seq = 7 WHERE seq = 99"], "reordered", 6),
        (["UPDATE ledger_state SET size = size + 1"], "cut", 9),
        (["UPDATE ledger_state SET origin = 'other'"], "state", None),
        (["DELETE FROM ledger_state"], "unopened", None),
        (["UPDATE ledger_state SET id = 2"], "state", None),
        (["UPDATE ledger_personal SET id = (SELECT id FROM ledger_records WHERE seq = 5) "
          "WHERE id = (SELECT id FROM ledger_records WHERE seq = 2)"], "personal", 2),
        (["UPDATE ledger_personal SET value = 'Anden Person' WHERE field = 'name'"], "personal", 1),
        (["DELETE FROM ledger_personal WHERE field = 'cpr'"], "personal", 1),
        (["UPDATE ledger_files SET text = text || ' '"], "rulebook", None),
        (["DELETE FROM ledger_files"], "rulebook", None),
        (["DELETE FROM ledger_rulebooks"], "rulebook", None),
    ],
)  # fmt: skip
def test_first_entry_touched_is_named(filled, statements, trouble, seq):
    run(filled, *statements)
    assert first(filled) == (trouble, seq)


@pytest.mark.parametrize("column", ["entry", "content", "nodes", "seal", "kind", "case_id"])
def test_bytes_that_are_no_text_are_named_to_the_entry(new_database, key, rules, case_of, column):
    """SQLite keeps any bytes in any column, and reads none of the rows around them once it has said that they are text."""
    with Ledger.create(new_database("sqlite"), key) as ledger:
        for number in range(4):
            ledger.propose(replace(case_of("transitional-subsidy-rent-rises"), id=f"K-{number}"), rules, SUBSIDY, decided_on=DECIDED)
        run(ledger, f"UPDATE ledger_records SET {column} = CAST(x'ff' AS TEXT) WHERE seq = 3")
        assert first(ledger) == ("changed", 3)


def test_only_the_rule_file_that_was_changed_is_named(filled):
    run(filled, "UPDATE ledger_files SET text = text || ' ' WHERE text LIKE 'schemes: %' OR text LIKE '%boligsikring_income_limit:%'")
    said = [problem.detail for problem in verify(filled).problems]
    assert said[0].endswith("were changed")
    assert 0 < len(said[1:]) < 4
    assert all(each.startswith("file ") and each.endswith(".yaml") for each in said[1:])


def test_changed_content_is_never_shown(filled):
    """Nobody reads a changed decision by not having run verify."""
    run(filled, "UPDATE ledger_records SET content = replace(content, 'granted', 'refused') WHERE seq = 2")
    with pytest.raises(Damaged, match="entry 2 was changed"):
        filled.entry("K-1")
    assert filled.entry("K-2").outcome == "granted"


def cut(filled):
    """Rows and state are made as they were three entries ago."""
    with filled.store.reading() as connection:
        rows = connection.execute(text("SELECT entry, seal FROM ledger_records WHERE seq < 6 ORDER BY seq")).all()
    peaks: list[bytes] = []
    for size, row in enumerate(rows):
        peaks = grow(size, peaks, leaf_hash(row.entry.encode()))[1]
    run(filled, "DELETE FROM ledger_records WHERE seq > 5")
    run(filled, "UPDATE ledger_state SET size = 6, peaks = :peaks, seal = :seal", peaks=b"".join(peaks), seal=rows[-1].seal)


def test_cut_end_is_found_even_when_the_end_was_made_to_fit(filled):
    """Rows and state as they were three entries ago: only what was seen outside the database tells."""
    cut(filled)
    assert first(filled) == ("cut", 6)
    filled.key.seen_path(filled.head().origin).unlink()
    assert first(filled) == ("sound", None)  # from the database alone it cannot be known: hand heads out


def test_rewritten_from_the_middle_without_the_key_is_named_to_the_entry(filled):
    """Entry 3 changed, all hashes after it made to fit: every hash agrees, and no seal from 3 on holds."""
    with filled.store.reading() as connection:
        rows = connection.execute(text("SELECT seq, entry FROM ledger_records ORDER BY seq")).all()
    peaks: list[bytes] = []
    for row in rows:
        entry = row.entry.replace('"K-2"', '"K-9"') if row.seq == 3 else row.entry
        nodes, peaks = grow(row.seq, peaks, leaf_hash(entry.encode()))
        run(filled, "UPDATE ledger_records SET entry = :entry, nodes = :nodes, case_id = replace(case_id, 'K-2', 'K-9') WHERE seq = :seq",
            entry=entry, nodes=b"".join(nodes), seq=row.seq)  # fmt: skip
    run(filled, "UPDATE ledger_state SET peaks = :peaks", peaks=b"".join(peaks))
    assert root(peaks)
    assert first(filled) == ("changed", 3)


def test_inserted_entry_is_named(filled):
    """A forged decision pushed in at 5, the rest moved up."""
    run(filled, *(s.format(4, "+") for s in SHIFT))
    run(
        filled,
        "INSERT INTO ledger_records (seq, kind, entry, nodes, seal) SELECT 5, kind, entry, nodes, seal FROM ledger_records WHERE seq = 4",
    )
    assert first(filled) == ("inserted", 5)


def test_forged_entry_that_links_to_the_one_before_is_named(filled):
    """It has the number of its place and names the seal before it; only its own seal cannot be made."""
    with filled.store.reading() as connection:
        entry, seal = connection.execute(text("SELECT entry, seal FROM ledger_records WHERE seq = 5")).one()
        rows = connection.execute(text("SELECT entry FROM ledger_records WHERE seq < 5 ORDER BY seq")).scalars().all()
    peaks: list[bytes] = []
    for size, row in enumerate(rows):
        peaks = grow(size, peaks, leaf_hash(row.encode()))[1]
    forged = entry.replace('"K-4"', '"K-7"')
    nodes = grow(5, peaks, leaf_hash(forged.encode()))[0]
    run(filled, *(s.format(4, "+") for s in SHIFT))
    run(filled, "INSERT INTO ledger_records (seq, kind, ref, case_id, scheme, outcome, rulebook, day, entry, content, nodes, seal) "
        "SELECT 5, kind, ref, 'K-7', scheme, outcome, rulebook, day, :entry, content, :nodes, :seal FROM ledger_records WHERE seq = 6",
        entry=forged, nodes=b"".join(nodes), seal=seal)  # fmt: skip
    trouble, seq = first(filled)
    assert (trouble, seq) == ("changed", 5)  # its id stands twice: the column is left out


def test_forged_entry_at_the_end_is_named(filled):
    run(
        filled,
        "INSERT INTO ledger_records (seq, kind, entry, nodes, seal) SELECT 9, kind, entry, nodes, seal FROM ledger_records WHERE seq = 8",
    )
    assert first(filled) == ("inserted", 9)


def test_cut_end_is_found_by_a_head_that_was_handed_out(filled):
    """By somebody who has nothing but the head and the database: nothing was seen on that machine."""
    handed_out = filled.head()
    cut(filled)
    filled.key.seen_path(handed_out.origin).unlink()
    assert verify(filled).sound
    [problem] = verify(filled, [handed_out]).problems
    assert (problem.trouble, problem.seq, problem.detail) == ("cut", 6, str(ENTRIES))


def test_handed_out_head_is_held_against_the_ledger(filled, rules, case_of):
    old = filled.head()
    filled.propose(replace(case_of("transitional-subsidy-rent-rises"), id="K-8"), rules, "transitional.subsidy", decided_on=DECIDED)
    assert verify(filled, [old]).sound
    assert verify(filled, [replace(old, root=bytes(32))]).problems[0].trouble == "head"


def test_ledger_signed_by_another_key_is_found(filled, tmp_path, new_database):
    with Ledger.create(new_database("sqlite"), tmp_path / "other.key") as other:
        assert verify(filled, key=other.public_key()).problems[0].trouble == "key"
        assert verify(filled, [other.head()]).problems[0].trouble == "head"
    assert verify(Ledger(filled.store, Key(tmp_path / "other.key"))).problems[0].trouble == "key"


def test_a_byte_flipped_in_any_of_200_random_cells_is_found(filled, tmp_path):
    """Every column of every table, a byte at a time."""
    flipped = flipped_in_sqlite if filled.store.is_sqlite else flipped_in_postgresql
    assert flipped(filled, tmp_path, random.Random(20261125)) == []


COLUMNS = [(table.name, column.name) for table in metadata.sorted_tables for column in table.columns] + [("ledger_version", "version_num")]


def flipped_in_sqlite(filled: Ledger, tmp_path: Path, chance: random.Random) -> list[tuple[object, ...]]:
    """What was not found of 200; a fresh copy of the file for each."""
    path = filled.store.path
    filled.close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.text_factory = bytes
        cells = [
            (table, column, rowid, value)
            for table, column in COLUMNS
            for rowid, value in connection.execute(f"SELECT rowid, {column} FROM {table}")
            if isinstance(value, bytes) and value
        ]
    missed = []
    for _ in range(200):
        table, column, rowid, value = chance.choice(cells)
        place, bit = chance.randrange(len(value)), 1 << chance.randrange(8)
        changed = value[:place] + bytes([value[place] ^ bit]) + value[place + 1 :]
        copy = tmp_path / "flipped.db"
        shutil.copyfile(path, copy)
        with closing(sqlite3.connect(copy, isolation_level=None)) as connection:
            kind = connection.execute(f"SELECT typeof({column}) FROM {table} WHERE rowid = ?", (rowid,)).fetchone()[0]
            value_ = "?" if kind == "blob" else "CAST(? AS TEXT)"
            connection.execute(f"UPDATE {table} SET {column} = {value_} WHERE rowid = ?", (changed, rowid))
        if not found_out(copy, filled.key.path):
            missed.append((table, column, rowid, place))
        copy.unlink()
    return missed


def flipped_in_postgresql(filled: Ledger, tmp_path: Path, chance: random.Random) -> list[tuple[object, ...]]:
    """The same; each is put back. PostgreSQL keeps texts that are texts only, so there the lowest bit of a plain letter is flipped."""
    found: list[tuple[str, str, str | bytes]] = []
    with filled.store.writing() as connection:
        connection.execute(text("ALTER TABLE ledger_personal DROP CONSTRAINT ledger_personal_id_fkey"))
        for table, column in COLUMNS:
            values = connection.execute(text(f"SELECT {column} FROM {table}")).scalars()
            found += [(table, column, value) for value in values if isinstance(value, str | bytes) and value]
    missed = []
    url = filled.store.url.render_as_string(hide_password=False).replace("+psycopg", "")
    for _ in range(200):
        table, column, old = chance.choice(found)
        place = chance.randrange(len(old))
        if isinstance(old, bytes):
            new: object = old[:place] + bytes([old[place] ^ 1 << chance.randrange(8)]) + old[place + 1 :]
        else:
            new = old[:place] + (chr(ord(old[place]) ^ 1) if old[place].isascii() and old[place] != "\x01" else "x") + old[place + 1 :]
        turn = f"UPDATE {table} SET {column} = :value WHERE ctid = (SELECT ctid FROM {table} WHERE {{}} LIMIT 1) RETURNING ctid::text"
        with filled.store.writing() as connection:
            place_now = connection.execute(text(turn.format(f"{column} = :old")), {"value": new, "old": old}).scalar_one()
        if not found_out(url, filled.key.path):
            missed.append((table, column, place))
        with filled.store.writing() as connection:
            connection.execute(text(turn.format("ctid = CAST(:at AS tid)")), {"value": old, "at": place_now}).scalar_one()
    assert verify(filled).sound
    return missed


def test_a_byte_flipped_anywhere_in_the_file_is_found_or_touched_nothing(filled, tmp_path):
    """In the raw file there are bytes that hold nothing (free space inside pages): flipping one of those changes no answer."""
    if not filled.store.is_sqlite:
        pytest.skip("the file of SQLite")
    path = filled.store.path
    filled.close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    whole, before = path.read_bytes(), dumped(path)
    chance = random.Random(20261126)
    missed = harmless = 0
    for _ in range(200):
        place = chance.randrange(len(whole))
        copy = tmp_path / "flipped.db"
        copy.write_bytes(whole[:place] + bytes([whole[place] ^ 1 << chance.randrange(8)]) + whole[place + 1 :])
        if not found_out(copy, filled.key.path):
            harmless += dumped(copy) == before
            missed += dumped(copy) != before
        for left in tmp_path.glob("flipped.db*"):
            left.unlink()
    assert missed == 0
    assert harmless < 200


def found_out(path: Path | str, key: Path) -> bool:
    from subsidyengine.ledger import LedgerError

    try:
        with Ledger.open(path, key) as opened:
            return not verify(opened).sound
    except LedgerError:
        return True


def dumped(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


def test_proof_of_an_entry_that_is_not_there(filled):
    from subsidyengine.ledger.prove import prove_entry

    made = next(iter(filled.entries(signed=False)))
    with pytest.raises(NotThere, match="no signature"):
        prove_entry(filled, made.id, "signature")
    assert json.dumps(prove_entry(filled, made.id))


def test_one_key_may_serve_several_ledgers(filled, new_database):
    with Ledger.create(new_database("sqlite"), filled.key.path) as other:
        assert verify(other).sound
    assert verify(filled).sound
