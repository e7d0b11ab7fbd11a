"""Every text that the program can say to somebody, found in its source."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import typer

import subsidyengine
from subsidyengine.cli.app import app
from subsidyengine.cli.help import folded, texts_of

SOURCE = Path(subsidyengine.__file__).parent


def trees() -> Iterator[tuple[str, ast.Module]]:
    """Each module of the program: its name and its tree."""
    for path in sorted(SOURCE.rglob("*.py")):
        yield path.relative_to(SOURCE).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def calls(tree: ast.AST, *names: str) -> Iterator[ast.Call]:
    """Calls of the functions or methods of these names."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id if isinstance(node.func, ast.Name) else ""
            if called in names:
                yield node


def templates() -> dict[str, str]:
    """Every template of ``say``, and a place where it stands."""
    found: dict[str, str] = {}
    for name, tree in trees():
        for call in calls(tree, "say"):
            if isinstance(call.func, ast.Attribute):
                continue  # other rooms have methods of that name
            template = call.args[0]
            assert isinstance(template, ast.Constant), f"{name}:{call.lineno}: a template is a literal"
            found.setdefault(str(template.value), f"{name}:{call.lineno}")
    return found


def help_texts() -> dict[str, str]:
    """Every text of the help pages, and the command that shows it."""
    found: dict[str, str] = {}
    for owner, name in texts_of(typer.main.get_command(app)):
        text = getattr(owner, name, None)
        if isinstance(text, str) and text:
            found.setdefault(folded(text), f"{owner.name} {name}")
    return found
