"""What `subsidyengine forecast` shows of scenarios: the refund and what is owed to landlords, beside the forecast."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ..words import Lang
from .tables import table_of

if TYPE_CHECKING:
    from ..portfolio.chance import Band
    from ..portfolio.compare import Compared
    from ..portfolio.forecast import Forecast
    from ..portfolio.scenario_owed import OwedYear
    from ..portfolio.scenario_sums import Lying


def scenario_tables(found: Forecast, lang: Lang) -> Iterator[Any]:
    """Each scenario beside the forecast, with the difference, and the band where tenants move out by chance; many are summed up."""
    from ..portfolio.scenario_owed import owed_forecast, owed_parts
    from ..portfolio.scenario_sums import FEW, lying
    from ..portfolio.words import WORDS, money

    words = WORDS[lang]
    base = {year: cost for year, _, _, cost, _, _ in found.years()}
    if len(found.scenarios) > FEW:
        rows = lying(found.scenarios, base)
        yield words["many"].format(len(found.scenarios))
        yield _many(rows, lang)
        yield words["ends_of"].format(rows[-1].cheapest, rows[-1].dearest)
        for clause in owed_parts(found):
            rows = lying(found.scenarios, owed_forecast(found, clause.name), clause.name)
            if clause.amount and any(cost != row.forecast for row in rows for cost in row.at.values()):
                yield clause.title.get(lang)
                yield _many(rows, lang)
                yield words["ends_of"].format(rows[-1].cheapest, rows[-1].dearest)
        return
    table = table_of(("scenario", "year", "cost", "difference", "band"), ("scenario",), words)
    for item in found.scenarios:
        spans = [(str(year), item.expected(year), plain, item.bands.get(year)) for year, plain in base.items()]
        if len(spans) > 1:
            spans.append((words["all_years"], item.total, sum(base.values(), Decimal(0)), item.bands.get(None)))
        for title, cost, plain, band in spans:
            table.add_row(item.scenario.name, title, money(cost, lang), money(cost - plain, lang), _between(band, lang))
    yield table
    yield from _owed(found, lang)


def _owed(found: Forecast, lang: Lang) -> Iterator[Any]:
    """The parts owed to landlords that a scenario changes; which scenarios change none."""
    from ..portfolio.scenario_owed import owed_years
    from ..portfolio.words import WORDS, money

    words, same = WORDS[lang], []
    table = table_of(("scenario", "line", "year", "active", "ending", "cost", "difference", "band"), ("scenario", "line"), words)
    for item in found.scenarios:
        rows = owed_years(found, item)
        changed = {row.part.name for row in rows if row.differs}
        if rows and not changed:
            same.append(item.scenario.name)
        for row in (row for row in rows if row.part.name in changed):
            costs = [money(row.expected or Decimal(0), lang), money(row.difference or Decimal(0), lang), _between(row.band, lang)]
            table.add_row(
                item.scenario.name, row.part.title.get(lang), str(row.year), _count(row.active, row.active_band, lang),
                _count(row.ending, row.ending_band, lang), *(costs if row.cost is not None else ["", "", ""]),
            )  # fmt: skip
    if table.row_count:
        yield table
    if same:
        yield words["owed_same"].format(", ".join(same))


def _many(rows: Sequence[Lying], lang: Lang) -> Any:
    """Where many lie, year by year."""
    from ..portfolio.scenario_sums import SHOWN
    from ..portfolio.words import WORDS, whole

    words, banded = WORDS[lang], any(row.bands for row in rows)
    titles = [words["year"], words["forecast"], *(words.get(f"share.{s}", f"{s} %") for s in SHOWN), *([words["all_bands"]] * banded)]
    table = table_of(titles, titles[:1], {})
    for row in rows:
        title = words["all_years"] if row.year is None else str(row.year)
        ends = f"{whole(row.bands[0], lang)} - {whole(row.bands[1], lang)}" if row.bands else ""
        table.add_row(title, whole(row.forecast, lang), *(whole(row.at[s], lang) for s in SHOWN), *([ends] if banded else []))
    return table


def _between(band: Band | None, lang: Lang) -> str:
    from ..portfolio.words import money

    return f"{money(band.low, lang)} - {money(band.high, lang)}" if band else ""


def _count(count: Decimal, band: Band | None, lang: Lang) -> str:
    """How many; with exits the mean and its band."""
    if band is None:
        return f"{count}"
    return f"{count:.1f}".replace(".", "," if lang == "da" else ".") + f" ({band.low}-{band.high})"


def scenario_document(found: Forecast) -> dict[str, Any]:
    """The same as data: all of them."""
    from ..portfolio.scenario_owed import owed_forecast, owed_parts
    from ..portfolio.scenario_sums import lying

    base = {year: cost for year, _, _, cost, _, _ in found.years()}
    parts = [clause.name for clause in owed_parts(found) if clause.amount] if found.scenarios else []
    return {
        "scenarios": [
            {
                "scenario": s.scenario.name, "rulebook": s.rulebook, "by_year": [_scenario_year(s, y, base[y]) for y in s.cost],
                "total": _costs(sum(s.cost.values(), Decimal(0)), s.total - sum(base.values(), Decimal(0)), s.bands.get(None)),
                "liability": _liability(found, s),
            }
            for s in found.scenarios
        ],
        "scenario_summary": [_summary(r) for r in (lying(found.scenarios, base) if found.scenarios else [])],
        "scenario_summary_liability": {
            part: [_summary(r) for r in lying(found.scenarios, owed_forecast(found, part), part)] for part in parts
        },
    }  # fmt: skip


def _scenario_year(item: Compared, year: int, forecast: Decimal) -> dict[str, Any]:
    """A scenario's year; ``cost`` when nobody moves out early, ``mean`` and ``band`` where tenants do, by chance."""
    band = item.bands.get(year)
    last = max(i for i, month in enumerate(item.months) if month.year == year)
    running = item.running[last] if item.running else None
    return {
        "year": year,
        **_costs(item.cost[year], item.expected(year) - forecast, band),
        "active": float(running.mean) if running else item.active[last],
        "active_band": [int(running.low), int(running.high)] if running else None,
    }


