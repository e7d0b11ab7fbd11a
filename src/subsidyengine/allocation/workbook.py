"""An Excel workbook of the desk: one sheet a question, live filters, Danish formats, and what the answers rest on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

from ..formula import Lang
from . import words
from .desk import Desk
from .draw import Draw
from .vacancies import Table
from .whatif import BANDS, Outcome, WhatIf

_SHEETS = {
    "turns": ("Hvis tur", "Whose turn"),
    "accounts": ("Konto", "Account"),
    "rent": ("Lejetab", "Vacancy rent"),
    "due": ("Svarfrister", "Answers due"),
    "rests": ("Forudsætninger", "Assumptions"),
    "rejected": ("Afviste rækker", "Rejected rows"),
    "whatif": ("Andre vilkår", "Other terms"),
}
_HEADINGS = {
    "vacancy": ("Bolig", "Dwelling"),
    "municipality": ("Kommune", "Municipality"),
    "organisation": ("Boligorganisation", "Organisation"),
    "department": ("Afdeling", "Department"),
    "kind": ("Type", "Kind"),
    "vacant_from": ("Ledig", "Vacant"),
    "turn": ("Hvis tur", "Whose turn"),
    "owner": ("Nu hos", "Now with"),
    "status": ("Status", "Status"),
    "number": ("Nr. i tælling", "Number counted"),
    "entitlement": ("Andel", "Entitlement"),
    "turns": ("Ture", "Turns"),
    "used": ("Brugt", "Used"),
    "lost": ("Bortfaldet", "Lost"),
    "on_offer": ("Tilbudt", "On offer"),
    "due": ("Svar senest", "Answer by"),
    "from": ("Fra", "From"),
    "to": ("Til og med", "To"),
    "days": ("Døgn", "Days"),
    "monthly": ("Leje pr. måned", "Rent a month"),
    "total": ("Lejetab", "Vacancy rent"),
    "guarantee": ("Garanti", "Guarantee"),
    "bars": ("Spærringer i området", "Bars of the area"),
    "open": ("Uafklaret", "Open"),
    "agreement": ("Aftale", "Agreement"),
    "right": ("Ret", "Right"),
    "unit": ("Tællenhed", "Counting unit"),
    "year": ("År", "Year"),
    "counted": ("Talt", "Counted"),
    "passed": ("Afslået", "Passed"),
    "silent": ("Ikke besvaret", "Not answered"),
    "withdrawn": ("Opgivet", "Withdrawn"),
    "not_offered": ("Ikke tilbudt", "Not offered"),
    "left": ("Tilbage", "Left"),
    "unused": ("Ubrugt ret", "Unused right"),
    "share": ("Brugt af talt", "Used of counted"),
    "what": ("Hvad", "What"),
    "says": ("Oplysning", "Says"),
    "source": ("Kilde", "Source"),
    "row": ("Række", "Row"),
    "problem": ("Fejl", "Problem"),
    "fact": ("Brugt i dag", "Used today"),
    "now": ("Vilkår i dag", "Terms of today"),
    "then": ("Andre vilkår", "Other terms"),
    "counted_of": ("Talte boliger", "Vacancies counted"),
    "dwellings": ("Boliger", "Dwellings"),
    "below": ("under {n} kr.", "below kr. {n}"),
    "from_on": ("fra {n} kr.", "kr. {n} and over"),
    "middle": ("Median af leje", "Median rent"),
    "settled_no": ("Ikke afgjort", "Not settled"),
    "rulebook": ("Regler", "Rulebook"),
    "on": ("Pr.", "As of"),
    "law": ("Hjemmel", "Law"),
}
_OUTCOMES = {"granted": ("ja", "yes"), "refused": ("nej", "no"), "undetermined": ("uafklaret", "open")}


@dataclass
class _Book:
    """One workbook being written."""

    book: Any
    lang: Lang

    def __post_init__(self) -> None:
        self.head = self.book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self.money = self.book.add_format({"num_format": "#,##0.00"})
        self.day = self.book.add_format({"num_format": "dd-mm-yyyy", "align": "left"})
        self.part = self.book.add_format({"num_format": "0.0 %"})
        self.wrap = self.book.add_format({"text_wrap": True, "valign": "top"})

    def word(self, pair: tuple[str, str]) -> str:
        return pair[0] if self.lang == "da" else pair[1]

    def sheet(self, name: str, headings: Sequence[str], rows: Iterable[Sequence[Any]], widths: Sequence[int]) -> Any:
        """A sheet with a filter over its columns; money, days and shares keep their kind."""
        sheet = self.book.add_worksheet(self.word(_SHEETS[name]))
        for column, (heading, width) in enumerate(zip(headings, widths, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write(0, column, self.word(_HEADINGS[heading]), self.head)
        last = 0
        for last, row in enumerate(rows, 1):
            for column, value in enumerate(row):
                self.cell(sheet, last, column, value)
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, last, len(headings) - 1)
        return sheet

    def cell(self, sheet: Any, row: int, column: int, value: Any) -> None:
        if value is None or value == "":
            return
        if isinstance(value, date):
            sheet.write_datetime(row, column, value, self.day)
        elif isinstance(value, _Share):
            sheet.write_number(row, column, float(value.share), self.part)
        elif isinstance(value, Decimal | Fraction):
            sheet.write_number(row, column, float(value), self.money)
        elif isinstance(value, int):
            sheet.write_number(row, column, value)
        else:
            sheet.write_string(row, column, str(value), self.wrap if len(str(value)) > 60 else None)


@dataclass(frozen=True, slots=True)
class _Share:
    share: Decimal


def _open(path: Path) -> Any:
    import xlsxwriter

    # Nothing of the clock in the file: the same answers give the same bytes.
    book = xlsxwriter.Workbook(str(path), {"in_memory": True})
    book.set_properties({"title": "subsidyengine", "created": datetime(2000, 1, 1)})
    return book


def write_workbook(desk: Desk, table: Table, path: Path, lang: Lang) -> None:
    """Write every answer of the desk to ``path``. Raises ModuleNotFoundError without the extra, OSError when it can't be written."""
    path.open("ab").close()  # a place that cannot be written is told before the work
    book = _Book(_open(path), lang)
    book.sheet(
        "turns",
        ("vacancy", "municipality", "organisation", "department", "kind", "vacant_from", "turn", "owner", "status", "number",
         "entitlement", "turns", "used", "lost", "on_offer", "open", "bars", "agreement"),
        _turns(desk, lang), (14, 14, 22, 18, 9, 12, 20, 20, 14, 8, 10, 7, 7, 9, 8, 30, 30, 24),
    )  # fmt: skip
    book.sheet(
        "accounts",
        ("municipality", "unit", "right", "year", "counted", "entitlement", "turns", "used", "passed", "silent", "withdrawn", "not_offered",
         "lost", "on_offer", "left", "unused", "share", "days", "total", "guarantee", "agreement"),
        _accounts(desk, lang), (14, 24, 24, 7, 8, 10, 7, 7, 8, 10, 8, 10, 10, 8, 8, 10, 10, 8, 14, 9, 24),
    )  # fmt: skip
    book.sheet(
        "rent", ("vacancy", "department", "status", "from", "to", "days", "monthly", "total", "guarantee"),
        _rents(book, desk, lang), (14, 18, 14, 12, 12, 8, 14, 14, 12),
    )  # fmt: skip
    book.sheet(
        "due", ("vacancy", "organisation", "department", "vacant_from", "due"),
        ((i.draw.vacancy.vacancy, i.draw.vacancy.organisation, i.draw.vacancy.department, i.draw.vacancy.vacant_from, i.draw.answer_due)
         for i in desk.items if i.draw.status == "on_offer"), (14, 24, 18, 12, 12),
    )  # fmt: skip
    book.sheet("rests", ("what", "says", "source"), _rests(book, desk, lang), (24, 100, 40))
    book.sheet(
        "rejected", ("row", "problem"),
        ((p.place.line, f"{p.path}: {p.message}" if p.path else p.message) for e in table.rejected for p in e.problems), (8, 100),
    )  # fmt: skip
    book.book.close()


