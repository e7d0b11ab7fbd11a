"""Vacancies in: a table (CSV, XLSX, Parquet), a vacancy a row, with what happened to each.

A bad row never hides a good one: it is listed with its row number and everything that is wrong with it. An empty cell is
not known, never zero and never false.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import cycle
from pathlib import Path
from typing import Any, NamedTuple, get_args

from ..facts import (
    EMPTY,
    CaseError,
    CaseProblem,
    Sheet,
    SheetError,
    Wrong,
    clean,
    looks_like_cpr,
    open_sheets,
    read_day,
    read_number,
    read_text,
    refuse_two_readings,
    shown,
)
from ..formula import near
from ..rulebook import Place
from ..words import Message, say
from . import forms

KINDS: tuple[str, ...] = get_args(forms.Kind)
CAUSES: tuple[str, ...] = get_args(forms.Cause)
AREAS = ("none", "prevention", "vulnerable", "parallel_society", "transformation")
_TRUTH = {
    "true": True, "sand": True, "ja": True, "yes": True, "1": True,
    "false": False, "falsk": False, "nej": False, "no": False, "0": False,
}  # fmt: skip
#: The day first, always: 31-12-2025, 31.12.2025, 1/2/2025.
_DANISH_DAY = re.compile(r"(\d{1,2})([-./])(\d{1,2})\2(\d{4})")
Number = int | Fraction


_DIGITS = re.compile(r"([0-9]+)")


class Vacancy(NamedTuple):
    """One vacancy and what happened to it. Money in DKK a month, without consumption unless ``consumption_in_rent`` says so."""

    vacancy: str
    organisation: str
    vacant_from: date
    row: int
    file: str
    municipality: str = ""
    department: str = ""
    property_: str = ""
    dwelling: str = ""
    kind: str | None = None
    area_m2: Number | None = None
    rooms: Number | None = None
    rent: Number | None = None
    consumption_in_rent: Number | None = None
    area_status: str | None = None
    cause: str | None = None
    for_sale: bool | None = None
    reported_on: date | None = None
    sequence: Number | None = None
    available_from: date | None = None
    offered_on: date | None = None
    answered_on: date | None = None
    used: bool | None = None
    passed: bool | None = None
    let_from: date | None = None
    withdrawn_on: date | None = None
    ordinary_notice_date: date | None = None
    #: A seeker on the waiting list was rejected under almenboligloven § 51 c: the rent of the vacancy is the organisation's.
    seeker_rejected_on: date | None = None

    @property
    def ordered_on(self) -> date:
        """The day that sets its place in the sequence: the day it was reported, else the day it falls vacant."""
        return self.reported_on or self.vacant_from

    @property
    def order(self) -> tuple[Any, ...]:
        """Its place among the vacancies; ``sequence`` settles those of one day, else the id: 9 comes before 10."""
        return (self.ordered_on, self.sequence is None, self.sequence or 0, _natural(self.vacancy), self.vacancy)

    @property
    def net_rent(self) -> Number | None:
        """Rent without consumption; None when it is not known."""
        return None if self.rent is None else self.rent - (self.consumption_in_rent or 0)

    @property
    def disposal_from(self) -> date | None:
        """First day at the municipality's disposal: as stated, else the later of the day it is vacant and the offer."""
        if self.available_from is not None:
            return self.available_from
        return None if self.offered_on is None else max(self.vacant_from, self.offered_on)


REQUIRED = ("vacancy", "organisation", "vacant_from")
COLUMNS = tuple(name.rstrip("_") for name in Vacancy._fields if name not in ("row", "file"))
Found = Vacancy | CaseError


@dataclass(frozen=True, slots=True)
class Table:
    """The vacancies of one reading in order, and the rows that could not be used."""

    vacancies: tuple[Vacancy, ...]
    rejected: tuple[CaseError, ...]


