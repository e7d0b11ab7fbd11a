"""The shipped rulebook, and agreements of a folder that a test may change."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from shutil import copy

import pytest

from subsidyengine.allocation.load import Agreements, read_agreements
from subsidyengine.rulebook import Problem, Rulebook, open_rulebook, shipped_folder

SOUND = Path(__file__).parent / "sound"
Read = Callable[[dict[str, str]], tuple[Agreements, list[Problem]]]


@pytest.fixture(scope="session")
def book() -> Rulebook:
    """The rulebook that the agreements cite."""
    return open_rulebook()


@pytest.fixture(scope="session")
def sound() -> dict[str, str]:
    """Sound agreements by name; copy before changing."""
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(SOUND.glob("*.yaml"))}


@pytest.fixture(scope="session")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bases, the statutes and two of the shipped agreements: all thirty would be read again for every case."""
    folder = tmp_path_factory.mktemp("agreements")
    for name in ("bases", "statute-social", "statute-private", "aalborg", "helsingoer-2022"):
        copy(shipped_folder() / "agreements" / f"{name}.yaml", folder)
    return folder


@pytest.fixture
def read(book: Rulebook, few: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Read:
    """``read({name: text})``: agreements of a folder ``local`` beside a few of the shipped ones."""
    monkeypatch.chdir(tmp_path)

    def reader(texts: dict[str, str]) -> tuple[Agreements, list[Problem]]:
        folder = Path("local")
        folder.mkdir()
        for name, text in texts.items():
            (folder / f"{name}.yaml").write_bytes(text.encode())
        return read_agreements(book, [folder], few)

    return reader
