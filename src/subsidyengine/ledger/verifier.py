"""Checks what a ledger hands out, without the ledger: this one file and Python 3.11's own library are enough.

    python verifier.py proof.json                 a proof from `subsidyengine ledger prove`
    python verifier.py proof.json --key KEY       ... and that it is signed by the key that was handed over earlier
    python verifier.py proof.json --head HEAD     ... and that it is about the head (a file) that was handed over earlier

Without KEY it is only known that the proof agrees with itself, by the key that it names: anybody can make a ledger. KEY is the text that
`subsidyengine ledger init` shows, or a file with it.

A proof of one entry says: this entry, to the byte, stood at this place in the ledger when the head was signed. A proof of growth
says: the older head's entries all stand unchanged at the beginning of the newer head's.

The tree is that of RFC 6962 (sections 2.1-2.1.2), signatures are Ed25519 (RFC 8032), heads and keys are written as signed notes
(C2SP signed-note and tlog-checkpoint), which other tools read too. Exit codes: 0 it holds, 1 it does not, 2 no proof.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

INCLUSION, CONSISTENCY = "subsidyengine-inclusion-1", "subsidyengine-consistency-1"
_ED25519 = b"\x01"


class ProofError(ValueError):
    """The proof does not hold, or is none; the text says what is wrong."""


# The tree --------------------------------------------------------------------------------------------------------------


def leaf_hash(data: bytes) -> bytes:
    """Hash of one entry (RFC 6962: a leaf begins with 0, so that it can never be taken for a node)."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of two subtrees."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_of_inclusion(index: int, size: int, leaf: bytes, path: Sequence[bytes]) -> bytes:
    """The root that ``leaf`` at ``index`` and its audit path lead to (RFC 6962 2.1.1); ProofError when the path does not fit."""
    if not 0 <= index < size:
        raise ProofError(f"there is no entry {index} among {size}")
    place, last, found = index, size - 1, leaf
    for step in path:
        if last == 0:
            raise ProofError("the path is too long")
        if place & 1 or place == last:
            found = node_hash(step, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, step)
        place, last = place >> 1, last >> 1
    if last:
        raise ProofError("the path is too short")
    return found


def check_consistency(old_size: int, old_root: bytes, size: int, root: bytes, path: Sequence[bytes]) -> None:
    """ProofError unless the first ``old_size`` entries of the tree ``root`` are the whole tree ``old_root`` (RFC 6962 2.1.2)."""
    if not 0 < old_size <= size:
        raise ProofError(f"a head of {old_size} entries cannot come before one of {size}")
    if old_size == size:
        if path or old_root != root:
            raise ProofError("two heads of the same number of entries differ")
        return
    steps = list(path)
    place, last = old_size - 1, size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    if place:
        if not steps:
            raise ProofError("the path is too short")
        first = second = steps.pop(0)
    else:
        first = second = old_root
    for step in steps:
        if last == 0:
            raise ProofError("the path is too long")
        if place & 1 or place == last:
            first, second = node_hash(step, first), node_hash(step, second)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            second = node_hash(second, step)
        place, last = place >> 1, last >> 1
    if last or first != old_root or second != root:
        raise ProofError("the newer head does not continue the older one: entries were changed or removed")


# Heads and keys --------------------------------------------------------------------------------------------------------


def statement(origin: str, size: int, root: bytes) -> bytes:
    """What is signed of a head: the ledger, how many entries it holds, and the root over them."""
    return f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n".encode()


def key_hash(name: str, public: bytes) -> bytes:
    """Four bytes that name a key in a signed note."""
    return hashlib.sha256(name.encode() + b"\n" + _ED25519 + public).digest()[:4]


def write_key(name: str, public: bytes) -> str:
    """A public key as text: name, its hash, the key."""
    return f"{name}+{key_hash(name, public).hex()}+{base64.b64encode(_ED25519 + public).decode()}"


