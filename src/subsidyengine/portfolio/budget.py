"""The budget view: the budget year and three estimate years, by account, in fixed and in current prices."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from .accounts import Account
from .months import Month, years_of

#: The budget year and the estimate years after it (administrative.md 4).
YEARS = 4


@dataclass(frozen=True, slots=True)
class BudgetYear:
    """A year's cost in fixed and in current prices (None: no growth was given). ``months``: how many of it the horizon holds."""

    year: int
    months: int
    fixed: Decimal
    current: Decimal | None


@dataclass(frozen=True, slots=True)
class Budget:
    """One line, with its account (None: none is established) and the table that its months come from."""

    account: Account | None
    title: Mapping[str, str]
    table: str
    years: tuple[BudgetYear, ...]


def budget(
    account: Account | None,
    title: Mapping[str, str],
    table: str,
    months: Sequence[Month],
    current: Callable[[int, Decimal], Decimal | None],
) -> Budget:
    """A line of the budget from its months."""
    count = Counter(m.month.year for m in months)
    years = tuple(BudgetYear(y.year, count[y.year], y.cost, current(y.year, y.cost)) for y in years_of(months)[:YEARS])
    return Budget(account, title, table, years)
