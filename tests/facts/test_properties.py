"""Whatever comes in, a Case or a CaseError comes out, and every way to write a case is the same case."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from subsidyengine.facts import Case, CaseError, case_from_data, read_cases
from subsidyengine.formula import exact_decimal

SETTINGS = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=100)

DAYS = st.dates(date(1900, 1, 1), date(2200, 1, 1))
MONEY = st.decimals(Decimal(0), Decimal(10**9), places=2)
VALUES = {
    "person.special_social_problems": st.booleans(),
    "person.housing_before": st.sampled_from(["section_107", "section_110", "street"]),
    "person.birth_date": DAYS,
    "household.adults": st.integers(0, 10**6),
    "household.wealth": MONEY,
    "dwelling.department": st.text(st.characters(codec="utf-8", categories=["L", "N", "P"]), min_size=1),
    "lease.rent": MONEY,
    "relabelling.vacant_on": st.lists(DAYS, min_size=1, unique=True),
}
CASES = st.fixed_dictionaries({}, optional=VALUES)


def written(value):
    """A value as text in a table."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return " ".join(map(written, value))
    return value.isoformat() if isinstance(value, date) else str(value)


def nest(facts):
    tree = {}
    for name, value in facts.items():
        group, last = name.split(".")
        tree.setdefault(group, {})[last] = value
    return tree


def values(case):
    assert isinstance(case, Case), str(case)
    return {name: [g.value for g in given] for name, given in case.facts.items()}


@SETTINGS
@given(CASES)
def test_nested_dotted_json_and_tables_are_the_same_case(vocabulary, rulebook, tmp_path, facts):
    expected = values(case_from_data({"facts": facts}, vocabulary))
    assert values(case_from_data({"facts": nest(facts)}, vocabulary)) == expected
    line = json.dumps({"facts": nest(facts)}, default=str, ensure_ascii=False)
    assert [values(c) for c in read_cases(["-"], rulebook, stdin=io.StringIO(line))] == [expected]

    def table(name, separator, rows):
        with (tmp_path / name).open("w", newline="", encoding="utf-8") as file:
            csv.writer(file, delimiter=separator).writerows(rows)
        return [values(c) for c in read_cases([tmp_path / name], rulebook)]

    cells = [written(v) for v in facts.values()]
    wide = [["case", *facts], ["A", *cells]]
    assert table("wide.csv", ",", wide) == [expected]
    danish = [c.replace(".", ",") if isinstance(v, Decimal) else c for c, v in zip(cells, facts.values(), strict=True)]
    assert table("danish.csv", ";", [wide[0], ["A", *danish]]) == [expected]
    long = [["case", "fact", "value"], *(["A", name, cell] for name, cell in zip(facts, cells, strict=True))]
    assert table("long.csv", ",", long) == ([expected] if facts else [])


@SETTINGS
@given(st.decimals(Decimal(-(10**12)), Decimal(10**12), places=4))
def test_money_keeps_its_value_to_the_last_decimal(vocabulary, amount):
    for form in (amount, str(amount), f"{amount:f}"):
        case = case_from_data({"facts": {"household.wealth": form}}, vocabulary)
        value = case.facts["household.wealth"][0].value
        assert isinstance(value, int | Fraction)
        assert exact_decimal(value) == amount


KEYS = st.text(max_size=6) | st.integers() | st.sampled_from(
    ["case", "on", "known", "schemes", "facts", "lease", "rent", "lease.rent", "dwelling", "kind", "value", "from", "source",
     "received", "by", "why", "until", "relabelling.vacant_on", "household", "adults", "benefit.applied", "dwelling.department"]
)  # fmt: skip
ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.decimals() | st.text() | st.dates() | st.datetimes() | st.binary(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


def outcome(data, vocabulary):
    try:
        return case_from_data(data, vocabulary)
    except CaseError as error:
        return error


@SETTINGS
@given(ANY, st.dictionaries(KEYS, ANY))
def test_no_data_crashes(vocabulary, data, facts):
    for document in (data, {"facts": data}, {"case": data, "on": data, "schemes": data, "facts": facts}):
        found = outcome(document, vocabulary)
        if isinstance(found, CaseError):
            assert len(str(found).splitlines()) == len(found.problems) > 0
            str(found).encode()
        else:
            assert all(given for given in found.facts.values())


@SETTINGS
@given(st.dictionaries(st.sampled_from(list(VALUES)), ANY))
def test_no_value_of_a_known_fact_crashes(vocabulary, facts):
    found = outcome({"facts": facts}, vocabulary)
    if isinstance(found, CaseError):
        assert all(any(p.path.startswith(name) for name in VALUES) for p in found.problems)


@SETTINGS
@given(st.binary() | st.text(st.sampled_from('{}[]",:;-#\n .0eaft'), max_size=60).map(str.encode))
@pytest.mark.parametrize("suffix", ["yaml", "json", "ndjson", "csv", "xlsx", "parquet"])
def test_no_file_crashes(rulebook, tmp_path, suffix, content):
    path = tmp_path / f"f.{suffix}"
    path.write_bytes(content)
    assert all(isinstance(found, Case | CaseError) for found in read_cases([path], rulebook))
    if suffix in ("yaml", "json"):
        assert all(isinstance(found, Case | CaseError) for found in read_cases(["-"], rulebook, stdin=io.BytesIO(content)))
