"""The page that a lawyer reads, in both languages, as text and as HTML."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest
from conftest import DECIDED, PERSON, Clock

from subsidyengine.facts import case_from_data
from subsidyengine.ledger import Entry, Ledger, open_rules
from subsidyengine.ledger.dossier import dossier, html

LETTER = "0123456789abcdef" * 4


class Page(HTMLParser):
    """Links, text, and tags that do not close."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        if tag not in ("meta", "br"):
            self.open.append(tag)
        if tag == "a":
            self.links.append(dict(attrs)["href"])

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


@pytest.fixture
def signed(ledger, granted):
    ledger.sign(granted.id, by="Anna Jensen", role="jurist", on=date(2026, 3, 3))
    ledger.record_letter(granted.id, "decision", LETTER, date(2026, 3, 4), "Digital Post")
    return ledger.entry(granted.id)


def shown(page) -> str:
    """The page as plain lines. The rulebook's hash changes with every rule, and versions with every release."""
    lines = [page.heading, f"{page.sign} {page.answer}", *(f"{label}: {text}" for label, text in page.about), page.word("conditions")]
    for one in page.conditions:
        lines += [
            f"  {one.sign} {one.text} ({one.status}) [{one.certainty}] {one.facts}",
            *(f"    {link.text} <{link.url}>" for link in one.cites),
        ]
    lines += [page.word("facts"), *(f"  {fact.title} ({fact.name}): {fact.value} {fact.said}".rstrip() for fact in page.facts)]
    for name, rows in page.lists:
        lines += [page.word(name), *(f"  {label} {text} {'; '.join(link.text for link in cites)}".rstrip() for label, text, cites in rows)]
    lines += [page.word("sources"), *(f"  {short}: {title} {urls[0] if urls else ''}".rstrip() for short, title, urls in page.sources)]
    text = re.sub(r"sha256:[0-9a-f]{64}", "sha256:...", "\n".join(lines)).replace("\N{NO-BREAK SPACE}", " ")
    text = re.sub(r"(subsidyengine|durable-rules|pydantic|pendulum) [0-9.]+", r"\1 ...", text)
    return re.sub(r"\b[0-9a-f]{16}\b", "<id>", text)


SMALL = Path(__file__).parents[1] / "rulebook" / "rulebooks" / "sound"
FACTS = {
    "home.rent": [{"value": 5000, "from": "2025-01-01", "source": "lejekontrakt", "received": "2024-12-20"}, {"value": 5125.5, "from": "2026-01-01"}],
    "home.area": 50, "home.start": "2025-01-01", "who.needy": {"value": True, "by": "Sagsbehandler A", "on": "2025-01-02", "why": "udtalelse"},
    "who.young": True,
}  # fmt: skip


@pytest.fixture
def small(new_database, key):
    """A ledger on a rulebook of the tests, so that a change of the law changes no page here."""
    with Ledger.create(new_database("sqlite"), key, Clock()) as made:
        yield made


def propose(ledger: Ledger, **more: object) -> Entry:
    rules = open_rules(SMALL)
    case = case_from_data({"case": "K-1", "on": "2026-03-01", "facts": {**FACTS, **more}}, rules.book.facts)
    return ledger.propose(case, rules, "home.support", decided_on=DECIDED, person=PERSON)


@pytest.mark.parametrize("lang", ["da", "en"])
def test_dossier_of_a_signed_decision(small, lang, snapshot):
    made = propose(small, **{"home.kind": "room"})
    small.sign(made.id, by="Anna Jensen", role="jurist", on=date(2026, 3, 3))
    small.record_letter(made.id, "decision", LETTER, date(2026, 3, 4), "Digital Post")
    assert shown(dossier(small, made.id, lang)) == snapshot


@pytest.mark.parametrize("lang", ["da", "en"])
def test_dossier_of_an_open_proposal(small, lang, snapshot):
    assert shown(dossier(small, propose(small, **{"home.kind": "flat"}).id, lang)) == snapshot


def test_html_is_well_formed_and_its_sources_can_be_clicked(ledger, signed):
    page = Page(html(dossier(ledger, signed.id)))
    assert page.open == []
    assert all(link.startswith("https://") for link in page.links)
    assert "https://danskelove.dk/almenboligloven/63" in page.links  # the section cited, not the act's first page
    assert "https://danskelove.dk/serviceloven/163a" in page.links
    assert "Anna Jensen" in page.text


def test_no_personal_data_on_the_page(ledger, signed):
    text = html(dossier(ledger, signed.id)) + shown(dossier(ledger, signed.id))
    for value in (PERSON["name"], "Prøvesen", "Testvej", "010160-0000", "0101600000"):
        assert value not in text
    assert "010160-xxxx" in text
    handed_out = html(dossier(ledger, signed.id, masked=False))  # a file that forgetting does not reach
    assert "010160" not in handed_out
    assert "P. P." not in handed_out
    ledger.forget(by="Anna", why="frist", entry=signed.id)
    assert "010160" not in html(dossier(ledger, signed.id))


def test_text_of_facts_is_escaped(ledger, rules, case_of):
    case = case_of("transitional-subsidy-rent-rises")
    facts = {**case.facts, "lease.rent": tuple(replace(g, source="<script>alert(1)</script>") for g in case.facts["lease.rent"])}
    made = ledger.propose(replace(case, facts=facts), rules, "transitional.subsidy", decided_on=DECIDED)
    assert "<script>" not in html(dossier(ledger, made.id))


def test_courtesy_copy_says_that_it_is_one(ledger, granted):
    assert granted.lang == "da"
    page = dossier(ledger, granted.id, "en")
    assert page.answer.startswith("Yes:")
    assert ("Copy", "recorded in Danish; this is a courtesy copy") in page.about
    assert dossier(ledger, granted.id).answer.startswith("Ja:")


def test_correction_is_shown_on_both_pages(ledger, granted, rules, case_of):
    case = replace(case_of("transitional-subsidy-rent-rises"), on=date(2026, 4, 1))
    new = ledger.propose(case, rules, "transitional.subsidy", decided_on=DECIDED, replaces=granted.id, why="forkert dag")
    assert any(new.id in text for _, text in dossier(ledger, granted.id).about)
    assert ("Retter", f"{granted.id}, fordi forkert dag") in dossier(ledger, new.id).about


@pytest.mark.parametrize("lang", ["da", "en"])
def test_html_names_its_language_and_can_be_read_by_weak_eyes(ledger, signed, lang):
    """WCAG 1.4.3: at least 4.5 : 1 for every colour of text on both backgrounds; 3.1.1: the language of the page."""
    text = html(dossier(ledger, signed.id, lang))
    assert text.lstrip().startswith(f'<!doctype html>\n<html lang="{lang}">')
    inks, papers = (set(re.findall(rf"[ {{;]{name}: (#[0-9a-f]{{3,6}})", text)) for name in ("color", "background"))
    assert papers == {"#fff", "#eef3f9"}
    assert len(inks) == 3
    assert min(contrast(ink, paper) for ink in inks for paper in papers) >= 4.5


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    raw = colour[1:] if len(colour) == 7 else "".join(sign * 2 for sign in colour[1:])
    parts = [int(raw[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