def _turns(desk: Desk, lang: Lang) -> Iterable[Sequence[Any]]:
    from .report import Reporter

    reporter = Reporter(desk.rulebook, desk.law, lang)
    kinds = {word: text.get(lang) for word, text in desk.rulebook.facts["dwelling.kind"].values.items()}
    for item in desk.items:
        draw, vacancy, count = item.draw, item.draw.vacancy, item.draw.count
        counted: Sequence[Any] = (
            ("", "", "", "", "", "")
            if count is None
            else (count.number, words.fraction_text(count.entitlement), count.turns, count.used, count.lost, count.on_offer)
        )
        yield (
            vacancy.vacancy, vacancy.municipality, vacancy.organisation, vacancy.department, kinds.get(vacancy.kind or "", ""),
            vacancy.vacant_from, words.owner_word(draw.turn, lang), words.owner_word(draw.owner, lang),
            words.STATUS[draw.status].get(lang), *counted,
            "; ".join(_open_words(desk, draw, lang)), "; ".join(bar.text for bar in reporter.bars(draw)), draw.terms.id,
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
            row.municipality, row.name, words.owner_word(row.right, lang), row.year, row.counted, row.entitlement, row.turns,
            row.used + row.used_out_of_turn, row.passed, row.not_answered, row.withdrawn, row.not_offered, row.lost, row.on_offer, row.left,
            row.unused, None if row.share is None else _Share(Decimal(row.share)), row.rent_days, Decimal(row.rent.value), row.guarantees,
            row.agreement,
        )  # fmt: skip


