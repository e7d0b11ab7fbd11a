"""A_FLEXIBLE: who picks the tenant is for the law to say.

The municipality may not carry out flexible letting (§ 60) itself, and in § 59 it picks the tenant itself, individually.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...rulebook import Problem, Rulebook
from ...words import say
from ..terms import Terms

_WHO = {"municipality": say("municipality"), "organisation": say("housing organisation"), "landlord": say("landlord")}


def check(terms: Terms, rulebook: Rulebook) -> Iterator[Problem]:
    """A right that the agreement leaves to somebody else than its basis does."""
    for right in terms.rights:
        if right.let_by == right.basis.drawn_by:
            continue
        at = terms.at("rights", right.index, "let_by")
        if right.basis.key == "section_60" and right.let_by == "municipality":
            message = say(
                "{right}: letting under almenboligloven § 60 belongs to the organisation; the municipality may not do it itself "
                "(tilsynssag Fredensborg 2018-19)",
                right=right.name,
            )
        else:
            message = say(
                "{right}: under {basis} ({law}) it is the {who} that picks the tenant, not the {other}",
                right=right.name, basis=right.basis.key, law=rulebook.cite_text(right.basis.cites),
                who=_WHO[right.basis.drawn_by], other=_WHO[right.let_by],
            )  # fmt: skip
        yield Problem(at, "A_FLEXIBLE", message)
