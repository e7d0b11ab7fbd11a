"""The running account as a chart: over the year, what the right has given and what was used."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..formula import Lang
from .desk import Desk
from .draw import Draw

_WORDS = {
    "da": {
        "title": "Kommunens ret og brug af den", "day": "Dag", "dwellings": "Boliger", "turns": "optjente ture", "used": "brugt",
        "missed": "tabt", "format": "%d-%m-%Y",
    },
    "en": {
        "title": "The municipality's right and its use", "day": "Day", "dwellings": "Dwellings", "turns": "turns earned",
        "used": "used", "missed": "lost", "format": "%Y-%m-%d",
    },
}  # fmt: skip
#: More points than a line can show are thinned out, the last kept.
_MOST_POINTS = 2_000
FORMATS = (".svg", ".png", ".html", ".json")


def running(desk: Desk) -> list[dict[str, Any]]:
    """The municipality's accounts together after each day: whole turns earned, dwellings used, and turns lost."""
    earned: dict[tuple[Any, ...], int] = {}
    changes: list[tuple[str, str, int]] = []
    for item in desk.items:
        count = item.draw.count
        if count is not None and _municipal(item.draw, count.right):
            key = (item.draw.terms.id, count.right, count.key)
            changes.append((item.draw.vacancy.ordered_on.isoformat(), "turns", count.turns - earned.get(key, 0)))
            earned[key] = count.turns
        for step in item.draw.steps:
            if step.what in ("used", "passed", "silent", "not_offered"):
                changes.append((step.on.isoformat(), "used" if step.what == "used" else "missed", 1))
    totals = {"turns": 0, "used": 0, "missed": 0}
    days: dict[str, dict[str, int]] = {}
    for day, what, more in sorted(changes):
        totals[what] += more
        days[day] = dict(totals)
    if days:
        days.setdefault(max(desk.law.on.isoformat(), *days), dict(totals))
    return [{"day": day, "what": what, "dwellings": value} for day, sums in days.items() for what, value in sums.items()]


def _municipal(draw: Draw, name: str) -> bool:
    return next(r for r in draw.terms.rights if r.name == name).basis.drawn_by == "municipality"


def write_chart(desk: Desk, path: Path, lang: Lang) -> None:
    """Draw to an .svg, .png, .html or .json (Vega-Lite) file. Raises ModuleNotFoundError without the extra."""
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
            # Numbers name the months: the names that the library knows are English.
            x=alt.X("day:T", title=words["day"], axis=alt.Axis(format=words["format"], labelAngle=-45, tickCount=12)),
            y=alt.Y("dwellings:Q", title=words["dwellings"], axis=alt.Axis(format="d", tickMinStep=1)),
            color=alt.Color("what:N", title=None, sort=order, scale=alt.Scale(domain=order, range=["#1f4e79", "#2e8b57", "#c0392b"])),
            # Lines that lie on each other are told apart by width and dashes, also without colours.
            strokeWidth=alt.StrokeWidth("what:N", title=None, sort=order, scale=alt.Scale(domain=order, range=[4, 2.5, 2])),
            strokeDash=alt.StrokeDash("what:N", title=None, sort=order, scale=alt.Scale(domain=order, range=[[1, 0], [1, 0], [6, 4]])),
        )
    )
    chart.save(str(path), **({"scale_factor": 2} if path.suffix.lower() == ".png" else {}))
