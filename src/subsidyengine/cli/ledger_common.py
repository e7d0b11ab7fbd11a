"""What the ledger's commands share: opening it, and errors in one line."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from ..words import quoted, say
from .common import FAULT, UNUSABLE, counted_problems, fail, tell

if TYPE_CHECKING:
    from ..ledger import Ledger

_NEEDED = ("sqlalchemy", "alembic", "cryptography", "jinja2")


def need_extra() -> None:
    """Exit 2 with the one line that says what to install."""
    try:
        for name in _NEEDED:
            import_module(name)
    except ImportError:
        fail(say("the ledger needs an extra: pip install 'subsidyengine[ledger]'"), UNUSABLE)


@contextmanager
def plain_errors() -> Iterator[None]:
    """Trouble with the ledger in one line: 2 for what was asked, 1 for the database."""
    from ..ledger import Damaged, LedgerError, StorageError
    from ..rulebook import RulebookError

    try:
        yield
    except LedgerError as error:
        fail(str(error), FAULT if isinstance(error, StorageError | Damaged) else UNUSABLE)
    except RulebookError as error:
        for problem in error.problems:
            tell(problem)
        fail(counted_problems(len(error.problems)), UNUSABLE)


@contextmanager
def opened(url: str, key: Path | None) -> Iterator[Ledger]:
    """The ledger of the options."""
    need_extra()
    from ..ledger import Ledger

    with plain_errors(), Ledger.open(url, key) as ledger:
        yield ledger


def emit(document: Any) -> None:
    """One JSON document on a line."""
    sys.stdout.write(json.dumps(document, ensure_ascii=False) + "\n")


def write_file(path: Path, text: str) -> None:
    """A file, or exit 2."""
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        fail(say("{file}: cannot be written: {reason}", file=path, reason=quoted(str(error.strerror))), UNUSABLE)


T = TypeVar("T")


def watched(items: Iterable[T], total: int, what: str) -> Iterator[T]:
    """The items, with a bar on stderr while somebody is watching it and nothing else is shown."""
    if not total or not sys.stderr.isatty() or sys.stdout.isatty():
        yield from items
        return
    from rich.console import Console
    from rich.progress import track

    yield from track(items, what, total=total, console=Console(stderr=True), transient=True)
