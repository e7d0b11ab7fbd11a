"""A result as a plain sheet of a workbook: header fixed, filters on, days and kroner as such."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from ..words import say
from .raw import SourceError

MOST_ROWS = 1_048_575
#: Widths in characters: of a column, and of what can be read when it is made to fit the paper.
_NARROW, _WIDE, _PAPER = 10, 60, 220


class TooManyRows(SourceError):
    """A sheet holds no more."""

    def __init__(self) -> None:
        super().__init__(say("a sheet holds {most} rows; write Parquet, CSV or a DuckDB file", most=MOST_ROWS))


@contextmanager
def workbook(out: Path, title: str = "", comment: str = "", constant_memory: bool = False) -> Iterator[Any]:
    """A workbook that is written at the end, and not at all where something goes wrong; raises OSError when it cannot be written.

    Nothing in it is of the clock: the same contents give the same bytes.
    """
    import xlsxwriter

    book = xlsxwriter.Workbook(str(out), {"constant_memory": constant_memory, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": title, "comments": comment, "created": datetime(2000, 1, 1)})
    yield book
    try:
        book.close()
    except xlsxwriter.exceptions.FileCreateError as error:
        raise error.args[0] from None


def write_sheet(con: Any, select: str, out: Path, name: str) -> None:
    """Write one result as a workbook of its own; raises TooManyRows, and then writes nothing."""
    ((count,),) = con.execute(f"SELECT count(*) FROM ({select})").fetchall()
    if count > MOST_ROWS:
        raise TooManyRows

    def rows() -> Iterator[Sequence[Any]]:
        while found := result.fetchmany(10_000):
            yield from found

    result = con.execute(select)
    with workbook(out, constant_memory=True) as book:
        figures = [any(word in str(kind) for word in ("INT", "DECIMAL", "NUMBER")) for _, kind, *_ in result.description]
        fill_sheet(book, name[:31], [c[0] for c in result.description], rows(), figures)


def fill_sheet(book: Any, name: str, header: Sequence[str], rows: Any, figures: Sequence[bool]) -> Any:
    """One sheet of a workbook: header, rows in order, filters over all, columns as wide as what is in them; ``figures`` to the right."""
    sheet = book.add_worksheet(name)
    head = {"bold": True, "bottom": 1, "bg_color": "#DCE6F1", "valign": "top"}
    heads = [book.add_format({**head, **({"align": "right"} if right else {"indent": 1})}) for right in figures]
    text, money = book.add_format({"indent": 1}), book.add_format({"num_format": "#,##0.00"})
    day = book.add_format({"num_format": "yyyy-mm-dd", "align": "left", "indent": 1})
    for column, title in enumerate(header):
        sheet.write_string(0, column, title, heads[column])
    widths, last = [len(title) + 4 for title in header], 0
    for last, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            if value is None:
                continue
            if isinstance(value, Decimal):
                sheet.write_number(last, column, float(value), money)
            elif isinstance(value, date):
                sheet.write_datetime(last, column, value, day)
            elif isinstance(value, str):
                sheet.write_string(last, column, value, text)
            else:
                sheet.write(last, column, value)
            widths[column] = max(widths[column], len(str(value)) + 3)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(last, 1), len(header) - 1)
    widths = [min(max(width, _NARROW), _WIDE) for width in widths]
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})  # 0101 is the code of a municipality
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.repeat_rows(0)
    if sum(widths) <= _PAPER:
        sheet.fit_to_pages(1, 0)
    return sheet
