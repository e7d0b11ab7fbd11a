"""The ledger's key, and what this machine has seen of the ledger.

The private key signs the head after every entry. It lives in a file outside the database, so that one who can write to the database
alone cannot rewrite it unseen. Beside it lies the newest head that was seen here: a ledger that is shorter was cut.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from ..words import quoted, say
from .errors import LedgerError, NotThere
from .verifier import Head, ProofError, statement

#: All heads are of one length in the file, so that none shows the end of an older one.
_SEEN_LENGTH = 400


class Key:
    """The private key in a file that only its owner may read."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._private: Ed25519PrivateKey | None = None
        #: The head that this process sealed last: what is there is known to be sealed without asking again.
        self.known: Head | None = None

    def create(self) -> bytes:
        """Make the key, or use the one that is there (a second ledger, a restored one); the public half."""
        if not self.path.exists():
            private = Ed25519PrivateKey.generate()
            form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
            try:
                self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
                with os.fdopen(handle, "wb") as file:
                    file.write(private.private_bytes(*form))
                    file.flush()
                    os.fsync(file.fileno())
            except OSError as error:
                raise LedgerError(
                    say("the key {path} cannot be written: {reason}", path=self.path, reason=quoted(str(error.strerror)))
                ) from None
        return self.public()

    def private(self) -> Ed25519PrivateKey:
        """The key; NotThere when it is not on this machine."""
        if self._private is None:
            try:
                found = serialization.load_pem_private_key(self.path.read_bytes(), None)
            except FileNotFoundError:
                message = say("the ledger's key {path} is not there: reading needs none, recording does (--key FILE)", path=self.path)
                raise NotThere(message) from None
            except OSError as error:
                raise LedgerError(
                    say("the key {path} cannot be read: {reason}", path=self.path, reason=quoted(str(error.strerror)))
                ) from None
            except (ValueError, TypeError, UnsupportedAlgorithm):
                raise LedgerError(say("{path} is no key of a ledger", path=self.path)) from None
            if not isinstance(found, Ed25519PrivateKey):
                raise LedgerError(say("{path} is no key of a ledger", path=self.path))
            self._private = found
        return self._private

    def public(self) -> bytes:
        """The public half."""
        return self.private().public_key().public_bytes_raw()

    def sign(self, origin: str, size: int, root: bytes) -> bytes:
        """The signature of a head."""
        return self.private().sign(statement(origin, size, root))

    # what was seen here --------------------------------------------------------------------------------------------------

    def seen_path(self, origin: str) -> Path:
        """Where the newest head of a ledger that was seen on this machine is kept: one key may serve several ledgers."""
        return self.path.with_name(f"{self.path.name}.{origin.rpartition('-')[2]}.seen")

    def see(self, head: Head, public: bytes) -> None:
        """Remember a head after its entry was committed. It is a lower bound: an older one, left by a slower process or by a power cut,
        is still true. So it need not reach the disk, and failing to write it fails nothing."""
        self.known = head
        with contextlib.suppress(OSError):
            handle = os.open(self.seen_path(head.origin), os.O_WRONLY | os.O_CREAT, 0o600)
            try:
                os.write(handle, head.text(public).ljust(_SEEN_LENGTH, "\n").encode())
            finally:
                os.close(handle)

    def seen(self, origin: str, public: bytes) -> Head | None:
        """The newest head of a ledger seen here; None when there is none, or none that can be read (another process may be writing it)."""
        try:
            head = Head.read(self.seen_path(origin).read_text(encoding="utf-8"))
        except (OSError, ProofError, ValueError):
            return None
        return head if signed(public, head) else None


def signed(public: bytes, head: Head) -> bool:
    """Whether a head is signed by ``public`` (as the stand-alone verifier asks, only faster)."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(head.signature, statement(head.origin, head.size, head.root))
    except (InvalidSignature, ValueError):
        return False
    return True
