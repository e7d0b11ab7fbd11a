"""Help pages and usage errors in Danish: Typer writes them in English only.

The texts of commands, arguments and options are looked up as they stand in the code; those of Typer itself in
``words/da/libraries.toml``.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from typing import Any

import typer
from typer._click.formatting import HelpFormatter
from typer.core import TyperGroup
from typer.exceptions import TyperException

from ..words import Message, danish_of, quoted, say, translated
from .common import speak, spoken_of

#: What Typer puts after the help of an option: ``[default: 5; required]``.
_EXTRA = re.compile(r"(.*?)(?:^|  )\[([^\[\]]+)\]", re.DOTALL)
#: The examples below a help page, with bars between them.
_EXAMPLES = re.compile(r"((?:Examples?|Eksempel|Eksempler):)\s+(.+)", re.DOTALL)


class Bilingual(TyperGroup):
    """The top command. Its language is known before anything is parsed, so that help and usage errors are in it too."""

    def main(self, args: Sequence[str] | None = None, *rest: Any, **more: Any) -> Any:
        """Run a command line. Exit codes: 0 done, 1 a fault, 2 unusable input."""
        given = list(sys.argv[1:] if args is None else args)
        spoken = speak(spoken_of(given))
        if "--help" in given:
            given = _without_lang(given)  # also groups of commands, which have no --lang
        _contexts(self, _EnglishContext if spoken == "en" else _DanishContext)
        if spoken == "en":
            return super().main(given, *rest, **more)
        localise(self)
        try:
            code = super().main(given, *rest, **{**more, "standalone_mode": False})
        except TyperException as error:
            _show(error)
            sys.exit(error.exit_code)
        except typer.Abort:
            print(_danish("Aborted!"), file=sys.stderr)
            sys.exit(1)
        sys.exit(code if isinstance(code, int) else 0)


def _without_lang(args: Sequence[str]) -> list[str]:
    before = ["", *args]
    return [arg for last, arg in zip(before, args, strict=False) if last != "--lang" and arg.partition("=")[0] != "--lang"]


class _Lines(HelpFormatter):
    """Examples too long for one line stand each on a line of their own that is never broken, so that they can be pasted."""

    def write_text(self, text: str) -> None:
        if (match := _EXAMPLES.fullmatch(text)) and len(text) > self.width - self.current_indent:
            text = "\n".join(["\b", match[1], *(f"  {example}" for example in re.split(r"\s+\|\s+", match[2]))])
        super().write_text(text)


class _EnglishContext(typer.Context):
    formatter_class = _Lines


class _Formatter(_Lines):
    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, prefix or _danish("Usage: "))

    def write_heading(self, heading: str) -> None:
        super().write_heading(_danish(heading))

    def write_dl(self, rows: Sequence[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        super().write_dl([(name, _row(text)) for name, text in rows], col_max, col_spacing)


class _DanishContext(typer.Context):
    formatter_class = _Formatter


def texts_of(command: Any) -> Iterator[tuple[Any, str]]:
    """Everything that help shows of a command and of those below it: the object, and the name of its attribute."""
    yield from ((command, name) for name in ("help", "short_help", "epilog", "options_metavar", "subcommand_metavar"))
    for param in command.params:
        yield from ((param, name) for name in ("help", "metavar", "show_default"))
    for inner in getattr(command, "commands", {}).values():
        yield from texts_of(inner)


def localise(command: Any) -> None:
    """Turn the help of ``command`` and of those below it into Danish."""
    for owner, name in texts_of(command):
        text = getattr(owner, name, None)
        if isinstance(text, str):
            setattr(owner, name, danish_of(folded(text)) or text)


def _contexts(command: Any, kind: type[typer.Context]) -> None:
    command.context_class = kind
    for inner in getattr(command, "commands", {}).values():
        _contexts(inner, kind)


def folded(text: str) -> str:
    """A help text as the catalogue has it: each paragraph on one line."""
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in text.split("\n\n"))


def _danish(text: str) -> str:
    return translated(quoted(text), "da")


def _row(text: str) -> str:
    """The help of a row: Typer's own texts, and what it puts in brackets at the end."""
    match = _EXTRA.fullmatch(text)
    if match is None:
        return _danish(text)
    extra = "; ".join(_danish(part) for part in match[2].split("; "))
    return f"{match[1]}  [{extra}]" if match[1] else f"[{extra}]"


def _show(error: TyperException) -> None:
    """A usage error: how the command is called, where help is, what is wrong. Without arguments it is the help itself."""
    context = getattr(error, "ctx", None)
    text = error.format_message()
    if context is not None and text == context.get_help():
        print(text, file=sys.stderr)
        return
    if context is not None:
        hint = say("Try '{command} --help' for help.", command=context.command_path)
        print(f"{context.get_usage()}\n{translated(hint, 'da')}\n", file=sys.stderr)
    own, param = error.message, getattr(error, "param", None)
    message = own if isinstance(own, Message) else quoted(text)  # Typer's text has lost what a message of ours is made of
    if isinstance(own, Message) and param is not None:
        message = say("Invalid value for {name}: {reason}", name=param.get_error_hint(), reason=own)
    print(translated(say("Error: {reason}", reason=message), "da"), file=sys.stderr)
