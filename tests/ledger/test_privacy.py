"""Names, addresses and CPR numbers: apart, read with a purpose only, erased for good, and nowhere else."""

from __future__ import annotations

import traceback
from dataclasses import replace

import pytest
from conftest import DECIDED, PERSON, files_of
from sqlalchemy import insert, text

from subsidyengine.document import decide
from subsidyengine.ledger import Ledger, LedgerError, NotAllowed, NotThere, StorageError
from subsidyengine.ledger.privacy import fields_of
from subsidyengine.ledger.prove import prove_entry
from subsidyengine.ledger.schema import personal
from subsidyengine.ledger.verifier import check_proof
from subsidyengine.ledger.verify import verify


def test_reading_is_recorded_before_anything_is_read(ledger, granted):
    assert ledger.personal(granted.id, reader="Bo Larsen", purpose="afgørelsesbrev") == PERSON
    [one] = ledger.readings(granted.id)
    assert (one.reader, one.purpose, one.fields, one.decision) == ("Bo Larsen", "afgørelsesbrev", ("name", "address", "cpr"), granted.id)
    assert verify(ledger).sound


@pytest.mark.parametrize(("reader", "purpose"), [("", "brev"), ("Bo", ""), ("Bo", "   ")])
def test_nobody_reads_without_name_and_purpose(ledger, granted, reader, purpose):
    with pytest.raises(LedgerError):
        ledger.personal(granted.id, reader=reader, purpose=purpose)
    assert ledger.readings() == ()


def test_reading_that_cannot_be_recorded_gives_nothing(ledger, granted):
    """Without the key nothing can be recorded, so nothing is read."""
    ledger.key.path.unlink()
    ledger.key._private = None
    with pytest.raises(NotThere, match="key"):
        ledger.personal(granted.id, reader="Bo", purpose="brev")


def test_lists_mask(ledger, granted):
    assert ledger.masked(granted.id) == {"name": "P. P.", "address": "***", "cpr": "010160-xxxx"}
    assert ledger.readings() == ()


def test_forgotten_is_gone_and_proofs_hold(ledger, granted):
    before = prove_entry(ledger, granted.id)
    assert ledger.forget(by="Anna", why="slettefrist", entry=granted.id[:6]) == (granted.id,)
    entry = ledger.entry(granted.id)
    assert (entry.personal, entry.erased, entry.document) == (("name", "address", "cpr"), ("name", "address", "cpr"), granted.document)
    assert ledger.masked(granted.id) == {}
    with pytest.raises(NotThere, match="erased"):
        ledger.personal(granted.id, reader="Bo", purpose="brev")
    with pytest.raises(NotThere):
        ledger.forget(by="Anna", why="igen", entry=granted.id)
    assert check_proof(before)
    assert check_proof(prove_entry(ledger, granted.id))
    assert verify(ledger).sound


def test_case_is_forgotten_in_all_its_decisions(ledger, granted, rules, case_of):
    case = case_of("transitional-subsidy-rent-rises")
    other = ledger.propose(replace(case, id="K-2"), rules, "transitional.subsidy", decided_on=DECIDED, person=PERSON)
    second = ledger.propose(case, rules, "transitional.placement", decided_on=DECIDED, person=PERSON)
    assert ledger.forget(by="Anna", why="frist", case="K-2026-0001") == (granted.id, second.id)
    assert ledger.masked(other.id)
    with pytest.raises(NotAllowed):
        ledger.forget(by="Anna", why="frist")
    with pytest.raises(NotThere) as caught:
        ledger.forget(by="Anna", why="frist", case="Hansen 010160-0000")
    assert "Hansen" not in str(caught.value)


def test_erased_values_put_back_are_found(ledger, granted):
    """Somebody with an old backup puts the row back."""
    with ledger.store.reading() as connection:
        row = dict(connection.execute(text("SELECT * FROM ledger_personal WHERE field = 'cpr'")).mappings().one())
    ledger.forget(by="Anna", why="frist", entry=granted.id)
    with ledger.store.writing() as connection:
        connection.execute(text("INSERT INTO ledger_personal (id, field, value, salt) VALUES (:id, :field, :value, :salt)"), row)
    assert verify(ledger).problems[0].trouble == "personal"


def test_same_value_is_committed_to_differently_each_time(ledger, granted, rules, case_of):
    """Equal commitments would tell that two cases are of one person."""
    case = case_of("transitional-subsidy-rent-rises")
    other = ledger.propose(replace(case, id="K-2"), rules, "transitional.subsidy", decided_on=DECIDED, person=PERSON)
    with ledger.store.reading() as connection:
        rows = connection.execute(text("SELECT entry FROM ledger_records WHERE id IN (:a, :b)"), {"a": granted.id, "b": other.id}).scalars()
        import json

        one, two = (json.loads(row)["personal"] for row in rows)
    assert not set(one.values()) & set(two.values())


def test_no_personal_data_outside_its_table(ledger, granted):
    ledger.personal(granted.id, reader="Bo", purpose="brev")
    with ledger.store.reading() as connection:
        for table in ("ledger_records", "ledger_files", "ledger_rulebooks", "ledger_state"):
            said = str(connection.execute(text(f"SELECT * FROM {table}")).all())
            assert all(value not in said for value in ("Prøvesen", "Testvej", "0101600000", "010160-0000")), table


