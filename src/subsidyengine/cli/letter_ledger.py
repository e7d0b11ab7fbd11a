"""Letters and the ledger: `letter sent` and `letter reconcile`, and letters made from a decision of the ledger."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..words import quoted, say
from .common import FAULT, UNUSABLE, Language, fail, language
from .ledger_common import emit, opened

if TYPE_CHECKING:
    from datetime import date

    from ..ledger import Ledger, Letter

_WORDS = {
    "da": {"decisions": "Afgørelser uden brev", "letters": "Breve uden afgørelse", "files": "Filer, som intet registreret brev svarer til",
           "even": "Alt stemmer: {decisions} gældende afgørelser, {letters} breve.", "sent": "registreret som sendt"},
    "en": {"decisions": "Decisions without a letter", "letters": "Letters without a decision", "files": "Files that are no recorded letter",
           "even": "All even: {decisions} decisions in force, {letters} letters.", "sent": "recorded as sent"},
}  # fmt: skip


def run_sent(url: str, key: Path | None, id_: str, file: Path, on: date, channel: str, kind: str, as_json: bool) -> None:
    """Record one letter as sent."""
    try:
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError as error:
        fail(say("{file}: cannot be read: {reason}", file=file, reason=quoted(error.strerror or "")), UNUSABLE)
    with opened(url, key) as ledger:
        found = ledger.record_letter(id_, kind, digest, on, channel)
    if as_json:
        emit({"decision": found.decision, "kind": found.kind, **_sent(found)})
    else:
        print(f"{found.decision}  {found.kind}  {_WORDS[language(None)]['sent']} {on} ({found.channel})  {_sent(found)['hash']}")


def run_reconcile(url: str, key: Path | None, files: list[Path], lang: Language | None, as_json: bool) -> None:
    """Show what does not match; exit 1 while anything does not."""
    words = _WORDS[language(lang)]
    with opened(url, key) as ledger:
        from ..letters.filed import reconcile

        try:
            found = reconcile(ledger, files)
        except OSError as error:
            fail(say("{file}: cannot be read: {reason}", file=error.filename, reason=quoted(error.strerror or "")), UNUSABLE)
        lists: dict[str, list[Any]] = {
            "decisions": [_decision(ledger, each) for each in found.decisions],
            "letters": [{"decision": each.decision, **_sent(each)} for each in found.letters],
            "files": [str(path) for path in found.files],
        }
        if found.even and not as_json:
            count = sum(1 for _ in ledger.entries(in_force=True))
            print(words["even"].format(decisions=count, letters=len(ledger.letters())))
    if as_json:
        emit(lists)
    else:
        for name, items in lists.items():
            if items:
                print(f"{words[name]}: {len(items)}")
            for item in items:
                print("  " + (item if isinstance(item, str) else "  ".join(item.values())))
    if not found.even:
        fail(say("decisions and letters do not match"), FAULT)


def _decision(ledger: Ledger, id_: str) -> dict[str, str]:
    entry = ledger.entry(id_)
    return {"id": entry.id, "case": entry.case, "scheme": entry.scheme, "outcome": entry.outcome, "signed_on": str(entry.signed_on)}


def _sent(letter: Letter) -> dict[str, str]:
    return {"hash": f"sha256:{letter.sha256}", "sent_on": str(letter.sent_on), "channel": letter.channel}
