"""Two rulebooks, or two days of law, over one portfolio: whose answer changes, and by how much."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from ..rulebook import Rulebook
from .cells import latest, quoted, text
from .halves import own_rates, sources_of
from .knowable import Knowable
from .layout import Layout, limit_of, slot
from .plan import FINDING, facts_of, plan
from .raw import Reject
from .run import Progress, connect, execute, silent, sql_of
from .source import CASES, ROW, open_source
from .touch import touching

TYPICAL = 10


@dataclass(frozen=True, slots=True)
class Side:
    """What is compared: a rulebook on a day."""

    rulebook: Rulebook
    on: date


@dataclass(frozen=True, slots=True)
class Kind:
    """Cases that change in the same way: from one outcome to another, with the sums of their amounts before and after."""

    before: str
    after: str
    count: int
    amount_before: Decimal
    amount_after: Decimal


@dataclass(frozen=True, slots=True)
class Changed:
    """One case whose answer changes. ``findings``: those that differ, each with its status before and after; ``facts``: those that the
    case itself states otherwise for the other day, each with its value before and after (None: not stated).
    """

    case: str
    before: str
    after: str
    amount_before: Decimal | None
    amount_after: Decimal | None
    findings: tuple[tuple[str, str, str], ...]
    facts: tuple[tuple[str, str | None, str | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Impact:
    """``kinds``: the changes by kind, most cases first. ``typical``: the nearest to the median change of each kind in turn."""

    scheme: str
    cases: int
    changed: int
    kinds: tuple[Kind, ...]
    typical: tuple[Changed, ...]
    total_before: Decimal
    total_after: Decimal
    #: Rates that the scheme reads and that are not the same, each before and after (None: not established).
    rates: tuple[tuple[str, Fraction | None, Fraction | None], ...]
    rejects: tuple[Reject, ...]
    con: Any
    #: Are the amounts money, or shares?
    money: bool = True


def impact(paths: Sequence[Path], scheme: str, before: Side, after: Side, known: date | None = None, progress: Progress = silent) -> Impact:
    """Decide every case that touches the scheme twice and compare. Amounts of refused answers count as none.

    The table ``impact`` of ``con`` has a row for each case: ``case, outcome_before, outcome_after, amount_before, amount_after``.
    Raises SourceError when a file cannot be used at all.
    """
    backend = connect()
    con = backend.con
    source = open_source(con, paths, before.rulebook, before.on, known, once=True)
    findings: list[list[str]] = []
    # Rows about something else have no answer that could change.
    columns = dict.fromkeys(c for side in (before, after) for c in touching(side.rulebook, scheme, source.layout))
    touches = " OR ".join(f"{quoted(c)} IS NOT NULL" for c in columns) or "true"
    for name, side in (("before", before), ("after", after)):
        con.execute(f"CREATE OR REPLACE VIEW side_{name} AS SELECT * REPLACE (DATE '{side.on}' AS \"on\") FROM {CASES} WHERE {touches}")
        table = plan(side.rulebook, scheme, source.layout, backend.table(f"side_{name}"), open_facts=False, keep=(ROW,))
        amount = "amount" if "amount" in table.columns else "CAST(NULL AS DECIMAL(18, 2)) AS amount"
        kept = [c for c in table.columns if c.startswith(FINDING)]
        findings.append(kept)
        listed = ", ".join(f"coalesce({quoted(c)}, '') AS {quoted(c)}" for c in kept)
        execute(
            con,
            f'CREATE OR REPLACE TABLE answers_{name} AS SELECT {ROW}, "case", outcome, {amount}, {listed} FROM ({sql_of(backend, table)})',
            name,
            progress,
        )
    shared = [f for f in findings[0] if f in findings[1]]
    differ = ", ".join(f"[{text(f)}, b.{quoted(f)}, a.{quoted(f)}]" for f in shared)
    con.execute(
        'CREATE OR REPLACE TABLE impact AS SELECT b.row, b."case", b.outcome AS outcome_before, a.outcome AS outcome_after, '
        "b.amount AS amount_before, a.amount AS amount_after, "
        f"list_filter([{differ}], lambda x: x[2] <> x[3]) AS findings FROM answers_before b JOIN answers_after a USING (row)"
    )
    changed = "(outcome_before <> outcome_after OR amount_before IS DISTINCT FROM amount_after)"
    ((cases, count, total_before, total_after),) = con.execute(
        f"SELECT count(*), count(*) FILTER (WHERE {changed}), coalesce(sum(amount_before), 0), coalesce(sum(amount_after), 0) FROM impact"
    ).fetchall()
    kinds = con.execute(
        "SELECT outcome_before, outcome_after, count(*) AS n, coalesce(sum(amount_before), 0), coalesce(sum(amount_after), 0) "
        f"FROM impact WHERE {changed} GROUP BY ALL ORDER BY n DESC, 1, 2"
    ).fetchall()
    return Impact(
        scheme,
        int(cases),
        int(count),
        tuple(Kind(b, a, int(n), Decimal(x), Decimal(y)) for b, a, n, x, y in kinds),
        _typical(con, changed, _stated(source.layout.only(facts_of(before.rulebook, scheme)), before.on, after.on)),
        Decimal(total_before),
        Decimal(total_after),
        tuple(_rates(scheme, before, after, known, source.layout)),
        tuple(source.rejects),
        con,
        all(row.unit.startswith("DKK") for clause in after.rulebook.schemes[scheme].clauses if clause.amount for row in clause.amount.rows),
    )


def _typical(con: Any, changed: str, stated: str) -> tuple[Changed, ...]:
    """Of each kind the cases nearest to its median change, kinds in turn, at most ``TYPICAL``."""
    change = "coalesce(amount_after, 0) - coalesce(amount_before, 0)"
    rows = con.execute(
        f"WITH c AS (SELECT *, {change} AS change, list_transform(findings, lambda x: x[1]) AS what FROM impact WHERE {changed}), "
        "m AS (SELECT *, abs(change - median(change) OVER w) AS far FROM c "
        "WINDOW w AS (PARTITION BY outcome_before, outcome_after, what)), "
        'r AS (SELECT *, row_number() OVER (PARTITION BY outcome_before, outcome_after, what ORDER BY far, "case", row) AS nth FROM m), '
        f't AS (SELECT * FROM r ORDER BY nth, outcome_before, outcome_after, "case" LIMIT {TYPICAL}) '
        f'SELECT t."case", outcome_before, outcome_after, amount_before, amount_after, findings, {stated} FROM t '
        f'JOIN {CASES} c USING ({ROW}) ORDER BY nth, outcome_before, outcome_after, t."case"'
    ).fetchall()
    return tuple(
        Changed(
            case, before, after, old, new, tuple((f[0].removeprefix(FINDING), f[1], f[2]) for f in found or ()),
            tuple((name, one, other) for name, one, other in said if one != other),
        )
        for case, before, after, old, new, found, said in rows
    )  # fmt: skip


def _stated(layout: Layout, before: date, after: date) -> str:
    """SQL: for each dated fact of a case its name and what is stated for either day."""
    said = []
    for name, count in layout.dated.items():
        fact, sides = layout.facts[name], []
        for on in (before, after):
            value = latest(name, count, slot, f"DATE '{on}'")
            if fact.type.kind == "number":
                limit = limit_of(fact)
                value = f"CAST({value} AS DECIMAL(18, {limit.decimals})) / {limit.scale}"
                value = f"CAST({value} AS DECIMAL(18, {limit.decimals}))"
            sides.append(f"CAST({value} AS VARCHAR)")
        said.append(f"[{text(name)}, {', '.join(sides)}]")
    return f"[{', '.join(said)}]"


def _rates(
    scheme: str, before: Side, after: Side, known: date | None, layout: Layout
) -> Iterator[tuple[str, Fraction | None, Fraction | None]]:
    """Those that can bear on these cases: of a scheme that would give a fact only where the table lets it."""
    schemes = [
        scheme,
        *(
            s
            for s in sources_of(before.rulebook, scheme)
            if Knowable(before.rulebook, before.rulebook.schemes[s], layout, (scheme,)).amount()
        ),
    ]
    names = {n for s in schemes for n in own_rates(before.rulebook, s) if n in after.rulebook.rates}
    for name in sorted(names):
        old, new = (side.rulebook.rates[name].at(side.on, known).value for side in (before, after))
        # A rate that is read on another day than the one asked for can differ there alone: all its values are compared.
        rows = [[(r.from_, r.value) for r in side.rulebook.rates[name].rows] for side in (before, after)]
        if old != new or rows[0] != rows[1]:
            yield name, None if old is None else Fraction(old), None if new is None else Fraction(new)
