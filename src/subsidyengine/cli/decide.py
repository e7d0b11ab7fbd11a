"""`subsidyengine decide`."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

from ..words import say
from .batch import Batch
from .common import Language, console, language, rulebook, spoken


def run_decide(
    paths: list[str], on: date | None, known: date | None, schemes: list[str], lang: Language | None, as_json: bool,
    rules: Path | None, overlay: list[Path] | None, why: bool,
) -> None:  # fmt: skip
    """Decide every case of ``paths`` and print the documents."""
    batch = Batch(rulebook(rules, overlay), paths, on, known, schemes, language(lang))
    if as_json:
        _lines(batch)
    else:
        from .render import Page

        screen = console()
        page = Page(screen, batch.lang)
        for case, scheme in batch.questions():
            try:
                page.decision(batch.rulebook, case, scheme, why)
            except Exception as fault:  # as in Batch.documents
                batch.fault(case, scheme, fault)
    batch.finish()


def _lines(batch: Batch) -> None:
    """One JSON document a line; a progress line on stderr when somebody is watching and it takes long."""
    write = sys.stdout.write
    if not sys.stderr.isatty() or sys.stdout.isatty():
        for document in batch.documents():
            write(document.to_json() + "\n")
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description} {task.completed}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(spoken(say("decisions")), total=None)
        for document in batch.documents():
            write(document.to_json() + "\n")
            progress.advance(task)
