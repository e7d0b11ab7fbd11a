"""Finding the rulebook, and keeping its read form so that the next start is quick.

Reading a few thousand lines of YAML and checking every formula takes about a second. The checked rulebook is kept in the
user's cache folder under the hash of its files and of this program; a changed file gives another hash, so nothing stale is used.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import tempfile
from pathlib import Path

from .. import __version__
from ..words import say
from .book import Rulebook
from .content import content_hash
from .load import build, read_texts
from .overlay import apply_overlay, day_of
from .problems import Problem, RulebookError
from .source import Place


def shipped_folder() -> Path:
    """The rules that came with the program: beside the package in a wheel, at the top of a source checkout."""
    package = Path(__file__).resolve().parents[1]
    inside = package / "_rules"
    return inside if inside.is_dir() else package.parents[1] / "rules"


def open_rulebook(folder: Path | None = None, overlays: tuple[Path, ...] = (), cache: bool = True) -> Rulebook:
    """The rulebook of ``folder`` (default: the shipped one) with ``overlays`` laid over it, each by its own day
    (those of one day in the order given).

    Raises RulebookError with every problem.
    """
    folder = folder or shipped_folder()
    if not folder.is_dir():
        raise RulebookError([Problem(Place(str(folder), 1), "Y_SYNTAX", say("no such folder of rules"))])
    texts, unreadable = read_texts(folder)
    for path in overlays:
        if not path.is_dir():
            raise RulebookError([Problem(Place(str(path), 1), "Y_SYNTAX", say("no such folder of an overlay"))])
    layers = [(path.name, *read_texts(path, path.name)) for path in overlays]
    layers.sort(key=lambda layer: day_of(layer[0], layer[1]))
    sound = not unreadable and not any(bad for _, _, bad in layers)
    marks = [content_hash(texts), *(f"{name} {content_hash(t)}" for name, t, _ in layers)]
    kept = _kept_file(marks) if cache and sound else None
    if kept is not None and (found := _read_kept(kept)) is not None:
        return found
    rulebook, problems = build(texts, unreadable)
    if problems:
        raise RulebookError(problems)
    for name, overlay, bad in layers:
        rulebook = apply_overlay(rulebook, name, overlay, bad)
    if kept is not None:
        _keep(kept, rulebook)
    return rulebook


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
