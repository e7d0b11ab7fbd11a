"""Letters and the ledger: made from the signed decision, recorded as sent, held against each other."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date

import pytest

from subsidyengine.ledger import Ledger, open_rules
from subsidyengine.letters import Envelope, LetterRefused, decision_letter, pdf
from subsidyengine.letters.filed import filed, recipient_of, reconcile, record

from .scene import OVERLAY, SENDER, cases_of, printed

SUBSIDY = "transitional.subsidy"
PERSON = {"name": "Prøve Testperson", "address": "Eksempelvej 12, 1. tv., 9999 Prøveby"}
DECIDED, SIGNED, RECEIVED = date(2024, 8, 2), date(2024, 8, 5), date(2024, 8, 7)


@pytest.fixture(scope="module")
def rules():
    return open_rules()


@pytest.fixture
def ledger(url, tmp_path):
    """On each database."""
    with Ledger.create(url, tmp_path / "signing.key") as made:
        yield made


@pytest.fixture
def refused(ledger, rules):
    """A refusal, proposed and signed under the shipped rules, which establish no appeal route."""
    case = cases_of("transitional-subsidy-benefit-not-applied", rules.book)[0]
    entry = ledger.propose(case, rules, SUBSIDY, decided_on=DECIDED, person=PERSON)
    return ledger.sign(entry.id, by="Prøve Sagsbehandler", role="rådgiver", on=SIGNED)


def letter_of(ledger, entry, book, lang="da"):
    found = filed(ledger, entry.id, lang, book)
    recipient = recipient_of(ledger, entry, "Prøve Sagsbehandler", "letter")
    return decision_letter(found.grounds, Envelope(SENDER, recipient, found.signature), received=RECEIVED, heard=date(2024, 7, 15))


def test_letter_of_a_signed_decision_has_its_signature_its_facts_and_a_route_established_since(ledger, refused, book):
    with pytest.raises(LetterRefused, match=r"the appeal route ankestyrelsen of transitional\.subsidy is not established"):
        letter_of(ledger, refused, None)
    text = printed(letter_of(ledger, refused, book))
    assert "Prøve Testperson\nEksempelvej 12, 1. tv.\n9999 Prøveby" in text
    assert "Prøve Sagsbehandler\nrådgiver\nUnderskrevet 5.\N{NO-BREAK SPACE}august 2024" in text
    assert refused.rulebook in text
    assert "Klagevejledningen efter servicelovens" in text


def test_courtesy_copy_of_a_danish_decision(ledger, refused, book):
    assert "We have refused: rent refund in transitional housing." in printed(letter_of(ledger, refused, book, "en"))


def test_proposal_is_unsigned(ledger, rules, book):
    case = cases_of("transitional-subsidy-benefit-not-applied", rules.book)[0]
    entry = ledger.propose(case, rules, SUBSIDY, decided_on=DECIDED, person=PERSON)
    assert filed(ledger, entry.id).signature is None
    with pytest.raises(LetterRefused) as caught:
        letter_of(ledger, entry, book)
    assert [r.code for r in caught.value.refusals] == ["unsigned"]


def test_corrected_decision_gets_no_letter(ledger, refused, rules):
    case = replace(cases_of("transitional-subsidy-benefit-not-applied", rules.book)[0])
    new = ledger.propose(case, rules, SUBSIDY, decided_on=date(2024, 9, 2), replaces=refused.id, why="Ny vurdering")
    assert filed(ledger, refused.id).entry.id == refused.id  # a proposal corrects nothing yet
    ledger.sign(new.id, by="A", role="b", on=date(2024, 9, 3))
    with pytest.raises(LetterRefused) as caught:
        filed(ledger, refused.id)
    assert str(caught.value) == f"{refused.id} was corrected by {new.id}. Make the letter of {new.id}"


def test_decision_that_does_not_come_out_the_same_gets_no_letter(ledger, refused, monkeypatch):
    # The entry as another program would have recorded it.
    other = replace(refused, document_json=refused.document_json.replace('"refused"', '"granted"', 1))
    monkeypatch.setattr(ledger, "entry", lambda _: other)
    with pytest.raises(LetterRefused) as caught:
        filed(ledger, refused.id)
    assert [r.code for r in caught.value.refusals] == ["differs"]


def test_reading_name_and_address_is_recorded_and_erased_ones_are_asked_for(ledger, refused, book):
    letter_of(ledger, refused, book)
    assert [(r.reader, r.purpose, r.fields) for r in ledger.readings(refused.id)] == [
        ("Prøve Sagsbehandler", "letter", ("name", "address"))
    ]
    ledger.forget(by="A", why="the time is over", entry=refused.id)
    with pytest.raises(LetterRefused, match=rf"holds no name and address for {refused.id}\. Give the recipient's file"):
        recipient_of(ledger, ledger.entry(refused.id), "A", "letter")


def test_every_decision_has_its_letter_or_stands_on_a_list(ledger, refused, book, tmp_path):
    assert reconcile(ledger).decisions == (refused.id,)
    courtesy = letter_of(ledger, refused, book, "en")
    record(ledger, refused, courtesy, pdf(courtesy), SIGNED, "post")
    assert reconcile(ledger).decisions == (refused.id,)  # a courtesy copy is not the decision's letter
    letter = letter_of(ledger, refused, book)
    made = pdf(letter)
    sent = record(ledger, refused, letter, made, SIGNED, "digital-post")
    assert sent.sha256 == hashlib.sha256(made).hexdigest()
    assert reconcile(ledger).even
    (tmp_path / "sent.pdf").write_bytes(made)
    (tmp_path / "strange.pdf").write_bytes(made + b" ")
    found = reconcile(ledger, [tmp_path / "sent.pdf", tmp_path / "strange.pdf"])
    assert found.files == (tmp_path / "strange.pdf",)
    assert not found.even


def test_letter_without_a_signed_decision_stands_on_a_list(ledger, rules):
    case = cases_of("transitional-subsidy-benefit-not-applied", rules.book)[0]
    entry = ledger.propose(case, rules, SUBSIDY, decided_on=DECIDED)
    ledger.record_letter(entry.id, "decision", "ab" * 32, SIGNED, "post")
    ledger.record_letter("0123456789abcdef", "decision", "cd" * 32, SIGNED, "post", unknown=True)
    found = reconcile(ledger)
    assert [letter.decision for letter in found.letters] == [entry.id, "0123456789abcdef"]
    assert found.decisions == ()


def test_letter_of_a_decision_made_with_an_overlay(ledger):
    rules = open_rules(None, [OVERLAY])
    case = cases_of("transitional-subsidy-benefit-not-applied", rules.book)[0]
    entry = ledger.propose(case, rules, SUBSIDY, decided_on=date(2026, 3, 2), person=PERSON)
    ledger.sign(entry.id, by="A", role="b", on=date(2026, 3, 2))
    found = filed(ledger, entry.id)
    letter = decision_letter(
        found.grounds,
        Envelope(SENDER, recipient_of(ledger, entry, "A", "letter"), found.signature),
        received=date(2026, 3, 4),
        no_hearing="-",
    )
    assert letter.appeal_by == date(2026, 4, 1)
