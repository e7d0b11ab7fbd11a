"""From a letter to a tagged PDF (PDF/UA-1 and PDF/A-2a) with typst. The same letter and templates give the same bytes."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, time
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from ..words import Message, quoted, say
from .models import Letter

if TYPE_CHECKING:
    import typst

#: Accessible for screen readers, and fit for the archive.
STANDARDS: list[Literal["ua-1", "a-2a"]] = ["ua-1", "a-2a"]
_HERE = Path(__file__).parent
_AT = re.compile(r"┌─ (?P<file>[^\n]+?):(?P<line>\d+):(?P<column>\d+)")


class TemplateError(ValueError):
    """A template cannot be used. ``place`` is ``file:line:column`` where typst names one."""

    def __init__(self, message: Message, place: str) -> None:
        super().__init__(f"{place}: {message}")
        self.message, self.place = message, place


class MissingExtra(RuntimeError):
    """typst is not installed."""


def shipped_templates() -> Path:
    """The template folder that comes with the program."""
    return _HERE / "templates"


def pdf(letter: Letter, templates: Path | None = None) -> bytes:
    """The letter as a PDF. ``templates``: a folder of the municipality's own. TemplateError; MissingExtra without typst."""
    return _compile(letter, templates, format="pdf", pdf_standards=STANDARDS)[0]


def pictures(letter: Letter, templates: Path | None = None, ppi: int = 100) -> list[bytes]:
    """The pages as PNG pictures, to look at."""
    return _compile(letter, templates, format="png", ppi=ppi)


def _compile(letter: Letter, templates: Path | None, **how: Any) -> list[bytes]:
    folder = templates or shipped_templates()
    main = folder / f"{letter.kind}.typ"
    if not main.is_file():
        message = say("no such template; 'subsidyengine letter templates DIR' copies the shipped ones into a new folder")
        raise TemplateError(message, str(main))
    data = json.dumps(letter.for_template(), ensure_ascii=False)
    compiler = _compiler(folder.resolve())
    import typst

    try:
        made = compiler.compile(main.resolve(), sys_inputs={"letter": data}, timestamp=_midnight(letter), **how)
    except typst.TypstError as error:
        raise _template_error(error, folder) from None
    return made if isinstance(made, list) else [made or b""]


def _midnight(letter: Letter) -> datetime:
    return datetime.combine(letter.dated, time(), UTC)


@cache
def _compiler(folder: Path) -> typst.Compiler:
    """A compiler of one template folder; fonts are those of the program and the folder's own, never the machine's."""
    try:
        import typst
    except ImportError:
        raise MissingExtra(say("letters need an extra: pip install 'subsidyengine[letters]'")) from None
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[_HERE / "fonts", folder])
    return typst.Compiler(root=folder, font_paths=fonts)


def _template_error(error: typst.TypstError, folder: Path) -> TemplateError:
    """Where and what is wrong: the first place that typst names, and the hints that it gives."""
    match = _AT.search(getattr(error, "diagnostic", "") or "")
    place = f"{_in_folder(match['file'], folder)}:{match['line']}:{match['column']}" if match else str(folder)
    hints = "".join(f" ({hint})" for hint in getattr(error, "hints", None) or ())
    return TemplateError(quoted(f"{error.message}{hints}"), place)


def _in_folder(file: str, folder: Path) -> Path:
    """typst names a file from the working folder, by whatever way leads there; a reader knows it from the template folder."""
    path = Path(file).resolve()
    return folder / path.relative_to(folder.resolve()) if path.is_relative_to(folder.resolve()) else Path(file)
