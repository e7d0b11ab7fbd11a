"""Finding the rulebook, and keeping its read form so that the next start is quick.

Reading a few thousand lines of YAML and checking every formula takes about a second. The checked rulebook is kept in the
user's cache folder under the hash of its files and of this program; a changed file gives another hash, so nothing stale is used.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .. import __version__
from ..words import say
from .book import Rulebook
from .content import content_hash
from .load import build, read_texts
from .overlay import apply_overlay, day_of, overlaid_hash
from .problems import Problem, RulebookError
from .source import Place


def shipped_folder() -> Path:
    """The rules that came with the program: beside the package in a wheel, at the top of a source checkout."""
    package = Path(__file__).resolve().parents[1]
    inside = package / "_rules"
    return inside if inside.is_dir() else package.parents[1] / "rules"


@dataclass(frozen=True, slots=True)
class Layer:
    """The files of one folder of rules by relative name: the rulebook itself (without a name), or an overlay."""

    name: str
    texts: dict[str, str]
    unreadable: tuple[Problem, ...] = ()


def read_layers(folder: Path | None = None, overlays: tuple[Path, ...] = ()) -> list[Layer]:
    """The texts of ``folder`` (default: the shipped rules) and of the overlays over it, each by its own day: all that ``build_layers``
    needs, today or in ten years. RulebookError for a folder that is not there."""
    folder = folder or shipped_folder()
    if not folder.is_dir():
        raise RulebookError([Problem(Place(str(folder), 1), "Y_SYNTAX", say("no such folder of rules"))])
    base = _layer("", folder)
    layers = []
    for path in overlays:
        if not path.is_dir():
            raise RulebookError([Problem(Place(str(path), 1), "Y_SYNTAX", say("no such folder of an overlay"))])
        layers.append(_layer(path.name, path))
    return [base, *sorted(layers, key=lambda layer: day_of(layer.name, layer.texts))]


def _layer(name: str, folder: Path) -> Layer:
    texts, unreadable = read_texts(folder, name)
    return Layer(name, texts, tuple(unreadable))


def layers_hash(layers: Sequence[Layer]) -> str:
    """The hash that the rulebook of these layers has."""
    found = content_hash(layers[0].texts)
    for layer in layers[1:]:
        found = overlaid_hash(found, layer.texts)
    return found


def build_layers(layers: Sequence[Layer], cache: bool = True) -> Rulebook:
    """The rulebook of layers, the first one lowest. RulebookError with every problem."""
    marks = [content_hash(layers[0].texts), *(f"{layer.name} {content_hash(layer.texts)}" for layer in layers[1:])]
    kept = _kept_file(marks) if cache and not any(layer.unreadable for layer in layers) else None
    if kept is not None and (found := _read_kept(kept)) is not None:
        return found
    rulebook, problems = build(layers[0].texts, layers[0].unreadable)
    if problems:
        raise RulebookError(problems)
    for layer in layers[1:]:
        rulebook = apply_overlay(rulebook, layer.name, layer.texts, layer.unreadable)
    if kept is not None:
        _keep(kept, rulebook)
    return rulebook


def open_rulebook(folder: Path | None = None, overlays: tuple[Path, ...] = (), cache: bool = True) -> Rulebook:
    """The rulebook of ``folder`` (default: the shipped one) with ``overlays`` laid over it, each by its own day
    (those of one day in the order given).

    Raises RulebookError with every problem.
    """
    return build_layers(read_layers(folder, overlays), cache)


def _kept_file(marks: list[str]) -> Path | None:
    """Where this rulebook is kept; None for a user without a home."""
    try:
        base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    except RuntimeError:
        return None
    code = hashlib.sha256("\n".join([__version__, _code_mark(), *marks]).encode()).hexdigest()
    return Path(base) / "subsidyengine" / f"rulebook-{code[:32]}.pickle"


def _code_mark() -> str:
    """Changes with every change of the code that builds the kept form."""
    package = Path(__file__).resolve().parents[1]
    marks = []
    for room in ("formula", "rulebook", "inference"):
        for path in sorted((package / room).rglob("*.py")):
            stat = path.stat()
            marks.append(f"{path.name}{stat.st_size}{stat.st_mtime_ns}")
    return "".join(marks)


def _read_kept(path: Path) -> Rulebook | None:
    """The kept rulebook; None when there is none, when it is not ours or when it cannot be read."""
    try:
        if path.stat().st_uid != os.getuid():
            return None
        found = pickle.loads(path.read_bytes())
    except Exception:  # bytes that are no pickle of ours can raise anything
        return None
    return found if isinstance(found, Rulebook) else None


def _keep(path: Path, rulebook: Rulebook) -> None:
    """Keep for the next start; a cache that cannot be written is no error."""
    made: Path | None = None
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            made = Path(file.name)
            file.write(pickle.dumps(rulebook, protocol=pickle.HIGHEST_PROTOCOL))
        made.replace(path)
        for old in sorted(path.parent.glob("rulebook-*.pickle"), key=lambda p: p.stat().st_mtime)[:-8]:
            old.unlink(missing_ok=True)
    except OSError:
        if made is not None:
            made.unlink(missing_ok=True)
