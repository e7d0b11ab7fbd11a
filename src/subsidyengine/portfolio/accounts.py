"""Which account of the municipal chart a scheme's money goes on: data with a source and a day, see ``accounts.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Account:
    """One account, since when the source vouches for it, and the source."""

    account: str
    text: Mapping[str, str]
    from_: date
    source: str


@cache
def _table() -> Mapping[str, list[dict[str, Any]]]:
    from ruamel.yaml import YAML

    found: Mapping[str, list[dict[str, Any]]] = YAML(typ="safe").load(Path(__file__).with_name("accounts.yaml"))
    return found


def account_of(scheme: str, day: date) -> Account | None:
    """The account of a scheme on a day; None where none is established."""
    rows = [r for r in _table().get(scheme, []) if r["from"] <= day]
    return Account(rows[-1]["account"], rows[-1]["text"], rows[-1]["from"], rows[-1]["source"]) if rows else None
