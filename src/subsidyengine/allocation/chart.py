"""The running account as a chart: over the year, what the right has given and what was used."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..formula import Lang
from ..words import say
from .desk import Desk

_WORDS = {
    "da": {
        "title": "Kommunens ret og brug af den", "day": "Ledig fra", "dwellings": "Boliger", "turns": "optjente ture", "used": "brugt",
        "missed": "tabt",
    },
    "en": {
        "title": "The municipality's right and its use", "day": "Vacant from", "dwellings": "Dwellings", "turns": "turns earned",
        "used": "used", "missed": "lost",
    },
}  # fmt: skip
#: More points than a line can show are thinned out, the last kept.
_MOST_POINTS = 2_000
_FORMATS = (".svg", ".png", ".html", ".json")


def running(desk: Desk) -> list[dict[str, Any]]:
    """The account of all units together after each day: turns earned by the municipality's rights, used and lost."""
    totals = {"turns": 0, "used": 0, "missed": 0}
    days: dict[str, dict[str, int]] = {}
    used = {"used": "used", "passed": "missed", "silent": "missed", "not_offered": "missed"}
    for item in desk.items:
        draw = item.draw
        if draw.drawn is not None:
            totals["turns"] += 1
            if draw.status in used:
                totals[used[draw.status]] += 1
        days[draw.vacancy.ordered_on.isoformat()] = dict(totals)
    return [{"day": day, "what": what, "dwellings": value} for day, sums in days.items() for what, value in sums.items()]


def write_chart(desk: Desk, path: Path, lang: Lang) -> None:
    """Draw to an .svg, .png, .html or .json (Vega-Lite) file. Raises ValueError for another name, ModuleNotFoundError without the extra."""
    if path.suffix.lower() not in _FORMATS:
        raise ValueError(say("{file}: a chart is written as {formats}", file=path, formats=", ".join(_FORMATS)))
    import altair as alt

    words = _WORDS[lang]
    rows = running(desk)
    step = max(1, len(rows) // 3 // _MOST_POINTS)
    kept = [row for index, row in enumerate(rows) if index // 3 % step == 0 or index >= len(rows) - 3]
    data = alt.Data(values=[{**row, "what": words[row["what"]]} for row in kept])
    order = [words["turns"], words["used"], words["missed"]]
    chart = (
        alt.Chart(data, title=words["title"], width=720, height=360)
        .mark_line(interpolate="step-after")
        .encode(
            x=alt.X("day:T", title=words["day"]),
            y=alt.Y("dwellings:Q", title=words["dwellings"]),
            color=alt.Color("what:N", title=None, sort=order, scale=alt.Scale(domain=order, range=["#1f4e79", "#2e8b57", "#c0392b"])),
        )
    )
    chart.save(str(path))
