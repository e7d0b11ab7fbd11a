"""The rulebook that a decision was made by, kept file by file under their hashes, so that the database alone can decide again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, insert, select

from ..rulebook import Layer, Rulebook, build_layers, layers_hash, read_layers
from ..words import say
from .errors import Damaged, LedgerError
from .records import sha256, written
from .schema import files, rulebooks


@dataclass(frozen=True, slots=True)
class Rules:
    """A rulebook with the files that it was read from."""

    book: Rulebook
    layers: tuple[Layer, ...]

    def named(self, name: str) -> Rules:
        """These rules without the overlays that were not known yet when ``name`` decided. LedgerError when ``name`` is not among them."""
        book, layers = self.book, self.layers
        while book.hash != name:
            if book.below is None:
                raise LedgerError(say("the decision was made by {one}, not by {other}", one=name[:19], other=self.book.hash[:19]))
            book, layers = book.below, layers[:-1]
        return self if book is self.book else Rules(book, layers)


def open_rules(folder: Path | None = None, overlays: Sequence[Path] = ()) -> Rules:
    """The rules of ``folder`` (default: the shipped ones) with overlays. RulebookError with every problem."""
    layers = tuple(read_layers(folder, tuple(overlays)))
    return Rules(build_layers(layers), layers)


def keep(connection: Connection, rules: Rules) -> None:
    """Store what is not stored yet of the rules."""
    if connection.execute(select(rulebooks.c.hash).where(rulebooks.c.hash == rules.book.hash)).first():
        return
    if layers_hash(rules.layers) != rules.book.hash:
        raise LedgerError(say("the rule files are not those of the rulebook that decided: decide again, and record that"))
    texts = {sha256(text): text for layer in rules.layers for text in layer.texts.values()}
    there = set(connection.execute(select(files.c.hash).where(files.c.hash.in_(texts))).scalars())
    new = [{"hash": name, "text": text} for name, text in texts.items() if name not in there]
    if new:
        connection.execute(insert(files), new)
    named = [{"name": layer.name, "files": {file: sha256(text) for file, text in layer.texts.items()}} for layer in rules.layers]
    connection.execute(insert(rulebooks), {"hash": rules.book.hash, "layers": written(named)})


def stored_layers(connection: Connection, name: str) -> list[Layer]:
    """The files of a stored rulebook; Damaged when they are not there or not those of the hash."""
    listed = connection.execute(select(rulebooks.c.layers).where(rulebooks.c.hash == name)).scalar()
    if listed is None:
        raise Damaged(say("the rulebook {rules} is not in the ledger", rules=name[:19]))
    try:
        layers = json.loads(listed)
        hashes = {mark for layer in layers for mark in layer["files"].values()}
        texts = {row.hash: row.text for row in connection.execute(select(files).where(files.c.hash.in_(hashes)))}
        found = [Layer(layer["name"], {file: texts[mark] for file, mark in layer["files"].items()}) for layer in layers]
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Damaged(say("the files of the rulebook {rules} are not all in the ledger", rules=name[:19])) from None
    if not found or layers_hash(found) != name:
        raise Damaged(say("the files of the rulebook {rules} were changed", rules=name[:19]))
    return found
