"""What a forecast rests on, a line each: name, value and where it comes from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction

from .. import __version__
from ..formula import Lang, day_text
from .chance import DRAWS, SEED
from .compare import Compared
from .forecast import Forecast
from .halves import part_of
from .liability import LIABILITY
from .reckon import exit_of
from .scenario import BENEFITS, RENTS, Scenario
from .scenario_owed import owed_years
from .scenario_sums import FEW
from .words import WORDS, money, some


def assumptions(found: Forecast, lang: Lang) -> list[tuple[str, str, str]]:
    """What the forecast rests on: name, value, source."""
    words = WORDS[lang]
    return [
        (words["scheme"], f"{found.title[lang]} ({found.scheme})", ""),
        (words["data"], ", ".join(found.files), ""),
        (words["from"], day_text(found.horizon.first, lang), ""),
        (words["horizon"], str(found.horizon.months), ""),
        (words["known"], words["all_known"] if found.known is None else day_text(found.known, lang), ""),
        (words["cases"], str(found.cases), ""),
        (words["without"], str(found.without), ""),
        (words["lacking"], _cases(found.lacking, words["more"]), ""),
        *(
            (words[name], _cases(those, words["more"]), "")
            for name, those in (("endless", found.endless), ("unsettled", found.unsettled))
            if those
        ),
        *([(words["others"], str(found.others), "")] if found.others else []),
        (words["rejects"], str(len(found.rejects)), ""),
        *_owed(found, lang),
        (words["part"], words[f"part.{found.part_months}"], ""),
        *(_setting(found, name, value, lang) for name, value in found.assumed),
        (words["law"], words["law_text"], ""),
        *prices(found, lang),
        (
            words["account"],
            found.account.text[lang] if found.account else words["no_account"],
            found.account.source if found.account else "",
        ),
        *((f"{words['overlay']} {o.name}", f"{o.by}, {day_text(o.on, lang)}", o.reason.get(lang)) for o in found.rulebook.overlays),
        (words["rulebook"], found.rulebook.hash, f"subsidyengine {__version__}"),
        *_scenarios(found, lang),
    ]


def _setting(found: Forecast, name: str, value: str, lang: Lang) -> tuple[str, str, str]:
    """A setting that law has not settled: the value used, and why none stands in the law."""
    words, setting = WORDS[lang], found.rulebook.settings[name]
    source = ". ".join(part for part in (found.rulebook.cite_text(setting.cites), setting.why.get(lang) if setting.why else "") if part)
    return setting.title.get(lang), f"{words.get(value, value)} ({words['not_settled']})", source


def _scenarios(found: Forecast, lang: Lang) -> list[tuple[str, str, str]]:
    """The rulebook and the move-outs of each scenario, of many those of the first few."""
    shown = found.scenarios[:FEW]
    rules = [(s.scenario.name, s.rulebook, "") for s in shown if s.rulebook != found.rulebook.hash]
    rules += [(s.scenario.name, said, "") for s in shown if (said := _said(s.scenario, lang))]
    rest = len(found.scenarios) - len(shown)
    more = [(WORDS[lang]["scenarios"], WORDS[lang]["more"].format(rest), "")] if rest else []
    now = [month.cost for month in found.months]
    idle = [s for s in shown if (s.scenario.rates or s.scenario.facts) and not s.scenario.growth]
    idle = [s for s in idle if [Decimal(ore) / 100 for ore in s.ore] == now and not any(year.differs for year in owed_years(found, s))]
    told = [(WORDS[lang]["idle"].format(s.scenario.name), WORDS[lang]["idle.text"], "") for s in idle]
    return [*rules, *told, *(_exits(s, lang) for s in shown if s.survival), *_exits_owed(found, lang), *more]


def _said(scenario: Scenario, lang: Lang) -> str:
    """Growth and changes of facts, in the names of a scenario's file."""
    shares = {"rent_growth": scenario.growth.get(RENTS[0]), "benefit_growth": scenario.growth.get(BENEFITS[0])}
    shares |= {f"facts.{name}": factor - 1 for name, factor in scenario.facts.items()}
    told = ((name, Decimal(100) * share.numerator / share.denominator) for name, share in shares.items() if share)
    return ", ".join(f"{name} {'+' if percent > 0 else ''}{money(percent, lang)} %" for name, percent in told)


