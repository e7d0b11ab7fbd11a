"""Letters are made from the shipped rules and cases with the example overlay, by and to people who do not exist."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from pypdf import PdfReader

from subsidyengine.facts import Case, case_from_data, read_cases
from subsidyengine.letters import Envelope, Grounds, Letter, Signature, pdf, read_recipient, read_sender
from subsidyengine.rulebook import Rulebook

FIXTURES = Path(__file__).parents[2] / "fixtures"
OVERLAY = FIXTURES / "letters" / "overlay"
SENDER = read_sender(FIXTURES / "letters" / "municipality.yaml")
RECIPIENT = read_recipient(FIXTURES / "letters" / "recipient.yaml")
CASES = sorted(p.stem for p in (FIXTURES / "cases").glob("*.yaml"))


def cases_of(name: str, book: Rulebook) -> list[Case]:
    """The cases of a file that comes with the program."""
    found = list(read_cases([str(FIXTURES / "cases" / f"{name}.yaml")], book))
    assert all(isinstance(c, Case) for c in found)
    return [c for c in found if isinstance(c, Case)]


def case_of(book: Rulebook, on: str, **facts: Any) -> Case:
    """A case in memory; ``lease__rent`` is the fact ``lease.rent``."""
    return case_from_data(
        {"case": "K-1", "on": date.fromisoformat(on), "facts": {k.replace("__", "."): v for k, v in facts.items()}}, book.facts
    )


def grounds_of(name: str, book: Rulebook, lang: str = "da", scheme: str = "") -> Grounds:
    """The grounds of a case that comes with the program."""
    case = cases_of(name, book)[0]
    assert case.on is not None
    return Grounds(case, book, scheme or case.schemes[0], lang, case.on, case.known)  # type: ignore[arg-type]


def envelope(on: str = "2026-03-02", **changes: Any) -> Envelope:
    """From Prøvekommune to Prøve Testperson, signed on a day."""
    signature = Signature("Prøve Sagsbehandler", "rådgiver i Boligsocial Enhed", date.fromisoformat(on))
    return replace(Envelope(SENDER, RECIPIENT, signature), **changes)


def printed(letter: Letter) -> str:
    """The text of the letter's PDF."""
    return text_of(pdf(letter))


def text_of(made: bytes) -> str:
    """The text of a PDF, page after page."""
    return "\n\f\n".join(page.extract_text() for page in PdfReader(io.BytesIO(made)).pages)
