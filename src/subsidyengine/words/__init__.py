"""Texts of the program in Danish and English.

Code writes English: ``say("unknown fact '{name}'", name=name)`` is an English str that remembers how it was made. A face turns it
into the language asked for with ``translated(text, lang)``; the Danish stands in ``da/*.toml``, English = Danish.
"""

from .catalogue import danish_of, translated
from .discreet import discreet
from .message import Lang, Message, quoted, say

__all__ = ["Lang", "Message", "danish_of", "discreet", "quoted", "say", "translated"]
