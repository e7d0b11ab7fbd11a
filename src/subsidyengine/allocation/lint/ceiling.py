"""A_CEILING: no share above what its basis allows, and rights that count the same vacancies give out no more than there are."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from ...rulebook import Problem, Rulebook
from ...words import say
from ..terms import Step, Terms


def check(terms: Terms, rulebook: Rulebook) -> Iterator[Problem]:
    """Every share, and for every kind of dwelling the sum of those counted on the whole stream."""
    for right in terms.rights:
        basis = right.basis
        for number, step in enumerate(right.steps):
            if step.share is None or basis.ceiling is None or step.share <= basis.ceiling or not _meets(terms, step, basis.ceiling_from):
                continue
            law = rulebook.cite_text(basis.cites)
            message = say(
                "{right}: a share of {share} is above {most}, the most that {basis} allows ({law})",
                right=right.name, share=step.share, most=basis.ceiling, basis=basis.key, law=law,
            )  # fmt: skip
            yield Problem(terms.step_at(right, number), "A_CEILING", message)
    yield from _sums(terms)


def _meets(terms: Terms, step: Step, since: date | None) -> bool:
    """Does the step hold on a day of the ceiling?"""
    last = min((day for day in (step.until, terms.until) if day is not None), default=None)
    return since is None or last is None or last >= since


def _sums(terms: Terms) -> Iterator[Problem]:
    """How two rights add up is not settled by law; that they cannot come to more than every vacancy is arithmetic."""
    counted = [r for r in terms.rights if r.counts == "stream" and r.steps]
    departments = sorted({d for r in counted for s in r.steps for d in s.departments}) or [""]
    days = sorted({s.from_ for r in counted for s in r.steps if s.from_} | {terms.from_ or date.min})
    for kind in sorted({k for r in counted for k in r.kinds}):
        for department in [*departments, ""]:
            for day in days:
                found = [(r.name, r.share_at(department, day)) for r in counted if kind in r.kinds]
                shares = [(name, Fraction(share)) for name, share in found if share]
                whole = sum((share for _, share in shares), Fraction(0))
                if whole > 1:
                    named = " + ".join(f"{name} {share}" for name, share in shares)
                    where = say(" in department {name}", name=department) if department else ""
                    message = say(
                        "the rights that count every vacancy come to more than all dwellings of kind {kind}{where}: {named} = {whole}",
                        kind=kind, where=where, named=named, whole=whole,
                    )  # fmt: skip
                    yield Problem(terms.at("rights"), "A_CEILING", message)
                    return
