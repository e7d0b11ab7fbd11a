"""The tree over the ledger's entries (RFC 6962), kept so that every proof needs a few rows only.

A perfect subtree is kept with the last entry below it: entry ``i`` carries the hashes of all perfect subtrees that end at it, from
the leaf up (about two an entry). ``peaks`` are the perfect subtrees of the whole, largest first: all that an append needs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

from .verifier import node_hash

#: ``node(level, index)``: the perfect subtree of 2**level entries, the ``index``-th of its size.
Node = Callable[[int, int], bytes]
SIZE = 32


def grow(size: int, peaks: Sequence[bytes], leaf: bytes) -> tuple[list[bytes], list[bytes]]:
    """A leaf added to a tree of ``size``: the perfect subtrees that end at it, leaf first, and the new peaks."""
    left = list(peaks)
    nodes = [leaf]
    while size & 1:
        nodes.append(node_hash(left.pop(), nodes[-1]))
        size >>= 1
    return nodes, [*left, nodes[-1]]


def root(peaks: Sequence[bytes]) -> bytes:
    """The root over all entries."""
    if not peaks:
        return hashlib.sha256().digest()
    found = peaks[-1]
    for peak in reversed(peaks[:-1]):
        found = node_hash(peak, found)
    return found


def owner(level: int, index: int) -> int:
    """The entry that carries a perfect subtree: the last one below it."""
    return ((index + 1) << level) - 1


def subtree(start: int, end: int, node: Node) -> bytes:
    """The root over the entries from ``start`` up to ``end`` (not included)."""
    count = end - start
    if count & (count - 1) == 0 and start % count == 0:
        level = count.bit_length() - 1
        return node(level, start >> level)
    half = _half(count)
    return node_hash(subtree(start, start + half, node), subtree(start + half, end, node))


def inclusion(index: int, size: int, node: Node) -> list[bytes]:
    """The audit path of an entry in the tree of ``size`` (RFC 6962 2.1.1)."""
    return _path(index, 0, size, node)


def _path(index: int, start: int, end: int, node: Node) -> list[bytes]:
    if end - start == 1:
        return []
    middle = start + _half(end - start)
    if index < middle:
        return [*_path(index, start, middle, node), subtree(middle, end, node)]
    return [*_path(index, middle, end, node), subtree(start, middle, node)]


def consistency(old: int, size: int, node: Node) -> list[bytes]:
    """The proof that the tree of ``old`` entries is the beginning of that of ``size`` (RFC 6962 2.1.2)."""
    return [] if old == size else _growth(old, 0, size, node, True)


def _growth(old: int, start: int, end: int, node: Node, whole: bool) -> list[bytes]:
    if old == end - start:
        return [] if whole else [subtree(start, end, node)]
    half = _half(end - start)
    if old <= half:
        return [*_growth(old, start, start + half, node, whole), subtree(start + half, end, node)]
    return [*_growth(old - half, start + half, end, node, False), subtree(start, start + half, node)]


def _half(count: int) -> int:
    """The largest power of two below ``count``."""
    return 1 << (count - 1).bit_length() - 1
