"""The decision document: the answer with all its reasons, as contract.md has it.

``decide(case, rulebook, scheme)`` is the way in; :class:`Document` the result, ``.to_json()`` its line.
"""

from .build import decide, document
from .models import Document

__all__ = ["Document", "decide", "document"]
