"""`subsidyengine impact`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from ..words import say
from .common import UNUSABLE, Language, console, fail, language, one_of, rulebook, spoken, tell
from .portfolio import TABLES, can_write, need, tell_nobody, tell_rejects, watched

if TYPE_CHECKING:
    from ..portfolio.impact import Changed, Impact
    from ..portfolio.scenario import Scenario
    from ..rulebook import Scheme

_WORDS = {
    "da": {
        "before": "Før",
        "after": "Efter",
        "count": "Sager",
        "sum_before": "Beløb før",
        "sum_after": "Beløb efter",
        "difference": "Forskel",
        "line": "{0} af {1} sager får et andet svar. I alt {2} -> {3} {5} ({4})",
        "share": "(andel af udgiften)",
        "typical": "Typiske sager",
        "granted": "ja",
        "refused": "nej",
        "undetermined": "uafklaret",
        "met": "opfyldt",
        "not_met": "ikke opfyldt",
        "unknown": "åben",
        "": "gælder ikke",
        "none": "intet beløb",
        "rate": "Sats",
        "not_known": "ikke fastlagt",
        "not_stated": "ikke oplyst",
    },
    "en": {
        "before": "Before",
        "after": "After",
        "count": "Cases",
        "sum_before": "Amount before",
        "sum_after": "Amount after",
        "difference": "Difference",
        "line": "{0} of {1} cases get another answer. In all {2} -> {3} {5} ({4})",
        "share": "(share of the cost)",
        "typical": "Typical cases",
        "granted": "yes",
        "refused": "no",
        "undetermined": "open",
        "met": "met",
        "not_met": "not met",
        "unknown": "open",
        "": "does not bear",
        "none": "no amount",
        "rate": "Rate",
        "not_known": "not established",
        "not_stated": "not stated",
    },
}


@dataclass(frozen=True, slots=True)
class Against:
    """What is compared with: another day, another rulebook, other overlays, or the rates of a scenario."""

    on: date | None
    rules: Path | None
    overlay: list[Path] | None
    scenario: Path | None


def run_impact(
    paths: list[Path], scheme: str, on: date, against: Against, out: Path | None, known: date | None, lang: Language | None, as_json: bool,
    rules: Path | None, overlay: list[Path] | None,
) -> None:  # fmt: skip
    """Decide twice, compare, show."""
    need("portfolio", "ibis", "duckdb", "pyarrow")
    if not (against.on or against.rules or against.overlay or against.scenario):
        fail(say("nothing to compare with: give --to-on, --to-rules, --to-overlay or --scenario"), UNUSABLE)
    can_write(out, TABLES, paths)
    book = rulebook(rules, overlay).as_known(known)
    one_of(scheme, list(book.schemes), say("scheme"))
    other = rulebook(against.rules or rules, against.overlay or overlay).as_known(known) if against.rules or against.overlay else book
    one_of(scheme, list(other.schemes), say("scheme"))
    from ..portfolio import SourceError
    from ..portfolio.impact import Side, impact
    from ..portfolio.run import finish, write
    from ..portfolio.scenario import ScenarioError
    from ..portfolio.scenario_files import read_scenarios

    try:
        if against.scenario:
            several = read_scenarios([against.scenario], other)
            if len(several) != 1:
                fail(say("{file}: {count} scenarios; compare with one", file=against.scenario, count=len(several)), UNUSABLE)
            _rates_alone(several[0], against)
            other = several[0].rulebook(other)
        with watched() as progress:
            found = impact(paths, scheme, Side(book, on), Side(other, against.on or on), known, progress)
        if out:
            write(found.con, "SELECT * EXCLUDE (findings) FROM impact ORDER BY row", out, "impact")
            finish(found.con, out)
    except ScenarioError as error:
        fail("\n".join(map(spoken, error.problems)), UNUSABLE)
    except SourceError as error:
        fail(str(error), UNUSABLE)
    if as_json:
        print(json.dumps(_document(found), ensure_ascii=False))
    else:
        _show(found, other.schemes[scheme], against.on or on, language(lang))
    if not found.cases:
        tell_nobody(book.schemes[scheme])
    tell_rejects(found.rejects, None)


def _rates_alone(scenario: Scenario, against: Against) -> None:
    """Growth and early exits are about months to come, not about an answer on a day."""
    if not (scenario.growth or scenario.facts or scenario.exits is not None):
        return
    tell(say("scenario '{name}': only its rates are compared; growth and early move-outs belong to the forecast", name=scenario.name))
    if not (scenario.rates or against.on or against.rules or against.overlay):
        fail(say("nothing to compare with: give --to-on, --to-rules, --to-overlay or --scenario"), UNUSABLE)


def _show(found: Impact, scheme: Scheme, on: date, lang: Literal["da", "en"]) -> None:
    from ..formula import number_text
    from ..portfolio.words import money
    from .tables import put, table_of

    words, screen = _WORDS[lang], console()
    change = money(found.total_after - found.total_before, lang)
    unit = "kr." if found.money else words["share"]
    screen.print(
        words["line"].format(found.changed, found.cases, money(found.total_before, lang), money(found.total_after, lang), change, unit)
    )
    table = table_of(("before", "after", "count", "sum_before", "sum_after", "difference"), ("before", "after"), words)
    for kind in found.kinds:
        sums = [money(a, lang) for a in (kind.amount_before, kind.amount_after, kind.amount_after - kind.amount_before)]
        table.add_row(words[kind.before], words[kind.after], str(kind.count), *sums)
    if found.kinds:
        put(screen, table)
    for name, before, after in found.rates:
        sides = [words["not_known"] if v is None else number_text(v, lang) for v in (before, after)]
        screen.print(f"{words['rate']} {name}: {sides[0]} -> {sides[1]}")
    if found.typical:
        screen.print(words["typical"], style="bold")
    for item in found.typical:
        screen.print(f"  {_sentence(item, unit, lang)}")
        for condition, was, is_ in item.findings:
            screen.print(f"    {words[was]} -> {words[is_]}: {_says(scheme, condition, on, lang)}", soft_wrap=True)
        stated = []
        for fact, one, other in item.facts:
            sides = [words["not_stated"] if v is None else _value(v, lang) for v in (one, other)]
            stated.append(f"{fact}: {sides[0]} -> {sides[1]}")
        if stated:
            screen.print(f"    {'; '.join(stated)}", soft_wrap=True)


def _sentence(item: Changed, unit: str, lang: Literal["da", "en"]) -> str:
    from ..portfolio.words import money

    words = _WORDS[lang]

    def side(outcome: str, amount: Decimal | None) -> str:
        return f"{words[outcome]}, {words['none'] if amount is None else f'{money(amount, lang)} {unit}'}"

    return f"{item.case}: {side(item.before, item.amount_before)} -> {side(item.after, item.amount_after)}"


def _says(scheme: Scheme, name: str, on: date, lang: Literal["da", "en"]) -> str:
    """What a condition says, and its name; where the law of another day than ``on`` counts the latest version is quoted."""
    condition = scheme.conditions[name]
    version = condition.versions.rows[-1] if condition.law_of else condition.versions.at(on)
    return f"{version.says.get(lang)} ({name})"


def _value(text: str, lang: Literal["da", "en"]) -> str:
    """A stated value: numbers as they are written in the language."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    from ..portfolio.words import money

    return money(number, lang) if number.as_tuple().exponent == -2 else text


def _document(found: Impact) -> dict[str, Any]:
    def text(amount: Decimal | None) -> str | None:
        return None if amount is None else str(amount)

    return {
        "scheme": found.scheme,
        "cases": found.cases,
        "changed": found.changed,
        "total_before": str(found.total_before),
        "total_after": str(found.total_after),
        "rejects": len(found.rejects),
        "kinds": [
            {
                "before": k.before,
                "after": k.after,
                "cases": k.count,
                "amount_before": str(k.amount_before),
                "amount_after": str(k.amount_after),
            }
            for k in found.kinds
        ],
        "rates": [{"rate": n, "before": _number(b), "after": _number(a)} for n, b, a in found.rates],
        "typical": [
            {
                "case": c.case,
                "before": c.before,
                "after": c.after,
                "amount_before": text(c.amount_before),
                "amount_after": text(c.amount_after),
                "findings": [{"condition": n, "before": b, "after": a} for n, b, a in c.findings],
                "facts": [{"fact": n, "before": b, "after": a} for n, b, a in c.facts],
            }
            for c in found.typical
        ],
    }


def _number(value: Fraction | None) -> str | None:
    from ..formula import number_text

    return None if value is None else number_text(value, "en").replace(",", "")