def _rents(book: _Book, desk: Desk, lang: Lang) -> Iterable[Sequence[Any]]:
    for item in desk.items:
        if item.draw.drawn is None:
            continue
        rent, guarantee = item.ruling.liability, item.ruling.guarantee
        if rent is None and guarantee is None:
            continue
        said = "" if guarantee is None else book.word(_OUTCOMES[guarantee])
        days: Sequence[Any] = (None,) * 5 if rent is None else (rent.from_, rent.to, rent.days, rent.monthly, rent.total)
        yield (item.draw.vacancy.vacancy, item.draw.vacancy.department, words.STATUS[item.draw.status].get(lang), *days, said)


def _rests(book: _Book, desk: Desk, lang: Lang) -> Iterable[Sequence[Any]]:
    """What the answers rest on: rulebook, day, agreements and their sources, defaults that nothing settles."""
    yield (book.word(_HEADINGS["rulebook"]), desk.rulebook.hash, "")
    yield (book.word(_HEADINGS["on"]), desk.law.on.isoformat(), "")
    used = {item.draw.terms.id: item.draw.terms for item in desk.items}
    for terms in used.values():
        yield (
            book.word(_HEADINGS["agreement"]),
            f"{terms.title.get(lang)} ({terms.id}, {terms.hash})",
            desk.rulebook.cite_text(terms.cites),
        )
        for note in terms.not_known:
            yield (book.word(_HEADINGS["settled_no"]), note.get(lang), terms.id)
    leans = dict.fromkeys((item.draw.terms.id, name) for item in desk.items for name in item.draw.leans)
    for identity, name in leans:
        terms = used[identity]
        cites = words.lean_cites(terms, name)
        yield (book.word(_HEADINGS["settled_no"]), words.not_settled(terms, name, lang), desk.rulebook.cite_text(cites))


def write_whatif(found: WhatIf, path: Path, lang: Lang) -> None:
    """The comparison of terms as a workbook with a chart of rents."""
    path.open("ab").close()
    book = _Book(_open(path), lang)
    columns = (found.used, found.now, found.then)
    sheet = book.sheet("whatif", ("what", "fact", "now", "then"), _comparison(book, columns), (28, 18, 18, 18))
    chart = book.book.add_chart({"type": "column"})
    name = book.word(_SHEETS["whatif"])
    for column in (1, 2, 3):
        chart.add_series({
            "name": [name, 0, column], "categories": [name, 3, 0, 3 + len(BANDS), 0], "values": [name, 3, column, 3 + len(BANDS), column],
        })  # fmt: skip
    chart.set_title({"name": book.word(_HEADINGS["dwellings"])})
    sheet.insert_chart("F2", chart)
    book.sheet("turns", ("vacancy", "turn"), [(v, "+") for v in found.gained] + [(v, "-") for v in found.lost], (16, 10))
    book.book.close()


def _comparison(book: _Book, columns: Sequence[Outcome]) -> Iterable[Sequence[Any]]:
    yield (book.word(_HEADINGS["counted_of"]), *(c.counted for c in columns))
    yield (book.word(_HEADINGS["dwellings"]), *(len(c.dwellings) for c in columns))
    shown = [f"{n:,}".replace(",", "." if book.lang == "da" else ",") for n in BANDS]
    between = [f"{low} - {n} kr." for low, n in pairwise(shown)]
    titles = [book.word(_HEADINGS["below"]).format(n=shown[0]), *between, book.word(_HEADINGS["from_on"]).format(n=shown[-1])]
    for index, title in enumerate(titles):
        yield (title, *(c.bands[index] for c in columns))
    yield (book.word(_HEADINGS["middle"]), *(c.middle for c in columns))
    yield (book.word(_HEADINGS["total"]), *(c.rent_total for c in columns))
