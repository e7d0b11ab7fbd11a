"""What can go wrong with a ledger, each kind with what to do about it."""

from __future__ import annotations


class LedgerError(Exception):
    """Base: nothing was recorded unless the text says otherwise. The text says what to do."""


class NotThere(LedgerError):
    """No ledger, no entry or no key of that name."""


class NotAllowed(LedgerError):
    """The ledger's rules forbid it: signing what is open, replacing what is replaced."""


class StorageError(LedgerError):
    """The database cannot be read or written: full, read-only, locked, gone, damaged."""


class Damaged(LedgerError):
    """The ledger's own content does not agree with itself: ``subsidyengine ledger verify`` says where."""
