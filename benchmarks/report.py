"""What was measured, as a table and as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure. ``bar`` is the most that it may be (with ``at_least``: the least); None: nothing was promised."""

    group: str
    name: str
    value: float
    unit: str
    bar: float | None = None
    at_least: bool = False
    note: str = ""

    @property
    def verdict(self) -> str:
        """``met``, ``missed``, or nothing where there is no bar."""
        if self.bar is None:
            return ""
        return "met" if (self.value >= self.bar if self.at_least else self.value <= self.bar) else "missed"


def _number(value: float) -> str:
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def as_table(figures: Sequence[Figure]) -> str:
    """The figures in columns, a heading for each group."""
    rows = []
    for figure in figures:
        bar = "" if figure.bar is None else f"{'>=' if figure.at_least else '<='} {_number(figure.bar)} {figure.unit}".rstrip()
        rows.append((figure.group, figure.name, f"{_number(figure.value)} {figure.unit}".rstrip(), bar, figure.verdict, figure.note))
    widths = [max((len(row[i]) for row in rows), default=0) for i in range(5)]
    lines: list[str] = []
    group = None
    for row in rows:
        if row[0] != group:
            group = row[0]
            lines += ["", group]
        cells = f"  {row[1]:<{widths[1]}}  {row[2]:>{widths[2]}}  {row[3]:>{widths[3]}}  {row[4]:<{widths[4]}}  {row[5]}"
        lines.append(cells.rstrip())
    return "\n".join(lines[1:])


def as_json(figures: Sequence[Figure]) -> str:
    """One JSON list."""
    return json.dumps([{**asdict(f), "verdict": f.verdict} for f in figures], indent=1, ensure_ascii=False)
