"""`subsidyengine letter decision|hearing|facts|templates`."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ..formula import day_text
from ..letters import (
    Envelope,
    Grounds,
    Letter,
    LetterInputError,
    LetterRefused,
    MissingExtra,
    Signature,
    TemplateError,
    decision_letter,
    facts_letter,
    hearing_letter,
    pdf,
    read_recipient,
    read_sender,
    shipped_templates,
)
from ..words import quoted, say
from .batch import Batch
from .common import FAULT, UNUSABLE, Language, fail, language, rulebook, spoken, tell

_WORDS = {
    "da": {"appeal": "Sidste dag for klage", "check": "Tjek, før brevet sendes", "none": "ingen klagevejledning"},
    "en": {"appeal": "Last day to appeal", "check": "Check before the letter is sent", "none": "no appeal guidance"},
}


@dataclass(frozen=True, slots=True)
class Job:
    """What the three letters share."""

    case: str
    scheme: str | None
    on: date | None
    known: date | None
    lang: Language
    sender: Path
    recipient: Path
    signed_by: str | None
    role: str | None
    signed_on: date | None
    dated: date | None
    out: Path | None
    templates: Path | None
    json: bool
    rules: Path | None
    overlay: list[Path] | None

    def signature(self) -> Signature | None:
        """Who signed; None unless name, role and day are all there."""
        if self.signed_by and self.role and self.signed_on:
            return Signature(self.signed_by, self.role, self.signed_on)
        return None


def run_decision(job: Job, received: date | None, heard: date | None, no_hearing: str, partly: bool) -> None:
    """Write the decision letter."""
    _run(job, lambda g, e: decision_letter(g, e, received=received, heard=heard, no_hearing=no_hearing, partly=partly))


def run_hearing(job: Job, answer_by: date | None, names: Sequence[str]) -> None:
    """Write the hearing letter."""
    _run(job, lambda g, e: hearing_letter(g, e, answer_by, names))


def run_facts(job: Job, answer_by: date | None) -> None:
    """Write the letter that asks for the missing facts."""
    _run(job, lambda g, e: facts_letter(g, e, answer_by))


def run_templates(folder: Path) -> None:
    """Copy the shipped templates into a new folder."""
    try:
        shutil.copytree(shipped_templates(), folder)
    except FileExistsError:
        fail(say("{file} is there already; name a new folder", file=folder), UNUSABLE)
    except OSError as error:
        fail(say("{file}: cannot be written: {reason}", file=folder, reason=quoted(error.strerror or "")), FAULT)
    for path in sorted(folder.iterdir()):
        print(path)


def _run(job: Job, make: Callable[[Grounds, Envelope], Letter]) -> None:
    """Make a letter and write it; exit 2 with every reason when there is none."""
    try:
        envelope = Envelope(read_sender(job.sender), read_recipient(job.recipient), job.signature(), job.dated)
        grounds = _grounds(job)
        letter = make(grounds, envelope)
        made = pdf(letter, job.templates)
    except LetterInputError as error:
        for problem in error.problems:
            tell(problem)
        fail(say("a file that the letter needs cannot be used"), UNUSABLE)
    except LetterRefused as refused:
        for refusal in refused.refusals:
            print(f"{refusal.code}: {spoken(refusal.message)}\n  -> {spoken(refusal.todo)}", file=sys.stderr)
        fail(say("no letter is written"), UNUSABLE)
    except TemplateError as error:
        fail(say("{place}: {message}", place=error.place, message=error.message), UNUSABLE)
    except MissingExtra as error:
        fail(str(error), UNUSABLE)
    out = job.out or Path(f"{re.sub(r'[^A-Za-z0-9._-]', '_', letter.case)}-{letter.scheme}-{letter.kind}.pdf")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_bytes(made)
    except OSError as error:
        fail(say("{file}: cannot be written: {reason}", file=out, reason=quoted(error.strerror or "")), FAULT)
    _tell(letter, out, f"sha256:{hashlib.sha256(made).hexdigest()}", job.json)


def _grounds(job: Job) -> Grounds:
    """The one decision that the letter is about."""
    schemes = [job.scheme] if job.scheme else []
    batch = Batch(rulebook(job.rules, job.overlay), [job.case], job.on, job.known, schemes, language(job.lang))
    questions = list(batch.questions())
    batch.finish()
    if len(questions) != 1:
        found = ", ".join(f"{case.id} {scheme}" for case, scheme in questions[:8]) or "none"
        more = ", ..." if len(questions) > 8 else ""
        message = say(
            "{case}: a letter is about one decision, and here are {count}: {found}; name one with --scheme",
            case=job.case, count=len(questions), found=found + more,
        )  # fmt: skip
        fail(message, UNUSABLE)
    case, scheme = questions[0]
    assert case.on is not None
    return Grounds(case, batch.rulebook, scheme, batch.lang, case.on, case.known)


def _tell(letter: Letter, out: Path, digest: str, as_json: bool) -> None:
    """What was written, without anything personal."""
    by = letter.appeal_by.isoformat() if letter.appeal_by else None
    if as_json:
        told = {"case": letter.case, "scheme": letter.scheme, "kind": letter.kind, "lang": letter.lang, "dated": letter.dated.isoformat(),
                "file": str(out), "hash": digest, "appeal_by": by, "check": letter.check}  # fmt: skip
        print(json.dumps(told, ensure_ascii=False))
        return
    lang = language(None)
    words = _WORDS[lang]
    print(f"{out}  {digest}")
    if letter.kind == "decision":
        print(f"{words['appeal']}: {day_text(letter.appeal_by, lang)}" if letter.appeal_by else words["none"].capitalize())
    if letter.check:
        print(f"{words['check']}:")
        for text in letter.check:
            print(f"  - {text}")
