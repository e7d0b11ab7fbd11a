"""What the commands share: language, output, errors and the rulebook they use."""

from __future__ import annotations

import locale
import os
import sys
from collections.abc import Sequence
from contextvars import ContextVar
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from ..words import Lang, Message, say, translated

if TYPE_CHECKING:
    from rich.console import Console

    from ..facts import CaseProblem
    from ..rulebook import Problem, Rulebook

USABLE, FAULT, UNUSABLE = 0, 1, 2
#: So many words to choose from are named where none is near what was given.
_FEW_NAMES = 8


class Language(StrEnum):
    """Languages of the output."""

    da = "da"
    en = "en"


def parse_day(text: str) -> date:
    """An option's day; typer shows the message when it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(say("'{given}' is no day; write it as 2026-03-01", given=text)) from None


def parse_month(text: str) -> date:
    """An option's month as its first day."""
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise typer.BadParameter(say("'{given}' is no month; write it as 2026-01", given=text)) from None


RulesOption = Annotated[Path | None, typer.Option("--rules", help="Use the rulebook in this folder.", metavar="DIR")]
OverlayOption = Annotated[list[Path] | None, typer.Option("--overlay", help="Lay a municipality's settlements over it.", metavar="DIR")]
LangOption = Annotated[Language | None, typer.Option("--lang", help="Language of the output.", show_default="locale")]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON document a line (NDJSON).")]
OnOption = Annotated[date | None, typer.Option("--on", parser=parse_day, metavar="DAY", help="The day to decide for.")]
KnownOption = Annotated[date | None, typer.Option("--known", parser=parse_day, metavar="DAY", help="Only what was known by this day.")]


#: The language of the run: help, errors and progress are written before and after a command has its options.
_SPOKEN: ContextVar[Lang | None] = ContextVar("spoken", default=None)


def speak(lang: Lang) -> Lang:
    """Make ``lang`` the language of the run."""
    _SPOKEN.set(lang)
    return lang


def language(given: Language | None = None) -> Lang:
    """The language asked for, or that of the run; else that of the locale: Danish for a Danish one, else English."""
    if given is not None:
        return "da" if given is Language.da else "en"
    return _SPOKEN.get() or locale_language()


def spoken_of(args: Sequence[str]) -> Lang:
    """The language that a command line asks for with ``--lang``; else that of the locale."""
    for index, arg in enumerate(args):
        if arg == "--":
            break
        name, _, value = arg.partition("=")
        value = value or (args[index + 1] if index + 1 < len(args) else "")
        if name == "--lang" and value in ("da", "en"):
            return "da" if value == "da" else "en"
    return locale_language()


def locale_language() -> Lang:
    """Danish where the locale is Danish, else English."""
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
            tell(problem)
        fail(counted_problems(len(error.problems)), UNUSABLE)


def counted_problems(count: int) -> Message:
    """How many problems a rulebook has."""
    return say("the rulebook has one problem") if count == 1 else say("the rulebook has {count} problems", count=count)


def tell(what: Message | CaseProblem | Problem) -> None:
    """One line on stderr, in the language of the run."""
    print(translated(what, language()) if isinstance(what, Message) else what.told(language()), file=sys.stderr)


def spoken(message: str) -> str:
    """``message`` in the language of the run."""
    return translated(message, language())


def fail(message: str, code: int) -> NoReturn:
    """Say what is wrong on stderr, in the language of the run, and exit."""
    print(f"subsidyengine: {spoken(message)}", file=sys.stderr)
    raise typer.Exit(code)


def console() -> Console:
    """Rich output in a terminal, plain text when piped."""
    from rich.console import Console

    piped = not sys.stdout.isatty()
    return Console(highlight=False, soft_wrap=piped, no_color=piped or None, width=120 if piped else None)


def one_of(name: str, names: list[str], what: str) -> None:
    """Exit 2 with the near match when ``name`` is none of ``names``; ``what`` says what they are, such as ``say("scheme")``."""
    if name not in names:
        from ..formula import near

        hint = near(name, names)
        if not hint and len(names) <= _FEW_NAMES:
            hint = say("; use {names}", names=", ".join(names))
        fail(say("unknown {what} '{name}'{hint}", what=what, name=name, hint=hint), UNUSABLE)