def read_vacancies(paths: Iterable[str], progress: Callable[[int], None] | None = None) -> Table:
    """Every vacancy of the tables ``paths``; problems of rows beside them. An id that stands twice is a problem of the second."""
    good: list[Vacancy] = []
    bad: list[CaseError] = []
    places: dict[str, tuple[str, int]] = {}
    for path in paths:
        for found in _rows(path):
            if isinstance(found, Vacancy):
                first = places.get(found.vacancy)
                if first is None:
                    places[found.vacancy] = (found.file, found.row)
                    good.append(found)
                else:
                    where = f"{first[0]}:{first[1]}"
                    bad.append(
                        _error(
                            found.file,
                            found.row,
                            "vacancy",
                            say("{vacancy} stands twice (first at {where})", vacancy=shown(found.vacancy), where=where),
                        )
                    )
            else:
                bad.append(found)
            if progress is not None:
                progress(len(good) + len(bad))
    return Table(tuple(good), tuple(bad))


def _error(file: str, row: int, column: str, message: str) -> CaseError:
    return CaseError([CaseProblem(Place(file, row), column, message)])


def _rows(path: str) -> Iterator[Found]:
    if Path(path).suffix.lower() not in (".csv", ".xlsx", ".parquet"):
        yield _error(path, 0, "", say("vacancies come as a table: .csv, .xlsx or .parquet"))
        return
    try:
        sheets = open_sheets(Path(path), path, "vacancy")
    except CaseError as error:
        yield error
        return
    for sheet in sheets:
        yield from _rows_of(sheet)


def _rows_of(sheet: Sheet) -> Iterator[Found]:
    problems = _header(sheet)
    if problems:
        yield CaseError(problems)
        return
    readers = [("property_" if name == "property" else name, _READERS[name]) for name in sheet.header]
    try:
        for number, cells, wrong in sheet.rows():
            yield _vacancy(sheet, readers, number, cells, wrong)
    except SheetError as error:
        yield _error(sheet.file, error.row, "", error.args[0])


def _header(sheet: Sheet) -> list[CaseProblem]:
    place = Place(sheet.file, sheet.top)
    if not any(sheet.header):
        return [CaseProblem(place, "", EMPTY)]
    problems = []
    for index, name in enumerate(sheet.header):
        if not name:
            problems.append(CaseProblem(place, f"column {index + 1}", say("has no name")))
        elif name in sheet.header[:index]:
            problems.append(CaseProblem(place, clean(name), say("stands twice among the columns")))
        elif name not in COLUMNS:
            problems.append(CaseProblem(place, clean(name), say("unknown column{hint}", hint=near(name, COLUMNS))))
    problems += [CaseProblem(place, name, say("this column is needed")) for name in REQUIRED if name not in sheet.header]
    return problems


def _vacancy(sheet: Sheet, readers: list[tuple[str, Callable[[Any], Any]]], number: int, cells: list[Any], wrong: str) -> Found:
    if wrong:
        return _error(sheet.file, number, "", wrong)
    given: dict[str, Any] = {"row": number, "file": sheet.file}
    problems: list[CaseProblem] = []
    place = Place(sheet.file, number)
    for (name, reader), cell in zip(readers, cells, strict=False):
        value = cell.strip() if isinstance(cell, str) else cell
        if value is None or value == "":
            continue
        if sheet.decimal_comma and isinstance(value, str):
            value = _of_danish(value, reader)
        if sheet.midnights and isinstance(value, str) and reader is read_day:
            value = value.removesuffix(" 00:00:00")
        try:
            given[name] = reader(value)
        except Wrong as error:
            problems.append(CaseProblem(place, name, str(error)))
    told = {problem.path for problem in problems}
    problems += [CaseProblem(place, name, say("is missing")) for name in REQUIRED if name not in given and name not in told]
    if problems:
        return CaseError(problems, given.get("vacancy", ""))
    vacancy = Vacancy(**given)
    if problems := [CaseProblem(place, column, message) for column, message in _contradictions(vacancy)]:
        return CaseError(problems, vacancy.vacancy)
    return vacancy


