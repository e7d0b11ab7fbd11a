"""R_WHY: where the law is not known, the rule says why."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..problems import Problem
from ..schema import SchemeForm, SchemeOverlayForm
from ..source import Document, Path


def check(document: Document, form: SchemeForm | SchemeOverlayForm) -> Iterator[Problem]:
    """Every version of a condition, value, amount and period of a scheme."""
    for path, what, key, text, why in _formulas(form):
        if why is None and text is not None and text.strip() == "unknown":
            # One version may stand alone, without a list.
            place = document.place(path if path in document.places else path[:-1])
            yield Problem(place, "R_WHY", f"{what}: '{key}: unknown' needs 'why': the reason, in both languages")


def _formulas(form: Any) -> Iterator[tuple[Path, str, str, str | None, object]]:
    for name, versions in form.conditions.items():
        for index, v in enumerate(versions):
            yield ("conditions", name, index), f"condition {name}", "holds", v.holds, v.why
    if isinstance(form, SchemeOverlayForm):
        return
    for name, values in form.values.items():
        for index, v in enumerate(values):
            yield ("values", name, index), f"value {name}", "is", v.is_, v.why
    groups = (("parts", form.parts), ("routes", form.routes))
    clauses: list[tuple[Path, str, Any]] = [((), "", form)]
    clauses += [((group, name), f" of {name}", c) for group, given in groups for name, c in given.items()]
    for base, of, clause in clauses:
        for index, a in enumerate(clause.amount or ()):
            yield (*base, "amount", index), f"amount{of}", "is", a.is_, a.why
        for index, p in enumerate(clause.period or ()):
            yield (*base, "period", index), f"period{of}", "from", p.from_, p.why
            yield (*base, "period", index), f"period{of}", "to", p.to, p.why