@pytest.mark.parametrize(
    ("person", "message"),
    [
        ({"navn": "Hemmelig"}, "name, address, cpr"),
        ({"cpr": "12345"}, "ten digits"),
        ({"cpr": "010160-00000"}, "ten digits"),
        ({"name": " "}, "name is empty"),
        ({"name": "a\x00b"}, "cannot be printed"),
        ({"address": "x" * 501}, "too long"),
    ],
)
def test_person_that_cannot_be_kept_is_told_without_its_values(person, message):
    with pytest.raises(LedgerError, match=message) as caught:
        fields_of(person)
    assert all(value not in str(caught.value) for value in person.values() if value.strip())


@pytest.mark.parametrize(("given", "kept"), [("0101600000", "010160-0000"), ("010160 0000", "010160-0000"), ("010160-0000", "010160-0000")])
def test_cpr_number_is_kept_in_one_form_and_never_held_against_modulus_11(given, kept):
    """0101600000 does not meet modulus 11; people have such numbers (administrative.md 5)."""
    assert fields_of({"cpr": given}) == {"cpr": kept}


def test_nothing_of_many_forgotten_is_left_in_the_files_of_either_database(ledger, rules, case_of):
    """Pages that were split, merged and half emptied: by turns some people stay and some go."""
    case = case_of("transitional-subsidy-rent-rises")
    document = decide(case, rules.book, "transitional.subsidy", known=DECIDED)
    names = [f"Hemmelig{number:03d} Prøve" for number in range(90)]
    for number, name in enumerate(names):
        person = {"name": name, "address": f"Testvej {number}" + " x" * (number * 7 % 90)}
        ledger.add(replace(case, id=f"K-{number}"), document, rules, decided_on=DECIDED, person=person)
    gone = [number for number in range(90) if number % 3]
    for number in gone[::9]:
        ledger.forget(by="Anna", why="frist", case=f"K-{number}")
    left = [name for number in gone[::9] for name in [names[number]] if any(name.encode() in raw for raw in files_of(ledger))]
    assert left == []
    assert any(names[0].encode() in raw for raw in files_of(ledger))  # who stays is found where we look


def test_others_reading_all_the_while_are_told_and_the_same_command_finishes(ledger, url, key, granted, monkeypatch):
    """A reader holds on to the old state of the file: the erasure stands, and what may be left is told."""
    monkeypatch.setattr("subsidyengine.ledger.storage.PATIENCE", 1)
    ledger.close()
    with Ledger.open(url, key) as opened, Ledger.open(url, key) as other:
        with other.store.reading() as connection:
            connection.execute(text("SELECT count(*) FROM ledger_personal")).scalar()
            with pytest.raises(StorageError, match=r"gone from the ledger, and may still stand(.|\n)*run the same command again"):
                opened.forget(by="Anna", why="frist", entry=granted.id)
        assert opened.masked(granted.id) == {}
        with pytest.raises(NotThere, match="erased"):
            opened.forget(by="Anna", why="frist", entry=granted.id)
        assert verify(opened).sound


@pytest.mark.parametrize("values", [{"field": "name", "value": "Hemmelig Navn"}, {"field": "for long a field", "value": "Hemmelig Navn"}])
def test_errors_of_the_database_say_no_values_even_in_a_traceback(ledger, values):
    """SQLAlchemy's own text has the statement with its values; PostgreSQL's has the row. Logs print tracebacks with their causes."""
    with pytest.raises(StorageError) as caught, ledger.store.writing() as connection:
        connection.execute(insert(personal), {"id": "nobody", "salt": b"Hemmelig Salt", **values})
    told = "".join(traceback.format_exception(caught.value))
    assert "Hemmelig" not in told
    assert "Hemmelig" not in str(caught.value)


def test_case_is_not_named_by_a_cpr_number(ledger, rules, case_of):
    """From a file it is refused when it is read; from Python here."""
    case = replace(case_of("transitional-subsidy-rent-rises"), id="010160-1234")
    with pytest.raises(NotAllowed, match="looks like a CPR number") as caught:
        ledger.propose(case, rules, "transitional.subsidy", decided_on=DECIDED)
    assert "1234" not in str(caught.value)


def test_half_a_character_is_told_and_not_repeated(ledger, rules, case_of):
    case = case_of("transitional-subsidy-rent-rises")
    facts = {**case.facts, "lease.rent": tuple(replace(g, source="fra \ud800") for g in case.facts["lease.rent"])}
    with pytest.raises(NotAllowed, match="half a character"):
        ledger.propose(replace(case, facts=facts), rules, "transitional.subsidy", decided_on=DECIDED)


def test_postgresql_writes_the_table_anew(new_database, key, rules, case_of):
    """A plain VACUUM leaves bytes of deleted rows in pages that are not full: it takes luck to find them, so the new file is asked for."""
    file = text("SELECT pg_relation_filepath('ledger_personal')")
    with Ledger.create(new_database("postgresql"), key) as ledger:
        made = ledger.propose(case_of("transitional-subsidy-rent-rises"), rules, "transitional.subsidy", decided_on=DECIDED, person=PERSON)
        with ledger.store.reading() as connection:
            before = connection.execute(file).scalar_one()
        ledger.forget(by="Anna", why="frist", entry=made.id)
        with ledger.store.reading() as connection:
            assert connection.execute(file).scalar_one() != before