def _of_danish(text: str, reader: Callable[[Any], Any]) -> str:
    """Numbers and days as a Danish spreadsheet writes them into a table with semicolons: 4.250,50 and 31-12-2025."""
    if reader is _number and "," in text:
        return text.replace(".", "").replace(",", ".")
    if reader is read_day and (found := _DANISH_DAY.fullmatch(text)):
        return f"{found[4]}-{int(found[3]):02}-{int(found[1]):02}"
    return text


def _contradictions(v: Vacancy) -> Iterator[tuple[str, Message]]:
    """What cannot all be true of one vacancy."""
    if v.used and v.passed:
        yield "passed", say("a vacancy is used or passed, not both")
    if v.passed and v.answered_on is None:
        yield "answered_on", say("is missing: the day the municipality passed")
    if v.answered_on and v.offered_on and v.answered_on < v.offered_on:
        yield "answered_on", say("{day} lies before the offer ({other})", day=v.answered_on, other=v.offered_on)
    if v.answered_on and v.used is None and v.passed is None:
        yield "used", say("an answer was given on a day: say whether the dwelling was used or passed")
    if v.withdrawn_on and not v.used:
        yield "withdrawn_on", say("only a dwelling that was used can be withdrawn from: set used, or use passed")
    if v.withdrawn_on and v.answered_on and v.withdrawn_on < v.answered_on:
        yield "withdrawn_on", say("{day} lies before the answer ({other})", day=v.withdrawn_on, other=v.answered_on)
    if v.rent is not None and v.consumption_in_rent is not None and v.consumption_in_rent > v.rent:
        yield "consumption_in_rent", say("{more} is more than the rent ({less})", more=v.consumption_in_rent, less=v.rent)
    if v.let_from and v.let_from < v.vacant_from:
        yield "let_from", say("{day} lies before the day it falls vacant ({other})", day=v.let_from, other=v.vacant_from)
    if v.available_from and v.available_from < v.vacant_from:
        yield "available_from", say("{day} lies before the day it falls vacant ({other})", day=v.available_from, other=v.vacant_from)


def _natural(text: str) -> list[str | int]:
    """Runs of digits as numbers, so that A9 comes before A10; text and numbers take turns, so any two compare."""
    return [int(part) if odd else part for part, odd in zip(_DIGITS.split(text), cycle((False, True)), strict=False)]


def _id(value: Any) -> str:
    text = read_text(value if isinstance(value, str) else str(value))
    if looks_like_cpr(text):
        raise Wrong(say("looks like a CPR number: use another id"))
    return text


def _name(value: Any) -> str:
    if isinstance(value, list | dict | tuple):
        read_text(value)
    return read_text(value if isinstance(value, str) else str(value))


def _number(value: Any) -> Number:
    number = read_number(value)
    refuse_two_readings(value, number)
    if number < 0:
        raise Wrong(say("{value} is below 0", value=shown(value)))
    return number


def _truth(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    found = _TRUTH.get(str(value).lower())
    if found is None:
        raise Wrong(say("{value} is neither true nor false", value=shown(value)))
    return found


def _word(words: tuple[str, ...]) -> Callable[[Any], str]:
    def reader(value: Any) -> str:
        if value not in words:
            raise Wrong(say("{value} is none of {words}{hint}", value=shown(value), words=", ".join(words), hint=near(str(value), words)))
        return str(value)

    return reader


_DAYS = (
    "vacant_from",
    "reported_on",
    "available_from",
    "offered_on",
    "answered_on",
    "let_from",
    "withdrawn_on",
    "ordinary_notice_date",
    "seeker_rejected_on",
)
_READERS: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys(COLUMNS, _name),
    **dict.fromkeys(("vacancy", "dwelling"), _id),
    **dict.fromkeys(_DAYS, read_day),
    **dict.fromkeys(("area_m2", "rooms", "rent", "consumption_in_rent", "sequence"), _number),
    **dict.fromkeys(("used", "passed", "for_sale"), _truth),
    "kind": _word(KINDS),
    "cause": _word(CAUSES),
    "area_status": _word(AREAS),
}
