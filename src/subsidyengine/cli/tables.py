"""Tables on a screen: figures stand to the right and are never cut, texts give way; in a pipe rows are as long as they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

_LONG, _WORD = 1_000, 12


def table_of(columns: Sequence[str], left: Sequence[str], words: Mapping[str, str]) -> Any:
    """A table with its headings; those not in ``left`` are figures."""
    from rich.table import Table

    table = Table(box=None, header_style="bold", pad_edge=False)
    for name in columns:
        table.add_column(words.get(name, name), justify="left" if name in left else "right")
    return table


def put(screen: Any, table: Any) -> None:
    """Print a table. On a screen where not even its figures and words fit side by side, rows are as long as they are, too."""
    from rich.console import Console

    least, widths = [], []
    for column in table.columns:
        column.overflow = "fold"
        cells, header = [str(cell) for cell in column.cells], str(column.header)
        whole = cells if column.justify == "right" else [word for cell in cells for word in cell.split()]
        least.append(max(map(_least, (*whole, *header.split())), default=0))
        widths.append(max(map(len, (header, *cells))))
    room = screen.width - 2 * (len(widths) - 1)
    fits = screen.is_terminal and sum(least) <= room
    while fits and sum(widths) > room:  # the widest column gives way first
        widest = max((n for n in range(len(widths)) if widths[n] > least[n]), key=lambda n: widths[n])
        widths[widest] -= 1
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    wide = Console(highlight=False, soft_wrap=True, no_color=screen.no_color, width=_LONG, file=screen.file)
    (screen if fits else wide).print(table)


def _least(text: str) -> int:
    """How many characters a piece of text needs; what holds a figure is kept whole, a long word may be broken."""
    return len(text) if any(c.isdigit() for c in text) else min(len(text), _WORD)


def hang(screen: Any, text: str, depth: int = 2) -> None:
    """Print a line that stands in by ``depth``, on a screen with all that it is broken into."""
    from rich.padding import Padding

    screen.print(Padding(text, (0, 0, 0, depth), expand=False) if screen.is_terminal else " " * depth + text)