def read_key(text: str) -> tuple[str, bytes]:
    """Name and public key of a key's text; ProofError when it is none."""
    try:
        name, mark, encoded = text.strip().split("+", 2)
        raw = base64.b64decode(encoded, validate=True)
    except (ValueError, binascii.Error):
        raise ProofError("this is no key of a ledger") from None
    if len(raw) != 33 or raw[:1] != _ED25519 or key_hash(name, raw[1:]).hex() != mark:
        raise ProofError("this is no key of a ledger")
    return name, raw[1:]


@dataclass(frozen=True, slots=True)
class Head:
    """A signed tree head: everything that stood in the ledger at ``size`` entries."""

    origin: str
    size: int
    root: bytes
    signature: bytes

    def text(self, public: bytes) -> str:
        """As a signed note, to be handed to an archive or an outside party."""
        body = statement(self.origin, self.size, self.root).decode()
        signed = base64.b64encode(key_hash(self.origin, public) + self.signature).decode()
        return f"{body}\n\N{EM DASH} {self.origin} {signed}\n"

    @staticmethod
    def read(text: str) -> Head:
        """The head of a signed note; ProofError when it is none. Whether it is signed by the right key is ``check``'s question."""
        try:
            body, signed = text.replace("\r\n", "\n").split("\n\n", 1)
            origin, size, root = body.split("\n")[:3]
            dash, _, encoded = signed.strip().split(" ")
            raw = base64.b64decode(encoded, validate=True)
            head = Head(origin, int(size), base64.b64decode(root, validate=True), raw[4:])
        except (ValueError, binascii.Error):
            raise ProofError("this is no head of a ledger") from None
        if dash != "\N{EM DASH}" or len(head.root) != 32 or len(head.signature) != 64 or head.size < 1:
            raise ProofError("this is no head of a ledger")
        return head

    def check(self, public: bytes) -> None:
        """ProofError unless the head is signed by ``public``."""
        if not verify_signature(public, statement(self.origin, self.size, self.root), self.signature):
            raise ProofError(f"the head of {self.size} entries is not signed by the ledger's key")


# Ed25519, verification only (RFC 8032 5.1.7): there is nothing secret in it, so plain arithmetic will do ------------------------

