"""`subsidyengine rules`."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path

from .common import FAULT, UNUSABLE, Language, console, fail, language, one_of, rulebook


def run_list(lang: Language | None, as_json: bool, rules: Path | None, overlay: list[Path] | None) -> None:
    """Every scheme: id, title, number of conditions, who decides."""
    book, chosen = rulebook(rules, overlay), language(lang)
    rows = [
        {"scheme": s.id, "title": s.title.get(chosen), "conditions": len(s.conditions), "decided_by": s.decided_by.get(chosen),
         "appeal": s.appeal, "file": s.file}
        for s in sorted(book.schemes.values(), key=lambda s: s.id)
    ]  # fmt: skip
    if as_json:
        for row in rows:
            print(json.dumps(row, ensure_ascii=False))
        return
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for heading in ("scheme", "title", "conditions", "decided by"):
        table.add_column(heading)
    for row in rows:
        table.add_row(str(row["scheme"]), str(row["title"]), str(row["conditions"]), str(row["decided_by"]))
    screen = console()
    screen.print(table)
    screen.print(f"{len(rows)} schemes, {len(book.rates)} rates, {len(book.sources)} sources, rulebook {book.hash}")


def run_show(
    scheme: str, on: date | None, known: date | None, lang: Language | None, as_json: bool, rules: Path | None,
    overlay: list[Path] | None,
) -> None:  # fmt: skip
    """One day's law of a scheme as text."""
    from ..handbook import scheme_data, scheme_page

    book, chosen = rulebook(rules, overlay), language(lang)
    one_of(scheme, list(book.schemes), "scheme")
    day = on or date.today()
    if as_json:
        print(json.dumps(scheme_data(book, scheme, day, known, chosen), ensure_ascii=False))
        return
    text = scheme_page(book, scheme, chosen, day, known)
    if sys.stdout.isatty():
        from rich.markdown import Markdown

        console().print(Markdown(text))
    else:
        print(text)


def run_check(as_json: bool, rules: Path | None, overlay: list[Path] | None) -> None:
    """All problems, or the size of a sound rulebook."""
    from ..rulebook import RulebookError, check_folder, open_rulebook, shipped_folder

    folder = rules or shipped_folder()
    problems = check_folder(folder)
    if not problems:
        try:
            book = open_rulebook(folder, tuple(overlay or ()), cache=False)
        except RulebookError as error:
            problems = list(error.problems)
    for problem in problems:
        if as_json:
            place = problem.place
            row = {
                "file": place.file,
                "line": place.line,
                "column": place.column,
                "code": problem.code,
                "message": problem.message,
            }
            print(json.dumps(row, ensure_ascii=False))
        else:
            print(problem)
    if problems:
        count = len(problems)
        fail(f"the rulebook has {count} problem{'s' if count != 1 else ''}", UNUSABLE)
    if not as_json:
        conditions = sum(len(c.versions.rows) for s in book.schemes.values() for c in s.conditions.values())
        print(f"sound: {len(book.schemes)} schemes, {conditions} condition versions, {len(book.rates)} rates, {book.hash}")


def run_test(schemes: list[str], with_coverage: bool, as_json: bool, rules: Path | None) -> None:
    """Run worked cases; exit 1 when one differs, or when coverage is asked for and not whole."""
    from ..rulebook import RulebookError, read_folder, shipped_folder
    from ..worked import WorkedError, coverage, load_worked, run_worked

    folder = rules or shipped_folder()
    try:
        book, problems = read_folder(folder)
    except RulebookError as error:
        fail(str(error), UNUSABLE)
    # A scheme that cannot be read must not keep the others from being tested.
    for problem in problems:
        print(problem, file=sys.stderr)
    for name in schemes:
        one_of(name, list(book.schemes), "scheme")
    wanted = schemes or list(book.schemes)
    answers, failed, count, tested = [], 0, 0, set()
    for path in sorted(folder.rglob("*.cases.yaml")):
        name = path.relative_to(folder).as_posix()
        try:
            cases = load_worked(path, book, name)
        except WorkedError as error:
            for problem in error.problems:
                print(problem, file=sys.stderr)
            if not schemes:
                failed += 1
            continue
        for worked in cases:
            if worked.scheme not in wanted:
                continue
            tested.add(worked.scheme)
            count += 1
            answer, differences = run_worked(worked, book)
            answers.append(answer)
            if as_json:
                print(json.dumps({"scheme": worked.scheme, "case": worked.name, "differences": differences}))
            elif differences:
                print(f"{worked.place} {worked.scheme} {worked.name}")
                for difference in differences:
                    print(f"    {difference}")
            failed += bool(differences)
    if not as_json:
        print(f"{count} worked cases, {failed} differ")
    gaps = 0
    if with_coverage:
        found = coverage(answers, book, wanted)
        for (scheme, condition, index), lacking in found.missing():
            gaps += 1
            start = book.schemes[scheme].conditions[condition].versions.rows[index].from_
            version = f" from {start}" if start else ""
            print(f"{scheme} {condition}{version}: no case shows it {', '.join(lacking)}")
        shown, needed = found.share()
        print(f"coverage: {shown} of {needed} statuses ({100 * shown // max(needed, 1)} %)")
    if problems:
        fail("the rulebook has problems (listed above)", UNUSABLE)
    if failed or gaps:
        fail("worked cases differ or are missing", FAULT)


def run_docs(out: Path, lang: Language | None, rules: Path | None, overlay: list[Path] | None) -> None:
    """Write the handbook."""
    from ..handbook import write_handbook

    book = rulebook(rules, overlay)
    languages = [language(lang)] if lang is not None else ["da", "en"]
    for chosen in languages:
        folder = out / chosen if len(languages) > 1 else out
        try:
            pages = write_handbook(book, folder, chosen)  # type: ignore[arg-type]
        except OSError as error:
            fail(f"{folder}: cannot be written: {error.strerror}", UNUSABLE)
        print(f"{folder}: {pages} pages")
