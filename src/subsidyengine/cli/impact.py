"""`subsidyengine impact`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from ..words import say
from .common import UNUSABLE, Language, console, fail, language, one_of, rulebook
from .portfolio import need, tell_rejects, watched

if TYPE_CHECKING:
    from ..portfolio.impact import Changed, Impact

_WORDS = {
    "da": {
        "before": "Før",
        "after": "Efter",
        "count": "Sager",
        "sum_before": "Beløb før",
        "sum_after": "Beløb efter",
        "difference": "Forskel",
        "line": "{0} af {1} sager får et andet svar. I alt {2} -> {3} kr. ({4})",
        "typical": "Typiske sager",
        "granted": "ja",
        "refused": "nej",
        "undetermined": "uafklaret",
        "met": "opfyldt",
        "not_met": "ikke opfyldt",
        "unknown": "åben",
        "": "gælder ikke",
        "none": "intet beløb",
    },
    "en": {
        "before": "Before",
        "after": "After",
        "count": "Cases",
        "sum_before": "Amount before",
        "sum_after": "Amount after",
        "difference": "Difference",
        "line": "{0} of {1} cases get another answer. In all {2} -> {3} kr. ({4})",
        "typical": "Typical cases",
        "granted": "yes",
        "refused": "no",
        "undetermined": "open",
        "met": "met",
        "not_met": "not met",
        "unknown": "open",
        "": "does not bear",
        "none": "no amount",
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
    book = rulebook(rules, overlay).as_known(known)
    one_of(scheme, list(book.schemes), say("scheme"))
    other = rulebook(against.rules or rules, against.overlay or overlay).as_known(known) if against.rules or against.overlay else book
    one_of(scheme, list(other.schemes), say("scheme"))
    from ..portfolio import SourceError
    from ..portfolio.impact import Side, impact
    from ..portfolio.run import write
    from ..portfolio.scenario import ScenarioError
    from ..portfolio.scenario_files import read_scenarios

    try:
        if against.scenario:
            several = read_scenarios([against.scenario], other)
            if len(several) != 1:
                fail(say("{file}: {count} scenarios; compare with one", file=against.scenario, count=len(several)), UNUSABLE)
            other = several[0].rulebook(other)
        with watched() as progress:
            found = impact(paths, scheme, Side(book, on), Side(other, against.on or on), known, progress)
    except (SourceError, ScenarioError) as error:
        fail(str(error), UNUSABLE)
    if out:
        write(found.con, "SELECT * EXCLUDE (findings) FROM impact ORDER BY row", out, "impact")
    if as_json:
        print(json.dumps(_document(found), ensure_ascii=False))
    else:
        _show(found, language(lang))
    tell_rejects(found.rejects, None)


def _show(found: Impact, lang: Literal["da", "en"]) -> None:
    from rich.table import Table

    from ..portfolio.words import money

    words, screen = _WORDS[lang], console()
    change = money(found.total_after - found.total_before, lang)
    screen.print(words["line"].format(found.changed, found.cases, money(found.total_before, lang), money(found.total_after, lang), change))
    table = Table(box=None, header_style="bold", pad_edge=False)
    for name in ("before", "after", "count", "sum_before", "sum_after", "difference"):
        table.add_column(words[name], justify="left" if name in ("before", "after") else "right", no_wrap=True)
    for kind in found.kinds:
        sums = [money(a, lang) for a in (kind.amount_before, kind.amount_after, kind.amount_after - kind.amount_before)]
        table.add_row(words[kind.before], words[kind.after], str(kind.count), *sums)
    screen.print(table)
    if found.typical:
        screen.print(words["typical"], style="bold")
    for item in found.typical:
        screen.print(f"  {_sentence(item, lang)}")


def _sentence(item: Changed, lang: Literal["da", "en"]) -> str:
    from ..portfolio.words import money

    words = _WORDS[lang]

    def side(outcome: str, amount: Decimal | None) -> str:
        return f"{words[outcome]}, {words['none'] if amount is None else money(amount, lang) + ' kr.'}"

    why = "; ".join(f"{name}: {words[before]} -> {words[after]}" for name, before, after in item.findings)
    return f"{item.case}: {side(item.before, item.amount_before)} -> {side(item.after, item.amount_after)}{f' ({why})' if why else ''}"


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
        "typical": [
            {
                "case": c.case,
                "before": c.before,
                "after": c.after,
                "amount_before": text(c.amount_before),
                "amount_after": text(c.amount_after),
                "findings": [{"condition": n, "before": b, "after": a} for n, b, a in c.findings],
            }
            for c in found.typical
        ],
    }
