"""`subsidyengine rules`."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from ..words import Lang, quoted, say, translated
from .common import FAULT, UNUSABLE, Language, console, counted_problems, fail, language, one_of, rulebook, spoken, tell

if TYPE_CHECKING:
    from ..rulebook import Rulebook
    from ..worked import Coverage


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
    for heading in (say("scheme"), say("title"), say("conditions"), say("decided by")):
        table.add_column(spoken(heading))
    for row in rows:
        table.add_row(str(row["scheme"]), str(row["title"]), str(row["conditions"]), str(row["decided_by"]))
    screen = console()
    screen.print(table)
    total = say("{schemes} schemes, {rates} rates, {sources} sources, rulebook {hash}",
                schemes=len(rows), rates=len(book.rates), sources=len(book.sources), hash=book.hash)  # fmt: skip
    screen.print(spoken(total))


def run_show(
    scheme: str, on: date | None, known: date | None, lang: Language | None, as_json: bool, rules: Path | None,
    overlay: list[Path] | None,
) -> None:  # fmt: skip
    """One day's law of a scheme as text."""
    from ..handbook import scheme_data, scheme_page

    book, chosen = rulebook(rules, overlay), language(lang)
    one_of(scheme, list(book.schemes), say("scheme"))
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


def run_check(lang: Language | None, as_json: bool, rules: Path | None, overlay: list[Path] | None) -> None:
    """All problems, or the size of a sound rulebook; its agreements are read once the rules that they cite are sound."""
    from ..allocation.load import FOLDER, read_agreements
    from ..rulebook import RulebookError, check_folder, open_rulebook, shipped_folder

    folder, chosen = rules or shipped_folder(), language(lang)
    problems, agreements = check_folder(folder), 0
    if not problems:
        try:
            book = open_rulebook(folder, tuple(overlay or ()), cache=False)
            if (folder / FOLDER).is_dir():
                known, problems = read_agreements(book, (), folder / FOLDER)
                agreements = len(known.terms)
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
                "message": translated(problem.message, chosen),
            }
            print(json.dumps(row, ensure_ascii=False))
        else:
            print(problem.told(chosen))
    if problems:
        fail(counted_problems(len(problems)), UNUSABLE)
    if not as_json:
        conditions = sum(len(s.written(c.versions)) for s in book.schemes.values() for c in s.conditions.values())
        sound = say("sound: {schemes} schemes, {versions} condition versions, {rates} rates, {agreements} agreements, {hash}",
                    schemes=len(book.schemes), versions=conditions, rates=len(book.rates), agreements=agreements,
                    hash=book.hash)  # fmt: skip
        print(translated(sound, chosen))


def run_test(schemes: list[str], with_coverage: bool, lang: Language | None, as_json: bool, rules: Path | None) -> None:
    """Run worked cases; exit 1 when one differs, or when coverage is asked for and not whole."""
    from ..rulebook import RulebookError, read_folder, shipped_folder
    from ..worked import WorkedError, coverage, load_worked, run_worked

    folder, chosen = rules or shipped_folder(), language(lang)
    try:
        book, problems = read_folder(folder)
    except RulebookError as error:
        for problem in error.problems:
            tell(problem)
        fail(counted_problems(len(error.problems)), UNUSABLE)
    # A scheme that cannot be read must not keep the others from being tested.
    for problem in problems:
        tell(problem)
    for name in schemes:
        one_of(name, list(book.schemes), say("scheme"))
    wanted = schemes or list(book.schemes)
    answers, failed, count, tested = [], 0, 0, set()
    for path in sorted(folder.rglob("*.cases.yaml")):
        name = path.relative_to(folder).as_posix()
        try:
            cases = load_worked(path, book, name)
        except WorkedError as error:
            for problem in error.problems:
                tell(problem)
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
                said = [translated(difference, chosen) for difference in differences]
                print(json.dumps({"scheme": worked.scheme, "case": worked.name, "differences": said}, ensure_ascii=False))
            elif differences:
                print(f"{worked.place} {worked.scheme} {worked.name}")
                for difference in differences:
                    print(f"    {translated(difference, chosen)}")
            failed += bool(differences)
    if not as_json:
        print(translated(say("{count} worked cases, {failed} differ", count=count, failed=failed), chosen))
    gaps = _coverage(coverage(answers, book, wanted), book, chosen) if with_coverage else 0
    if problems:
        fail(say("the rulebook has problems (listed above)"), UNUSABLE)
    if failed or gaps:
        fail(say("worked cases differ or are missing"), FAULT)


def _coverage(found: Coverage, book: Rulebook, lang: Lang) -> int:
    """Print what no worked case shows; how many condition versions that is."""
    gaps = 0
    for (scheme, condition, index), lacking in found.missing():
        gaps += 1
        start = book.schemes[scheme].written(book.schemes[scheme].conditions[condition].versions)[index].from_
        version = say("{name} from {day}", name=condition, day=start) if start else condition
        gap = say("{scheme} {version}: no case shows it {statuses}", scheme=scheme, version=version, statuses=", ".join(lacking))
        print(translated(gap, lang))
    shown, needed = found.share()
    share = 100 * shown // max(needed, 1)
    print(translated(say("coverage: {shown} of {needed} statuses ({share} %)", shown=shown, needed=needed, share=share), lang))
    return gaps


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
            fail(say("{file}: cannot be written: {reason}", file=folder, reason=quoted(error.strerror or str(error))), UNUSABLE)
        print(spoken(say("{file}: {count} pages", file=folder, count=pages)))
