"""Agreements made in memory, and vacancies from compact lines."""

from __future__ import annotations

import copy
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from subsidyengine.allocation.load import read_agreements
from subsidyengine.allocation.terms import Terms
from subsidyengine.allocation.vacancies import _READERS, Vacancy
from subsidyengine.rulebook import Rulebook

CITE = "almenboligloven § 59 stk. 2 [secondary]"
SETTLED = {
    "unit": "organisation", "position": "last", "passing": "used", "withdrawal": "used", "silence": "passed", "not_offered": "lost",
    "outside_limits": "not_counted", "several_rights": "remainder", "internal_moves": "not_counted", "new_buildings": "not_counted",
    "rent_when_passed": "until_let", "earlier_count": "anew",
}  # fmt: skip
EXEMPT = ["for_sale", "shared_home", "swap", "household_takeover", "staff", "single_room"]
AGREED: dict[str, Any] = {
    "agreement": "agreed", "title": {"da": "Aftale", "en": "Agreement"}, "sector": "social", "basis": "agreement",
    "municipality": "Nordby", "organisations": ["Nordby Bolig"], "from": date(2020, 1, 1), "synthetic": True, "cite": CITE,
    "counting": SETTLED, "exempt": [{"cause": cause} for cause in EXEMPT],
    "rights": [{"right": "municipal", "basis": "section_59_2", "share": "1/4"}, {"right": "waiting_list", "basis": "waiting_list"}],
}  # fmt: skip
PRIVATE: dict[str, Any] = {
    **AGREED, "sector": "private", "properties": ["P1"], "from": date(2025, 1, 1), "until": date(2030, 12, 31),
    "signed_on": date(2025, 1, 1),
    "counting": {"passing": "used", "withdrawal": "used", "internal_moves": "counted", "new_buildings": "counted", "not_offered": "lost"},
    "rights": [
        {"right": "municipal", "basis": "section_49_every_nth", "share": "1/4", "property_dwellings": 8},
        {"right": "landlord", "basis": "landlord"},
    ],
}  # fmt: skip
del PRIVATE["exempt"]
BASES = {"agreed": AGREED, "private": PRIVATE}


def form_of(base: str, changes: dict[str, Any]) -> dict[str, Any]:
    """The agreement ``base`` with ``changes``; ``share`` and ``limits`` are those of its first right."""
    form = copy.deepcopy(BASES[base])
    for key, value in changes.items():
        if key == "counting":
            form["counting"] = {**form["counting"], **value}
        elif key in ("share", "limits"):
            form["rights"][0][key] = value
        elif key != "exempt":
            form[key] = value
    return form


def terms_of(tmp_path: Path, book: Rulebook, base: str, changes: dict[str, Any]) -> Terms:
    """The terms, read as any agreement file is."""
    path = tmp_path / "agreed.yaml"
    with path.open("w", encoding="utf-8") as out:
        YAML(typ="safe", pure=True).dump(_plain(form_of(base, changes)), out)
    found, problems = read_agreements(book, [path])
    bad = [str(p) for p in problems if p.place.file == str(path)]
    assert not bad, bad
    return found.terms["agreed"]


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return float(value) if isinstance(value, Decimal) else value


def vacancy(line: str, row: int = 1, private: bool = False) -> Vacancy:
    """``A4 2025-04-01 offered_on=2025-03-20 used`` as a vacancy of Nordby Bolig; ``kind=`` leaves the kind out."""
    words = line.split()
    given: dict[str, Any] = {
        "vacancy": words[0], "vacant_from": date.fromisoformat(words[1]), "municipality": "Nordby", "organisation": "Nordby Bolig",
        "kind": "private" if private else "family", "row": row, "file": "v.csv",
    }  # fmt: skip
    if private:
        given["property_"] = "P1"
    for word in words[2:]:
        name, _, text = word.partition("=")
        if "=" not in word:
            given[name] = True
        elif text:
            given[name] = _READERS[name](text)
        else:
            given.pop(name, None)
    return Vacancy(**given)
