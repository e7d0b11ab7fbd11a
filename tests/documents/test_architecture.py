"""The rooms keep to docs/architecture.md: who may import whom, and what of it."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import subsidyengine

ROOT = Path(__file__).parents[2]
SOURCE = Path(subsidyengine.__file__).parent
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
ROOMS = re.findall(r"^\| `(\w+)/` \|", PAGE, re.MULTILINE)
FACES = {face for row in re.findall(r"^\| (`\w+\.\w+`.*?) \|", PAGE, re.MULTILINE) for face in re.findall(r"`([\w.]+)`", row)}
UPPER = set(re.findall(r"`(\w+)/`", re.findall(r"`cli/` may name the modules of (.*?):", PAGE)[0]))


def public(room: str) -> set[str]:
    """The names in the ``__all__`` of a room."""
    for node in ast.parse((SOURCE / room / "__init__.py").read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return set(ast.literal_eval(node.value))
    raise AssertionError(f"{room}/__init__.py has no __all__")


def imports(tree: ast.AST, package: tuple[str, ...]) -> Iterator[tuple[int, str, list[str]]]:
    """Every import of this program: line, module without ``subsidyengine.``, names (none for ``import module``)."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found = [(alias.name, [""]) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            found = [(".".join((*base, *filter(None, [node.module]))), [alias.name for alias in node.names])]
        else:
            continue
        yield from (
            (node.lineno, m.removeprefix("subsidyengine").removeprefix("."), n) for m, n in found if m.split(".")[0] == "subsidyengine"
        )


def faults(text: str, module: str) -> list[str]:
    """What the module at ``module`` (``facts/read.py``) may not import."""
    path = Path(module)
    room = path.parts[0]
    found = []
    for line, where, names in imports(ast.parse(text), ("subsidyengine", *path.parts[:-1])):
        for name in names:
            other, *inner = (part for part in (where or name).split(".") if part)
            if other == room or other not in ROOMS:
                continue  # its own, or the version of the program
            if ROOMS.index(other) < ROOMS.index(room):
                found.append(f"{module}:{line}: {room}/ imports {other}/, which stands above it")
            if room == "cli" and other in UPPER:
                continue
            taken = name if where else ""
            if f"{other}.{'.'.join(inner) or taken}" not in FACES and (inner or taken not in public(other)):
                found.append(f"{module}:{line}: {'.'.join(filter(None, (other, *inner, taken)))} is private")
    return found


def test_every_room_stands_in_the_list() -> None:
    folders = {path.parent.name for path in SOURCE.glob("*/__init__.py")}
    assert folders == set(ROOMS)
    assert len(ROOMS) == len(set(ROOMS))


def test_rooms_import_only_public_names_of_rooms_below() -> None:
    found = [
        fault
        for path in sorted(SOURCE.rglob("*.py"))
        if len(path.relative_to(SOURCE).parts) > 1
        for fault in faults(path.read_text(encoding="utf-8"), path.relative_to(SOURCE).as_posix())
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("face", sorted(FACES))
def test_second_faces_are_used_and_said_in_the_room(face: str) -> None:
    module = SOURCE / f"{face.replace('.', '/')}.py"
    assert "face of the room" in (ast.get_docstring(ast.parse(module.read_text(encoding="utf-8"))) or "")


@pytest.mark.parametrize(
    ("module", "text", "said"),
    [
        ("facts/read.py", "from ..rulebook import Rulebook", ""),
        ("facts/read.py", "from ..rulebook.book import Rulebook", "rulebook.book.Rulebook is private"),
        ("facts/read.py", "def f():\n    from subsidyengine.rulebook.book import Rulebook", "rulebook.book.Rulebook is private"),
        ("facts/read.py", "import subsidyengine.rulebook.book", "rulebook.book is private"),
        ("facts/read.py", "from ..rulebook import book", "rulebook.book is private"),
        ("facts/read.py", "from .. import rulebook", "rulebook is private"),
        ("facts/read.py", "from ..decision import Reading", "facts/ imports decision/, which stands above it"),
        ("rulebook/lint/why.py", "from ...formula import Formula", ""),
        ("rulebook/lint/why.py", "from ...formula.types import number", "formula.types.number is private"),
        ("portfolio/page.py", "from ..formula import exact", ""),
        ("portfolio/page.py", "from ..formula.columns import Cell", ""),
        ("portfolio/page.py", "from ..ledger.replay import replay", "portfolio/ imports ledger/, which stands above it"),
        ("cli/forecast.py", "from ..portfolio.words import WORDS", ""),
        ("cli/forecast.py", "from ..facts.words import Convert", "facts.words.Convert is private"),
        ("ledger/records.py", "from .. import __version__", ""),
    ],
)
def test_what_counts_as_a_fault(module: str, text: str, said: str) -> None:
    found = faults(text, module)
    assert found == [] if not said else len(found) == 1 and found[0].endswith(said)


HEAVY = {
    "alembic",
    "altair",
    "cryptography",
    "duckdb",
    "fastexcel",
    "ibis",
    "icalendar",
    "jinja2",
    "numpy",
    "pyarrow",
    "sqlalchemy",
    "typst",
}


@pytest.mark.parametrize(
    ("command", "rooms"),
    [
        ("--help", {"cli", "words"}),
        ("decide fixtures/cases/transitional-placement-elderly-nobody-waiting.yaml", {"cli", *ROOMS[ROOMS.index("document") :]}),
    ],
)
def test_a_command_loads_what_it_runs(command: str, rooms: set[str]) -> None:
    script = """if True:
        import atexit, sys
        atexit.register(lambda: print(*sys.modules, file=sys.stderr))
        from subsidyengine.cli import main
        main()
    """
    done = subprocess.run([sys.executable, "-c", script, *command.split()], capture_output=True, text=True, check=False, cwd=ROOT)
    *said, loaded = done.stderr.splitlines()
    assert (done.returncode, said) == (0, [])
    assert not HEAVY & set(loaded.split())
    assert {m.split(".")[1] for m in loaded.split() if m.startswith("subsidyengine.")} == rooms
