"""`subsidyengine ledger init|add|sign|forget`."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from ..words import discreet, quoted, say
from .batch import Batch
from .common import UNUSABLE, Language, fail, language, spoken, tell
from .ledger_common import emit, need_extra, opened, plain_errors

_WORDS = {
    "da": {"added": "registreret", "known": "stod der", "proposal": "forslag", "signed": "underskrevet af {by} ({role}) {on}",
           "granted": "bevilget", "refused": "afslået", "undetermined": "ikke afgjort"},
    "en": {"added": "recorded", "known": "was there", "proposal": "proposal", "signed": "signed by {by} ({role}) {on}",
           "granted": "granted", "refused": "refused", "undetermined": "undetermined"},
}  # fmt: skip


def run_init(url: str, key: Path | None, as_json: bool) -> None:
    """Make a ledger, or bring it up to date."""
    need_extra()
    from ..ledger import Ledger

    with plain_errors(), Ledger.create(url, key) as ledger:
        public = ledger.public_key()
        if as_json:
            emit({"ledger": ledger.store.shown, "key": str(ledger.key.path), "public_key": public})
            return
        print(spoken(say("ledger: {where}", where=ledger.store.shown)))
        print(spoken(say("key: {path} (keep it, and a copy elsewhere; who has it can sign)", path=ledger.key.path)))
        print(spoken(say("public key: {key}", key=public)))


def run_add(
    url: str, key: Path | None, paths: list[str], schemes: list[str], on: date | None, decided_on: date | None, effective_from: date | None,
    person: Path | None, replaces: str | None, why: str | None, lang: Language | None, as_json: bool,
    rules: Path | None, overlay: list[Path] | None,
) -> None:  # fmt: skip
    """Decide every case and record the answers."""
    with opened(url, key) as ledger:
        from ..decision import Conclude
        from ..ledger import Damaged, LedgerError, StorageError, open_rules

        today = decided_on or date.today()
        people = _people(person) if person else {}
        used = open_rules(rules, overlay or [])
        batch = Batch(used.book, paths, on, None, schemes, language(lang), today)
        start, conclude, alone = ledger.head().size, Conclude(), set(people)
        for case, scheme in batch.questions():
            alone.discard(case.id)
            try:
                entry = ledger.propose(
                    case, used, scheme, decided_on=today, lang=batch.lang, effective_from=effective_from,
                    person=people.get(case.id), replaces=replaces, why=why, conclude=conclude,
                )  # fmt: skip
            except (StorageError, Damaged):
                raise
            except LedgerError as error:
                batch.bad += 1
                tell(say("{case}: {scheme}: {reason}", case=case.origin or case.id, scheme=scheme, reason=error))
                continue
            except Exception as fault:  # as in Batch.documents: one case's fault hides no other
                batch.fault(case, scheme, fault)
                continue
            if as_json:
                emit({"id": entry.id, "case": entry.case, "scheme": scheme, "outcome": entry.outcome, "new": entry.seq >= start})
            else:
                words = _WORDS[batch.lang]
                done = words["added" if entry.seq >= start else "known"]
                print(f"{entry.id}  {done}  {entry.case} · {scheme} · {words[entry.outcome]}")
        if alone:
            batch.bad += 1
            tell(say("{file}: persons of no case that was added: {count}", file=person, count=len(alone)))
        batch.finish()


def run_sign(url: str, key: Path | None, ids: list[str], by: str, role: str, on: date | None, lang: Language | None, as_json: bool) -> None:
    """Sign each; one that cannot be signed hides no other."""
    with opened(url, key) as ledger:
        from ..ledger import NotAllowed, NotThere

        bad = 0
        for each in ids:
            try:
                entry = ledger.sign(each, by=by, role=role, on=on or date.today())
            except (NotAllowed, NotThere) as error:
                if len(ids) == 1:
                    raise
                bad += 1
                print(spoken(str(error)), file=sys.stderr)
                continue
            if as_json:
                emit({"id": entry.id, "signed_by": entry.signed_by, "role": entry.role, "signed_on": str(entry.signed_on)})
            else:
                said = _WORDS[language(lang)]["signed"].format(by=entry.signed_by, role=entry.role, on=entry.signed_on)
                print(f"{entry.id}  {said}  {entry.case} · {entry.scheme} · {_WORDS[language(lang)][entry.outcome]}")
            others = [one.id for one in ledger.entries(case=entry.case, scheme=entry.scheme, in_force=True) if one.id != entry.id]
            if others:
                note = say(
                    "{id}: in force beside it, of the same case and scheme: {ids}; a correction is added with --replaces",
                    id=entry.id, ids=", ".join(others),
                )  # fmt: skip
                tell(note)
        if bad:
            fail(say("{bad} of {count} were not signed", bad=bad, count=len(ids)), UNUSABLE)


def run_forget(url: str, key: Path | None, id_: str | None, case: str | None, by: str, why: str, as_json: bool) -> None:
    """Erase personal data."""
    with opened(url, key) as ledger:
        done = ledger.forget(by=by, why=why, entry=id_, case=case)
        for each in done:
            emit({"id": each}) if as_json else print(spoken(say("{id}: erased", id=each)))
        tell(say("older backups still hold what was erased: erase or replace them too"))


def _people(path: Path) -> dict[str, Mapping[str, str]]:
    """Persons by case. Messages name the place, never what stands there."""
    from ..rulebook import SourceError, load_documents

    found: dict[str, Mapping[str, str]] = {}
    with _readable(path):
        for document in load_documents(path.read_text(encoding="utf-8"), str(path)):
            data = document.data
            place = document.place(())
            if not isinstance(data, dict) or not isinstance(data.get("case"), str):
                raise SourceError(place, say("a person is a mapping of case, name, address and cpr; case names the case"))
            if data["case"] in found:
                raise SourceError(place, say("a second person of the same case"))
            for name, value in data.items():
                if not isinstance(value, str):
                    raise SourceError(document.place((name,)), say("{name} is text: put it in quotes", name=name))
            found[data["case"]] = {name: value for name, value in data.items() if name != "case"}
    return found


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    from ..rulebook import SourceError

    try:
        yield
    except SourceError as error:
        reason = discreet(error.message, path.read_text(encoding="utf-8"), ("case", "name", "address", "cpr"))
        fail(say("{place}: {reason}", place=error.place, reason=reason), UNUSABLE)
    except OSError as error:
        fail(say("{path}: cannot be read: {reason}", path=path, reason=quoted(str(error.strerror))), UNUSABLE)
    except UnicodeDecodeError:
        fail(say("{path}: not UTF-8: save the file as UTF-8", path=path), UNUSABLE)
