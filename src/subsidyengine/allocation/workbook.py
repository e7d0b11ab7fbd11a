"""The desk's workbooks of turns and accounts, and of other terms: one sheet a question, and what the answers rest on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import chain
from pathlib import Path
from typing import Any

from ..facts import CaseProblem
from ..formula import Lang
from ..rulebook import Rulebook
from ..words import translated
from . import words
from .catalogue import described
from .desk import Desk
from .draw import Draw
from .report import Reporter
from .sheets import Book, Exact, Share
from .vacancies import Table
from .whatif import BANDS, Outcome, WhatIf
from .whatif_words import band_titles
from .whatif_words import notes as notes_of

#: Terms of an agreement beside its count, and the heading that names them.
_TERMS = {"answer": "answer", "guarantee": "guarantees", "notice_to_end": "notice", "compensation": "compensation"}


def write_workbook(desk: Desk, table: Table, path: Path, lang: Lang, notes: Sequence[CaseProblem] = ()) -> None:
    """Write every answer of the desk, and ``notes`` about the table; raises what :class:`~.sheets.Book` does, and TooManyRows."""
    with Book(path, lang) as book:
        book.sheet(
            "turns",
            ("vacancy", "municipality", "organisation", "department", "kind", "vacant_from", "turn", "owner", "status", "number",
             "entitlement", "turns", "used", "lost", "on_offer", "open", "bars", "agreement"),
            _turns(desk, lang),
        )  # fmt: skip
        book.sheet(
            "accounts",
            ("municipality", "unit", "right", "year", "counted", "entitlement", "turns", "used", "passed", "silent", "withdrawn",
             "not_offered", "lost", "on_offer", "left", "unused", "share", "days", "total", "guarantee", "agreement"),
            _accounts(desk, lang),
        )  # fmt: skip
        book.sheet(
            "rent",
            ("vacancy", "department", "status", "from", "to", "days", "monthly", "total", "guarantee"),
            _rents(book, desk, lang),
        )
        offered = (item.draw for item in desk.items if item.draw.status == "on_offer")
        book.sheet(
            "due",
            ("vacancy", "organisation", "department", "vacant_from", "due"),
            ((d.vacancy.vacancy, d.vacancy.organisation, d.vacancy.department, d.vacancy.vacant_from, d.answer_due) for d in offered),
        )
        rests(book, desk, notes)
        problems = (problem for error in table.rejected for problem in error.problems)
        book.sheet(
            "rejected",
            ("row", "file", "problem"),
            ((p.place.line, p.place.file, _problem(p, lang)) for p in problems),
        )


def _problem(problem: CaseProblem, lang: Lang) -> str:
    said = translated(problem.message, lang)
    return f"{problem.path}: {said}" if problem.path else said


def _turns(desk: Desk, lang: Lang) -> Iterable[Sequence[Any]]:

    reporter = Reporter(desk.rulebook, desk.law, lang)
    kinds = {word: text.get(lang) for word, text in desk.rulebook.facts["dwelling.kind"].values.items()}
    for item in desk.items:
        draw, vacancy, count = item.draw, item.draw.vacancy, item.draw.count
        counted: Sequence[Any] = (
            (None,) * 6 if count is None else (count.number, Exact(count.entitlement), count.turns, count.used, count.lost, count.on_offer)
        )
        yield (
            vacancy.vacancy, vacancy.municipality, vacancy.organisation, vacancy.department, kinds.get(vacancy.kind or "", ""),
            vacancy.vacant_from, words.owner_word(draw.owner if draw.exempt else draw.turn, lang), words.owner_word(draw.owner, lang),
            words.STATUS[draw.status].get(lang), *counted,
            "; ".join(_open_words(desk, draw, lang)), _bars(reporter, draw), draw.terms.id,
        )  # fmt: skip


def _open_words(desk: Desk, draw: Draw, lang: Lang) -> Iterable[str]:
    """What keeps an answer open, in words."""
    yield from (words.missing_question(desk.rulebook, draw, name).get(lang) for name in draw.missing)
    yield from (words.not_settled(draw.terms, name, lang) for name in draw.leans)
    if draw.doubts:
        yield words.DOUBT.get(lang).format(vacancies=", ".join(draw.doubts))


def _accounts(desk: Desk, lang: Lang) -> Iterable[Sequence[Any]]:
    for row in desk.accounts(lang):
        yield (
            row.municipality, row.name, words.owner_word(row.right, lang), row.year, row.counted, Exact(Fraction(row.entitlement)),
            row.turns, row.used + row.used_out_of_turn, row.passed, row.not_answered, row.withdrawn, row.not_offered, row.lost,
            row.on_offer, row.left, row.unused,
            None if row.share is None else Share(Decimal(row.share)), row.rent_days, Decimal(row.rent.value),
            row.guarantees, row.agreement,
        )  # fmt: skip


def _rents(book: Book, desk: Desk, lang: Lang) -> Iterable[Sequence[Any]]:
    for item in desk.items:
        if item.draw.drawn is None:
            continue
        rent, guarantee = item.ruling.liability, item.ruling.guarantee
        if rent is None and guarantee is None:
            continue
        said = "" if guarantee is None else book.cell(guarantee)
        days: Sequence[Any] = (None,) * 5 if rent is None else (rent.from_, rent.to, rent.days, rent.monthly, rent.total)
        yield (item.draw.vacancy.vacancy, item.draw.vacancy.department, words.STATUS[item.draw.status].get(lang), *days, said)


def rests(book: Book, desk: Desk, notes: Sequence[CaseProblem] = ()) -> None:
    """A sheet of what the answers rest on: rulebook, day, agreements and their sources, defaults that nothing settles."""
    told = ((book.cell("note"), _problem(note, book.lang), str(note.place)) for note in notes)
    book.sheet("rests", ("what", "says", "source"), chain(told, _rests(book, desk, book.lang)))


def _rests(book: Book, desk: Desk, lang: Lang) -> Iterable[Sequence[Any]]:
    cited = desk.rulebook.cite_text
    yield (book.cell("rulebook"), desk.rulebook.hash)
    yield (book.cell("on"), desk.law.on)
    used = {item.draw.terms.id: item.draw.terms for item in desk.items}
    for terms in used.values():
        yield (book.cell("agreement"), f"{terms.title.get(lang)} ({terms.id}, {terms.hash})", cited(terms.cites))
        said = described(terms, desk.rulebook, lang)
        for part, heading in _TERMS.items():
            if said[part] is not None:
                yield (book.heading(heading), f"{terms.id}: {said[part]['says']}", said[part]["cite"])
        for note in terms.not_known:
            yield (book.cell("not_known"), note.get(lang), terms.id)
    leans = dict.fromkeys((item.draw.terms.id, name) for item in desk.items for name in item.draw.leans)
    for identity, name in leans:
        terms = used[identity]
        yield (book.cell("settled_no"), words.not_settled(terms, name, lang), cited(words.lean_cites(terms, name)))


def write_whatif(found: WhatIf, rulebook: Rulebook, on: date, path: Path, lang: Lang) -> None:
    """The comparison of terms as a workbook with a chart of rents; raises what ``write_workbook`` does."""
    columns = (found.used, found.now, found.then)
    with Book(path, lang) as book:
        sheet = book.sheet("whatif", ("what", "fact", "now", "then"), _comparison(book, columns))
        chart = book.book.add_chart({"type": "column"})
        name, first, last = book.name("whatif"), 3, 3 + len(BANDS)
        for column in (1, 2, 3):
            chart.add_series({
                "name": [name, 0, column], "categories": [name, first, 0, last, 0], "values": [name, first, column, last, column],
            })  # fmt: skip
        chart.set_title({"name": book.cell("dwellings")})
        sheet.insert_chart("F2", chart)
        moved = ((book.cell(word), v) for word, some in (("gained", found.gained), ("gone", found.lost)) for v in some)
        book.sheet(
            "moved",
            ("vacancy", "change", "municipality", "organisation", "department", "vacant_from", "monthly"),
            ((v.vacancy, word, v.municipality, v.organisation, v.department, v.vacant_from, _money(v.net_rent)) for word, v in moved),
        )
        book.sheet("rests", ("what", "says", "source"), _rests_of(found, rulebook, on, book, lang))


def _rests_of(found: WhatIf, rulebook: Rulebook, on: date, book: Book, lang: Lang) -> Iterable[Sequence[Any]]:
    yield (book.cell("rulebook"), rulebook.hash)
    yield (book.cell("on"), on)
    for note in notes_of(found, lang):
        yield (book.cell("note"), note)
    for terms, name in found.leans:
        yield (book.cell("settled_no"), words.not_settled(terms, name, lang), rulebook.cite_text(words.lean_cites(terms, name)))


def _money(value: int | Fraction | None) -> Fraction | None:
    return None if value is None else Fraction(value)


def _comparison(book: Book, columns: Sequence[Outcome]) -> Iterable[Sequence[Any]]:
    yield (book.cell("counted_of"), *(c.counted for c in columns))
    yield (book.cell("dwellings"), *(len(c.dwellings) for c in columns))
    for index, title in enumerate(band_titles(book.lang)):
        yield (title, *(c.bands[index] for c in columns))
    yield (book.cell("no_rent"), *(c.no_rent for c in columns))
    yield (book.cell("passed"), *(c.passed for c in columns))
    yield (book.cell("undecided"), *(c.open for c in columns))
    yield (book.cell("lowest"), *(c.rents[0] if c.rents else None for c in columns))
    yield (book.cell("middle"), *(c.middle for c in columns))
    yield (book.cell("highest"), *(c.rents[-1] if c.rents else None for c in columns))
    yield (book.cell("total"), *(c.rent_total for c in columns))


def _bars(reporter: Reporter, draw: Draw) -> str:
    """The bars in a cell; a question mark where the kind of area is not stated."""
    bars = reporter.bars(draw)
    return "?" if bars is None else "; ".join(bar.text for bar in bars)
