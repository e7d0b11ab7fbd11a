"""The forecast's results as plain tables: months with every line, and the lists, for a data warehouse or a sheet."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from ..formula import Lang
from ..rulebook import Rulebook
from .cells import text
from .falling import List
from .forecast import Expiry, Forecast
from .months import MONTHLY
from .words import WORDS, money, some

MONTHS, LISTED = "months", "lists"
_COLUMNS = {
    "list": "VARCHAR", "case": "VARCHAR", "municipality": "VARCHAR", "organisation": "VARCHAR", "department": "VARCHAR",
    "scheme": "VARCHAR",
    "day": "DATE", "past": "BOOLEAN", "certainty": "VARCHAR", "basis": "VARCHAR", "answer": "VARCHAR", "amount": "DECIMAL(18, 2)",
    "unit": "VARCHAR", "dwellings": "BIGINT", "text": "VARCHAR", "missing": "VARCHAR",
}  # fmt: skip


def months_table(found: Forecast) -> str:
    """SQL: a row for each month, line and set of dimensions. ``cost`` is NULL where law names no amount (guarantees)."""
    parts = [(found.scheme, "", found.account, MONTHLY, True)]
    parts += [(line.scheme, line.part, line.account, line.table, line.priced) for line in found.lines]
    selects = []
    for scheme, part, account, table, priced in parts:
        cost, open_cost = (f"CAST({c} / CAST(100 AS DECIMAL(3, 0)) AS DECIMAL(18, 2))" if priced else "NULL" for c in ("ore", "ore_open"))
        selects.append(
            f"SELECT month, {text(scheme)} AS scheme, {text(part)} AS part, {text(account.account if account else '')} AS account, "
            f"municipality, organisation, department, active, ending, {cost} AS cost, {open_cost} AS cost_open FROM {table}"
        )
    return f"SELECT * FROM ({' UNION ALL '.join(selects)}) ORDER BY ALL"


def listed(found: Forecast, lang: Lang) -> list[tuple[Any, ...]]:
    """Every list as rows of ``LISTED``: refunds that run out, then what falls away beside them."""
    return [*_refunds(found, lang), *_falling(found, lang)]


def listed_table(found: Forecast, lang: Lang) -> str:
    """SQL: the lists, as a table of the forecast's connection."""
    columns = ", ".join(f'"{name}" {kind}' for name, kind in _COLUMNS.items())
    found.con.execute(f"CREATE OR REPLACE TABLE forecast_{LISTED} ({columns})")
    rows = listed(found, lang)
    if rows:
        import pyarrow as pa

        kinds = {
            "DATE": pa.date32(),
            "BOOLEAN": pa.bool_(),
            "BIGINT": pa.int64(),
            "VARCHAR": pa.string(),
            "DECIMAL(18, 2)": pa.decimal128(18, 2),
        }
        arrays = [pa.array(values, kinds[kind]) for values, kind in zip(zip(*rows, strict=True), _COLUMNS.values(), strict=True)]
        found.con.register("forecast_listed_rows", pa.table(arrays, names=list(_COLUMNS)))
        found.con.execute(f"INSERT INTO forecast_{LISTED} SELECT * FROM forecast_listed_rows")
        found.con.unregister("forecast_listed_rows")
    return f"SELECT * FROM forecast_{LISTED}"


def counted(found: Forecast, name: List, lang: Lang) -> str | None:
    """How many rows a list has in the period, and which are past or have no known day; None where it has none."""
    rows, words = [f for f in found.falling if f.list == name], WORDS[lang]
    if not rows:
        return None
    told = [words["ahead"].format(sum(f.day is not None and not f.passed for f in rows))]
    for word, those in (("past", [f for f in rows if f.passed]), ("undated", [f for f in rows if f.day is None])):
        if those:
            told.append(words[word].format(len(those), some([f.case for f in those], words["more"])))
    return f"{words[name]}: {', '.join(told)}"


def run_out(found: Forecast, months: int, lang: Lang) -> str:
    """How many refunds run out within so many months of the first day, and what they are a month."""
    listed, words = found.within(months), WORDS[lang]
    known = [e.amount for e in listed if e.amount is not None]
    told = words["within"].format(months, len(listed), money(sum(known, Decimal(0)), lang))
    return told + (words["within_unknown"].format(len(listed) - len(known)) if len(known) < len(listed) else "")


def _refunds(found: Forecast, lang: Lang) -> Iterator[tuple[Any, ...]]:
    basis, (_, event) = found.expiry_basis(), found.expiry_event()

    def row(item: Expiry) -> tuple[Any, ...]:
        return (
            "refunds", item.case, item.municipality, item.organisation, item.department, found.scheme, item.last_day, False,
            basis.certainty, basis.cite, item.outcome, item.amount, "DKK/month", None, event.says.get(lang), "",
        )  # fmt: skip

    return map(row, found.expiries)


def _named(rulebook: Rulebook, name: str, lang: Lang) -> str:
    """What is missing in words: a fact, a rate, or law that is not established."""
    kind, _, rest = name.partition(".")
    if name in rulebook.facts:
        return rulebook.facts[name].title.get(lang)
    return rulebook.rates[rest].title.get(lang) if kind == "rate" else WORDS[lang]["law_open"]


def _falling(found: Forecast, lang: Lang) -> Iterator[tuple[Any, ...]]:
    for item in found.falling:
        yield (
            item.list, item.case, item.municipality, item.organisation, item.department, item.scheme, item.day, item.passed,
            item.basis.certainty, item.basis.cite, item.outcome, item.amount, item.unit, item.dwellings, item.says[lang],
            "; ".join(dict.fromkeys(_named(found.rulebook, n, lang) for n in item.open)),
        )  # fmt: skip
