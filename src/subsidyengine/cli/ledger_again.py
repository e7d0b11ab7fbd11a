"""`subsidyengine ledger replay|affected|backup|restore`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from ..words import say
from .common import FAULT, UNUSABLE, Language, fail, language, one_of, rulebook, spoken, tell
from .ledger_common import emit, need_extra, opened, plain_errors, watched

if TYPE_CHECKING:
    from ..formula import Lang
    from ..ledger import Entry, Ledger
    from ..ledger.replay import Replayed

_WORDS = {
    "da": {"same": "samme dokument, byte for byte", "agrees": "samme svar", "other": "et andet svar", "fault": "kan ikke afgøres",
           "all": "{n} afgjort igen, {same} ens", "affected": "{n} afgørelser ville falde anderledes ud", "entries": "afgørelser"},
    "en": {"same": "the same document, byte for byte", "agrees": "the same answer", "other": "another answer", "fault": "cannot be made so",
           "all": "{n} decided again, {same} the same", "affected": "{n} decisions would come out otherwise", "entries": "decisions"},
}  # fmt: skip


def run_replay(
    url: str, key: Path | None, ids: list[str], all_: bool, law: str, known: date | None, lang: Language | None, as_json: bool,
    rules: Path | None, overlay: list[Path] | None,
) -> None:  # fmt: skip
    """Decide again; exit 1 when a plain replay is not the same to the byte."""
    one_of(law, ["stored", "today"], say("law"))
    if bool(ids) == all_:
        fail(say("say which: an ID, or --all"), UNUSABLE)
    if law == "stored" and (rules or overlay):
        fail(say("--rules and --overlay belong to --law today: a plain replay uses the rules in the ledger"), UNUSABLE)
    tongue = language(lang)
    with opened(url, key) as ledger:
        from ..ledger.difference import Voice
        from ..ledger.replay import replay, under_other_law

        entries = ledger.entries() if all_ else [ledger.entry(each) for each in ids]
        plain, voice = law == "stored" and known is None, Voice(None if as_json else tongue)
        if plain:
            found = replay(ledger, entries, voice)
        else:
            today = rulebook(rules, overlay) if law == "today" else None
            found = under_other_law(ledger, entries, today, known or date.today(), voice)
        count = same = 0
        for one in watched(found, ledger.head().size if all_ else 0, _WORDS[tongue]["entries"]):
            count += 1
            same += one.same
            if as_json:
                emit(_plain(one))
            elif not one.same or not all_:
                _show(one, tongue, plain)
        if all_ and not as_json:
            print(_WORDS[tongue]["all"].format(n=count, same=same))
        if plain and same < count:
            fail(say("{other} of {count} were not the same", other=count - same, count=count), FAULT)


def run_affected(
    url: str, key: Path | None, by: str, known: date | None, lang: Language | None, as_json: bool, rules: Path | None,
    overlay: list[Path] | None,
) -> None:  # fmt: skip
    """List the decisions that a change would turn, each with what differs."""
    tongue = language(lang)
    with opened(url, key) as ledger:
        from ..ledger.affected import affected
        from ..ledger.difference import Voice

        law = rulebook(rules, overlay)
        count, voice = 0, Voice(None if as_json else tongue)
        for one in affected(ledger, law, known or date.today(), by, _counted(ledger, _WORDS[tongue]["entries"]), voice):
            count += 1
            if as_json:
                emit(_plain(one))
            else:
                _show(one, tongue, False)
        if not as_json:
            print(_WORDS[tongue]["affected"].format(n=count))


def _counted(ledger: Ledger, what: str) -> Iterator[Entry]:
    return iter(watched(ledger.entries(in_force=True), ledger.head().size, what))


def _plain(one: Replayed) -> dict[str, object]:
    found = [{"what": d.what, "name": d.name, "before": d.before, "after": d.after} for d in one.differences]
    document = one.document.plain() if one.document and not one.same else None
    return {"id": one.entry.id, "case": one.entry.case, "scheme": one.entry.scheme, "same": one.same, "differences": found,
            "fault": one.fault or None, "document": document}  # fmt: skip


def _show(one: Replayed, lang: Lang, plain: bool) -> None:
    """One decision, and under it each difference with both sides."""
    from ..ledger.words import WORDS

    words, entry = _WORDS[lang], one.entry
    said = words["fault"] if one.fault else words["same" if plain else "agrees"] if one.same else words["other"]
    print(f"{entry.id}  {'✓' if one.same else '✗'} {said}  {entry.case} · {entry.scheme} · {entry.decided_on}")
    if one.fault:
        print(f"    {one.fault}")
    for each in one.differences:
        label = WORDS[lang]["wording" if each.what == "text" else each.what]
        print(f"    {label}{f' {each.name}' if each.name else ''}")
        for when, what in (("then", each.before), ("now", each.after)):
            print(f"      {WORDS[lang][when] + ':':<9} {what or '-'}")


def run_backup(url: str, key: Path | None, file: Path, as_json: bool) -> None:
    """Write the ledger to a file."""
    with opened(url, key) as ledger:
        from ..ledger.backup import backup

        count = backup(ledger, file)
        if as_json:
            emit({"file": str(file), "entries": count})
        else:
            key_path = ledger.key.path
            print(
                spoken(
                    say(
                        "{file}: {count} entries, with personal data; the signing key {key} is not in it",
                        file=file,
                        count=count,
                        key=key_path,
                    )
                )
            )


def run_restore(url: str, key: Path | None, file: Path, lang: Language | None, as_json: bool) -> None:
    """Read a backup and verify what came of it."""
    need_extra()
    with plain_errors():
        from ..ledger.backup import restore
        from ..ledger.storage import Store

        store = Store(url)
        count = restore(store, file)
        store.close()
    if not as_json:
        tell(say("{where}: {count} entries", where=store.shown, count=count))
    from .ledger_read import run_verify

    run_verify(url, key, [], None, lang, as_json)