def _costs(cost: Decimal, difference: Decimal, band: Band | None) -> dict[str, Any]:
    return {
        "cost": str(cost),
        "difference": str(difference),
        "band": [str(band.low), str(band.high)] if band else None,
        "mean": str(band.mean) if band else None,
    }


def _liability(found: Forecast, item: Compared) -> list[dict[str, Any]]:
    """What is owed to landlords in a scenario, part by part."""
    from ..portfolio.scenario_owed import owed_years

    by_part: dict[str, list[OwedYear]] = {}
    for row in owed_years(found, item):
        by_part.setdefault(row.part.name, []).append(row)

    def count(mean: Decimal, band: Band | None) -> float | int:
        return float(mean) if band else int(mean)

    def year(row: OwedYear) -> Mapping[str, Any]:
        ends = {
            name: [int(b.low), int(b.high)] if b else None
            for name, b in (("active_band", row.active_band), ("ending_band", row.ending_band))
        }
        costs = {} if row.cost is None or row.difference is None else _costs(row.cost, row.difference, row.band)
        return {
            "year": row.year, **costs, "active": count(row.active, row.active_band), "active_band": ends["active_band"],
            "ending": count(row.ending, row.ending_band), "ending_band": ends["ending_band"],
            "ending_difference": count(row.ending_difference, row.ending_band),
        }  # fmt: skip

    return [
        {"part": part, "has_amount": rows[0].cost is not None, "by_year": [year(row) for row in rows]} for part, rows in by_part.items()
    ]


def _summary(row: Lying) -> dict[str, Any]:
    return {
        "year": row.year,
        "forecast": str(row.forecast),
        "per_cent": {str(s): str(c) for s, c in row.at.items()},
        "bands": [str(end) for end in row.bands] if row.bands else None,
        "cheapest": row.cheapest,
        "dearest": row.dearest,
    }
