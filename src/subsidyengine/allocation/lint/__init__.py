"""What an agreement may not be, or may not leave open. One small file a rule; each message names what it rests on.

``LINTS`` look at one agreement, ``TOGETHER`` at all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from ...rulebook import Problem, Rulebook
from ..terms import Terms
from . import basis, ceiling, criteria, days, decision, flexible, kinds, order, others, overlap, private, replaced, residence, spread, why

Lint = Callable[[Terms, Rulebook], Iterator[Problem]]

LINTS: tuple[Lint, ...] = (
    basis.check, ceiling.check, criteria.check, days.check, decision.check, flexible.check, kinds.check, order.check, others.check,
    private.check, residence.check, spread.check, why.check,
)  # fmt: skip
TOGETHER: tuple[Callable[[Mapping[str, Terms]], Iterator[Problem]], ...] = (overlap.check, replaced.check)
