"""`subsidyengine letter decision|hearing|facts|templates`."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from ..formula import day_text
from ..letters import (
    Envelope,
    Grounds,
    Letter,
    LetterInputError,
    LetterRefused,
    MissingExtra,
    Recipient,
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
from .ledger_common import opened

if TYPE_CHECKING:
    from ..ledger import Entry, Ledger

Make = Callable[[Grounds, Envelope], Letter]
#: Stands in until a letter is known to be made: nobody's data is read for one that is not.
_NOBODY = Recipient(name="-", address=["-"])
_WORDS = {
    "da": {
        "appeal": "Sidste dag for klage",
        "check": "Tjek, før brevet sendes",
        "none": "ingen klagevejledning",
        "sent": "Registreret i protokollen som sendt {day} ({channel})",
        "unsent": "Ikke registreret som sendt: subsidyengine letter sent {id} {file} --on DAG --channel ORD",
    },
    "en": {
        "appeal": "Last day to appeal",
        "check": "Check before the letter is sent",
        "none": "no appeal guidance",
        "sent": "Recorded in the ledger as sent on {day} ({channel})",
        "unsent": "Not recorded as sent: subsidyengine letter sent {id} {file} --on DAY --channel WORD",
    },
}


@dataclass(frozen=True, slots=True)
class Job:
    """What the three letters share."""

    source: str
    ledger: str | None
    key: Path | None
    channel: str | None
    scheme: str | None
    on: date | None
    known: date | None
    lang: Language
    sender: Path
    recipient: Path | None
    reader: str | None
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

    def decision(grounds: Grounds, envelope: Envelope) -> Letter:
        return decision_letter(grounds, envelope, received=received, heard=heard, no_hearing=no_hearing, partly=partly)

    if job.ledger is not None and (job.signed_by or job.role or job.signed_on):
        fail(say("a decision of the ledger is signed there: subsidyengine ledger sign ID --by NAME --role ROLE"), UNUSABLE)
    _run(job, decision)


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


def _run(job: Job, make: Make) -> None:
    """Make a letter and write it; exit 2 with every reason when there is none."""
    if job.ledger is None and job.channel:
        fail(say("--channel records the letter in a ledger: name it with --ledger"), UNUSABLE)
    if job.ledger is not None and (job.scheme or job.on or job.known):
        fail(say("a decision of the ledger has its scheme and days: leave out --scheme, --on and --known"), UNUSABLE)
    with ExitStack() as stack:
        ledger = stack.enter_context(opened(job.ledger, job.key)) if job.ledger is not None else None
        try:
            entry, letter, made = _made(job, ledger, make)
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
        if ledger is not None and entry is not None and job.channel:
            from ..letters.filed import record

            record(ledger, entry, letter, made, letter.dated, job.channel)
    _tell(job, letter, out, f"sha256:{hashlib.sha256(made).hexdigest()}", entry.id if entry else None)


def _made(job: Job, ledger: Ledger | None, make: Make) -> tuple[Entry | None, Letter, bytes]:
    """The letter and its bytes, from a decision of the ledger or from a case file."""
    sender = read_sender(job.sender)
    recipient = read_recipient(job.recipient) if job.recipient else None
    entry, signature = None, job.signature()
    if ledger is not None:
        from ..letters.filed import filed, recipient_of

        routes = rulebook(job.rules, job.overlay) if job.rules or job.overlay else None
        found = filed(ledger, job.source, language(job.lang), routes)
        entry, grounds = found.entry, found.grounds
        signature = signature or found.signature
        if recipient is None:
            make(grounds, Envelope(sender, _NOBODY, signature, job.dated))  # nothing personal is read for a letter that is not made
            assert signature is not None  # else no letter was made just now
            recipient = recipient_of(ledger, entry, job.reader or signature.name, "letter")
    else:
        if recipient is None:
            fail(say("whom the letter goes to is not given: --recipient FILE (or --ledger, which holds it)"), UNUSABLE)
        grounds = _grounds(job)
    letter = make(grounds, Envelope(sender, recipient, signature, job.dated))
    return entry, letter, pdf(letter, job.templates)


def _grounds(job: Job) -> Grounds:
    """The one decision of a case file."""
    schemes = [job.scheme] if job.scheme else []
    batch = Batch(rulebook(job.rules, job.overlay), [job.source], job.on, job.known, schemes, language(job.lang))
    questions = list(batch.questions())
    batch.finish()
    if len(questions) != 1:
        found = ", ".join(f"{case.id} {scheme}" for case, scheme in questions[:8]) or "none"
        more = ", ..." if len(questions) > 8 else ""
        message = say(
            "{case}: a letter is about one decision, and here are {count}: {found}; name one with --scheme",
            case=job.source, count=len(questions), found=found + more,
        )  # fmt: skip
        fail(message, UNUSABLE)
    case, scheme = questions[0]
    assert case.on is not None
    return Grounds(case, batch.rulebook, scheme, batch.lang, case.on, case.known)


def _tell(job: Job, letter: Letter, out: Path, digest: str, entry: str | None) -> None:
    """What was written, without anything personal."""
    by = letter.appeal_by.isoformat() if letter.appeal_by else None
    sent = job.channel if entry else None
    if job.json:
        told = {
            "decision": entry, "case": letter.case, "scheme": letter.scheme, "kind": letter.kind, "lang": letter.lang,
            "dated": letter.dated.isoformat(), "file": str(out), "hash": digest, "appeal_by": by, "sent": sent, "check": letter.check,
        }  # fmt: skip
        print(json.dumps(told, ensure_ascii=False))
        return
    lang = language(None)
    words = _WORDS[lang]
    print(f"{out}  {digest}")
    if letter.kind == "decision":
        print(f"{words['appeal']}: {day_text(letter.appeal_by, lang)}" if letter.appeal_by else words["none"].capitalize())
    if entry:
        print(words["sent"].format(day=letter.dated, channel=sent) if sent else words["unsent"].format(id=entry, file=out))
    if letter.check:
        print(f"{words['check']}:")
        for text in letter.check:
            print(f"  - {text}")
