"""Hostile changes to case files: what a hurried hand, a broken export or an attacker may do to them."""

from __future__ import annotations

import random
from collections.abc import Callable

_PIECES = (
    "", " ", "\t", "\n", "\n\n", "---\n", "...\n", ":", ": ", "- ", ",", ";", "{", "}", "[", "]", "'", '"', "#", "&a ", "*a", "!!python/object:os.system ",
    "!x ", "|", ">", "%", "@", "`", "\\", "\x00", "\x07", "\ufeff", "\u2028", "\ud7ff", "null", "~", "true", "ja", "NaN", ".inf", "-0", "0x1F", "1e400",
    "1_000", "5.500", "12,5", "99999999999999999999", "2026-02-30", "0000-00-00", "9999-12-31", "2026-03-01T10:00:00Z", "12-05-1994", "0" * 300, "9" * 5000,
    "æøå", "🏠", "on:", "facts:", "case: ", "value:", "from:", "<<: ", "? ", "on", "no", "\r", "\r\n", "010190-1234", "=1+1", "${x}", "../..", "[[[[[[[[", "{a: {a: {a: ",
)  # fmt: skip


def _insert(text: str, draw: random.Random) -> str:
    at = draw.randrange(len(text) + 1)
    return text[:at] + draw.choice(_PIECES) + text[at:]


def _delete(text: str, draw: random.Random) -> str:
    at = draw.randrange(len(text) + 1)
    return text[:at] + text[at + draw.choice((1, 1, 2, 5, 30, 200)) :]


def _swap_word(text: str, draw: random.Random) -> str:
    words = text.split(" ")
    words[draw.randrange(len(words))] = draw.choice(_PIECES)
    return " ".join(words)


def _line(text: str, draw: random.Random) -> str:
    lines = text.split("\n")
    at = draw.randrange(len(lines))
    how = draw.randrange(4)
    if how == 0:
        lines.insert(at, lines[draw.randrange(len(lines))])
    elif how == 1:
        del lines[at]
    elif how == 2:
        lines[at] = " " * draw.randrange(9) + lines[at].lstrip()
    else:
        lines[at] = lines[at] + draw.choice(_PIECES)
    return "\n".join(lines)


def _cut(text: str, draw: random.Random) -> str:
    return text[: draw.randrange(len(text) + 1)]


def _character(text: str, draw: random.Random) -> str:
    at = draw.randrange(max(len(text), 1))
    return text[:at] + chr(draw.choice((draw.randrange(32, 127), draw.randrange(0, 32), draw.randrange(128, 0xD7FF)))) + text[at + 1 :]


def _digits(text: str, draw: random.Random) -> str:
    places = [i for i, c in enumerate(text) if c.isdigit()]
    if not places:
        return text
    at = draw.choice(places)
    return text[:at] + draw.choice(("0", "9", "-", "x", ".", "1234567", "")) + text[at + 1 :]


_CHANGES: tuple[Callable[[str, random.Random], str], ...] = (_insert, _delete, _swap_word, _line, _cut, _character, *[_digits] * 5)


def mutated(text: str, draw: random.Random) -> bytes:
    """``text`` with one to three changes, as bytes (now and then no UTF-8)."""
    for _ in range(draw.choice((1, 1, 2, 3))):
        text = draw.choice(_CHANGES)(text, draw)
    raw = text.encode("utf-8", "surrogatepass")
    if draw.random() < 0.03:
        at = draw.randrange(len(raw) + 1)
        raw = raw[:at] + bytes([draw.randrange(128, 256)]) + raw[at:]
    return raw
