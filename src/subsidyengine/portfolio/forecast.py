"""What the subsidies of a portfolio cost month by month, and which of them run out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from ..formula import Span, shift
from ..rulebook import Rulebook
from .accounts import Account, account_of
from .compare import Compared, compare
from .months import MONTHLY, Horizon, PartMonths, monthly
from .raw import Reject
from .run import Progress, connect, silent
from .scenario import Scenario
from .source import CASES, open_source
from .stretches import DIMENSIONS, STRETCHES, stretches, without_amount

SCHEME = "transitional.subsidy"
#: The lists of what runs out, by months from the first day.
WITHIN = (3, 6, 12)


@dataclass(frozen=True, slots=True)
class Month:
    """All cases in one month. Money in kroner; ``open_cost`` is the part that rests on answers which are not granted yet."""

    month: date
    active: int
    ending: int
    cost: Decimal
    open_cost: Decimal


@dataclass(frozen=True, slots=True)
class Expiry:
    """One case whose subsidy runs out within the horizon. ``amount``: the last one, a month."""

    case: str
    municipality: str
    organisation: str
    department: str
    last_day: date
    amount: Decimal
    outcome: str


@dataclass(frozen=True, slots=True)
class Forecast:
    """A forecast, with all that it rests on. ``con`` still holds the tables ``MONTHLY`` and ``STRETCHES``."""

    con: Any
    scheme: str
    title: Mapping[str, str]
    account: Account | None
    horizon: Horizon
    part_months: PartMonths
    cases: int
    months: tuple[Month, ...]
    expiries: tuple[Expiry, ...]
    rejects: tuple[Reject, ...]
    #: Cases without any cost in the horizon: refused, ended before, or an amount that cannot be computed.
    without: int
    #: Cases whose amount cannot be computed for want of facts or law: what they cost is not in the sums.
    lacking: tuple[str, ...]
    #: Settings that law has not settled and the amounts lean on, with the value used.
    assumed: tuple[tuple[str, str], ...]
    rulebook: Rulebook
    prices: Mapping[int, Decimal]
    scenarios: tuple[Compared, ...] = ()

    def years(self) -> list[tuple[int, int, int, Decimal, Decimal, Decimal | None]]:
        """Each year: active at its end, ending, cost, open part of it, and the cost in current prices (None: no growth was given)."""
        found = []
        for year in sorted({m.month.year for m in self.months}):
            months = [m for m in self.months if m.month.year == year]
            cost = sum((m.cost for m in months), Decimal(0))
            found.append(
                (
                    year,
                    months[-1].active,
                    sum(m.ending for m in months),
                    cost,
                    sum((m.open_cost for m in months), Decimal(0)),
                    self.current(year, cost),
                )
            )
        return found

    def current(self, year: int, cost: Decimal) -> Decimal | None:
        """A cost in the prices of its year, by the growth that finance gave; None when it gave none."""
        if not self.prices:
            return None
        for y in range(self.horizon.first.year + 1, year + 1):
            cost *= 1 + self.prices.get(y, Decimal(0))
        return cost.quantize(Decimal("0.01"))

    def within(self, months: int) -> list[Expiry]:
        """What runs out within so many months of the first day."""
        last = shift(self.horizon.first, Span(months=months))
        assert last is not None
        return [e for e in self.expiries if e.last_day < last]

    def by(self, dimension: str) -> list[tuple[str, int, Decimal]]:
        """By year and one dimension: the cost."""
        rows = self.con.execute(
            f"SELECT coalesce({dimension}, ''), year(month), sum(ore) FROM {MONTHLY} GROUP BY ALL ORDER BY 1, 2"
        ).fetchall()
        return [(name, int(year), kroner(ore)) for name, year, ore in rows]


def forecast(
    paths: Sequence[Path], rulebook: Rulebook, horizon: Horizon, part_months: PartMonths = "days", 
    prices: Mapping[int, Decimal] | None = None,
    known: date | None = None, scenarios: Sequence[Scenario] = (), progress: Progress = silent,
) -> Forecast:  # fmt: skip
    """Forecast the refunds of the leases in ``paths``, whatever day their rows name.

    ``prices``: price and wage growth of each year after the first, as a share (0.031 is 3.1 %); finance gives its own.
    ``scenarios`` are reckoned beside it.
    Raises SourceError when a file cannot be used at all.
    """
    backend = connect()
    con = backend.con
    progress("reading", None)
    source = open_source(con, paths, rulebook, horizon.first, known)
    compared = compare(con, backend, rulebook, SCHEME, source.layout, horizon, part_months, scenarios, progress)
    stretches(con, backend, rulebook, SCHEME, source.layout, horizon.first, horizon.last, progress)
    monthly(con, horizon, part_months)
    sums = con.execute(
        f"SELECT month, sum(active), sum(ending), sum(ore), sum(ore_open) FROM {MONTHLY} GROUP BY month ORDER BY month"
    ).fetchall()
    found = {m: Month(m, int(a), int(e), kroner(o), kroner(p)) for m, a, e, o, p in sums}
    nothing = Decimal("0.00")
    days = [horizon.month(i) for i in range(horizon.months)]
    months = tuple(found.get(d, Month(d, 0, 0, nothing, nothing)) for d in days)
    ((cases,),) = con.execute(f"SELECT count(*) FROM {CASES}").fetchall()
    ((paid,),) = con.execute(f"SELECT count(DISTINCT row) FROM {STRETCHES}").fetchall()
    scheme = rulebook.schemes[SCHEME]
    return Forecast(
        con,
        SCHEME,
        {"da": scheme.title.da, "en": scheme.title.en},
        account_of(SCHEME, horizon.first),
        horizon,
        part_months,
        int(cases),
        months,
        _expiries(con),
        tuple(source.rejects),
        int(cases) - int(paid),
        tuple(without_amount(con)),
        _assumed(rulebook),
        rulebook,
        prices or {},
        compared,
    )


def kroner(ore: int) -> Decimal:
    """Øre as kroner."""
    return Decimal(int(ore)).scaleb(-2)


def _expiries(con: Any) -> tuple[Expiry, ...]:
    dims = ", ".join(f"coalesce({d}, '')" for d in DIMENSIONS)
    rows = con.execute(f'SELECT "case", {dims}, ends, ore, outcome FROM {STRETCHES} WHERE ends = b ORDER BY ends, "case", row').fetchall()
    return tuple(Expiry(c, m, o, d, last, kroner(ore), outcome) for c, m, o, d, last, ore, outcome in rows)


def _assumed(rulebook: Rulebook) -> tuple[tuple[str, str], ...]:
    scheme = rulebook.schemes[SCHEME]
    names = {s for v in scheme.values.values() for row in v.versions.rows if row.formula for s in row.formula.settings}
    return tuple((n, str(rulebook.settings[n].value)) for n in sorted(names) if not rulebook.settings[n].settled)
