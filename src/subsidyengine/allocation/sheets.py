"""Sheets of the desk's workbooks: first row and column held, a filter over each column; money, days and shares keep their kind."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, Self

from ..formula import Lang
from ..words import say
from .workbook_words import CELLS, HEADINGS, SHEETS

#: Rows of a sheet below its header (the format's own limit).
MOST_ROWS = 1_048_575
#: Columns of at least this width hold sentences, which are wrapped; the height of a line in points.
_SENTENCES, _LINE = 40, 15


class TooManyRows(ValueError):
    """A sheet holds no more."""


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole, shown in per cent."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class Exact:
    """A number shown as a whole number and a fraction."""

    value: Fraction


class Book:
    """One workbook being written to ``path``, in one language, row after row. Equal answers give equal bytes.

    Raises ModuleNotFoundError without the extra, OSError when ``path`` cannot be written.
    """

    def __init__(self, path: Path, lang: Lang) -> None:
        import xlsxwriter

        path.open("ab").close()  # a place that cannot be written is told before the work
        self.lang = lang
        self.book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
        self.book.set_properties({"title": "subsidyengine", "created": datetime(2000, 1, 1)})  # nothing of the clock
        self.head = self.book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        # Excel shows dots and commas as its own language has them.
        self.money = self.book.add_format({"num_format": "#,##0.00", "valign": "top"})
        self.day = self.book.add_format({"num_format": "dd-mm-yyyy", "align": "left", "valign": "top"})
        self.share = self.book.add_format({"num_format": "0.0 %", "valign": "top"})
        self.exact = self.book.add_format({"num_format": "# ???/???", "valign": "top"})
        self.top = self.book.add_format({"valign": "top"})
        self.wrap = self.book.add_format({"text_wrap": True, "valign": "top"})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self.book.close()

    def cell(self, name: str) -> str:
        """A word that stands in a cell."""
        return CELLS[name][0 if self.lang == "da" else 1]

    def heading(self, name: str) -> str:
        """What a column is called."""
        _, danish, english = HEADINGS[name]
        return danish if self.lang == "da" else english

    def name(self, sheet: str) -> str:
        """What a sheet is called."""
        return SHEETS[sheet][0 if self.lang == "da" else 1]

    def sheet(self, name: str, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> Any:
        """A sheet with a row for each of ``rows``."""
        sheet = self.book.add_worksheet(self.name(name))
        for column, heading in enumerate(headings):
            sheet.set_column(column, column, HEADINGS[heading][0])
            sheet.write_string(0, column, self.heading(heading), self.head)
        sheet.set_row(0, 2 * _LINE)
        last = 0
        for last, row in enumerate(rows, 1):
            if last > MOST_ROWS:
                raise TooManyRows(say("an Excel sheet holds {most} rows: split the table, or use --json", most=MOST_ROWS))
            lines = 1
            for column, value in enumerate(row):
                width = HEADINGS[headings[column]][0]
                self._write(sheet, last, column, value, width)
                if width >= _SENTENCES and isinstance(value, str):
                    lines = max(lines, -(-len(value) // width))
            if lines > 1:
                sheet.set_row(last, lines * _LINE)  # not every program that opens the file fits heights by itself
        sheet.freeze_panes(1, 1)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        sheet.autofilter(0, 0, max(last, 1), len(headings) - 1)
        return sheet

    def _write(self, sheet: Any, row: int, column: int, value: Any, width: int) -> None:
        if value is None or value == "":
            return
        if isinstance(value, date):
            sheet.write_datetime(row, column, value, self.day)
        elif isinstance(value, Share | Exact):
            sheet.write_number(row, column, float(value.value), self.share if isinstance(value, Share) else self.exact)
        elif isinstance(value, Decimal | Fraction):
            sheet.write_number(row, column, float(value), self.money)
        elif isinstance(value, int):
            sheet.write_number(row, column, value, self.top)
        else:
            sheet.write_string(row, column, str(value), self.wrap if width >= _SENTENCES else self.top)
