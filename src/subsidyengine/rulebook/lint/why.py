"""R_WHY: where the law is not known, the rule says why."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ...words import say
from ..problems import Problem
from ..schema import SchemeForm, SchemeOverlayForm
from ..source import Document, Path
from .items import amount_of, period_of


def check(document: Document, form: SchemeForm | SchemeOverlayForm) -> Iterator[Problem]:
    """Every version of a condition, value, amount and period of a scheme."""
    for path, what, key, text, why in _formulas(form):
        if why is None and text is not None and text.strip() == "unknown":
            # One version may stand alone, without a list.
            place = document.place(path if path in document.places else path[:-1])
            message = say("{what}: '{key}: unknown' needs 'why': the reason, in both languages", what=what, key=key)
            yield Problem(place, "R_WHY", message)


def _formulas(form: Any) -> Iterator[tuple[Path, str, str, str | None, object]]:
    for name, versions in form.conditions.items():
        for index, v in enumerate(versions):
            yield ("conditions", name, index), say("condition {name}", name=name), "holds", v.holds, v.why
    if isinstance(form, SchemeOverlayForm):
        return
    for name, values in form.values.items():
        for index, v in enumerate(values):
            yield ("values", name, index), say("value {name}", name=name), "is", v.is_, v.why
    groups = (("parts", form.parts), ("routes", form.routes))
    clauses: list[tuple[Path, str, Any]] = [((), "", form)]
    clauses += [((group, name), name, c) for group, given in groups for name, c in given.items()]
    for base, name, clause in clauses:
        for index, a in enumerate(clause.amount or ()):
            yield (*base, "amount", index), amount_of(name), "is", a.is_, a.why
        for index, p in enumerate(clause.period or ()):
            yield (*base, "period", index), period_of(name), "from", p.from_, p.why
            yield (*base, "period", index), period_of(name), "to", p.to, p.why
