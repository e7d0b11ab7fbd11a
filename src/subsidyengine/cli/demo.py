"""`subsidyengine demo`: the main job on the cases that come with the program."""

from __future__ import annotations

import sys
from pathlib import Path

from ..words import say
from .batch import Batch
from .common import UNUSABLE, Language, console, fail, language, rulebook, spoken


def fixtures_folder() -> Path:
    """The case files that came with the program: inside the package in a wheel, else at the top of the checkout."""
    package = Path(__file__).resolve().parents[1]
    inside = package / "_fixtures" / "cases"
    return inside if inside.is_dir() else package.parents[1] / "fixtures" / "cases"


def run_demo(lang: Language | None, as_json: bool) -> None:
    """Decide every shipped case and sum up what came out."""
    folder = fixtures_folder()
    if not folder.is_dir():
        fail(say("the shipped cases are missing"), UNUSABLE)
    batch = Batch(rulebook(None, None), [str(folder)], None, None, [], language(lang))
    counts: dict[tuple[str, str], int] = {}
    page = None
    shown: set[str] = set()
    if not as_json:
        from .render import Page

        page = Page(console(), batch.lang)
    from ..document import decide

    for case, scheme in batch.questions():
        document = decide(case, batch.rulebook, scheme, batch.lang)
        if as_json:
            sys.stdout.write(document.to_json() + "\n")
        key = (scheme, document.outcome)
        counts[key] = counts.get(key, 0) + 1
        if page is not None and scheme not in shown and document.outcome == "granted":
            shown.add(scheme)
            page.decision(batch.rulebook, case, scheme)
    if page is not None:
        _summary(page, counts, batch.cases)
    batch.finish()


def _summary(page: object, counts: dict[tuple[str, str], int], cases: int) -> None:
    from rich.table import Table

    from .render import Page

    assert isinstance(page, Page)
    table = Table(box=None, pad_edge=False)
    table.add_column(spoken(say("scheme")))
    for heading in (say("granted"), say("refused"), say("undetermined")):
        table.add_column(spoken(heading), justify="right")
    for scheme in sorted({s for s, _ in counts}):
        table.add_row(scheme, *(str(counts.get((scheme, o), 0)) for o in ("granted", "refused", "undetermined")))
    page.screen.print(table)
    page.screen.print(spoken(say("{cases} cases, {decisions} decisions", cases=cases, decisions=sum(counts.values()))))
