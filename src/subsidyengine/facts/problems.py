"""What is wrong with a case: every problem with its place, its dotted path and what to write instead."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from ..rulebook import Place
from ..words import Lang, Message, quoted, say, translated

#: Six digits, perhaps a hyphen or space, four digits: a CPR number, or near enough to one.
_CPR = re.compile(r"(?<![0-9A-Za-z])\d{6}[- ]?\d{4}(?![0-9A-Za-z])")
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class CaseProblem:
    """One thing to mend in a case. ``place.line`` 0 means the whole file, an empty ``place.file`` data in memory."""

    place: Place
    path: str
    message: str

    def __str__(self) -> str:
        return self.told("en")

    def told(self, lang: Lang) -> str:
        """The problem as a line in ``lang``."""
        where = self.place.file if self.place.line == 0 else str(self.place)
        parts = (where if self.place.file else "", translated(self.path, lang), translated(self.message, lang))
        return ": ".join(part for part in parts if part)


class CaseError(ValueError):
    """A case, or a file of cases, that cannot be used. ``problems`` holds everything wrong with it, by place.

    ``case`` is the id when it could be read (never one that looks like a CPR number), else empty.
    """

    def __init__(self, problems: Sequence[CaseProblem], case: str = "") -> None:
        self.problems = tuple(sorted(problems, key=lambda p: (p.place.file, p.place.line, p.place.column)))
        self.case = case
        super().__init__("\n".join(str(p) for p in self.problems))

    def __reduce__(self) -> tuple[Any, ...]:
        return (type(self), (self.problems, self.case))


def file_error(file: str, message: str, line: int = 0) -> CaseError:
    """A CaseError about a file as a whole, or about one line of it."""
    return CaseError([CaseProblem(Place(file, line), "", message)])


def reason(error: Exception) -> Message:
    """What the system or a library says is wrong, on one line."""
    said = (isinstance(error, OSError) and error.strerror) or str(error).strip() or type(error).__name__
    return quoted(said.splitlines()[0])


def looks_like_cpr(text: str) -> bool:
    """Whether ``text`` holds what looks like a CPR number."""
    return _CPR.search(text) is not None


def clean(text: str) -> str:
    """``text`` fit for a message: one line, not too long, CPR numbers struck out."""
    masked = _CPR.sub("######-####", text)
    safe = "".join(c if c.isprintable() else repr(c)[1:-1] for c in masked[: _LONGEST + 1])
    return safe if len(safe) <= _LONGEST else safe[:_LONGEST] + "..."


def shown(value: Any) -> str:
    """A value as a message names it."""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return f"'{clean(value)}'"
        case int() | Fraction() | Decimal() | float() | date():
            try:
                return clean(str(value))
            except ValueError:  # Python refuses to write out ints of thousands of digits
                return say("a number of very many digits")
        case None:
            return say("nothing")
        case Mapping():
            return say("a mapping")
        case list() | tuple():
            return say("a list")
    return say("a value of type {name}", name=type(value).__name__)
