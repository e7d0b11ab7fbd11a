"""Words of the forecast's outputs, in both languages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from ..formula import Lang
from .chance import DRAWS, SEED
from .compare import Compared
from .forecast import Forecast
from .scenario_sums import FEW

WORDS: Mapping[Lang, Mapping[str, str]] = {
    "da": {
        "overview": "Overblik",
        "months": "Måned for måned",
        "expiries": "Udløb",
        "budget": "Budget efter konto",
        "assumptions": "Forudsætninger",
        "year": "År",
        "month": "Måned",
        "active": "Aktive ultimo",
        "ending": "Ophører",
        "cost": "Udgift, kr.",
        "open": "Heraf uafklaret, kr.",
        "current": "Løbende priser, kr.",
        "case": "Sag",
        "municipality": "Kommune",
        "organisation": "Organisation",
        "department": "Afdeling",
        "last_day": "Sidste dag",
        "left": "Måneder tilbage",
        "amount": "Beløb pr. måned, kr.",
        "outcome": "Afgørelse",
        "account": "Konto",
        "granted": "bevilget",
        "undetermined": "uafklaret",
        "scheme": "Ordning",
        "name": "Forudsætning",
        "value": "Værdi",
        "source": "Kilde",
        "runoff": "Aktive refusioner og månedlig udgift",
        "base": "Prognose uden tidlige fraflytninger",
        "banded": "{0} (middeltal og 90 %-interval)",
        "rest": "øvrige",
        "unnamed": "(ikke oplyst)",
        "monthly": "Udgift pr. måned, kr.",
        "heat": "Udløb pr. måned",
        "stacked": "Månedlig udgift pr. ordning",
        "organisations": "Månedlig refusion pr. organisation",
        "within": "Udløber inden for {0} måneder: {1} ({2} kr. om måneden)",
        "cases": "Lejemål i alt",
        "without": "Uden udgift i perioden (afslag, ophørt, eller beløbet kan ikke beregnes)",
        "lacking": "Beløbet kan ikke beregnes, så udgiften er ikke med",
        "more": "og {0} til",
        "rejects": "Rækker der ikke kunne bruges",
        "rulebook": "Regler (hash)",
        "from": "Fra",
        "horizon": "Antal måneder",
        "part": "Del af en måned",
        "part.days": "kalenderdage: månedens beløb gange andelen af månedens dage. Loven angiver ingen regel",
        "part.first-day": "beløbet på den første i måneden gælder for hele måneden. Loven angiver ingen regel",
        "not_settled": "ikke afgjort i loven",
        "no_account": "ingen konto fastlagt",
        "prices": "Pris- og lønfremskrivning",
        "no_prices": "ikke oplyst: alle beløb er i faste priser, som satser og huslejer er kendt i dag",
        "ends": "Refusionen udløber",
        "scenarios": "Scenarier",
        "scenario": "Scenarie",
        "difference": "Forskel, kr.",
        "band": "90 %-interval, kr.",
        "many": "{0} scenarier. Udgift i hele kr.; med tidlige fraflytninger scenariets middeltal (alle i --scenarios-out)",
        "forecast": "Prognose",
        "share.0": "Lavest",
        "share.50": "Midterste",
        "share.100": "Højest",
        "all_bands": "90 %-intervallernes ender",
        "all_years": "I alt",
        "ends_of": "Billigst: {0}. Dyrest: {1}",
        "summary": "Scenarier samlet",
        "active_low": "90 %-interval, aktive fra",
        "active_high": "90 %-interval, aktive til",
        "low": "90 %-interval fra, kr.",
        "high": "90 %-interval til, kr.",
        "idle": "Satser i »{0}«",
        "idle.text": "ændrer intet: ingen udgift i perioden bygger på dem (lejemålet oplyser sin takst, eller satsen er ikke fastlagt)",
        "exits": "Tidlige fraflytninger i »{0}«",
        "exits.history": "Kaplan-Meier af {0} fraflytninger; efter 12, 24 og 36 måneder er {1} tilbage. {2}",
        "exits.constant": "{0} % om måneden. {1}",
        "exits.drawn": "Intervallet er {0} simuleringer, frø {1}",
        "exits.exact": "Middeltal og spredning er beregnet eksakt",
        "law": "Lov og satser",
        "law_text": "som de er kendt i reglerne; satser, der ikke er fastlagt, giver intet beløb, hvis sagen ikke selv oplyser taksten",
        "line": "Linje",
        "lines": "Over for udlejere",
        "prices.fixed": "faste",
        "prices.current": "løbende",
        "in_all": "I alt",
        "by": "Fordelt på",
        "name_of": "Navn",
        "due": "Forfalder",
        "yes": "ja",
        "True": "ja",
        "False": "nej",
        "prices_in": "Priser",
        "part_year": "{0} ({1} mdr.)",
        "no_amount": "intet beløb i loven",
        "guarantees": "Garantier for istandsættelse: antal, og hvor mange der forfalder ved fraflytning. Loven nævner intet beløb",
        "vacancy": "Leje for ledige boliger uden slutdag: regnet til periodens slutning",
        "owed_lacking": "{0}: beløb eller sidste dag kan ikke beregnes, så udgiften er ikke med",
        "owed_open": "{0}: ikke afklaret",
        "not_told": "Ingen linjer over for udlejere: sagerne oplyser ikke, hvornår boligerne var til kommunens rådighed",
        "endless": "Sidste dag er ikke kendt: udgiften løber videre som uafklaret",
        "others": "Rækker om andet end refusion",
        "no_growth": "ikke oplyst: regnet som 0 %",
        "falling": "Bortfald",
        "list": "Liste",
        "frames": "Fondsrammer og puljer der bortfalder",
        "labels": "Midlertidige ungdomsboliger der vender tilbage",
        "grants": "Tilskud der udløber",
        "refunds": "Refusioner der udløber",
        "ahead": "{0} i perioden",
        "past": "{0} er allerede udløbet ({1})",
        "undated": "{0} uden kendt dag ({1})",
        "day": "Dag",
        "law_open": "loven er ikke fastlagt",
        "not_known": "ikke kendt",
        "passed": "Passeret",
        "falls_amount": "Beløb, kr.",
        "unit": "Enhed",
        "dwellings": "Boliger",
        "certainty": "Sikkerhed",
        "basis": "Grundlag",
        "missing": "Mangler",
        "says": "Hvad sker der",
        "per.DKK/month": "om måneden",
        "per.DKK/year": "om året",
        "per.DKK": "i alt",
        "per.": "",
        "certainty.text": "læst",
        "certainty.secondary": "sekundær",
        "certainty.inferred": "udledt",
        "certainty.unknown": "ikke fastlagt",
    },
    "en": {
        "overview": "Overview",
        "months": "Month by month",
        "expiries": "Expiries",
        "budget": "Budget by account",
        "assumptions": "Assumptions",
        "year": "Year",
        "month": "Month",
        "active": "Active at end",
        "ending": "Ending",
        "cost": "Cost, kr.",
        "open": "Of which open, kr.",
        "current": "Current prices, kr.",
        "case": "Case",
        "municipality": "Municipality",
        "organisation": "Organisation",
        "department": "Department",
        "last_day": "Last day",
        "left": "Months left",
        "amount": "Amount a month, kr.",
        "outcome": "Answer",
        "account": "Account",
        "granted": "granted",
        "undetermined": "open",
        "scheme": "Scheme",
        "name": "Assumption",
        "value": "Value",
        "source": "Source",
        "runoff": "Active refunds and monthly cost",
        "base": "Forecast without early move-outs",
        "banded": "{0} (mean and 90 % band)",
        "rest": "others",
        "unnamed": "(not stated)",
        "monthly": "Cost a month, kr.",
        "heat": "Expiries by month",
        "stacked": "Monthly cost by scheme",
        "organisations": "Monthly refund by organisation",
        "within": "Run out within {0} months: {1} ({2} kr. a month)",
        "cases": "Leases in all",
        "without": "Without cost in the period (refused, ended, or the amount cannot be computed)",
        "lacking": "The amount cannot be computed, so the cost is not included",
        "more": "and {0} more",
        "rejects": "Rows that could not be used",
        "rulebook": "Rules (hash)",
        "from": "From",
        "horizon": "Months",
        "part": "Part of a month",
        "part.days": "calendar days: the month's amount times the share of its days. The law states no rule",
        "part.first-day": "the amount on the first of a month counts for all of it. The law states no rule",
        "not_settled": "not settled by law",
        "no_account": "no account is established",
        "prices": "Price and wage growth",
        "no_prices": "not given: all amounts are in fixed prices, with rates and rents as known today",
        "ends": "The refund runs out",
        "scenarios": "Scenarios",
        "scenario": "Scenario",
        "difference": "Difference, kr.",
        "band": "90 % band, kr.",
        "many": "{0} scenarios. Cost in whole kr.; with early move-outs the scenario's mean (each in --scenarios-out)",
        "forecast": "Forecast",
        "share.0": "Lowest",
        "share.50": "Middle",
        "share.100": "Highest",
        "all_bands": "Ends of their 90 % bands",
        "all_years": "In all",
        "ends_of": "Cheapest: {0}. Dearest: {1}",
        "summary": "Scenarios in all",
        "active_low": "90 % band, active from",
        "active_high": "90 % band, active to",
        "low": "90 % band from, kr.",
        "high": "90 % band to, kr.",
        "idle": "Rates in “{0}”",
        "idle.text": "change nothing: no cost of the period rests on them (a lease states its own, or the rate is not established)",
        "exits": "Early move-outs in “{0}”",
        "exits.history": "Kaplan-Meier of {0} move-outs; after 12, 24 and 36 months {1} are left. {2}",
        "exits.constant": "{0} % a month. {1}",
        "exits.drawn": "The band is {0} simulations, seed {1}",
        "exits.exact": "Mean and spread are computed exactly",
        "law": "Law and rates",
        "law_text": "as known in the rules; a rate that is not established gives no amount, unless the case states its own",
        "line": "Line",
        "lines": "Owed to landlords",
        "prices.fixed": "fixed",
        "prices.current": "current",
        "in_all": "In all",
        "by": "By",
        "name_of": "Name",
        "due": "Fall due",
        "yes": "yes",
        "True": "yes",
        "False": "no",
        "prices_in": "Prices",
        "part_year": "{0} ({1} months)",
        "no_amount": "no amount in law",
        "guarantees": "Guarantees of restoration: how many, and how many fall due as tenants move out. The law names no amount",
        "vacancy": "Rent for vacant dwellings without a last day: reckoned to the end of the period",
        "owed_lacking": "{0}: amount or last day cannot be computed, so the cost is not included",
        "owed_open": "{0}: not settled",
        "not_told": "No lines owed to landlords: the cases do not say when dwellings were at the municipality's disposal",
        "endless": "The last day is not known: the cost runs on as open",
        "others": "Rows about something else than a refund",
        "no_growth": "not given: reckoned as 0 %",
        "falling": "Falls away",
        "list": "List",
        "frames": "Fund frames and pools that lapse",
        "labels": "Temporary youth dwellings that revert",
        "grants": "Grants that run out",
        "refunds": "Refunds that run out",
        "ahead": "{0} in the period",
        "past": "{0} already past ({1})",
        "undated": "{0} without a known day ({1})",
        "day": "Day",
        "law_open": "the law is not established",
        "not_known": "not known",
        "passed": "Past",
        "falls_amount": "Amount, kr.",
        "unit": "Unit",
        "dwellings": "Dwellings",
        "certainty": "Certainty",
        "basis": "Basis",
        "missing": "Missing",
        "says": "What happens",
        "per.DKK/month": "a month",
        "per.DKK/year": "a year",
        "per.DKK": "in all",
        "per.": "",
        "certainty.text": "read",
        "certainty.secondary": "secondary",
        "certainty.inferred": "inferred",
        "certainty.unknown": "not established",
    },
}


def money(amount: Decimal, lang: Lang) -> str:
    """``1.234,50`` or ``1,234.50``."""
    text = f"{amount:,.2f}"
    return text.translate(str.maketrans(",.", ".,")) if lang == "da" else text


def whole(amount: Decimal, lang: Lang) -> str:
    """Whole kroner: ``1.235`` or ``1,235``."""
    return money(amount.quantize(Decimal(1), ROUND_HALF_UP), lang)[:-3]


def assumptions(found: Forecast, lang: Lang) -> list[tuple[str, str, str]]:
    """What the forecast rests on: name, value, source."""
    words = WORDS[lang]
    return [
        (words["scheme"], f"{found.title[lang]} ({found.scheme})", ""),
        (words["from"], found.horizon.first.isoformat(), ""),
        (words["horizon"], str(found.horizon.months), ""),
        (words["cases"], str(found.cases), ""),
        (words["without"], str(found.without), ""),
        (words["lacking"], _cases(found.lacking, words["more"]), ""),
        *([(words["endless"], _cases(found.endless, words["more"]), "")] if found.endless else []),
        *([(words["others"], str(found.others), "")] if found.others else []),
        (words["rejects"], str(len(found.rejects)), ""),
        *_owed(found, lang),
        (words["part"], words[f"part.{found.part_months}"], ""),
        *((found.rulebook.settings[n].title.get(lang), f"{words.get(v, v)} ({words['not_settled']})", "") for n, v in found.assumed),
        (words["law"], words["law_text"], ""),
        *prices(found, lang),
        (
            words["account"],
            found.account.text[lang] if found.account else words["no_account"],
            found.account.source if found.account else "",
        ),
        (words["rulebook"], found.rulebook.hash, ""),
        *_scenarios(found, lang),
    ]


def _scenarios(found: Forecast, lang: Lang) -> list[tuple[str, str, str]]:
    """The rulebook and the move-outs of each scenario, of many those of the first few."""
    shown = found.scenarios[:FEW]
    rules = [(s.scenario.name, s.rulebook, "") for s in shown if s.rulebook != found.rulebook.hash]
    rest = len(found.scenarios) - len(shown)
    more = [(WORDS[lang]["scenarios"], WORDS[lang]["more"].format(rest), "")] if rest else []
    now = [month.cost for month in found.months]
    idle = [s for s in shown if s.scenario.rates and not any(s.scenario.growth.values()) and [Decimal(ore) / 100 for ore in s.ore] == now]
    told = [(WORDS[lang]["idle"].format(s.scenario.name), WORDS[lang]["idle.text"], "") for s in idle]
    return [*rules, *told, *(_exits(s, lang) for s in shown if s.survival), *more]


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
    left = ", ".join(
        f"{100 * curve.share[t]:.0f} % ({100 * curve.low[t]:.0f}-{100 * curve.high[t]:.0f})" for t in (12, 24, 36) if t < len(curve.share)
    )
    return name, words["exits.history"].format(curve.exits, left, how), ""


def _cases(cases: Sequence[str], more: str) -> str:
    """How many, and the first of them by name."""
    return f"{len(cases)} ({some(cases, more)})" if cases else "0"


def some(cases: Sequence[str], more: str) -> str:
    """The first of them by name, and how many more there are."""
    rest = f" {more.format(len(cases) - 5)}" if len(cases) > 5 else ""
    return f"{', '.join(cases[:5])}{rest}"


def prices(found: Forecast, lang: Lang) -> list[tuple[str, str, str]]:
    """The growth that finance gave, a year a line."""
    words = WORDS[lang]
    if not found.prices:
        return [(words["prices"], words["no_prices"], "")]
    years = range(found.horizon.first.year + 1, found.horizon.last.year + 1)
    said = {year: f"{money(100 * share, lang)} %" for year, share in found.prices.items()}
    return [(f"{words['prices']} {year}", said.get(year, words["no_growth"]), "") for year in sorted({*years, *said})]


def months_left(first: date, last_day: date) -> int:
    """Whole months from the first day to the end."""
    return (last_day.year - first.year) * 12 + last_day.month - first.month
