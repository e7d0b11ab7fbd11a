"""What the commands share: language, output, errors and the rulebook they use."""

from __future__ import annotations

import locale
import os
import sys
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, NoReturn

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from ..rulebook import Rulebook

USABLE, FAULT, UNUSABLE = 0, 1, 2


class Language(StrEnum):
    """Languages of the output."""

    da = "da"
    en = "en"


def parse_day(text: str) -> date:
    """An option's day; typer shows the message when it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"'{text}' is no day; write it as 2026-03-01") from None


RulesOption = Annotated[Path | None, typer.Option("--rules", help="Use the rulebook in this folder.", metavar="DIR")]
OverlayOption = Annotated[list[Path] | None, typer.Option("--overlay", help="Lay a municipality's settlements over it.", metavar="DIR")]
LangOption = Annotated[Language | None, typer.Option("--lang", help="Language of the output.", show_default="locale")]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON document a line (NDJSON).")]
OnOption = Annotated[date | None, typer.Option("--on", parser=parse_day, metavar="DAY", help="The day to decide for.")]
KnownOption = Annotated[date | None, typer.Option("--known", parser=parse_day, metavar="DAY", help="Only what was known by this day.")]


def language(given: Language | None) -> Literal["da", "en"]:
    """The language asked for, or that of the locale: Danish for a Danish one, else English."""
    if given is not None:
        return "da" if given is Language.da else "en"
    name = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    name = name or (locale.getlocale()[0] or "")
    return "da" if name.lower().startswith(("da", "danish")) else "en"


def rulebook(rules: Path | None, overlay: list[Path] | None) -> Rulebook:
    """The rulebook, or exit 2 with every problem of it."""
    from ..rulebook import RulebookError, open_rulebook

    try:
        return open_rulebook(rules, tuple(overlay or ()))
    except RulebookError as error:
        for problem in error.problems:
            print(problem, file=sys.stderr)
        count = len(error.problems)
        fail(f"the rulebook has {count} problem{'s' if count != 1 else ''}", UNUSABLE)


def fail(message: str, code: int) -> NoReturn:
    """Say what is wrong on stderr and exit."""
    print(f"subsidyengine: {message}", file=sys.stderr)
    raise typer.Exit(code)


def console() -> Console:
    """Rich output in a terminal, plain text when piped."""
    from rich.console import Console

    piped = not sys.stdout.isatty()
    return Console(highlight=False, soft_wrap=piped, no_color=piped or None, width=120 if piped else None)


def one_of(name: str, names: list[str], what: str) -> None:
    """Exit 2 with the near match when ``name`` is none of ``names``."""
    if name not in names:
        from ..formula import near

        fail(f"unknown {what} '{name}'{near(name, names)}", UNUSABLE)
