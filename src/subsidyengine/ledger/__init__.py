"""The decision ledger: what was decided, on which facts and which law, by whom; provable, and decided again years later.

``Ledger.create(url)`` makes one, ``Ledger.open(url)`` opens it; ``open_rules()`` gives the rules that ``propose`` decides by. Needs the
extra ``ledger``. ``python -m subsidyengine.ledger.verifier proof.json`` checks a proof without any of it, which is why nothing is
imported here before it is asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .casedata import case_of
    from .errors import Damaged, LedgerError, NotAllowed, NotThere, StorageError
    from .ledger import KEY_VARIABLE, Ledger
    from .records import Entry, Letter, PersonalReading
    from .rules import Rules, open_rules

__all__ = [
    "KEY_VARIABLE", "Damaged", "Entry", "Ledger", "LedgerError", "Letter", "NotAllowed", "NotThere", "PersonalReading", "Rules",
    "StorageError", "case_of", "open_rules",
]  # fmt: skip

_ROOMS = {
    "casedata": ("case_of",),
    "errors": ("Damaged", "LedgerError", "NotAllowed", "NotThere", "StorageError"),
    "ledger": ("KEY_VARIABLE", "Ledger"),
    "records": ("Entry", "Letter", "PersonalReading"),
    "rules": ("Rules", "open_rules"),
}


def __getattr__(name: str) -> Any:
    for module, names in _ROOMS.items():
        if name in names:
            return getattr(import_module(f".{module}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
