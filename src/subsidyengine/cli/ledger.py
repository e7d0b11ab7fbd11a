"""The commands of the ledger and their help. As in app.py, everything heavy is imported when a command runs."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from .common import JsonOption, KnownOption, LangOption, OnOption, OverlayOption, RulesOption, parse_day

ledger = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None,
    help="Record decisions, sign them, prove them and make them again. Needs the extra 'ledger'.",
    epilog="Example:  subsidyengine ledger init && subsidyengine ledger add case.yaml",
)  # fmt: skip

UrlOption = Annotated[
    str,
    typer.Option("--ledger", envvar="SUBSIDYENGINE_LEDGER", metavar="FILE|URL", help="SQLite file, or postgresql://user@host/database."),
]
KeyOption = Annotated[Path | None, typer.Option("--key", metavar="FILE", help="The ledger's signing key (default: FILE.key).")]
IdArgument = Annotated[str, typer.Argument(metavar="ID", help="Id of the decision, its first signs, or its case.")]
WhyOption = Annotated[str | None, typer.Option("--why", metavar="TEXT", help="Why it replaces the other.")]
DEFAULT = "ledger.db"


@ledger.command(
    "init",
    epilog="Examples:  subsidyengine ledger init  |  subsidyengine ledger init --ledger postgresql://ledger@db/decisions --key ledger.key",
)
def init(url: UrlOption = DEFAULT, key: KeyOption = None, json: JsonOption = False) -> None:
    """Make a ledger and its signing key, or bring an older one up to date."""
    from .ledger_record import run_init

    run_init(url, key, json)


@ledger.command("add", epilog="Example:  subsidyengine ledger add case.yaml --person person.yaml --decided-on 2026-03-02")
def add(
    paths: Annotated[list[str], typer.Argument(metavar="PATH...", help="Case files, tables or folders; - for standard input.")],
    scheme: Annotated[list[str] | None, typer.Option("--scheme", metavar="ID", help="Only this scheme.")] = None,
    on: OnOption = None,
    decided_on: Annotated[date | None, typer.Option("--decided-on", parser=parse_day, metavar="DAY", help="Default: today.")] = None,
    effective_from: Annotated[date | None, typer.Option(
        "--effective-from", parser=parse_day, metavar="DAY", help="Default: the first day of its period.")] = None,
    person: Annotated[Path | None, typer.Option(
        "--person", metavar="FILE", help="YAML: case, name, address, cpr. Kept apart, can be erased.")] = None,
    replaces: Annotated[str | None, typer.Option("--replaces", metavar="ID", help="The decision that this one corrects.")] = None,
    why: WhyOption = None, url: UrlOption = DEFAULT, key: KeyOption = None, lang: LangOption = None, json: JsonOption = False,
    rules: RulesOption = None, overlay: OverlayOption = None,
) -> None:  # fmt: skip
    """Decide cases with what is known on the day, and record the answers as proposals. The same again is recorded once."""
    from .ledger_record import run_add

    run_add(url, key, paths, scheme or [], on, decided_on, effective_from, person, replaces, why, lang, json, rules, overlay)


@ledger.command("sign", epilog='Example:  subsidyengine ledger sign 48f6a3 --by "Anna Jensen" --role jurist')
def sign(
    ids: Annotated[list[str], typer.Argument(metavar="ID...", help="Decisions to sign: an id, its first signs, or the case.")],
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Who answers for it.")],
    role: Annotated[str, typer.Option("--role", metavar="ROLE", help="In what capacity.")],
    on: Annotated[date | None, typer.Option("--on", parser=parse_day, metavar="DAY", help="Default: today.")] = None,
    url: UrlOption = DEFAULT, key: KeyOption = None, lang: LangOption = None, json: JsonOption = False,
) -> None:  # fmt: skip
    """Sign proposals. What is still open is never signed, least of all as a refusal."""
    from .ledger_record import run_sign

    run_sign(url, key, ids, by, role, on, lang, json)


@ledger.command(
    "show",
    epilog='Examples:  subsidyengine ledger show 48f6a3  |  subsidyengine ledger show 48f6a3 --personal --reader "Bo" --purpose "letter"',
)
def show(
    id: IdArgument, url: UrlOption = DEFAULT, key: KeyOption = None, lang: LangOption = None, json: JsonOption = False,
    personal: Annotated[bool, typer.Option("--personal", help="Show name, address and CPR number; this is recorded.")] = False,
    reader: Annotated[str | None, typer.Option("--reader", metavar="NAME", help="Who reads them.")] = None,
    purpose: Annotated[str | None, typer.Option("--purpose", metavar="TEXT", help="What for.")] = None,
) -> None:  # fmt: skip
    """The dossier of a decision: facts, law, conditions, signature, letters, on one page."""
    from .ledger_read import run_show

    run_show(url, key, id, lang, json, personal, reader, purpose)


@ledger.command("list", epilog="Example:  subsidyengine ledger list --unsigned --scheme transitional.subsidy")
def list_(
    case: Annotated[str | None, typer.Option("--case", metavar="ID", help="Only of this case.")] = None,
    scheme: Annotated[str | None, typer.Option("--scheme", metavar="ID", help="Only under this scheme.")] = None,
    outcome: Annotated[str | None, typer.Option("--outcome", metavar="WORD", help="granted, refused or undetermined.")] = None,
    signed: Annotated[bool | None, typer.Option("--signed/--unsigned", help="Only signed ones, or only proposals.")] = None,
    in_force: Annotated[bool, typer.Option("--in-force", help="Only signed ones that no signed one corrects.")] = False,
    readings: Annotated[bool, typer.Option("--readings", help="List who read personal data instead.")] = False,
    url: UrlOption = DEFAULT, key: KeyOption = None, lang: LangOption = None, json: JsonOption = False,
) -> None:  # fmt: skip
    """List decisions in the order they were recorded; personal data masked."""
    from .ledger_read import run_list

    run_list(url, key, case, scheme, outcome, signed, in_force, readings, lang, json)


@ledger.command("verify", epilog="Examples:  subsidyengine ledger verify  |  subsidyengine ledger verify --head head-2026-03.txt")
def verify(
    head: Annotated[list[Path] | None, typer.Option("--head", metavar="FILE", help="A head that was handed out earlier.")] = None,
    trust: Annotated[str | None, typer.Option("--trust", metavar="KEY", help="The public key that must have signed.")] = None,
    url: UrlOption = DEFAULT, key: KeyOption = None, lang: LangOption = None, json: JsonOption = False,
) -> None:  # fmt: skip
    """Check every entry; name the first that was changed, removed, inserted or re-ordered."""
    from .ledger_read import run_verify

    run_verify(url, key, head or [], trust, lang, json)


@ledger.command(
    "prove", epilog="Examples:  subsidyengine ledger prove 48f6a3 --out proof.json  |  subsidyengine ledger prove --head --out head.txt"
)
def prove(
    id: Annotated[str | None, typer.Argument(metavar="[ID]", help="Prove that this decision stands in the ledger.")] = None,
    act: Annotated[str, typer.Option("--act", metavar="WORD", help="decision, or its signature, letter or erasure.")] = "decision",
    head: Annotated[bool, typer.Option("--head", help="The signed head over everything so far, to hand out.")] = False,
    since: Annotated[Path | None, typer.Option("--since", metavar="HEAD", help="Prove that the ledger of this head only grew.")] = None,
    bare: Annotated[bool, typer.Option("--bare", help="Leave out facts and document; their hash stays.")] = False,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write to a file.")] = None,
    url: UrlOption = DEFAULT, key: KeyOption = None,
) -> None:  # fmt: skip
    """Write a proof that others check without the ledger: python -m subsidyengine.ledger.verifier proof.json"""
    from .ledger_read import run_prove

    run_prove(url, key, id, act, head, since, bare, out)


@ledger.command(
    "forget", epilog='Example:  subsidyengine ledger forget --case K-2026-0001 --by "Anna Jensen" --why "time limit for erasure"'
)
def forget(
    id: Annotated[str | None, typer.Argument(metavar="[ID]", help="Only of this decision.")] = None,
    case: Annotated[str | None, typer.Option("--case", metavar="ID", help="Of every decision of this case.")] = None,
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Who erases.")] = "",
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="On what ground.")] = "",
    url: UrlOption = DEFAULT, key: KeyOption = None, json: JsonOption = False,
) -> None:  # fmt: skip
    """Erase name, address and CPR number for good. The decision and its proofs stand; older backups still hold them."""
    from .ledger_record import run_forget

    run_forget(url, key, id, case, by, why, json)


@ledger.command("export", epilog="Example:  subsidyengine ledger export 48f6a3 --out dossiers/ --lang da")
def export(
    ids: Annotated[list[str] | None, typer.Argument(metavar="[ID...]", help="Decisions (default: all).")] = None,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder to write to.")] = Path("dossiers"),
    url: UrlOption = DEFAULT, key: KeyOption = None, lang: LangOption = None, json: JsonOption = False,
) -> None:  # fmt: skip
    """Write dossiers as HTML pages with links to the law; no personal data in them."""
    from .ledger_read import run_export

    run_export(url, key, ids or [], out, lang, json)


@ledger.command("replay", epilog="Examples:  subsidyengine ledger replay --all  |  subsidyengine ledger replay 48f6a3 --law today")
def replay(
    ids: Annotated[list[str] | None, typer.Argument(metavar="[ID...]", help="Decisions to make again.")] = None,
    all_: Annotated[bool, typer.Option("--all", help="Every decision in the ledger.")] = False,
    law: Annotated[str, typer.Option("--law", metavar="WORD", help="stored (as it was decided by), or today.")] = "stored",
    known: KnownOption = None, url: UrlOption = DEFAULT, key: KeyOption = None, lang: LangOption = None, json: JsonOption = False,
    rules: RulesOption = None, overlay: OverlayOption = None,
) -> None:  # fmt: skip
    """Decide again from what the ledger holds: the same to the byte; or under another law, with what differs and why.

    --known DAY uses what was known by that day; --law today uses today's rules (or --rules, --overlay) and all that is known today.
    """
    from .ledger_again import run_replay

    run_replay(url, key, ids or [], all_, law, known, lang, json, rules, overlay)


@ledger.command("affected", epilog="Example:  subsidyengine ledger affected --by rate.boligsikring_income_limit")
def affected(
    by: Annotated[str, typer.Option("--by", metavar="CHANGE", help="rate.NAME, setting.NAME, SCHEME or SCHEME/CONDITION.")] = "",
    known: KnownOption = None, url: UrlOption = DEFAULT, key: KeyOption = None, lang: LangOption = None, json: JsonOption = False,
    rules: RulesOption = None, overlay: OverlayOption = None,
) -> None:  # fmt: skip
    """List signed decisions in force whose answer would be another today because of a change of the rules."""
    from .ledger_again import run_affected

    run_affected(url, key, by, known, lang, json, rules, overlay)


@ledger.command("backup", epilog="Example:  subsidyengine ledger backup ledger-2026-11-25.backup")
def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A new file; it holds personal data.")],
    url: UrlOption = DEFAULT, key: KeyOption = None, json: JsonOption = False,
) -> None:  # fmt: skip
    """Write the whole ledger to one file. The signing key is not in it: keep a copy of that apart."""
    from .ledger_again import run_backup

    run_backup(url, key, file, json)


@ledger.command(
    "restore",
    epilog="Example:  subsidyengine ledger restore ledger-2026-11-25.backup --ledger postgresql://ledger@db/decisions --key ledger.key",
)
def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A backup.")],
    url: UrlOption = DEFAULT, key: KeyOption = None, lang: LangOption = None, json: JsonOption = False,
) -> None:  # fmt: skip
    """Read a backup into a database without a ledger, of either kind, and verify it. All of it or nothing."""
    from .ledger_again import run_restore

    run_restore(url, key, file, lang, json)
