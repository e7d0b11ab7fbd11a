"""The budget view: the budget year and three estimate years, by account, in fixed and in current prices."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from .accounts import Account
from .months import Month, years_of

#: The budget year and the estimate years after it (administrative.md 4).
YEARS = 4


@dataclass(frozen=True, slots=True)
class Budget:
    """One line: its account (None: none is established), and by year the months reckoned, the cost, and the cost in current prices."""

    account: Account | None
    title: Mapping[str, str]
    years: tuple[tuple[int, int, Decimal, Decimal | None], ...]


def budget(
    account: Account | None, title: Mapping[str, str], months: Sequence[Month], current: Callable[[int, Decimal], Decimal | None]
) -> Budget:  # fmt: skip
    """A line of the budget from its months. A year that the horizon does not hold whole says so by its number of months."""
    years = years_of(months)[:YEARS]
    count = {y.year: sum(m.month.year == y.year for m in months) for y in years}
    return Budget(account, title, tuple((y.year, count[y.year], y.cost, current(y.year, y.cost)) for y in years))
