"""A result as a plain sheet of a workbook: header fixed, filters on, days and kroner as such."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from ..words import say

MOST_ROWS = 1_048_575


class TooManyRows(ValueError):
    """A sheet holds no more."""


def write_sheet(con: Any, select: str, out: Path, name: str) -> None:
    """Write one result as a workbook of its own."""
    import xlsxwriter

    def rows() -> Iterator[Sequence[Any]]:
        while found := result.fetchmany(10_000):
            yield from found

    result = con.execute(select)
    with xlsxwriter.Workbook(str(out), {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        fill_sheet(book, name[:31], [c[0] for c in result.description], rows())


def fill_sheet(book: Any, name: str, header: Sequence[str], rows: Any) -> Any:
    """One sheet of a workbook: header, rows in order, filters over all."""
    sheet = book.add_worksheet(name)
    bold = book.add_format({"bold": True, "bottom": 1})
    money, day = book.add_format({"num_format": "#,##0.00"}), book.add_format({"num_format": "yyyy-mm-dd"})
    for column, title in enumerate(header):
        sheet.write_string(0, column, title, bold)
    last = 0
    for last, row in enumerate(rows, 1):
        if last > MOST_ROWS:
            raise TooManyRows(say("a sheet holds {most} rows; write Parquet, CSV or a DuckDB file", most=MOST_ROWS))
        for column, value in enumerate(row):
            if value is None:
                continue
            if isinstance(value, Decimal):
                sheet.write_number(last, column, float(value), money)
            elif isinstance(value, date):
                sheet.write_datetime(last, column, value, day)
            else:
                sheet.write(last, column, value)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(last, 1), len(header) - 1)
    sheet.set_column(0, len(header) - 1, 14)
    return sheet
