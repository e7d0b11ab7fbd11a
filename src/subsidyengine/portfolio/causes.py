"""Causes that keep answers open, as bits of whole numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ibis

from ..formula.columns import FACT_BITS, LAW_BITS, Cell, Why, Word
from .board import Board, Stored


class Causes:
    """Which bit stands for which cause: facts, and apart from them what law has not settled."""

    def __init__(self) -> None:
        self._facts: dict[str, int] = {}
        self._law: dict[str, int] = {}
        self._missing: dict[str, Stored] = {}

    def place(self, law: bool, name: str) -> tuple[int, int]:
        """Number of the word, and the bit in it."""
        numbers = self._law if law else self._facts
        number = numbers.setdefault(name, len(numbers))
        if law:
            return number // LAW_BITS, 1 << FACT_BITS + number % LAW_BITS
        return number // FACT_BITS, 1 << number % FACT_BITS

    def names(self, law: bool) -> list[str]:
        """The causes that were met with."""
        return list(self._law if law else self._facts)

    def bit(self, kind: str, name: str) -> Why:
        """The cause, everywhere."""
        number, bit = self.place(kind == "law_not_known", name)
        return Why({number: Word(always=bit)})

    def write_missing(self, board: Board, flags: Mapping[str, Any]) -> None:
        """Put on the board which facts each case lacks; ``flags`` says where each fact is missing."""
        words: dict[int, Any] = {}
        for name, flag in flags.items():
            number, bit = self.place(False, name)
            told = ibis.cases((flag, ibis.literal(bit, "int64")), else_=ibis.literal(0, "int64"))
            words[number] = words[number] | told if number in words else told
        stored = dict(zip(words, board.put(*(Cell(word) for word in words.values())), strict=True))
        self._missing = {name: stored[self.place(False, name)[0]] for name in flags}

    def missing(self, name: str, table: Any) -> Why | None:
        """The cause that a fact is missing, where it is; None when it was not written down."""
        if name not in self._missing:
            return None
        number, bit = self.place(False, name)
        return Why({number: Word(mask=bit, missing=self._missing[name](table).value)})
