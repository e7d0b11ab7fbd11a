"""The comparison with the scalar reading finds what it is there to find: each fault planted in the columns is seen."""

from __future__ import annotations

import ibis
import pytest

from subsidyengine.decision import Conclude
from subsidyengine.formula import cell, column_functions, columns, exact
from subsidyengine.portfolio import gather, page
from subsidyengine.rulebook import open_rulebook

from .agreement import differences, scalar
from .tables import cases_for
from .test_agreement import answers

BOOK, ROWS = open_rulebook(), 500


def before_instead_of_until(patch):
    patch.setitem(exact.COMPARISONS, "<=", lambda a, b: a < b)


def version_begins_a_day_late(patch):
    patch.setattr(page.Page, "begun", lambda self, day, from_, column=None: day > from_)


def sql_least_skips_what_is_unknown(patch):
    least = columns.FUNCTIONS["min"]
    patch.setitem(columns.FUNCTIONS, "min", lambda *v: least(*v) if isinstance(v[0], exact.Num) else ibis.least(*v))


def halves_are_rounded_down(patch):
    patch.setattr(exact, "rounded", lambda a, step, down, rounded=exact.rounded: rounded(a, step, True))


def month_ends_do_not_clip(patch):
    patch.setattr(
        columns, "shifted", lambda day, steps, sign: column_functions.shifted(day, column_functions.Steps("D", steps.count * 30, 10**9), sign)
    )  # fmt: skip


def unknown_counts_as_false(patch):
    def every(*flags, junction=cell.every):
        return junction(*flags).fill_null(False)

    patch.setattr(columns, "every", every)


def certainty_is_that_of_the_strongest_part(patch):
    patch.setattr(cell, "weakest_of", lambda *ranks: tuple(cell.every(*flags) for flags in zip(*ranks, strict=True)))


def refusal_rests_on_what_is_not_settled(patch):
    patch.setattr(page.Page, "setting", lambda self, name: cell.Cell(_value(self.rulebook.settings[name].value)))


def _value(value):
    return ibis.literal(value) if isinstance(value, bool) else exact.constant(value)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("plant", "scheme", "column"),
    [
        (before_instead_of_until, "transitional.subsidy", "finding.tenancy-begun"),
        (version_begins_a_day_late, "transitional.subsidy", "finding.target-group"),
        (sql_least_skips_what_is_unknown, "transitional.subsidy", "to"),
        (halves_are_rounded_down, "transitional.subsidy", "amount"),
        (month_ends_do_not_clip, "transitional.subsidy", "to"),
        (unknown_counts_as_false, "transitional.subsidy", "finding.target-group"),
        (certainty_is_that_of_the_strongest_part, "transitional.subsidy", "certainty"),
        (refusal_rests_on_what_is_not_settled, "transitional.subsidy", "outcome"),
    ],
)
def test_a_planted_fault_is_found(plant, scheme, column, monkeypatch):
    cases = cases_for(BOOK, scheme, ROWS, seed=23)
    conclude = Conclude(durable=False)
    wanted = {case.id: scalar(BOOK, scheme, case, conclude) for case in cases}
    plant(monkeypatch)
    rows = answers(BOOK, scheme, gather(cases, BOOK.facts))
    found = {wrong.split(":")[0] for id_, row in rows.items() for wrong in differences(row, wanted[id_])}
    assert column in found
