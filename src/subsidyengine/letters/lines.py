"""Rows of a letter: facts with their source, reasons, considerations, questions, addresses."""

from __future__ import annotations

from collections.abc import Sequence

from ..document import OpenOut
from ..facts import Given
from ..formula import Lang
from ..rulebook import Fact
from . import wording
from .grounds import Grounds, Weighed
from .models import Address, Judgement, Letterhead, Line, Question, Reason
from .people import Recipient, Sender

_WORDS = {
    "da": {"received": "modtaget", "from": "fra", "computed": "beregnet efter", "whether": "om"},
    "en": {"received": "received", "from": "from", "computed": "computed under", "whether": "whether"},
}
#: How a fact is given: by its kind, or by its unit where it is a number.
_ANSWERS = {
    "da": {"bool": "ja eller nej", "date": "dato", "dates": "datoer", "text": "tekst", "share": "procent", "DKK": "beløb i kr.",
           "DKK/month": "beløb i kr. om måneden", "DKK/year": "beløb i kr. om året", "DKK/day": "beløb i kr. pr. døgn",
           "m2": "antal m²", "month": "antal måneder", "year": "antal år", "day": "antal dage", "": "tal"},
    "en": {"bool": "yes or no", "date": "date", "dates": "dates", "text": "text", "share": "per cent", "DKK": "amount in kr.",
           "DKK/month": "amount in kr. a month", "DKK/year": "amount in kr. a year", "DKK/day": "amount in kr. a day",
           "m2": "number of m²", "month": "number of months", "year": "number of years", "day": "number of days", "": "number"},
}  # fmt: skip


def line(title: str, value: str, source: str = "") -> Line:
    """A row with no-break spaces in place."""
    return Line(title=wording.bind(title), value=value, source=wording.bind(source))


def fact_lines(grounds: Grounds, weighed: Sequence[Weighed]) -> list[Line]:
    """A row for each fact; a dated one has a row for each of its values, with the day it holds from."""
    rows: list[Line] = []
    for item in weighed:
        statements = grounds.statements(item.fact.name) if item.given is not None else []
        if len(statements) <= 1:
            rows.append(fact_line(grounds, item))
            continue
        for given in statements:
            if given.value is not None:
                rows.append(_row(item.fact, given.value, given, grounds.lang, dated=True))
    return rows


def fact_line(grounds: Grounds, item: Weighed) -> Line:
    """One fact as it was on the day."""
    lang = grounds.lang
    if item.given is None:
        source = f"{_WORDS[lang]['computed']} {wording.lower_first(item.derived)}"
        return line(_title(item.fact, lang), wording.fact_value(item.fact, item.value, lang), source)
    return _row(item.fact, item.value, item.given, lang)


def _row(fact: Fact, value: object, given: Given, lang: Lang, dated: bool = False) -> Line:
    words = _WORDS[lang]
    title = _title(fact, lang)
    if dated and given.from_ is not None:
        title = f"{title}, {words['from']} {wording.day(given.from_, lang)}"
    received = f"{words['received']} {wording.day(given.received, lang)}" if given.received else ""
    return line(title, wording.fact_value(fact, value, lang), ", ".join(filter(None, (given.source, received))))


def reason(grounds: Grounds, condition: str) -> Reason:
    """One condition's sentence, its rule of law and the facts that it turned on."""
    finding = next(f for f in grounds.findings if f.name == condition)
    shown = {w.fact.name: w for w in grounds.weighed}
    return Reason(
        text=wording.bind(finding.version.says.get(grounds.lang)),
        law=grounds.law(finding.version.cites),
        facts=[fact_line(grounds, shown[name]) for name in finding.facts if name in shown],
    )


def considerations(grounds: Grounds) -> list[Judgement]:
    """Every assessment with who made it and its main considerations."""
    found = []
    for item in grounds.weighed:
        if item.judged:
            given, lang = item.given, grounds.lang
            found.append(
                Judgement(
                    title=wording.bind(_title(item.fact, lang)), value=wording.fact_value(item.fact, item.value, lang),
                    by=given.by if given else "", on=wording.day(given.on, lang) if given and given.on else "",
                    why=wording.bind(given.why) if given else "",
                )
            )  # fmt: skip
    return found


def asked(grounds: Grounds, point: OpenOut) -> Question:
    """A missing fact as a question with how to answer it."""
    lang, facts = grounds.lang, grounds.rulebook.facts
    fact = facts[point.fact or ""]
    choices = [wording.bind(text.get(lang)) for text in fact.values.values()]
    return Question(
        text=wording.bind(point.question),
        answer="" if choices else _answer(fact, lang),
        choices=choices,
        instead=[named(facts[name], lang) for name in point.instead or () if name in facts],
        law="; ".join(wording.provisions([point.cite])) if point.cite else "",
    )


def _answer(fact: Fact, lang: Lang) -> str:
    answers = _ANSWERS[lang]
    return answers.get(fact.kind) or answers.get(fact.unit) or answers[""]


def named(fact: Fact, lang: Lang) -> str:
    """A fact inside a sentence, as something to tell: ``husleje efter lejekontrakten``, ``om borgeren har indtægt``."""
    title = fact.title.get(lang)
    return wording.bind(f"{_WORDS[lang]['whether']} {wording.lower_first(title)}" if fact.kind == "bool" else title)


def _title(fact: Fact, lang: Lang) -> str:
    return wording.upper_first(fact.title.get(lang))


def address(recipient: Recipient) -> Address:
    """Where the letter goes: to the representative, when there is one."""
    if recipient.representative is None:
        return Address(name=recipient.name, lines=recipient.address)
    return Address(name=recipient.representative.name, lines=recipient.representative.address, on_behalf_of=recipient.name)


def letterhead(sender: Sender) -> Letterhead:
    """The municipality's letterhead."""
    return Letterhead(
        name=sender.name, lines=sender.address, unit=sender.unit, phone=sender.phone, email=sender.email, web=sender.web, logo=sender.logo
    )