def _exits_owed(found: Forecast, lang: Lang) -> Iterator[tuple[str, str, str]]:
    """What early move-outs do to each part of what is owed to landlords, by its rules, and what is not in it."""
    leaving, words = [s for s in found.scenarios if s.survival], WORDS[lang]
    for clause in found.rulebook.schemes[LIABILITY].clauses if leaving and found.lines else ():
        kind = exit_of(part_of(found.rulebook, LIABILITY, clause.name), LIABILITY)
        supposed = max(s.owed[clause.name].supposed for s in leaving)
        rows = clause.amount.rows if clause.amount else clause.events
        source = found.rulebook.cite_text(rows[-1].cites) if rows else ""
        yield words["exits.owed"].format(clause.title.get(lang)), words[f"exits.{kind}"].format(supposed), source


def _owed(found: Forecast, lang: Lang) -> list[tuple[str, str, str]]:
    """What the lines owed to landlords rest on, and what is not in them."""
    words = WORDS[lang]
    if not found.lines:
        return [(words["lines"], words["not_told"], "")]
    rows = []
    for line in found.lines:
        account = line.account.text[lang] if line.account else words["no_account"]
        rows.append((f"{words['account']}, {line.title[lang]}", account if line.priced else words["no_amount"], ""))
        if line.lacking:
            name = words["owed_lacking" if line.priced else "owed_open"].format(line.title[lang])
            rows.append((name, _cases(line.lacking, words["more"]), ""))
        if line.running:
            rows.append((words["vacancy"], _cases(line.running, words["more"]), ""))
    if any(not line.priced for line in found.lines):
        rows.append((words["lines"], words["guarantees"], ""))
    return rows


def _exits(item: Compared, lang: Lang) -> tuple[str, str, str]:
    """What a scenario's move-outs rest on, with the curve's own band where it was estimated."""
    words, curve, exits = WORDS[lang], item.survival, item.scenario.exits
    name = words["exits"].format(item.scenario.name)
    how = words["exits.drawn"].format(DRAWS, SEED) if item.drawn else words["exits.exact"]
    if isinstance(exits, Fraction):
        return name, words["exits.constant"].format(money(Decimal(100) * Decimal(exits.numerator) / exits.denominator, lang), how), ""
    assert curve is not None
    last = len(curve.share) - 1
    seen = [t for t in (12, 24, 36) if t <= last] or [last]  # no further than somebody was seen
    left = ", ".join(f"{100 * curve.share[t]:.0f} % ({100 * curve.low[t]:.0f}-{100 * curve.high[t]:.0f})" for t in seen)
    after = f" {words['and']} ".join(part for part in (", ".join(map(str, seen[:-1])), str(seen[-1])) if part)
    return name, words["exits.history"].format(curve.exits, after, left, how), ""


def _cases(cases: Sequence[str], more: str) -> str:
    """How many, and the first of them by name."""
    return f"{len(cases)} ({some(cases, more)})" if cases else "0"


def prices(found: Forecast, lang: Lang) -> list[tuple[str, str, str]]:
    """The growth that finance gave, a year a line."""
    words = WORDS[lang]
    if not found.prices:
        return [(words["prices"], words["no_prices"], "")]
    years = range(found.horizon.first.year + 1, found.horizon.last.year + 1)
    how = [(words["prices"], words["prices_text"], "")]
    said = {year: f"{money(100 * share, lang)} %" for year, share in found.prices.items()}
    return how + [(f"{words['prices']} {year}", said.get(year, words["no_growth"]), "") for year in sorted({*years, *said})]
