"""Who writes, who reads and who signs: the municipality's file, the recipient's file, the signature.

A recipient's file holds personal data: it is read, printed in the letter, and written nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from ..rulebook import Day, Form, Place, Problem, Said, SourceError, TextForm, load_documents, read_form
from ..words import Message, discreet, quoted, say

Lines = Annotated[list[Said], Field(min_length=1)]
F = TypeVar("F", bound=Form)


#: Words of a recipient's file that say nothing about anybody.
_FIELDS = ("name", "address", "representative", "cpr")


def _day_of_year(value: Any) -> Any:
    """``12-24``, of any year: 29 February is one too."""
    try:
        date.fromisoformat(f"2000-{value}")
    except ValueError:
        raise PydanticCustomError("day_of_year", "write the month and day in quotes, as in '12-24'") from None
    return value


DayOfYear = Annotated[str, BeforeValidator(_day_of_year)]


class LetterInputError(ValueError):
    """A file that a letter needs cannot be used. ``problems`` has all that is wrong, with file and line."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("\n".join(map(str, problems)))


class Person(Form):
    """A name and the lines of an address."""

    name: Said
    address: Lines


class Recipient(Person):
    """The party. A ``representative`` (*partsrepræsentant*) gets the letter on the party's behalf."""

    representative: Person | None = None


class Duty(Form):
    """The duty to report changes, as the municipality's lawyer has read it; the shipped law does not establish it."""

    says: TextForm
    cite: Said
    by: Said
    on: Day


class Sender(Person):
    """The municipality: its letterhead, where appeals go, and when its office is closed beside weekends and holidays.

    ``logo`` is a picture in the template folder, ``closed`` days of the year as ``06-05``.
    """

    unit: Said | None = None
    phone: Said | None = None
    email: Said | None = None
    web: Said | None = None
    logo: Said | None = None
    appeals_to: Lines | None = None
    closed: tuple[DayOfYear, ...] = ()
    duty_to_report: Duty | None = None


@dataclass(frozen=True, slots=True)
class Signature:
    """The person who decided: name, role, and the day of the signature."""

    name: str
    role: str
    on: date


def read_sender(path: Path) -> Sender:
    """The municipality's file. LetterInputError with every problem; none repeats what stands there: it may be a person's, by mistake."""
    return _discreetly(path, Sender)


def read_recipient(path: Path) -> Recipient:
    """The recipient's file. LetterInputError with every problem; none repeats what stands there."""
    return _discreetly(path, Recipient)


def _discreetly(path: Path, form: type[F]) -> F:
    try:
        return _read(path, form)
    except LetterInputError as error:
        text = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
        told = [replace(one, message=discreet(one.message, text, (*_FIELDS, *form.model_fields))) for one in error.problems]
    raise LetterInputError(told)


def _read(path: Path, form: type[F]) -> F:
    problems: list[Problem] = []
    try:
        documents = list(load_documents(path.read_text(encoding="utf-8"), str(path)))
    except SourceError as error:
        raise LetterInputError([Problem(error.place, "L_FILE", error.message)]) from None
    except OSError as error:
        raise _unusable(path, say("cannot be read: {reason}", reason=quoted(error.strerror or ""))) from None
    except UnicodeDecodeError:
        raise _unusable(path, say("is not UTF-8: save the file as UTF-8")) from None
    if len(documents) != 1:
        raise _unusable(path, say("holds {count} YAML documents; write one, with name and address", count=len(documents)))
    found = read_form(documents[0], form, problems)
    if found is None or problems:
        raise LetterInputError(problems)
    return found


def _unusable(path: Path, message: Message) -> LetterInputError:
    return LetterInputError([Problem(Place(str(path), 1), "L_FILE", message)])
