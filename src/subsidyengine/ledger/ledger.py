"""The ledger: decisions are proposed by the engine and signed by a person; nothing is ever changed or taken away."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from os import environ
from pathlib import Path
from secrets import token_hex
from typing import Any

from ..decision import Conclude
from ..document import Document, decide
from ..facts import Case, looks_like_cpr
from ..formula import Lang
from ..rulebook import Rulebook, build_layers
from ..words import say
from . import letters, lookup, privacy, signing
from .append import Writer, head_of, open_state
from .casedata import case_data, cpr_like
from .errors import NotAllowed, NotThere
from .keys import Key
from .records import Entry, Letter, PersonalReading, line, sha256, versions, written
from .replay import replay
from .rules import Rules, keep, stored_layers
from .seals import check_decision, check_entry
from .storage import Store
from .verifier import Head, read_key, write_key

KEY_VARIABLE = "SUBSIDYENGINE_LEDGER_KEY"


def _now() -> datetime:
    return datetime.now(UTC)


class Ledger:
    """One ledger in one database. Every method that records is on the disk when it returns, or has recorded nothing.

    ``Ledger.create`` makes one (or brings an older one up to date), ``Ledger.open`` opens it. ``key`` is the file of the signing key;
    default: the variable SUBSIDYENGINE_LEDGER_KEY, else beside a SQLite file, else in the user's configuration folder. ``clock`` says
    when something was recorded (UTC); nothing that was decided depends on it.
    """

    def __init__(self, store: Store, key: Key, clock: Callable[[], datetime] = _now) -> None:
        self.store, self.key, self.clock = store, key, clock
        self._books: dict[str, Rulebook] = {}
        self._kept: set[str] = set()

    @classmethod
    def create(cls, url: str | Path, key: Path | None = None, clock: Callable[[], datetime] = _now) -> Ledger:
        """Make a ledger, with its key; one that is there is brought up to date and otherwise left alone. LedgerError."""
        store = Store(url)
        ledger = cls(store, Key(_key_path(store, key)), clock)
        store.migrate()
        with store.reading() as connection:
            opened = lookup.is_open(connection)
        if not opened:
            origin = f"subsidyengine-ledger-{token_hex(8)}"
            text = write_key(origin, ledger.key.create())
            with store.writing() as connection:
                if not lookup.is_open(connection):
                    open_state(connection, origin, text)
                    writer = Writer(connection, ledger.key, clock, first=True)
                    writer.record("opening", {"origin": origin, "key": text, "program": versions()})
                    writer.finish()
        return ledger

    @classmethod
    def open(cls, url: str | Path, key: Path | None = None, clock: Callable[[], datetime] = _now) -> Ledger:
        """Open a ledger. NotThere when there is none; LedgerError when its tables are older or newer than this program's."""
        store = Store(url)
        store.check()
        return cls(store, Key(_key_path(store, key)), clock)

    def close(self) -> None:
        """Give back the connections."""
        self.store.close()

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # recording -----------------------------------------------------------------------------------------------------------

    def propose(
        self, case: Case, rules: Rules, scheme: str, *, decided_on: date, lang: Lang = "da", effective_from: date | None = None,
        person: Mapping[str, str] | None = None, replaces: str | None = None, why: str | None = None, conclude: Conclude | None = None,
    ) -> Entry:  # fmt: skip
        """Decide a case under a scheme with what was known on ``decided_on`` (or on the case's own ``known`` day), and record the
        answer as a proposal. The day decided for is the case's ``on``, else ``decided_on``. See ``add`` for the rest."""
        known = min(case.known, decided_on) if case.known else decided_on
        document = decide(case, rules.book, scheme, lang, on=case.on or decided_on, known=known, conclude=conclude)
        return self.add(
            case, document, rules, decided_on=decided_on, lang=lang, effective_from=effective_from,
            person=person, replaces=replaces, why=why,
        )  # fmt: skip

    def add(
        self, case: Case, document: Document, rules: Rules, *, decided_on: date, lang: Lang = "da", effective_from: date | None = None,
        person: Mapping[str, str] | None = None, replaces: str | None = None, why: str | None = None,
    ) -> Entry:  # fmt: skip
        """Record a decision that the engine made: a proposal, until it is signed.

        ``effective_from``: default the first day of its period, else the day decided for. ``person``: name, address and cpr; they are
        kept apart, and can be erased. ``replaces`` names an earlier decision of the same case and scheme that this one corrects, and
        ``why``. The id is a hash of the content: recording the same decision again finds the one that is there.

        NotAllowed when it does not fit what it replaces, or when facts hold what looks like a CPR number; StorageError.
        """
        rules = rules.named(document.rulebook)
        if (replaces is None) != (why is None):
            raise NotAllowed(say("a correction names the decision that it replaces and says why (replaces and why)"))
        facts = case_data(case)
        if looks_like_cpr(case.id):
            raise NotAllowed(say("the id looks like a CPR number: use one that says nothing about the person"))
        if places := sorted(set(cpr_like(facts))):
            raise NotAllowed(
                say(
                    "case {case}: {places} holds what looks like a CPR number: it belongs with the person's data",
                    case=case.id,
                    places=", ".join(places),
                )
            )
        content = written({"case": facts, "document": document.plain()})
        if not content.isascii() and any("\ud800" <= sign <= "\udfff" for sign in content):
            raise NotAllowed(say("case {case}: a text holds half a character, which cannot be written: type it again", case=case.id))
        starts = effective_from or (document.period.from_ if document.period else None) or document.on
        says: dict[str, Any] = {
            "case": case.id, "scheme": document.scheme, "outcome": document.outcome, "on": document.on.isoformat(),
            "known": document.known.isoformat() if document.known else None, "decided_on": decided_on.isoformat(),
            "effective_from": starts.isoformat(), "lang": lang, "rulebook": rules.book.hash, "program": versions(),
            "replaces": replaces, "why": line(why, say("the reason why")) if why is not None else None,
        }  # fmt: skip
        fields = privacy.fields_of(person or {})
        with self._writing() as writer:
            if replaces is not None:
                old = signing.check_replacement(writer.connection, replaces, case.id, document.scheme)
                says["replaces"] = old.replaces
                # The same correction again, by the name of the case: it is the one that is there.
                says["replaces"] = old.replaces if _id(says, content) == old.id else old.id
            decision = _id(says, content)
            if lookup.has(writer.connection, decision):
                privacy.check_same(writer.connection, decision, fields)
            else:
                if says["replaces"]:
                    signing.check_unreplaced(writer.connection, says["replaces"])
                if rules.book.hash not in self._kept:
                    keep(writer.connection, rules)
                salted = privacy.salted(fields)
                writer.record("decision", {"id": decision, **says, "personal": privacy.commitments(salted)}, content)
                privacy.keep(writer.connection, decision, salted)
            found = lookup.exact(writer.connection, decision)
        self._kept.add(rules.book.hash)
        self._books[rules.book.hash] = rules.book
        return found

    def sign(self, entry: str, *, by: str, role: str, on: date) -> Entry:
        """Sign a proposal: a person answers for it (forvaltningsloven §§ 22-24; GDPR art. 22: not by automation alone).

        NotAllowed when the answer is still open (what is missing is named; an undetermined case is never signed as a refusal), when an
        assessment lacks who made it and when, when it is signed or replaced already, when ``on`` lies before the decision, or when the
        engine gives another answer from its facts and rules. Damaged when it is not as it was recorded.
        """
        named, as_role = line(by, say("the signer's name")), line(role, say("the signer's role"))
        decision = self.entry(entry)
        signing.check(decision, self.rulebook(decision.rulebook), on)
        signing.check_again(next(replay(self, [decision])))
        with self._writing() as writer:
            check_entry(writer.connection, decision.seq, writer.head())
            signing.check_free(writer.connection, decision.id)
            writer.record("signature", {"decision": decision.id, "by": named, "role": as_role, "signed_on": on.isoformat()})
            return lookup.exact(writer.connection, decision.id)

    def record_letter(self, entry: str, kind: str, sha256: str, sent_on: date, channel: str, *, unknown: bool = False) -> Letter:
        """Record that a letter was sent: ``kind`` (decision, hearing, facts), the SHA-256 of the file sent, the day, the channel.

        ``unknown``: the decision need not be in the ledger; the letter then stands on the list of letters without decisions.
        """
        with self._writing() as writer:
            return letters.record(writer, entry, kind, sha256, sent_on, channel, unknown)

    # reading -------------------------------------------------------------------------------------------------------------

    def entry(self, entry: str) -> Entry:
        """The decision of an id, or of the beginning of one (at least four characters). NotThere, with near ids, when there is none;
        Damaged when it, or what was recorded about it, is not as it was sealed."""
        with self.store.reading() as connection:
            found = lookup.entry(connection, entry)
            head, text = head_of(connection)
            check_decision(connection, found.id, head, read_key(text)[1])
            return found

    def entries(
        self, *, case: str | None = None, scheme: str | None = None, outcome: str | None = None, signed: bool | None = None,
        in_force: bool = False, rulebook: str | None = None,
    ) -> Iterator[Entry]:  # fmt: skip
        """Decisions in the order they were recorded, with flat memory."""
        wanted = lookup.Wanted(case, scheme, outcome, signed, in_force, rulebook)
        last = -1
        while True:
            with self.store.reading() as connection:
                found, last = lookup.some(connection, wanted, last)
            yield from found
            if last < 0:
                return

    def rulebook(self, name: str) -> Rulebook:
        """The rules of a hash, built from the files in the ledger."""
        if name not in self._books:
            with self.store.reading() as connection:
                layers = stored_layers(connection, name)
            self._books[name] = build_layers(layers)
        return self._books[name]

    def letters(self, entry: str | None = None) -> tuple[Letter, ...]:
        """Letters that were recorded, of one decision or of all."""
        with self.store.reading() as connection:
            return letters.listed(connection, lookup.full_id(connection, entry) if entry else None)

    def decisions_without_letter(self) -> tuple[str, ...]:
        """Ids of decisions in force whose decision letter was not recorded."""
        with self.store.reading() as connection:
            return letters.missing(connection)

    def letters_without_decision(self) -> tuple[Letter, ...]:
        """Decision letters that were sent though no signed decision stands behind them."""
        with self.store.reading() as connection:
            return letters.stray(connection)

    def head(self) -> Head:
        """The signed head over everything recorded so far, to be handed out (``.text(public)``)."""
        with self.store.reading() as connection:
            return head_of(connection)[0]

    def public_key(self) -> str:
        """The ledger's public key as text, to be handed out."""
        with self.store.reading() as connection:
            return head_of(connection)[1]

    # personal data -------------------------------------------------------------------------------------------------------

    def personal(self, entry: str, *, reader: str, purpose: str) -> dict[str, str]:
        """Name, address and cpr as far as they are held; the reading is recorded first, and without it nothing is read."""
        with self._writing() as writer:
            return privacy.read(writer, entry, reader, purpose)

    def masked(self, entry: str) -> dict[str, str]:
        """The personal fields as lists show them: ``010160-xxxx``, initials, no address."""
        with self.store.reading() as connection:
            return privacy.masked(connection, lookup.full_id(connection, entry))

    def readings(self, entry: str | None = None) -> tuple[PersonalReading, ...]:
        """Who read personal data, when and why; of one decision or of all."""
        with self.store.reading() as connection:
            return privacy.readings(connection, lookup.full_id(connection, entry) if entry else None)

    def forget(self, *, by: str, why: str, entry: str | None = None, case: str | None = None) -> tuple[str, ...]:
        """Erase the personal data of one decision or of every decision of a case; the ids erased. Proofs keep holding."""
        try:
            with self._writing() as writer:
                found = privacy.forget(writer, entry, case, by, why)
        except NotThere:
            self.store.settle()  # asked for again, because the last time something was left in a file
            raise
        self.store.settle()
        return found

    @contextmanager
    def _writing(self) -> Iterator[Writer]:
        """The end of the ledger, to write at; when that is done, the head is also remembered outside the database."""
        with self.store.writing() as connection:
            writer = Writer(connection, self.key, self.clock)
            start = writer.size
            yield writer
            if writer.size > start:
                writer.finish()
        if writer.size > start:
            self.key.see(writer.head(), writer.public)


def _id(says: dict[str, Any], content: str) -> str:
    """An id is a hash of what is recorded."""
    return sha256(written([says, content]))[:16]


def _key_path(store: Store, given: Path | None) -> Path:
    if given is not None:
        return given
    if named := environ.get(KEY_VARIABLE):
        return Path(named)
    if store.path is not None:
        return store.path.with_name(store.path.name + ".key")
    base = Path(environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "subsidyengine"
    place = f"{store.url.host or 'local'}:{store.url.port or 5432}/{store.url.database}"
    return base / f"ledger-{hashlib.sha256(place.encode()).hexdigest()[:12]}.key"
