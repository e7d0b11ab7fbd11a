"""`subsidyengine allocate`: the desk's commands. Each reads tables, asks the library and shows what it said."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from ..words import quoted, say
from .common import UNUSABLE, Language, fail, language, one_of, rulebook, spoken, tell
from .common import console as plain_console

if TYPE_CHECKING:
    from rich.console import Console

    from ..allocation import Agreements, Desk, Table, Terms
    from ..facts import CaseProblem
    from ..formula import Lang
    from ..rulebook import Rulebook

#: Columns of a table that nobody looks at in a terminal.
PIPED_WIDTH = 200


@dataclass(slots=True)
class Setup:
    """What every command of the desk is asked with."""

    paths: list[str]
    on: date | None
    known: date | None
    lang: Language | None
    as_json: bool
    rules: Path | None
    overlay: list[Path] | None
    agreements: list[Path] | None
    agreement: str | None


@dataclass(slots=True)
class Opened:
    """The same, read."""

    book: Rulebook
    agreements: Agreements
    terms: Terms | None
    table: Table
    on: date
    lang: Lang
    #: Ids of the agreements that ``--agreements`` brought.
    given: frozenset[str]
    #: Names that keep an agreement from a vacancy by their spelling.
    notes: list[CaseProblem] = field(default_factory=list)

    def desk(self, known: date | None = None) -> Desk:
        """The vacancies shared out; says so when no agreement that was given bears on any of them."""
        from ..allocation import share_out

        desk = share_out(self.table.vacancies, self.book, self.agreements, self.on, known, self.terms)
        if self.given and not self.given & {item.draw.terms.id for item in desk.items}:
            tell(say("none of the agreements given is about any of the vacancies"))
        return desk

    def ready(self) -> None:
        """Stop where no vacancy can be answered; else say which names keep an agreement from one by their spelling."""
        from ..allocation import near_misses

        if not self.table.vacancies:
            if not self.table.rejected:
                tell(say("no vacancies: the table has no row below its header"))
            self.finish()
            raise typer.Exit(0)
        if self.terms is None:
            self.notes = near_misses(self.table.vacancies, self.agreements)
        for note in self.notes:
            tell(note)

    def finish(self) -> None:
        """Rows that could not be used, on stderr; then exit 2."""
        rejected = self.table.rejected
        for error in rejected:
            for problem in error.problems:
                tell(problem)
        whole = sum(error.problems[0].place.line <= 1 for error in rejected)
        if whole and whole == len(rejected):
            fail(say("one table could not be read") if whole == 1 else say("{count} tables could not be read", count=whole), UNUSABLE)
        if rejected:
            rows = len(rejected) + len(self.table.vacancies)
            bad = len(rejected)
            fail(say("{bad} of {rows} rows could not be used; the others are answered without them", bad=bad, rows=rows), UNUSABLE)


def opened(setup: Setup, paths: list[str] | None = None) -> Opened:
    """Read rulebook, agreements and tables; exit 2 with every problem of the first two."""
    from ..allocation import read_vacancies

    book = rulebook(setup.rules, setup.overlay)
    agreements = the_agreements(book, setup.rules, setup.agreements)
    terms = None
    if setup.agreement is not None:
        known = {**agreements.terms, **{terms.id: terms for terms in agreements.statutes.values()}}
        one_of(setup.agreement, list(known), say("agreement"))
        terms = known[setup.agreement]
    with progress(say("vacancies")) as told:
        table = read_vacancies(setup.paths if paths is None else paths, told)
    given: frozenset[str] = frozenset()
    if setup.agreements:
        given = frozenset(agreements.terms.keys() - the_agreements(book, setup.rules, None).terms.keys())
    return Opened(book, agreements, terms, table, setup.on or date.today(), language(setup.lang), given)


def the_agreements(book: Rulebook, rules: Path | None, more: list[Path] | None) -> Agreements:
    """The agreements of the rulebook and those given; exit 2 with every problem."""
    from ..allocation import open_agreements
    from ..rulebook import RulebookError

    own = rules / "agreements" if rules is not None and (rules / "agreements").is_dir() else None
    try:
        return open_agreements(book, more or (), own)
    except RulebookError as error:
        for problem in error.problems:
            tell(problem)
        count = len(error.problems)
        fail(say("the agreements have one problem") if count == 1 else say("the agreements have {count} problems", count=count), UNUSABLE)


def run_run(setup: Setup, xlsx: Path | None, before: list[str] | None) -> None:
    """Whose turn each vacancy is; with ``before`` only what another table answers differently."""
    given = opened(setup)
    given.ready()
    desk = given.desk(known=setup.known)
    if before:
        _changes(setup, given, desk, before)
    elif setup.as_json:
        for document in desk.documents(given.lang):
            sys.stdout.write(document.to_json() + "\n")
    else:
        from .allocate_tables import show_vacancies

        show_vacancies(console(), desk, given.lang)
    _workbook(xlsx, given, desk)
    given.finish()


def _changes(setup: Setup, given: Opened, desk: Desk, before: list[str]) -> None:
    from ..allocation import changes

    old = opened(setup, before)
    if not old.table.vacancies and old.table.rejected:
        old.finish()
    found = changes(old.desk(known=setup.known), desk)
    if setup.as_json:
        for change in found:
            sys.stdout.write(json.dumps(asdict(change), ensure_ascii=False) + "\n")
    else:
        from .allocate_tables import show_changes

        show_changes(console(), found, given.lang)
    old.finish()


def run_account(setup: Setup, xlsx: Path | None, chart: Path | None) -> None:
    """The running account of each right in each counting unit."""
    if chart is not None:
        from ..allocation.chart import FORMATS

        if chart.suffix.lower() not in FORMATS:
            fail(say("{file}: a chart is written as {formats}", file=chart, formats=", ".join(FORMATS)), UNUSABLE)
    given = opened(setup)
    given.ready()
    desk = given.desk(known=setup.known)
    with progress(say("accounts")) as told:
        rows = desk.accounts(given.lang, told)
    if setup.as_json:
        for row in rows:
            sys.stdout.write(row.to_json() + "\n")
    else:
        from .allocate_tables import show_accounts

        show_accounts(console(), rows, given.lang)
    if chart is not None:
        from ..allocation.chart import write_chart

        written(chart, lambda: write_chart(desk, chart, given.lang))
    _workbook(xlsx, given, desk)
    given.finish()


def run_whatif(
    setup: Setup, share: str | None, rent: str | None, days: int | None, other: dict[str, str | None], at_most: int | None,
    xlsx: Path | None,
) -> None:  # fmt: skip
    """The same vacancies under other terms."""
    from ..allocation import Other, what_if

    if (other["passing"] == "carried") != (at_most is not None):
        fail(say("--passing carried needs --at-most, and nothing else has it"), UNUSABLE)
    terms = Other(_share(share), _range(rent), at_most=at_most, **other)
    if terms == Other():
        fail(say("say what should be otherwise, such as --share, --rent or --passing (see --help)"), UNUSABLE)
    given = opened(setup)
    given.ready()
    found = what_if(given.table.vacancies, given.book, given.agreements, given.on, terms, days, given.terms)
    if setup.as_json:
        from .allocate_tables import whatif_data

        sys.stdout.write(json.dumps(whatif_data(found, given.lang), ensure_ascii=False) + "\n")
    else:
        from .allocate_tables import show_whatif

        show_whatif(console(), found, given.lang)
    if xlsx is not None:
        from ..allocation.workbook import write_whatif

        written(xlsx, lambda: write_whatif(found, given.book, given.on, xlsx, given.lang))
    given.finish()


def run_propose(setup: Setup, household: str, xlsx: Path | None) -> None:
    """The vacancies on offer, tested against each household of a case file."""
    from ..allocation import proposals
    from ..facts import CaseError, read_cases

    given = opened(setup)
    given.ready()
    desk = given.desk(known=setup.known)
    bad, all_found = 0, []
    for case in read_cases([household], given.book, stdin=sys.stdin.buffer):
        if isinstance(case, CaseError):
            bad += 1
            for problem in case.problems:
                tell(problem)
            continue
        found = list(proposals(case, desk, given.lang))
        all_found += found
        if setup.as_json:
            for proposal in found:
                sys.stdout.write(proposal.to_json() + "\n")
        else:
            from .allocate_tables import show_proposals

            show_proposals(console(), case.id, found, given.lang)
    if xlsx is not None:
        from ..allocation.proposals_book import write_proposals

        written(xlsx, lambda: write_proposals(all_found, desk, xlsx, given.lang))
    given.finish()
    if bad:
        fail(say("one household could not be used") if bad == 1 else say("{count} households could not be used", count=bad), UNUSABLE)


def _workbook(path: Path | None, given: Opened, desk: Desk) -> None:
    if path is None:
        return
    from ..allocation.workbook import write_workbook

    written(path, lambda: write_workbook(desk, given.table, path, given.lang, given.notes))


def written(path: Path, write: Callable[[], None]) -> None:
    """Write a file; exit 2 when it cannot be, or when an extra is missing."""
    from ..allocation.sheets import TooManyRows

    try:
        write()
    except ModuleNotFoundError as error:
        extra = {"xlsxwriter": "excel", "altair": "charts", "vl_convert": "charts"}.get(error.name or "")
        if extra is None:
            raise
        fail(say("writing {kind} files needs an extra: pip install 'subsidyengine[{extra}]'", kind=path.suffix, extra=extra), UNUSABLE)
    except TooManyRows as error:
        fail(error.args[0], UNUSABLE)
    except Exception as error:
        # xlsxwriter wraps the system's error in one of its own when the file is closed.
        inner = next((e for e in (error, *error.args) if isinstance(e, OSError)), None)
        if inner is None:
            raise
        fail(say("{file}: cannot be written: {reason}", file=path, reason=quoted(str(inner.strerror))), UNUSABLE)
    print(path, file=sys.stderr)


def _share(text: str | None) -> Fraction | None:
    if text is None:
        return None
    try:
        share = Fraction(text.replace(",", ".")) if "%" not in text else Fraction(text.strip(" %").replace(",", ".")) / 100
    except (ValueError, ZeroDivisionError):
        share = Fraction(0)
    if not 0 < share <= 1:
        fail(say("--share: '{given}' is no share above 0 and at most 1; write it as 1/3, 0.25 or 25%", given=text), UNUSABLE)
    return share


def _range(text: str | None) -> Any:
    from ..allocation.terms import Range

    if text is None:
        return None
    match = re.fullmatch(r"(\d{1,6}(?:\.\d{1,2})?)?\.\.(\d{1,6}(?:\.\d{1,2})?)?", text)
    if match is None or not (match[1] or match[2]):
        fail(say("--rent: '{given}' is no span of rents; write it as 4000..6000, ..4000 or 4000..", given=text), UNUSABLE)
    low, high = (Fraction(part) if part else None for part in match.groups())
    if low is not None and high is not None and high < low:
        fail(say("--rent: '{given}' ends before it begins", given=text), UNUSABLE)
    return Range(low, high)


def console() -> Console:
    """The usual console, but wide enough for a table when piped."""
    screen = plain_console()
    if not sys.stdout.isatty():
        screen.width = PIPED_WIDTH
    return screen


@contextmanager
def progress(what: str) -> Iterator[Callable[[int], None] | None]:
    """A progress line on stderr when somebody is watching; nothing otherwise."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description} {task.completed}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task(spoken(what), total=None)
        yield lambda done: shown.update(task, completed=done) if done % 256 == 0 else None
