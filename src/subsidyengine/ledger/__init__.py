"""The decision ledger: what was decided, on which facts and which law, by whom; provable, and decided again years later.

``Ledger.create(url)`` makes one, ``Ledger.open(url)`` opens it; ``open_rules()`` gives the rules that ``propose`` decides by. Needs the
extra ``ledger``. ``python -m subsidyengine.ledger.verifier proof.json`` checks a proof without any of it.
"""

from .errors import Damaged, LedgerError, NotAllowed, NotThere, StorageError
from .ledger import KEY_VARIABLE, Ledger
from .records import Entry, Letter, PersonalReading
from .rules import Rules, open_rules

__all__ = [
    "KEY_VARIABLE", "Damaged", "Entry", "Ledger", "LedgerError", "Letter", "NotAllowed", "NotThere", "PersonalReading", "Rules",
    "StorageError", "open_rules",
]  # fmt: skip