_P = 2**255 - 19
_L = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, -1, _P) % _P
_SQRT_MINUS_ONE = pow(2, (_P - 1) // 4, _P)

#: A point of the curve in extended coordinates: x = X/Z, y = Y/Z, xy = T/Z.
_Point = tuple[int, int, int, int]


def _add(a: _Point, b: _Point) -> _Point:
    low, high = (a[1] - a[0]) * (b[1] - b[0]) % _P, (a[1] + a[0]) * (b[1] + b[0]) % _P
    c, d = 2 * a[3] * b[3] * _D % _P, 2 * a[2] * b[2] % _P
    e, f, g, h = high - low, d - c, d + c, high + low
    return (e * f % _P, g * h % _P, f * g % _P, e * h % _P)


def _times(factor: int, point: _Point) -> _Point:
    found: _Point = (0, 1, 1, 0)
    while factor:
        if factor & 1:
            found = _add(found, point)
        point, factor = _add(point, point), factor >> 1
    return found


def _point(raw: bytes) -> _Point | None:
    number = int.from_bytes(raw, "little")
    sign, y = number >> 255, number & (1 << 255) - 1
    if y >= _P:
        return None
    square = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * _SQRT_MINUS_ONE % _P
    if (x * x - square) % _P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = _P - x
    return (x, y, 1, x * y % _P)


_BASE = _point((4 * pow(5, -1, _P) % _P).to_bytes(32, "little"))


def verify_signature(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether ``signature`` over ``message`` was made with the private half of ``public``."""
    if len(public) != 32 or len(signature) != 64 or _BASE is None:
        return False
    key, commitment = _point(public), _point(signature[:32])
    scalar = int.from_bytes(signature[32:], "little")
    if key is None or commitment is None or scalar >= _L:
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % _L
    left, right = _times(scalar, _BASE), _add(commitment, _times(challenge, key))
    same_x, same_y = (left[0] * right[2] - right[0] * left[2]) % _P, (left[1] * right[2] - right[1] * left[2]) % _P
    return same_x == 0 and same_y == 0


# Proofs ----------------------------------------------------------------------------------------------------------------


def check_proof(proof: Any, key: str = "", held: Head | None = None) -> str:
    """What a proof shows, in one line; ProofError when it does not hold. ``key``: the key that must have signed it. ``held``: a head that
    was handed over; a proof of growth must begin with it, a proof of an entry must be under it."""
    if not isinstance(proof, dict) or proof.get("proof") not in (INCLUSION, CONSISTENCY):
        raise ProofError("this is no proof of a ledger")
    try:
        name, public = read_key(proof["key"])
        if key and read_key(key) != (name, public):
            raise ProofError("it is signed by another key than the one given")
        head = Head.read(proof["head"])
        head.check(public)
        path = [bytes.fromhex(step) for step in proof["path"]]
        if proof["proof"] == INCLUSION:
            _same(held, head)
            return _inclusion(proof, head, path)
        old = Head.read(proof["old"])
        _same(held, old)
        old.check(public)
        if old.origin != head.origin:
            raise ProofError("the heads are of different ledgers")
        check_consistency(old.size, old.root, head.size, head.root, path)
        where = f"at the beginning of the {head.size} of the newer one ({head.origin})"
        return f"the {old.size} entries of the older head stand unchanged {where}"
    except ProofError:
        raise
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise ProofError(f"the proof lacks something, or it cannot be read: {error}") from None


def _same(held: Head | None, head: Head) -> None:
    """ProofError unless ``head`` says what the one handed over says. (Signatures are checked where they stand.)"""
    if held is not None and (held.origin, held.size, held.root) != (head.origin, head.size, head.root):
        raise ProofError(f"it is about another head ({head.size} entries) than the one given ({held.size})")


def _inclusion(proof: dict[str, Any], head: Head, path: list[bytes]) -> str:
    entry = proof["entry"].encode()
    fields = json.loads(entry)
    content = proof.get("content")
    if content is not None and hashlib.sha256(content.encode()).hexdigest() != fields["content"]:
        raise ProofError("the content is not the one that was recorded")
    if root_of_inclusion(fields["seq"], head.size, leaf_hash(entry), path) != head.root:
        raise ProofError(f"entry {fields['seq']} is not in the ledger of this head")
    return f"entry {fields['seq']} ({fields['kind']} {fields.get('id', '')}) stands in the ledger of {head.size} entries ({head.origin})"


def main(arguments: Sequence[str]) -> int:
    """The command line: see the top of the file."""
    options = dict(zip(arguments[1::2], arguments[2::2], strict=False))
    known = len(arguments) % 2 == 1 and len(options) == len(arguments) // 2 and options.keys() <= {"--key", "--head"}
    if not known or arguments[0].startswith("-"):
        print(__doc__, file=sys.stderr)
        return 2
    name = arguments[0]
    try:
        proof = json.loads(Path(name).read_text(encoding="utf-8"))
        key = options.get("--key", "")
        if key and "+" not in key:
            name, key = key, Path(key).read_text(encoding="utf-8")
        held = None
        if "--head" in options:
            name = options["--head"]
            held = Head.read(Path(name).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        print(f"{name}: cannot be read: {error}", file=sys.stderr)
        return 2
    try:
        print(f"holds: {check_proof(proof, key, held)}")
    except ProofError as error:
        print(f"does not hold: {error}", file=sys.stderr)
        return 1
    if not key:
        print(
            f"signed by the key that the proof itself names; hold it against the one handed over, or give --key: {proof['key']}",
            file=sys.stderr,
        )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
