"""``known_since``: before that day every rule of the scheme is unknown, but for what says itself when the law began."""

from __future__ import annotations

from datetime import date

import pytest

from subsidyengine.document import decide
from subsidyengine.facts import case_from_data
from subsidyengine.rulebook.load import build

SINCE = "known_since:\n  day: {day}\n  why: {{da: Ikke læst., en: Not read.}}\n  cite: act § 1 [secondary]\n"
FACTS = {"home.kind": "room", "who.needy": True}


@pytest.fixture
def bounded(sound_texts):
    """``bounded(day, file)``: the sound rulebook with the line in one of its schemes."""

    def make(day, file="home/way.yaml", **more):
        texts = {**sound_texts, file: sound_texts[file].replace("touched_by:", SINCE.format(day=day) + "touched_by:", 1)}
        for old, new in more.get("change", ()):
            assert old in texts[file]
            texts[file] = texts[file].replace(old, new)
        book, problems = build(texts)
        assert not problems, "\n".join(map(str, problems))
        return book

    return make


def ask(book, on, scheme="home.way", **facts):
    data = {"case": "T", "on": date.fromisoformat(on), "facts": {**FACTS, **{k.replace("__", "."): v for k, v in facts.items()}}}
    return decide(case_from_data(data, book.facts), book, scheme, "en", durable=False)


@pytest.mark.parametrize(
    ("on", "needy", "outcome"),
    [
        ("2009-12-31", True, "undetermined"),
        ("2009-12-31", False, "undetermined"),
        ("2010-01-01", True, "granted"),
        ("2010-01-01", False, "refused"),
        ("1900-01-01", True, "undetermined"),
    ],
)
def test_last_day_before_and_first_day_of_the_known_law(bounded, on, needy, outcome):
    found = ask(bounded("2010-01-01"), on, who__needy=needy)
    assert found.outcome == outcome
    unknown = outcome == "undetermined"
    assert [(p.kind, p.rule, p.question) for p in found.open] == [("law_not_known", "home.way", "Not read.")] * unknown
    assert (found.certainty == "unknown") == unknown


def test_which_routes_there_were_is_not_known_either(bounded):
    book = bounded("2010-01-01")
    assert ask(book, "2010-01-01", home__kind="house").outcome == "refused"  # no route of today's law bears on a house
    found = ask(book, "2009-12-31", home__kind="house")
    assert (found.outcome, [p.rule for p in found.open]) == ("undetermined", ["home.way"])


def test_one_point_stands_for_all_that_is_not_known_before(bounded):
    found = ask(
        bounded("2022-01-01", "home/support.yaml"),
        "2021-06-01",
        "home.support",
        home__kind="flat",
        home__start=date(2021, 6, 1),
        home__rent=5000,
    )
    assert [p.rule for p in found.open if p.kind == "law_not_known"] == ["home.support"]
    assert (found.amount, found.period) == (None, None)


def test_version_written_for_the_days_before_stays(bounded):
    law = bounded("2022-01-01", "home/support.yaml").as_of
    # in-need is unknown until 2019 for a reason of its own, and has a version of 2020 to 2023
    assert [law(date(y, 6, 1)).law("home.support")["in-need"].why is None for y in (2019, 2021, 2022)] == [False, True, True]
    assert [law(date(y, 6, 1)).law("home.support")["is-flat"].holds is None for y in (2019, 2021, 2022)] == [True, True, False]


def test_condition_by_the_day_of_a_fact_is_bounded_by_that_day(bounded):
    book = bounded("2022-01-01", "home/support.yaml")
    for start, status in (("2021-12-31", "unknown"), ("2022-01-01", "met")):
        found = ask(book, "2024-06-01", "home.support", home__start=date.fromisoformat(start), who__adults=1)
        assert {f.condition: f.status for f in found.findings}["few-adults"] == status


def test_condition_that_asks_only_what_day_it_is_stays(bounded):
    change = [("holds: who.needy", 'holds: "on >= date(2005, 1, 1)"')]
    assert ask(bounded("2010-01-01", change=change), "2004-12-31").outcome == "refused"
    assert ask(bounded("2010-01-01", change=change), "2005-01-01").outcome == "granted"


def test_timeline_turns_on_the_day(bounded):
    book = bounded("2022-01-01", "home/grants.yaml")
    facts = {"home__start": date(2021, 1, 1), "home__rent": [{"from": date(2021, 1, 1), "value": 5000}], "who__adults": 1}
    found = ask(book, "2022-06-01", "home.grants", **facts)
    first = found.segments[0]
    assert (first.from_, first.to, first.outcome) == (date(2021, 1, 1), date(2021, 12, 31), "undetermined")
    assert not [e for e in found.events if e.kind == "law_changes"]


BY_VALUE = [
    (
        "appeal: board",
        "appeal: board\nlaw_of: value.day\nvalues:\n  day: {title: {da: a, en: b}, is: 'known_or(home.start, on)', cite: 'act § 1 [text]'}",
    )
]


@pytest.mark.parametrize(
    ("start", "on", "known"),
    [("2009-12-31", "2024-01-01", False), ("2010-01-01", "2024-01-01", True), (None, "2009-12-31", False), (None, "2010-01-01", True)],
)
def test_whole_scheme_by_the_day_of_a_value(bounded, start, on, known):
    book = bounded("2010-01-01", change=BY_VALUE)
    facts = {"home__start": date.fromisoformat(start)} if start else {}
    found = ask(book, on, home__kind="flat", **facts)
    assert found.outcome == ("undetermined" if not known or start is None else "granted")
    # Which routes there were is not known then either, and there is no period by that day's law.
    assert ask(book, on, home__kind="house", **facts).outcome == ("refused" if known else "undetermined")
    assert (found.period is not None) == (known and start is not None)


def test_timeline_turns_on_the_day_of_a_value_that_follows_the_day_asked_for(bounded):
    book = bounded("2010-01-01", change=BY_VALUE)
    found = ask(book, "2010-06-01", who__needy=[{"from": date(2009, 6, 1), "value": True}])
    assert [(s.from_, s.to, s.outcome) for s in found.segments] == [
        (date(2009, 6, 1), date(2009, 12, 31), "undetermined"),
        (date(2010, 1, 1), None, "granted"),
    ]
