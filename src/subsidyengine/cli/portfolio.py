"""`subsidyengine portfolio decide`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from ..words import say
from .common import FAULT, UNUSABLE, Language, console, fail, language, one_of, rulebook, spoken, tell

#: Tables that can be written.
TABLES = (".parquet", ".csv", ".xlsx", ".duckdb", ".db")

if TYPE_CHECKING:
    from ..portfolio import Reject, Summary
    from ..portfolio.run import Progress
    from ..rulebook import Scheme

_WORDS = {
    "da": {
        "scheme": "Ordning",
        "granted": "Ja",
        "refused": "Nej",
        "undetermined": "Kan ikke afgøres",
        "sum": "Bevilget i alt",
        "cases": "sager",
        "written": "Skrevet til",
    },
    "en": {
        "scheme": "Scheme",
        "granted": "Yes",
        "refused": "No",
        "undetermined": "Undetermined",
        "sum": "Granted in all",
        "cases": "cases",
        "written": "Written to",
    },
}
_SHOWN_REJECTS = 5


def need(extra: str, *modules: str) -> None:
    """Exit 1 with the extra to install when one of its packages is missing."""
    from importlib.util import find_spec

    if any(find_spec(module) is None for module in modules):
        fail(say("this command needs an extra: pip install 'subsidyengine[{extra}]'", extra=extra), FAULT)


def run_decide(
    paths: list[Path], out: Path, schemes: list[str], on: date | None, known: date | None, open_facts: bool, lang: Language | None,
    as_json: bool, rules: Path | None, overlay: list[Path] | None,
) -> None:  # fmt: skip
    """Decide the tables and say what came of it."""
    need("portfolio", "ibis", "duckdb", "pyarrow")
    if out.suffix.lower() == ".xlsx":
        need("excel", "xlsxwriter")
    book = rulebook(rules, overlay)  # each row uses the overlays that were known on its own day, or on --known
    for name in schemes:
        one_of(name, list(book.schemes), say("scheme"))
    from ..portfolio import SourceError, decide_files

    try:
        with watched() as progress:
            summary = decide_files(paths, book, out, schemes, on, known, open_facts, progress, language(lang))
    except SourceError as error:
        fail(str(error), UNUSABLE)
    if as_json:
        print(json.dumps(_document(summary), ensure_ascii=False))
    else:
        _show(summary, language(lang))
    tell_rejects(summary.rejects, summary.rejects_file)


def can_write(out: Path | None, kinds: Sequence[str], read: Sequence[Path]) -> None:
    """Exit 2 where a file to write is of another kind, is a folder, or is one of those that are read."""
    if out is None:
        return
    if out.suffix.lower() not in kinds:
        fail(say("{file}: cannot write files of this kind; use {kinds}", file=out, kinds=", ".join(kinds)), UNUSABLE)
    if out.is_dir():
        fail(say("{file}: is a folder", file=out), UNUSABLE)
    if out.exists() and any(path.exists() and out.samefile(path) for path in read):
        fail(say("{file}: is read; write the answers to another file", file=out), UNUSABLE)


@contextmanager
def watched() -> Iterator[Progress]:
    """Progress on stderr when somebody is watching; Ctrl-C ends the run as it ends any other."""
    try:
        with _bars() as progress:
            yield progress
    except RuntimeError as error:
        if str(error) != "Query interrupted":  # DuckDB's word for Ctrl-C
            raise
        raise KeyboardInterrupt from None


@contextmanager
def _bars() -> Iterator[Progress]:
    from ..portfolio.run import silent

    if not sys.stderr.isatty():
        yield silent
        return
    from rich.console import Console
    from rich.progress import Progress as Bars

    with Bars(console=Console(stderr=True), transient=True) as bars:
        tasks: dict[str, int] = {}

        def show(what: str, share: float | None) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(_stage(what), total=None)
            bars.update(tasks[what], total=None if share is None else 1.0, completed=share or 0.0)  # type: ignore[arg-type]

        yield show


def _stage(what: str) -> str:
    """What is being done, in the language of the run; a scheme goes by its name."""
    names = {
        "reading": say("reading"), "scenarios": say("scenarios"), "forecast": say("forecast"), "liability": say("owed to landlords"),
        "before": say("before"), "after": say("after"),
    }  # fmt: skip
    _, writing, file = what.partition("writing ")
    return spoken(say("writing {file}", file=file) if writing else names.get(what, what))


def tell_rejects(rejects: tuple[Reject, ...], file: Path | None) -> None:
    """The first rejected rows on stderr, where the rest is, and exit 2."""
    if not rejects:
        return
    for reject in rejects[:_SHOWN_REJECTS]:
        print(f"{reject.file}:{reject.row}: {reject.told(language())}", file=sys.stderr)
    count = say("one row could not be used") if len(rejects) == 1 else say("{count} rows could not be used", count=len(rejects))
    fail(say("{rows}; see {file}", rows=count, file=file) if file else count, UNUSABLE)


def tell_nobody(scheme: Scheme) -> None:
    """Say that no row of the table is about a scheme, and which facts would make one."""
    facts = ", ".join(scheme.touched_by)
    tell(say("no row of the table is about {scheme}: one that is tells some of {facts}", scheme=scheme.id, facts=facts))


def _show(summary: Summary, lang: Literal["da", "en"]) -> None:
    from ..formula import number_text
    from ..portfolio.words import WORDS, money
    from .tables import put, table_of

    words, screen = _WORDS[lang], console()
    table = table_of(("scheme", "granted", "refused", "undetermined", "sum"), ["scheme"], words)
    for item in summary.decided:
        counts = [number_text(n, lang) for n in item.outcomes.values()]
        total = ""
        if item.granted_sum is not None:
            total = f"{number_text(item.granted_sum, lang)} {item.unit}"  # type: ignore[arg-type]
            if item.unit.startswith("DKK"):
                per = "" if item.unit == "DKK" else WORDS[lang].get(f"per.{item.unit}")
                total = f"{money(item.granted_sum, lang)} {item.unit if per is None else f'kr. {per}'.rstrip()}"
        table.add_row(item.scheme, *counts, total)
    put(screen, table)
    written = ", ".join(dict.fromkeys(str(item.out) for item in summary.decided))
    screen.print(f"{number_text(summary.cases, lang)} {words['cases']}. {words['written']} {written}")


def _document(summary: Summary) -> dict[str, object]:
    return {
        "cases": summary.cases,
        "schemes": [
            {
                "scheme": d.scheme,
                "out": str(d.out),
                **d.outcomes,
                "granted_sum": None if d.granted_sum is None else str(d.granted_sum),
                "unit": d.unit,
            }
            for d in summary.decided
        ],
        "rejects": len(summary.rejects),
        "rejects_file": None if summary.rejects_file is None else str(summary.rejects_file),
        "rulebook": summary.rulebook,
    }
