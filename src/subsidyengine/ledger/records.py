"""What is recorded: the acts as they are written, and the entry that a reader gets back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, cached_property
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Literal

from .. import __version__
from ..facts import looks_like_cpr
from ..formula import Lang
from ..words import say
from .errors import LedgerError

Kind = Literal["opening", "decision", "signature", "letter", "reading", "erasure"]
_LONGEST = 2000


def written(data: Any) -> str:
    """Data as the one text that is hashed: JSON without blanks, keys in the order given."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def sha256(text: str) -> str:
    """SHA-256 of a text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def searched(entry: Mapping[str, Any]) -> dict[str, Any]:
    """The columns that repeat what an entry says, to search by."""
    return {
        "kind": entry["kind"],
        "id": entry.get("id"),
        "ref": entry.get("decision") or entry.get("replaces"),
        "case_id": entry.get("case"),
        "scheme": entry.get("scheme"),
        "outcome": entry.get("outcome"),
        "rulebook": entry.get("rulebook"),
        "day": entry.get("decided_on") or entry.get("signed_on") or entry.get("sent_on"),
    }


def line(text: str, what: str) -> str:
    """A text that somebody gave, as one line; LedgerError when it is empty, broken, or holds what looks like a CPR number."""
    found = " ".join(text.split())
    if not found:
        raise LedgerError(say("{what} is empty", what=what))
    if len(found) > _LONGEST or not found.isprintable():
        raise LedgerError(say("{what} is at most {most} printable characters", what=what, most=_LONGEST))
    if looks_like_cpr(found):
        raise LedgerError(
            say("{what} holds what looks like a CPR number: it belongs with the person's data, which can be erased", what=what)
        )
    return found


@cache
def versions() -> dict[str, str]:
    """The program and the libraries that an answer depends on."""
    found = {"subsidyengine": __version__}
    for name in ("durable-rules", "pydantic", "pendulum"):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter about a decision: what kind, the SHA-256 of what was sent, when, and by which channel."""

    seq: int
    decision: str
    kind: str
    sha256: str
    sent_on: date
    channel: str


@dataclass(frozen=True, slots=True)
class PersonalReading:
    """Somebody read personal data: who, of which decision, why, and when."""

    seq: int
    decision: str
    reader: str
    purpose: str
    fields: tuple[str, ...]
    at: datetime


@dataclass(frozen=True)
class Entry:
    """One decision as it was recorded, with what was done about it since. Nothing of it can change."""

    seq: int
    id: str
    #: The facts as given, with case, on, known and schemes; ``case_data["facts"]`` by dotted name.
    case_data: dict[str, Any]
    document_json: str
    lang: Lang
    program: dict[str, str]
    decided_on: date
    effective_from: date
    recorded_at: datetime
    signed_by: str | None = None
    role: str | None = None
    signed_on: date | None = None
    replaces: str | None = None
    why: str | None = None
    #: The decision that corrects this one; ``superseded`` when it, or one that corrects it in turn, is signed.
    replaced_by: str | None = None
    superseded: bool = False
    letters: tuple[Letter, ...] = ()
    #: Personal fields that were recorded, and which of them have been erased.
    personal: tuple[str, ...] = ()
    erased: tuple[str, ...] = ()

    @cached_property
    def document(self) -> dict[str, Any]:
        """The decision document (contract.md section 4)."""
        return json.loads(self.document_json)  # type: ignore[no-any-return]

    @property
    def case(self) -> str:
        return str(self.case_data["case"])

    @property
    def scheme(self) -> str:
        return str(self.document["scheme"])

    @property
    def outcome(self) -> str:
        return str(self.document["outcome"])

    @property
    def rulebook(self) -> str:
        """Hash of the rules that it was decided by."""
        return str(self.document["rulebook"])

    @property
    def on(self) -> date:
        """The day that was decided for."""
        return date.fromisoformat(self.document["on"])

    @property
    def known(self) -> date | None:
        """Only what was known by this day was used; None: everything."""
        known = self.document.get("known")
        return date.fromisoformat(known) if known else None

    @property
    def signed(self) -> bool:
        return self.signed_by is not None

    @property
    def in_force(self) -> bool:
        """Signed, and not corrected by a signed decision."""
        return self.signed and not self.superseded

    def plain(self) -> dict[str, Any]:
        """As plain data for JSON, the document last."""
        letters = [
            {"kind": one.kind, "sha256": one.sha256, "sent_on": one.sent_on.isoformat(), "channel": one.channel} for one in self.letters
        ]
        return {
            "id": self.id, "seq": self.seq, "case": self.case, "scheme": self.scheme, "outcome": self.outcome,
            "decided_on": self.decided_on.isoformat(), "effective_from": self.effective_from.isoformat(),
            "recorded_at": stamp(self.recorded_at), "signed_by": self.signed_by, "role": self.role,
            "signed_on": self.signed_on.isoformat() if self.signed_on else None, "replaces": self.replaces, "why": self.why,
            "replaced_by": self.replaced_by, "in_force": self.in_force, "letters": letters, "personal": list(self.personal),
            "erased": list(self.erased), "lang": self.lang, "program": self.program, "rulebook": self.rulebook,
            "facts": self.case_data, "document": self.document,
        }  # fmt: skip


def stamp(moment: datetime) -> str:
    """A moment as recorded: UTC, to the microsecond."""
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")
