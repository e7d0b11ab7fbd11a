"""What the subsidies of a portfolio cost month by month, and which of them run out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any, NamedTuple

from ..formula import Span, shift
from ..rulebook import Clause, EventRule, Rulebook
from .accounts import Account, account_of
from .budget import Budget, budget
from .compare import Compared, compare
from .falling import Basis, Falling, falling
from .liability import Line, liability
from .months import MONTHLY, Horizon, Month, PartMonths, kroner, monthly, months_of, years_of
from .plan import events_of
from .raw import Reject
from .run import Progress, connect, silent
from .scenario import Scenario
from .source import CASES, open_source
from .stretches import DIMENSIONS, STRETCHES, endless, past_their_end, stretches, without_amount

SCHEME = "transitional.subsidy"
#: The lists of what runs out, by months from the first day.
WITHIN = (3, 6, 12)


class Expiry(NamedTuple):
    """One case whose subsidy runs out within the horizon. ``amount``: the last one, a month; None: it cannot be computed."""

    case: str
    municipality: str
    organisation: str
    department: str
    last_day: date
    amount: Decimal | None
    outcome: str

    @property
    def day(self) -> date:
        """The day it runs out on: the last one."""
        return self.last_day


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
    #: Cases whose last day is not known: what they cost runs on, as open.
    endless: tuple[str, ...] = ()
    #: Cases that law may let go on after their last day: what that would cost is not in the sums.
    unsettled: tuple[str, ...] = ()
    #: Rows of the table that are about something else than a refund.
    others: int = 0
    #: What is owed to landlords beside the refund, where the facts give it.
    lines: tuple[Line, ...] = ()
    #: What falls away beside the refunds: fund frames, temporary labels, grants.
    falling: tuple[Falling, ...] = ()
    #: The names of the tables that were read, and what was known by when (None: everything).
    files: tuple[str, ...] = ()
    known: date | None = None

    def budget(self) -> list[Budget]:
        """Year 0 to +3 by account: the refund, then each line that has an amount."""
        lines = [
            (self.account, self.title, MONTHLY, self.months),
            *((x.account, x.title, x.table, x.months) for x in self.lines if x.priced),
        ]
        return [budget(account, title, table, months, self.current) for account, title, table, months in lines]

    def expiry_event(self) -> tuple[Clause, EventRule]:
        """The event of the rules that ends a refund."""
        return events_of(self.rulebook, self.scheme, ("subsidy_ends",))[0]

    def expiry_basis(self) -> Basis:
        """What the last days of the refund rest on."""
        return Basis.of(self.rulebook, *self.expiry_event())

    def years(self) -> list[tuple[int, int, int, Decimal, Decimal, Decimal | None]]:
        """Each year: active at its end, ending, cost, open part of it, and the cost in current prices (None: no growth was given)."""
        return [(y.year, y.active, y.ending, y.cost, y.open_cost, self.current(y.year, y.cost)) for y in years_of(self.months)]

    def current(self, year: int, cost: Decimal) -> Decimal | None:
        """A cost in the prices of its year, by the growth that finance gave; None when it gave none."""
        if not self.prices:
            return None
        for y in range(self.horizon.first.year + 1, year + 1):
            cost *= 1 + self.prices.get(y, Decimal(0))
        return cost.quantize(Decimal("0.01"), ROUND_HALF_UP)

    def within(self, months: int) -> list[Expiry]:
        """What runs out within so many months of the first day."""
        return [e for e in self.expiries if e.last_day < self.last_within(months)]

    def last_within(self, months: int) -> date:
        """The first day that is no longer within so many months."""
        last = shift(self.horizon.first, Span(months=months))
        assert last is not None
        return last

    def by(self, dimension: str, table: str = MONTHLY) -> list[tuple[str, int, Decimal]]:
        """By year and one dimension: the cost, of the refund or of the line that has ``table``. A department goes with its organisation."""
        name = "concat_ws(', ', organisation, department)" if dimension == "department" else dimension
        rows = self.con.execute(f"SELECT coalesce({name}, ''), year(month), sum(ore) FROM {table} GROUP BY ALL ORDER BY 1, 2").fetchall()
        return [(name, int(year), kroner(ore)) for name, year, ore in rows]


def forecast(
    paths: Sequence[Path], rulebook: Rulebook, horizon: Horizon, part_months: PartMonths = "days", 
    prices: Mapping[int, Decimal] | None = None,
    known: date | None = None, scenarios: Sequence[Scenario] = (), progress: Progress = silent,
) -> Forecast:  # fmt: skip
    """Forecast the refunds of the leases in ``paths``, each once and whatever day its rows name.

    ``prices``: price and wage growth of each year after the first, as a share (0.031 is 3.1 %); finance gives its own.
    ``scenarios`` are reckoned beside it.
    Raises SourceError when a file cannot be used at all.
    """
    backend = connect()
    con = backend.con
    progress("reading", None)
    source = open_source(con, paths, rulebook, horizon.first, known, once=True)
    compared = compare(con, backend, rulebook, SCHEME, source.layout, horizon, part_months, scenarios, progress)
    stretches(con, backend, rulebook, SCHEME, source.layout, horizon.first, horizon.last, progress)
    monthly(con, horizon, part_months)
    ((rows, cases),) = con.execute(f"SELECT (SELECT count(*) FROM {CASES}), (SELECT count(*) FROM forecast_cases)").fetchall()
    ((paid,),) = con.execute(f"SELECT count(DISTINCT row) FROM {STRETCHES} WHERE ore IS NOT NULL").fetchall()
    last_days, unsettled = endless(con), past_their_end(con)
    lines = liability(con, backend, rulebook, source.layout, horizon, part_months, progress)
    scheme = rulebook.schemes[SCHEME]
    return Forecast(
        con,
        SCHEME,
        {"da": scheme.title.da, "en": scheme.title.en},
        account_of(SCHEME, horizon.first),
        horizon,
        part_months,
        int(cases),
        months_of(con, horizon),
        _expiries(con),
        tuple(source.rejects),
        int(cases) - int(paid),
        without_amount(con),
        _assumed(rulebook, (SCHEME, *dict.fromkeys(line.scheme for line in lines))),
        rulebook,
        prices or {},
        compared,
        last_days,
        unsettled,
        int(rows) - int(cases),
        lines,
        falling(con, backend, rulebook, source.layout, horizon, SCHEME),
        tuple(path.name for path in paths),
        known,
    )


def _expiries(con: Any) -> tuple[Expiry, ...]:
    dims = ", ".join(f"coalesce({d}, '')" for d in DIMENSIONS)
    rows = con.execute(f'SELECT "case", {dims}, ends, ore, outcome FROM {STRETCHES} WHERE ends = b ORDER BY ends, "case", row').fetchall()
    return tuple(Expiry(c, m, o, d, last, None if ore is None else kroner(ore), outcome) for c, m, o, d, last, ore, outcome in rows)


def _assumed(rulebook: Rulebook, schemes: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Settings that law has not settled, of the schemes whose amounts are reckoned."""
    values = [v for scheme in schemes for v in rulebook.schemes[scheme].values.values()]
    names = {s for v in values for row in v.versions.rows if row.formula for s in row.formula.settings}
    return tuple((n, str(rulebook.settings[n].value)) for n in sorted(names) if not rulebook.settings[n].settled)
