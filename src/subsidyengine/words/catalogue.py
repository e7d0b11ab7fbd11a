"""The Danish texts: ``da/*.toml``, one file a room, read when the first of them is needed."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from .message import Lang, Message

FOLDER = Path(__file__).parent / "da"
#: Texts that come from libraries: known by their form, not by a template of ours.
LIBRARIES = "libraries.toml"

_PART = re.compile(r"\{(\w+)\}")


def translated(text: str, lang: Lang) -> str:
    """``text`` in ``lang``. Only a Message can be translated; any other text, such as a name, is given back as it is."""
    if lang == "en" or not isinstance(text, Message):
        return text
    danish = _texts().get(text.template)
    if danish is not None:
        return danish.format_map({name: translated(part, lang) for name, part in text.parts.items()})
    for form, written in _forms():
        if match := form.fullmatch(text):
            return written.format_map(match.groupdict())
    return text


def danish_of(text: str) -> str | None:
    """The Danish of a help text or another text without parts; None when there is none."""
    return _texts().get(text)


def read_texts(file: str) -> dict[str, str]:
    """One file of texts: English to Danish."""
    import tomllib  # English needs none of it

    return {str(english): str(danish) for english, danish in tomllib.loads((FOLDER / file).read_text(encoding="utf-8")).items()}


def files() -> list[str]:
    """The files of texts, without that of the libraries."""
    return sorted(path.name for path in FOLDER.glob("*.toml") if path.name != LIBRARIES)


@lru_cache(maxsize=1)
def _texts() -> dict[str, str]:
    found: dict[str, str] = {}
    for file in files():
        found |= read_texts(file)
    return found


@lru_cache(maxsize=1)
def _forms() -> list[tuple[re.Pattern[str], str]]:
    """Each text of a library as a pattern, its parts as named groups."""
    return [(_form(english), danish) for english, danish in read_texts(LIBRARIES).items()]


def _form(english: str) -> re.Pattern[str]:
    pieces = _PART.split(english)  # literal text and names of parts by turns
    for index, piece in enumerate(pieces):
        pieces[index] = f"(?P<{piece}>.+?)" if index % 2 else re.escape(piece.replace("{{", "{").replace("}}", "}"))
    return re.compile("".join(pieces), re.DOTALL)
