"""What a user installs, rather than the checkout: the wheel holds everything, and works away from the repository."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The contents of the wheel, in a folder of their own."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    (wheel,) = folder.glob("subsidyengine-*.whl")
    with ZipFile(wheel) as file:
        file.extractall(folder / "site")
    return folder / "site"


def run(installed: Path, folder: Path, *args: str) -> subprocess.CompletedProcess[str]:
    environ = os.environ | {"PYTHONPATH": str(installed), "XDG_CACHE_HOME": str(folder)}
    command = [sys.executable, "-m", "subsidyengine", *args]
    return subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("here", "there"),
    [("src/subsidyengine", "subsidyengine"), ("rules", "subsidyengine/_rules"), ("fixtures/cases", "subsidyengine/_fixtures/cases")],
)
def test_every_file_is_in_the_wheel(installed: Path, here: str, there: str) -> None:
    files = {p.relative_to(ROOT / here) for p in (ROOT / here).rglob("*") if p.is_file() and p.suffix != ".pyc"}
    assert files
    assert {name for name in files if not (installed / there / name).is_file()} == set()


def test_the_installed_copy_decides(installed: Path, tmp_path: Path) -> None:
    # LBK 1877/2021 section 63(2): two years for someone who lived in a section 110 facility.
    (tmp_path / "case.yaml").write_text(
        "case: W-1\non: 2022-03-01\nschemes: [transitional.placement]\n"
        "facts: {person: {housing_before: section_110}, dwelling: {kind: family, owner: organisation}, agreement: {transitional: true}}\n"
    )
    done = run(installed, tmp_path, "decide", "case.yaml", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    said = json.loads(done.stdout)
    assert (said["case"], said["scheme"], said["outcome"]) == ("W-1", "transitional.placement", "granted"), said


def test_the_installed_copy_knows_agreements_and_examples(installed: Path, tmp_path: Path) -> None:
    where = subprocess.run(
        [sys.executable, "-c", "import subsidyengine; print(subsidyengine.__file__)"],
        cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(installed)}, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert Path(where.strip()).is_relative_to(installed)
    checked = run(installed, tmp_path, "rules", "check", "--lang", "en")
    assert checked.returncode == 0
    assert checked.stdout.startswith("sound: ")
    listed = run(installed, tmp_path, "allocate", "agreements", "--json")
    assert (listed.returncode, len(listed.stdout.splitlines())) == (0, len(list((ROOT / "rules" / "agreements").glob("*.yaml"))) - 1)
    assert run(installed, tmp_path, "demo").returncode == 0
