"""An English text that remembers its template and its parts, so that it can be said in Danish later."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

Lang = Literal["da", "en"]


class Message(str):
    """English text, made of ``template`` and ``parts``; for all else a plain str, also when compared, sorted or pickled."""

    __slots__ = ("parts", "template")

    template: str
    parts: Mapping[str, str]

    def __new__(cls, template: str, parts: Mapping[str, str]) -> Message:
        message = super().__new__(cls, template.format_map(parts))
        message.template, message.parts = template, parts
        return message

    def __str__(self) -> str:
        # str(error) must give the message of an exception back as it was put in.
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return (Message, (self.template, self.parts))


def say(template: str, /, **parts: object) -> Message:
    """``template`` with its ``{names}`` filled in. A part that is a Message is translated with the whole.

    The template is a literal, with an entry in ``da/*.toml`` (a test finds those that lack one). Braces are doubled, as for str.format.
    """
    return Message(template, {name: str(part) for name, part in parts.items()})


def quoted(text: str) -> Message:
    """What a library said, in English: translated where ``da/libraries.toml`` knows the text, else left as it is."""
    return Message(text.replace("{", "{{").replace("}", "}}"), {})
