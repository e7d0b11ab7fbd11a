"""A thousand scenarios over twelve thousand leases and five years: one run."""

from __future__ import annotations

import tempfile
import time
from datetime import date
from pathlib import Path

from subsidyengine.portfolio.forecast import forecast
from subsidyengine.portfolio.months import Horizon
from subsidyengine.portfolio.scenario_files import read_scenarios
from subsidyengine.portfolio.synthetic import write
from subsidyengine.rulebook import open_rulebook

from .report import Figure

GROUP = "Scenarios beside a forecast, 60 months"
#: Ten growths of rent, five of benefit, two terms, five rates, with and without early exits: 1,000 different scenarios.
SWEEP = """
scenario: Sweep
sweep:
  rent_growth: {from: 0, to: 4.5, step: 0.5}
  benefit_growth: {from: 0, to: 2, step: 0.5}
  rates.transitional_term_years: [3, 5]
  rates.section_110_daily: [100, 103.5, 107, 110.25, 114]
  exits: [0, 0.5]
"""


def measure(leases: int = 12_000, scenarios: int = 1_000) -> list[Figure]:
    """The whole: reading the files, the forecast itself and every scenario with its months and bands."""
    with tempfile.TemporaryDirectory() as name:
        folder, book = Path(name), open_rulebook()
        wide, long = write(folder, leases, 3)
        # Without the municipalities' own daily rates, so that the scenarios' rate counts.
        kept = [line for line in long.read_text(encoding="utf-8").splitlines() if "facility.daily_rate" not in line]
        long.write_text("\n".join(kept) + "\n", encoding="utf-8")
        sweep = folder / "sweep.yaml"
        sweep.write_text(SWEEP, encoding="utf-8")
        start = time.perf_counter()
        some = read_scenarios([sweep], book)[:scenarios]
        found = forecast([wide, long], book, Horizon(date(2026, 1, 1), 60), scenarios=some)
        seconds = time.perf_counter() - start
    if len({(s.ore, s.by_month) for s in found.scenarios}) < len(some):
        raise ValueError("the scenarios do not differ")
    return [Figure(GROUP, f"{scenarios:,} scenarios x {leases:,} leases", seconds, "s", 60.0)]
