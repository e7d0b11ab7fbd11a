"""Every signed decision has its letter or stands on a list; every letter has its decision or stands on another."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from conftest import DECIDED

from subsidyengine.ledger import LedgerError, NotThere
from subsidyengine.ledger.verify import verify

SENT = ("decision", "ab" * 32, date(2026, 3, 5), "Digital Post")


def test_signed_decision_without_letter_is_listed_until_it_is_sent(ledger, granted):
    assert ledger.decisions_without_letter() == ()
    ledger.sign(granted.id, by="A", role="r", on=DECIDED)
    assert ledger.decisions_without_letter() == (granted.id,)
    ledger.record_letter(granted.id, "hearing", "cd" * 32, date(2026, 3, 4), "Digital Post")
    assert ledger.decisions_without_letter() == (granted.id,)
    letter = ledger.record_letter(granted.id[:5], *SENT)
    assert (letter.decision, letter.kind, letter.sha256, letter.sent_on, letter.channel) == (granted.id, *SENT)
    assert ledger.decisions_without_letter() == ()
    assert ledger.letters_without_decision() == ()
    assert [one.kind for one in ledger.letters(granted.id)] == ["hearing", "decision"]
    assert verify(ledger).sound


def test_letter_of_an_unsigned_or_unknown_decision_is_listed(ledger, granted):
    first = ledger.record_letter(granted.id, *SENT)
    lost = ledger.record_letter("00000000000000ff", *SENT, unknown=True)
    assert ledger.letters_without_decision() == (first, lost)
    with pytest.raises(NotThere):
        ledger.record_letter("00000000000000ff", *SENT)
    ledger.sign(granted.id, by="A", role="r", on=DECIDED)
    assert ledger.letters_without_decision() == (lost,)


def test_same_letter_is_recorded_once(ledger, granted):
    assert ledger.record_letter(granted.id, *SENT) == ledger.record_letter(granted.id, *SENT)
    assert len(ledger.letters()) == 1


def test_corrected_decision_needs_no_letter_any_more_but_its_correction_does(ledger, granted, rules, case_of):
    ledger.sign(granted.id, by="A", role="r", on=DECIDED)
    case = replace(case_of("transitional-subsidy-rent-rises"), on=date(2026, 4, 1))
    new = ledger.propose(case, rules, "transitional.subsidy", decided_on=DECIDED, replaces=granted.id, why="dag")
    ledger.sign(new.id, by="A", role="r", on=DECIDED)
    assert ledger.decisions_without_letter() == (new.id,)


@pytest.mark.parametrize(
    ("kind", "mark", "channel"),
    [
        ("Decision", "ab" * 32, "x"),
        ("decision", "ab" * 31, "x"),
        ("decision", "xy" * 32, "x"),
        ("decision", "ab" * 32, ""),
        ("decision", "ab" * 32, "til 010160-1234"),
    ],
)
def test_letter_that_cannot_be_recorded(ledger, granted, kind, mark, channel):
    with pytest.raises(LedgerError):
        ledger.record_letter(granted.id, kind, mark, DECIDED, channel)
    assert ledger.letters() == ()
