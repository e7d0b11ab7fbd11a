"""Messages about a file of personal data: they say what is wrong and where, and repeat nothing that stands there."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from difflib import get_close_matches

from .message import Message

_WORD = re.compile(r"\w{3,}")
_IN_QUOTES = re.compile(r"'[^']*'")


def discreet(message: str, file: str, known: Sequence[str]) -> str:
    """``message`` with every word that stands in the text ``file`` left out, but for the ``known`` ones (names of fields) and what is
    nearly one of them (a slip of the pen). What the program itself says stays, and with it the translation."""
    words = {word.casefold() for word in _WORD.findall(file)}
    private = {word for word in words if not get_close_matches(word, known, n=1, cutoff=0.8)}
    return _without(message, private)


def _without(said: str, private: Collection[str]) -> str:
    def hidden(found: re.Match[str]) -> str:
        word = found[0].casefold()  # messages cut long texts: the beginning of a word is told from it too
        return "..." if any(whole.startswith(word) for whole in private) else found[0]

    if not isinstance(said, Message):
        return _WORD.sub(hidden, said)
    template = said.template if said.parts else _IN_QUOTES.sub(lambda quote: _WORD.sub(hidden, quote[0]), said.template)
    return Message(template, {name: _without(part, private) for name, part in said.parts.items()})
