"""docs/agreements.md: its examples load, and it names every key, value and code there is."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from pydantic import BaseModel

from subsidyengine.allocation import forms
from subsidyengine.allocation.sequence import run
from subsidyengine.allocation.terms import PARAMETERS
from subsidyengine.allocation.vacancies import Vacancy

PAGE = (Path(__file__).parents[3] / "docs" / "agreements.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
SOURCES = Path(forms.__file__).parent


@pytest.fixture
def examples(read):
    agreements, problems = read({f"example-{n}": text for n, text in enumerate(EXAMPLES)})
    assert not problems, "\n".join(map(str, problems))
    return agreements


def vacancies(town, organisation, **more):
    return [
        Vacancy(f"v{n}", organisation, date(2026, 3, n), n, "t.csv", municipality=town, department="1", kind="family", rent=5000, **more)
        for n in range(1, 9)
    ]


def test_the_example_agreement_shares_out_vacancies_as_it_says(examples):
    draws = run(vacancies("Vores Kommune", "Boligforeningen"), examples, date(2026, 12, 31)).draws
    # A third of department 1, the first of each three; of the rest every second flexible, then every second internal.
    assert [d.turn for d in draws if d.turn == "municipal"] == ["municipal"] * 3
    assert [n for n, d in enumerate(draws, 1) if d.turn == "municipal"] == [1, 4, 7]
    assert {d.terms.id for d in draws} == {"vores-kommune-2026"}


def test_the_example_decision_gives_every_fourth(examples):
    draws = run(vacancies("Nabokommune", "Hvem som helst"), examples, date(2026, 12, 31)).draws
    assert [n for n, d in enumerate(draws, 1) if d.turn == "municipal"] == [4, 8]
    assert not any(d.missing for d in draws)


def keys(form: type[BaseModel]) -> set[str]:
    return {field.alias or name for name, field in form.model_fields.items()}


@pytest.mark.parametrize(
    "form",
    [forms.AgreementForm, forms.RightForm, forms.StepForm, forms.CriterionForm, forms.SpreadForm, forms.AnswerForm, forms.GuaranteeForm,
     forms.CompensationForm, forms.DecisionForm, forms.LimitsForm],
)  # fmt: skip
def test_every_key_is_described(form):
    missing = [key for key in keys(form) - {"says", "why", "settled"} if not re.search(rf"\b{key}\b", PAGE)]
    assert not missing


def test_every_parameter_and_value_is_described():
    table = PAGE[PAGE.index("### `counting`") : PAGE.index("### `rights`")]
    values = {value for name in PARAMETERS for value in _values(name)}
    assert not [word for word in {*PARAMETERS, *values} if f"`{word}`" not in table]


def _values(name: str) -> tuple[str, ...]:
    text = str(forms.CountingForm.model_fields[name].annotation)
    form = getattr(forms, re.search(r"forms\.(\w+)", text)[1])
    return form.model_fields["is_"].annotation.__args__


def test_every_code_is_described():
    codes = {
        code for path in [SOURCES / "load.py", *(SOURCES / "lint").glob("*.py")] for code in re.findall(r'"(A_[A-Z]+)"', path.read_text())
    }
    assert codes
    assert not [code for code in codes if f"`{code}`" not in PAGE]
