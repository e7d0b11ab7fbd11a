"""Nothing true is ever sealed over something false: who records or signs first sees that what is there is what was sealed."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import DECIDED, PERSON
from sqlalchemy import text

from subsidyengine.document import decide
from subsidyengine.ledger import Damaged, Ledger, NotAllowed
from subsidyengine.ledger.merkle import grow
from subsidyengine.ledger.records import sha256
from subsidyengine.ledger.verifier import leaf_hash
from subsidyengine.ledger.verify import verify

SIGNED = {"by": "Anna Jensen", "role": "jurist", "on": DECIDED}
SUBSIDY = "transitional.subsidy"


@pytest.fixture
def filled(ledger, rules, case_of):
    """An opening and five proposals: entries 0 to 5."""
    for number in range(5):
        ledger.propose(replace(case_of("transitional-subsidy-rent-rises"), id=f"K-{number}"), rules, SUBSIDY, decided_on=DECIDED)
    return ledger


def rewrite(ledger: Ledger, changed: int, old: str, new: str, size: int | None = None) -> None:
    """What somebody who can write to the database and has no key can do: one entry changed (to ``size`` entries), every hash made to fit."""
    with ledger.store.writing() as connection:
        rows = connection.execute(text("SELECT seq, entry, seal FROM ledger_records ORDER BY seq")).all()[:size]
        connection.execute(text("DELETE FROM ledger_records WHERE seq >= :size"), {"size": len(rows)})
        peaks: list[bytes] = []
        for row in rows:
            entry = row.entry.replace(old, new) if row.seq == changed else row.entry
            nodes, peaks = grow(row.seq, peaks, leaf_hash(entry.encode()))
            said = {"entry": entry, "nodes": b"".join(nodes), "seq": row.seq, "case": json.loads(entry).get("case")}
            connection.execute(text("UPDATE ledger_records SET entry = :entry, nodes = :nodes, case_id = :case WHERE seq = :seq"), said)
        said = {"size": len(rows), "peaks": b"".join(peaks), "seal": rows[-1].seal}
        connection.execute(text("UPDATE ledger_state SET size = :size, peaks = :peaks, seal = :seal"), said)


def fresh(ledger: Ledger, url: str, key: Path) -> Ledger:
    """The ledger as another process opens it: it has sealed nothing itself."""
    ledger.close()
    return Ledger.open(url, key)


@pytest.mark.parametrize("same_process", [True, False])
def test_a_forgery_is_never_sealed_by_the_next_honest_entry(filled, url, key, rules, case_of, same_process):
    rewrite(filled, 3, '"K-2"', '"K-9"')
    opened = filled if same_process else fresh(filled, url, key)
    with pytest.raises(Damaged, match="not as it was sealed, so nothing is recorded"):
        opened.propose(replace(case_of("transitional-subsidy-rent-rises"), id="K-next"), rules, SUBSIDY, decided_on=DECIDED)
    [first, *_] = verify(opened).problems
    assert (first.trouble, first.seq) == ("changed", 3)
    opened.close()


def test_an_emptied_ledger_is_not_begun_anew(filled, url, key, rules, case_of):
    with filled.store.writing() as connection:
        connection.execute(text("DELETE FROM ledger_records"))
        connection.execute(text("UPDATE ledger_state SET size = 0, peaks = :none, seal = :none"), {"none": b""})
    with fresh(filled, url, key) as opened, pytest.raises(Damaged, match="not as it was sealed"):
        opened.propose(case_of("transitional-subsidy-rent-rises"), rules, SUBSIDY, decided_on=DECIDED)


def test_a_ledger_that_was_cut_is_not_continued_on_a_machine_that_saw_more(filled, url, key, rules, case_of):
    """The end as it was two entries ago, seal and all. Who accepts the loss says so by deleting what was seen."""
    rewrite(filled, -1, "", "", size=4)
    case = replace(case_of("transitional-subsidy-rent-rises"), id="K-next")
    with fresh(filled, url, key) as opened:
        with pytest.raises(Damaged, match=r"holds 4 entries, and 6 were seen here(.|\n)*delete .*seen to go on"):
            opened.propose(case, rules, SUBSIDY, decided_on=DECIDED)
        opened.key.seen_path(opened.head().origin).unlink()
        assert opened.propose(case, rules, SUBSIDY, decided_on=DECIDED).seq == 4
        assert verify(opened).sound


def test_a_fork_is_not_continued_on_a_machine_that_saw_the_other_branch(filled, url, key, tmp_path, rules, case_of):
    """Cut, then continued with the true key from a machine that had seen less."""
    rewrite(filled, -1, "", "", size=4)
    filled.close()
    elsewhere = tmp_path / "elsewhere.key"
    elsewhere.write_bytes(key.read_bytes())
    case = case_of("transitional-subsidy-rent-rises")
    with Ledger.open(url, elsewhere) as other:
        for number in range(3):
            other.propose(replace(case, id=f"F-{number}"), rules, SUBSIDY, decided_on=DECIDED)
        assert verify(other).sound  # that machine cannot know
    with Ledger.open(url, key) as here:
        with pytest.raises(Damaged, match="does not continue what was seen here"):
            here.propose(replace(case, id="K-next"), rules, SUBSIDY, decided_on=DECIDED)
        assert verify(here).problems[0].trouble == "head"


def test_what_was_changed_is_never_signed(ledger, url, key, undetermined):
    """Open made refused in the database, with all hashes of its row made to fit."""
    with ledger.store.writing() as connection:
        row = connection.execute(text("SELECT entry, content FROM ledger_records WHERE seq = 1")).one()
        content = row.content.replace('"outcome":"undetermined"', '"outcome":"refused"')
        entry = row.entry.replace('"outcome":"undetermined"', '"outcome":"refused"').replace(sha256(row.content), sha256(content))
        assert entry != row.entry
        assert content != row.content
        said = {"entry": entry, "content": content, "node": leaf_hash(entry.encode())}
        connection.execute(text("UPDATE ledger_records SET entry = :entry, content = :content, outcome = 'refused' WHERE seq = 1"), said)
    with fresh(ledger, url, key) as opened:
        with pytest.raises(Damaged, match="entry 1 was changed"):
            opened.entry(undetermined.id)
        with pytest.raises(Damaged, match="entry 1 was changed"):
            opened.sign(undetermined.id, **SIGNED)
        assert [each.signed for each in opened.entries()] == [False]


FORGED = {"seq": 99, "kind": "signature", "by": "Anna Jensen", "role": "jurist", "signed_on": "2026-03-03"}
NEW_ROW = (
    "INSERT INTO ledger_records (seq, kind, ref, day, entry, nodes, seal) "
    "SELECT 99, 'signature', :id, '2026-03-03', :entry, nodes, seal FROM ledger_records WHERE seq = 3"
)


@pytest.mark.parametrize(
    ("statement", "number"),
    [
        (NEW_ROW, 99),
        ("UPDATE ledger_records SET ref = :id WHERE seq = 3", 3),  # the true signature of another decision
        ("UPDATE ledger_records SET entry = replace(entry, 'Anna', 'Ole'), ref = :id WHERE seq = 3", 3),
    ],
)
def test_a_signature_put_into_the_database_signs_nothing(ledger, url, key, rules, case_of, statement, number):
    case = case_of("transitional-subsidy-rent-rises")
    signed, proposal = (ledger.propose(replace(case, id=name), rules, SUBSIDY, decided_on=DECIDED) for name in ("K-1", "K-2"))
    ledger.sign(signed.id, **SIGNED)  # entry 3
    values = {"id": proposal.id, "entry": json.dumps({**FORGED, "decision": proposal.id})}
    with ledger.store.writing() as connection:
        connection.execute(text(statement), {name: value for name, value in values.items() if f":{name}" in statement})
    with fresh(ledger, url, key) as opened:
        with pytest.raises(Damaged, match=f"entry {number} was changed"):
            opened.entry(proposal.id)
        with pytest.raises(Damaged, match=f"entry {number} was changed"):
            opened.sign(proposal.id, **SIGNED)


def test_personal_data_changed_in_the_database_are_not_read(ledger, url, key, granted):
    """A letter would go to the address that somebody wrote there."""
    with ledger.store.writing() as connection:
        connection.execute(text("UPDATE ledger_personal SET value = 'Andetsteds 9' WHERE field = 'address'"))
    with fresh(ledger, url, key) as opened:
        with pytest.raises(Damaged, match="are not those that were recorded"):
            opened.personal(granted.id, reader="Bo", purpose="brev")
        assert opened.readings() == ()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_records SET entry = 'no entry' WHERE seq = 1",
        "UPDATE ledger_records SET entry = '[]' WHERE seq = 1",
        "UPDATE ledger_records SET entry = '{}' WHERE seq = 1",
        "UPDATE ledger_records SET content = NULL WHERE seq = 1",
        "UPDATE ledger_state SET \"key\" = 'no key'",
    ],
)
def test_what_is_broken_is_told_as_damage(ledger, url, key, granted, statement):
    """Never as a fault of the program."""
    with ledger.store.writing() as connection:
        connection.execute(text(statement))
    with fresh(ledger, url, key) as opened, pytest.raises(Damaged, match="ledger verify"):
        opened.entry(granted.id)


def test_entry_changed_in_its_reasons_is_not_signed(ledger, url, key, granted):
    """The same answer, so deciding again finds nothing: the tree does."""
    with ledger.store.writing() as connection:
        row = connection.execute(text("SELECT entry, content FROM ledger_records WHERE seq = 1")).one()
        content = row.content.replace("caseworker A", "caseworker B")
        assert content != row.content
        entry = row.entry.replace(sha256(row.content), sha256(content))
        connection.execute(text("UPDATE ledger_records SET entry = :e, content = :c WHERE seq = 1"), {"e": entry, "c": content})
    with fresh(ledger, url, key) as opened, pytest.raises(Damaged, match="entry 1 was changed"):
        opened.sign(granted.id, **SIGNED)


@pytest.mark.parametrize("outcome", ["refused", "granted"])
def test_a_document_that_the_engine_did_not_give_is_never_signed(ledger, rules, case_of, outcome):
    """From Python anybody can make a document: an open case told as refused, or granted."""
    case = case_of("transitional-subsidy-facts-missing")
    forged = decide(case, rules.book, SUBSIDY, known=DECIDED).model_copy(update={"outcome": outcome, "open": []})
    made = ledger.add(case, forged, rules, decided_on=DECIDED)
    with pytest.raises(NotAllowed, match="comes out otherwise when it is decided again"):
        ledger.sign(made.id, **SIGNED)
    assert not ledger.entry(made.id).signed


def test_correction_that_is_open_is_never_signed_either(ledger, granted, rules, case_of):
    ledger.sign(granted.id, **SIGNED)
    case = replace(case_of("transitional-subsidy-facts-missing"), id=granted.case)
    new = ledger.propose(case, rules, SUBSIDY, decided_on=DECIDED, replaces=granted.id, why="ny oplysning")
    with pytest.raises(NotAllowed, match="never signed as a refusal"):
        ledger.sign(new.id, **SIGNED)
    assert ledger.entry(granted.id).in_force


def test_verify_sees_one_moment_while_others_write(ledger, url, key):
    """No false alarm: what is recorded during the walk is not held against it."""
    worker = [sys.executable, str(Path(__file__).with_name("workers.py")), "write", url, str(key), "W", "60"]
    running = subprocess.Popen(worker, stdout=subprocess.PIPE, text=True)
    reports = []
    while running.poll() is None:
        reports.append(verify(ledger))
    running.communicate()
    assert running.returncode == 0
    assert {report.entries for report in reports} > {1}
    assert [report.problems for report in reports if not report.sound] == []


def test_person_given_later_is_not_lost_without_a_word(ledger, granted, rules, case_of):
    """The same decision again finds what is there; other personal data would be dropped, so that is told."""
    case = case_of("transitional-subsidy-rent-rises")
    again = {"decided_on": DECIDED, "person": {**PERSON, "name": "Anden Person"}}
    with pytest.raises(NotAllowed, match="recorded already, with other personal data") as caught:
        ledger.propose(case, rules, SUBSIDY, **again)
    assert "Anden" not in str(caught.value)
    ledger.forget(by="Anna", why="frist", entry=granted.id)
    with pytest.raises(NotAllowed, match="it was erased"):
        ledger.propose(case, rules, SUBSIDY, decided_on=DECIDED, person=PERSON)
    assert ledger.masked(granted.id) == {}
    new = ledger.propose(case, rules, SUBSIDY, replaces=granted.id, why="ny adresse", **again)
    assert ledger.masked(new.id)["name"] == "A. P."
