"""A small vocabulary made by hand, so that these tests do not lean on rules/."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

from subsidyengine.facts import Case, CaseError, read_cases
from subsidyengine.formula import BOOL, DATE, DATES, TEXT, Type, number
from subsidyengine.rulebook import Fact, Place, Rulebook, Text

ROOT = Path(__file__).parents[2]


def word(name: str, kind: str, unit: str = "", values: str = "", low: int | None = None, high: int | Fraction | None = None) -> Fact:
    texts = {v: Text(f"{v} (da)", f"{v} (en)") for v in values.split()}
    kinds = {"bool": BOOL, "date": DATE, "dates": DATES, "text": TEXT, "enum": Type("enum", None, tuple(texts))}
    return Fact(
        name, kind, kinds.get(kind) or number(unit), unit, Text(f"{name} på dansk", f"{name} in English"),
        Text(f"{name} (da)?", f"{name} (en)?"), None, texts, low, high,
        name.startswith("assessment."), False, None, Place("facts.yaml", 1),
    )  # fmt: skip


WORDS = [
    word("person.special_social_problems", "bool"),
    word("person.housing_before", "enum", values="section_107 section_109 section_110 street other"),
    word("person.birth_date", "date"),
    word("household.adults", "integer", low=0),
    word("household.wealth", "number", "DKK"),
    word("dwelling.kind", "enum", values="family youth elderly"),
    word("dwelling.area_m2", "number", "m2", low=0),
    word("dwelling.department", "text"),
    word("dwelling.rent", "number", "DKK/month", low=0),
    word("lease.start", "date"),
    word("lease.rent", "number", "DKK/month", low=0),
    word("benefit.applied", "bool"),
    word("assessment.redemption_loss", "bool"),
    word("fund.vacancy_share", "number", "share", low=0, high=1),
    word("area.conviction_ratio", "number", "share", low=0),
    word("relabelling.vacant_on", "dates"),
]


@pytest.fixture(scope="session")
def vocabulary() -> dict[str, Fact]:
    return {fact.name: fact for fact in WORDS}


@pytest.fixture(scope="session")
def rulebook(vocabulary: dict[str, Fact]) -> Rulebook:
    return Rulebook("sha256:0", vocabulary, {}, {}, {}, {}, {})


Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Write a file (text or bytes) and stand in its folder, so that messages have short paths."""
    monkeypatch.chdir(tmp_path)

    def _write(name: str, content: str | bytes) -> Path:
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return _write


Read = Callable[..., list[Case | CaseError]]


@pytest.fixture
def read(rulebook: Rulebook) -> Read:
    """Read files; errors come as their text, so that whole lists compare."""

    def _read(*paths: str | Path, **more: object) -> list[object]:
        return [str(item) if isinstance(item, CaseError) else item for item in read_cases(paths, rulebook, **more)]

    return _read
