"""Tables as they lie in files: a header and numbered rows. CSV is read as it goes, XLSX and Parquet need extras."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from ..words import quoted, say
from .problems import file_error, reason
from .values import FAILED

#: Row number (the header is row 1), cells, and what is wrong with the row as a whole (mostly nothing).
Rows = Iterator[tuple[int, list[Any], str]]

EMPTY = say("the table is empty: its first row names the columns")
_BROKEN = re.compile("[\udc80-\udcff]")


class SheetError(ValueError):
    """From row ``row`` on the table cannot be read."""

    def __init__(self, row: int, message: str) -> None:
        super().__init__(message)
        self.row, self.message = row, message


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table. ``top`` is the header's row. ``decimal_comma``: numbers may be written 5500,50. ``midnights``: days may
    end in 00:00:00.
    """

    file: str
    stem: str
    header: list[str]
    rows: Callable[[], Rows]
    decimal_comma: bool = False
    midnights: bool = False
    top: int = 1


def open_sheets(path: Path, file: str, column: str = "case") -> list[Sheet]:
    """The tables of a file, headers read; of a workbook every sheet with ``column``, else the first. CaseError when it cannot be used."""
    try:
        if path.suffix.lower() == ".xlsx":
            return _xlsx(path, file, column)
        return {".csv": _csv, ".parquet": _parquet}[path.suffix.lower()](path, file)
    except OSError as error:
        raise file_error(file, say("cannot be read: {reason}", reason=reason(error))) from None


def _csv(path: Path, file: str) -> list[Sheet]:
    with path.open("rb") as lines:
        raw = next((line for line in lines if line.strip()), b"")
    try:
        first = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = say("not UTF-8 (byte {byte}): save it as 'CSV UTF-8'", byte=f"{raw[error.start]:#04x}")
        raise file_error(file, message, 1) from None
    semicolon = first.count(";") > first.count(",")
    separator = ";" if semicolon else ","
    try:
        top, header = next(((n, cells) for n, cells in _csv_rows(path, separator) if any(cells)), (0, []))
    except SheetError as error:
        raise file_error(file, error.message, error.row) from None
    if not header:
        raise file_error(file, EMPTY)

    def rows() -> Rows:
        width = len(header)
        for number, cells in _csv_rows(path, separator):
            if number > top and any(cells):
                wrong = "" if len(cells) == width else _uneven(len(cells), width, semicolon)
                if not wrong and any(_BROKEN.search(cell) for cell in cells if not cell.isascii()):
                    wrong = say("the row is not UTF-8: save the table as 'CSV UTF-8'")
                yield number, cells, wrong

    return [Sheet(file, path.stem, [name.strip() for name in header], rows, decimal_comma=semicolon, top=top)]


def _csv_rows(path: Path, separator: str) -> Iterator[tuple[int, list[str]]]:
    number = 0
    # A byte that is not UTF-8 becomes a sign of its own, so that it spoils its row and no other.
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as text:
        try:
            for number, cells in enumerate(csv.reader(text, delimiter=separator, strict=True), 1):
                yield number, cells
        except csv.Error as error:
            raise SheetError(number + 1, say("not CSV: {reason}", reason=quoted(str(error)))) from None


def _uneven(cells: int, width: int, semicolon: bool) -> str:
    hint = "" if semicolon or cells < width else say(" (a decimal comma? write 5500.50, or separate the columns with ';')")
    return say("the row has {cells} cells and the header {width}{hint}", cells=cells, width=width, hint=hint)


def _xlsx(path: Path, file: str, column: str) -> list[Sheet]:
    try:
        import fastexcel
        import pyarrow  # noqa: F401 - fastexcel hands its data over through it
    except ImportError:
        raise file_error(file, say("reading {kind} files needs an extra: pip install 'subsidyengine[excel]'", kind="XLSX")) from None
    try:
        book = fastexcel.read_excel(path)
        names = list(book.sheet_names)
        found = []
        for name in names:
            sheet = book.load_sheet(name, header_row=None, skip_rows=0, dtypes="string")
            table, errors = sheet.to_arrow_with_errors() if sheet.height else (None, None)
            columns = [column.to_pylist() for column in table.columns] if table else []
            for error in errors.errors if errors else ():
                # A formula that failed is no empty cell: what it shows is told as any other text that is out of place.
                row, at = error.position
                columns[at][row] = FAILED.get(error.detail.partition("Error(")[2].partition(")")[0], FAILED[""])
            grid = list(zip(*columns, strict=True))
            found.append(_grid(file if len(names) == 1 else f"{file}#{name}", path.stem, grid))
    except Exception as error:  # fastexcel's errors have no common base
        raise file_error(file, say("not an XLSX file: {reason}", reason=reason(error))) from None
    chosen = [sheet for sheet in found if column in sheet.header] or found[:1]
    if not chosen or not chosen[0].header:
        raise file_error(file, EMPTY)
    return chosen


def _grid(file: str, stem: str, grid: list[tuple[str | None, ...]]) -> Sheet:
    """A sheet whose cells are all in memory as text."""
    top = next((at for at, row in enumerate(grid) if any(row)), len(grid))
    header = [(name or "").strip() for name in grid[top]] if grid[top:] else []
    while header and not header[-1] and all(not row[len(header) - 1] for row in grid):
        header.pop()

    def rows() -> Rows:
        for number, row in enumerate(grid[top + 1 :], top + 2):
            if any(row):
                yield number, list(row[: len(header)]), ""

    return Sheet(file, stem, header, rows, midnights=True, top=top + 1)


def _parquet(path: Path, file: str) -> list[Sheet]:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise file_error(file, say("reading {kind} files needs an extra: pip install 'subsidyengine[excel]'", kind="Parquet")) from None
    try:
        header = list(pyarrow.parquet.read_schema(path).names)
    except pyarrow.ArrowException as error:
        raise file_error(file, say("not a Parquet file: {reason}", reason=reason(error))) from None

    def rows() -> Rows:
        number = 2
        try:
            with pyarrow.parquet.ParquetFile(path) as table:
                for batch in table.iter_batches(batch_size=4096):
                    columns = [[_typed(cell) for cell in column.to_pylist()] for column in batch.columns]
                    for row in zip(*columns, strict=True):
                        yield number, list(row), ""
                        number += 1
        except (pyarrow.ArrowException, OSError) as error:
            raise SheetError(number, say("cannot be read: {reason}", reason=reason(error))) from None

    return [Sheet(file, path.stem, header, rows)]


def _typed(cell: Any) -> Any:
    """A decimal column's places say nothing about how a number was meant, so the number goes on without them."""
    if type(cell) is Decimal and cell.is_finite():
        return Fraction(cell)
    return cell
