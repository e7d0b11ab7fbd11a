"""Tables of a workbook in the reader's language: formats, widths, filters, sums as formulas, and how they come out on paper."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from textwrap import wrap
from typing import Any, Literal, NamedTuple

from ..formula import Lang
from .sheets import MOST_ROWS, TooManyRows

Kind = Literal["text", "wrap", "money", "count", "day", "month", "year", "share", "input", "index"]
#: A language's own separators and names of months, whatever the program's: LibreOffice heeds it for both, Excel for the names alone.
_LOCALE = {"da": "[$-406]", "en": "[$-809]"}
HEAD, _LINE, _BLUE, _INPUT = "#DCE6F1", "#D9D9D9", "#1F4E9E", "#FFF9E5"
_POINTS = 14.5
_BUTTON = 15


class Computed(NamedTuple):
    """A cell that the program reckons itself, with what it comes to."""

    formula: str
    value: Decimal | int | float


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table. ``width`` in characters (0: as it stands); ``total``: its sum stands below."""

    title: str
    kind: Kind
    width: float = 0
    total: bool = False


class Grid:
    """The formats of one workbook, and what writes tables with them."""

    def __init__(self, book: Any, lang: Lang) -> None:
        self.book, self.lang, locale = book, lang, _LOCALE[lang]
        self.codes = {
            "money": f"{locale}#,##0.00;[Red]-#,##0.00", "count": f"{locale}#,##0", "year": "0", "share": f"{locale}0.00 %",
            "index": f"{locale}0.0000", "month": f"{locale}mmm yyyy", "day": f"{locale}dd-mm-yyyy" if lang == "da" else "yyyy-mm-dd",
        }  # fmt: skip
        self.codes["input"] = self.codes["share"]
        self._made: dict[tuple[str, ...], Any] = {}
        self.title = book.add_format({"bold": True, "font_size": 16, "font_color": "#1F3A5F"})
        self.section = book.add_format({"bold": True, "font_size": 12, "font_color": "#1F3A5F"})
        self.faint = book.add_format({"font_color": "#595959"})

    def form(self, kind: Kind, place: str = "body", text: bool = False) -> Any:
        """The format of a kind of cell: in the ``body`` of a table, a ``tall`` row of one, the ``head`` or the ``total``.

        ``text``: a word among figures.
        """
        key = (kind, place, str(text))
        if key not in self._made:
            right = kind in ("money", "count", "share", "input", "index")
            said: dict[str, Any] = {"align": "right"} if right else {"align": "left", "indent": 1}
            said |= {"bottom": 1, "bottom_color": _LINE, "valign": "top" if place in ("head", "tall") else "vcenter"}
            if place == "head":
                said |= {"bold": True, "text_wrap": True, "bg_color": HEAD, "bottom_color": "#1F3A5F"}
            elif kind in self.codes and not text:
                said |= {"num_format": self.codes[kind]}
            if place == "total":
                said |= {"bold": True, "top": 1, "bottom": 6, "bottom_color": "#1F3A5F"}
            if kind == "wrap":
                said |= {"text_wrap": True}
            if kind == "input" and place not in {"head", "total"}:
                said |= {"font_color": _BLUE, "bg_color": _INPUT}
            self._made[key] = self.book.add_format(said)
        return self._made[key]

    def put(self, sheet: Any, row: int, column: int, value: Any, kind: Kind, place: str = "body") -> None:
        """Write one cell; None is an empty one."""
        if value is None:
            sheet.write_blank(row, column, None, self.form(kind, place))
        elif isinstance(value, Computed):
            sheet.write_formula(row, column, value.formula, self.form(kind, place), float(value.value))
        elif isinstance(value, str):
            sheet.write_string(row, column, value, self.form(kind, place, text=True))
        elif isinstance(value, date):
            sheet.write_datetime(row, column, value, self.form(kind, place))
        else:
            sheet.write_number(row, column, float(value), self.form(kind, place))

    def table(
        self, sheet: Any, top: int, columns: Sequence[Column], rows: Iterable[Sequence[Any]], total: str = "", filters: bool = False
    ) -> int:
        """Write a table with its header on row ``top`` and, with ``total``, its sums below, which follow the filters; give the row after.

        Raises TooManyRows when a sheet cannot hold it.
        """
        widths = [column.width or 15 for column in columns]
        for number, column in enumerate(columns):
            sheet.write_string(top, number, column.title, self.form(column.kind, "head"))
            if column.width:
                sheet.set_column(number, number, column.width)
        # A filter's button stands at the bottom of its cell, below the words.
        lines = max(_lines(c.title, w) for c, w in zip(columns, widths, strict=True))
        sheet.set_row(top, _POINTS * lines + (_BUTTON if filters else 4))
        wrapped = [number for number, column in enumerate(columns) if column.kind == "wrap"]
        row, sums = top, [0.0] * len(columns)
        for row, cells in enumerate(rows, top + 1):
            if row >= MOST_ROWS:
                raise TooManyRows
            if wrapped:  # so high that all of the text is seen, in programs too that do not fit rows by themselves
                sheet.set_row(row, _POINTS * max(_lines(str(cells[n] or ""), widths[n]) for n in wrapped) + 3)
            for number, (column, value) in enumerate(zip(columns, cells, strict=True)):
                self.put(sheet, row, number, value, column.kind, "tall" if wrapped else "body")
                if column.total and value is not None and not isinstance(value, str):
                    sums[number] += float(value.value if isinstance(value, Computed) else value)
        last = max(row, top + 1)
        if filters:
            sheet.autofilter(top, 0, last, len(columns) - 1)
            sheet.freeze_panes(top + 1, 1)
        if not total:
            return last + 1
        for number, column in enumerate(columns):
            area = area_of(top + 1, number, last, number)
            value = Computed(f"=SUBTOTAL(109,{area})", sums[number]) if column.total else None if number else total
            self.put(sheet, last + 1, number, value, column.kind, "total")
        return last + 2

    def dress(self, sheet: Any, footer: str, repeat: bool = True, pages_high: int = 0) -> None:
        """For the printer: landscape, as wide as the paper, the header on every page; what it is and which page at the foot."""
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, pages_high)
        sheet.set_margins(0.4, 0.4, 0.5, 0.6)
        if repeat:
            sheet.repeat_rows(0)
        sheet.set_footer(f"&L&8{footer.replace('&', '&&')}&C&8&A&R&8&P / &N")
        # Codes of municipalities are texts: 0101 is no number.
        sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})


def area_of(top: int, left: int, bottom: int, right: int) -> str:
    """The cells as a formula names them."""
    from xlsxwriter.utility import xl_range_abs

    return str(xl_range_abs(top, left, bottom, right))


def cell_of(row: int, column: int) -> str:
    """One cell as a formula on its own sheet names it."""
    from xlsxwriter.utility import xl_rowcol_to_cell

    return str(xl_rowcol_to_cell(row, column))


def column_of(sheet: str, column: int, last: int, first: int = 1) -> str:
    """A column of a table that begins at the top of a sheet, as a formula on another sheet names it: rows ``first`` to ``last``."""
    return "'" + sheet.replace("'", "''") + "'!" + area_of(first, column, max(first, last), column)


def _lines(text: str, width: float) -> int:
    """How many lines a text takes at most in a column of so many characters."""
    return max(1, len(wrap(text, max(1, int(width)))))
