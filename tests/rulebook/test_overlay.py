"""An overlay settles what the law leaves open, with citation and name; it fills and narrows, and contradicts nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from subsidyengine.document import decide
from subsidyengine.facts import case_from_data
from subsidyengine.rulebook import RulebookError, open_rulebook
from subsidyengine.rulebook.overlay import apply_overlay

HEAD = "by: Ida Holm, jurist\non: 2026-02-01\nlayer: local-policy\nreason: {da: Byrådets beslutning, en: Decision of the council}\n"
CITE = "act § 3 [inferred]"
FACTS = {"home.rent": 5000, "home.start": "2022-03-01", "home.kind": "house", "who.needy": True, "who.young": True, "who.adults": 1}


def rate(**row):
    row.setdefault("cite", f"'{CITE}'")
    fields = ", ".join(f"{k.rstrip('_')}: {v}" for k, v in row.items())
    return {"overlay.yaml": HEAD, "rates/own.yaml": f"rates: {{own_day: {{values: [{{{fields}}}]}}}}\n"}


SETTING = {"overlay.yaml": HEAD, "settings.yaml": f"settings: {{days_per_month: {{value: 30, cite: '{CITE}'}}}}\n"}
FILLED = """
scheme: home.grants
conditions:
  young: {holds: who.young, cite: 'act § 3 [inferred]', says: {da: Borgeren er ung her, en: The person is young here}}
"""
NARROW = """
scheme: home.support
narrows: [lives-alone]
conditions:
  lives-alone: {holds: who.adults == 1, cite: 'act § 3 [text]', says: {da: Borgeren bor alene, en: The person lives alone}}
"""


def value(book, valid, known=None):
    return book.as_of(date.fromisoformat(valid), date.fromisoformat(known) if known else None).rate("own_day").value


def decision(book, scheme="home.support", on="2022-06-01", **facts):
    data = {"case": "T", "on": date.fromisoformat(on), "facts": {**FACTS, **{k.replace("__", "."): v for k, v in facts.items()}}}
    return decide(case_from_data(data, book.facts), book, scheme, "en")


def refusal(book, texts, name="town"):
    with pytest.raises(RulebookError) as caught:
        apply_overlay(book, name, texts)
    return str(caught.value)


# rates


@pytest.mark.parametrize(
    ("row", "given", "unknown"),
    [
        # A year in the middle of an unknown stretch (2021 to 2023): the days before and after stay unknown.
        (
            {"from_": "2022-01-01", "until": "2022-12-31", "value": 85},
            ["2022-01-01", "2022-07-01", "2022-12-31"],
            ["2021-12-31", "2023-01-01", "2023-12-31"],
        ),
        # The whole stretch, from its first day to the day before the base goes on.
        ({"from_": "2021-01-01", "until": "2023-12-31", "value": 85}, ["2021-01-01", "2023-12-31"], ["2019-12-31"]),
        # Its beginning, and its end.
        ({"from_": "2021-01-01", "until": "2021-01-01", "value": 85}, ["2021-01-01"], ["2021-01-02"]),
        ({"from_": "2023-12-31", "until": "2023-12-31", "value": 85}, ["2023-12-31"], ["2023-12-30"]),
        # At the very start, back for ever.
        ({"until": "2019-12-31", "value": 85}, ["1900-01-01", "2019-12-31"], ["2021-01-01"]),
        ({"until": "2018-12-31", "value": 85}, ["1900-01-01", "2018-12-31"], ["2019-01-01", "2019-12-31"]),
        ({"from_": "2018-01-01", "until": "2019-12-31", "value": 85}, ["2018-01-01", "2019-12-31"], ["2017-12-31"]),
    ],
)
def test_rate_is_filled_on_its_days_and_on_no_other(sound, row, given, unknown):
    book = apply_overlay(sound, "town", rate(**row))
    assert [value(book, day) for day in given] == [85] * len(given)
    assert [value(book, day) for day in unknown] == [None] * len(unknown)
    day = date(2015, 1, 1)
    while day < date(2027, 1, 1):  # every day that the base knows is as it was, at every state of knowledge
        for known in (None, date(2024, 3, 23), date(2024, 3, 24)):
            before = sound.as_of(day, known).rate("own_day").value
            if before is not None:
                assert book.as_of(day, known).rate("own_day").value == before, day
        day += timedelta(days=13)


@pytest.mark.parametrize(("until", "later"), [(None, 85), ("2026-12-31", None)])
def test_rate_that_ends_in_the_unknown_is_filled_from_a_day_on(until, later, sound_texts, change_texts):
    from subsidyengine.rulebook.load import build

    row = '{from: 2025-01-01, value: 95, cite: "order-7 § 2 [text]"}'
    change = {"name": "x", "file": "rates/home.yaml", "old": row, "new": "{from: 2025-01-01, value: unknown, why: {da: a, en: b}}"}
    base, problems = build(change_texts(sound_texts, change))
    assert not problems
    book = apply_overlay(base, "town", rate(from_="2026-01-01", value=85, **({"until": until} if until else {})))
    days = ("2024-12-31", "2025-12-31", "2026-01-01", "2026-12-31", "2027-01-01")
    assert [value(book, day) for day in days] == [89, None, 85, 85, later]


def test_filled_row_says_who_it_comes_from_by_its_place_and_citation(sound):
    row = apply_overlay(sound, "town", rate(from_="2022-01-01", until="2022-12-31", value=85)).as_of(date(2022, 5, 1)).rate("own_day")
    assert (str(row.place), row.cites[0].mark) == ("town/rates/own.yaml:1", "inferred")


def test_what_is_filled_only_from_a_day_of_knowledge_was_unknown_before_it(sound):
    texts = rate(from_="2022-01-01", until="2022-12-31", known_from="2023-05-01", value=85)
    book = apply_overlay(sound, "town", {**texts, "overlay.yaml": HEAD.replace("2026-02-01", "2023-03-01")})
    assert [value(book, "2022-06-01", known) for known in ("2023-04-30", "2023-05-01", None)] == [None, 85, 85]
    assert [value(book, "2023-01-01", known) for known in ("2023-04-30", "2023-05-01", None)] == [None, None, None]


def test_two_overlays_lie_on_top_of_each_other(sound):
    first = apply_overlay(sound, "town", rate(from_="2022-01-01", until="2022-12-31", value=85))
    second = apply_overlay(first, "school", rate(from_="2021-01-01", until="2021-12-31", value=82))
    third = apply_overlay(second, "quay", rate(from_="2023-01-01", until="2023-12-31", value=88))
    days = ["2020-12-31", "2021-01-01", "2021-12-31", "2022-01-01", "2022-12-31", "2023-01-01", "2023-12-31", "2024-01-01"]
    assert [value(third, day) for day in days] == [80, 82, 82, 85, 85, 88, 88, 89]
    assert [o.name for o in third.overlays] == ["town", "school", "quay"]
    assert len({sound.hash, first.hash, second.hash, third.hash}) == 4


def test_filled_rate_makes_the_amount_computable(sound):
    assert decision(sound).amount is None
    book = apply_overlay(apply_overlay(sound, "town", rate(from_="2022-01-01", until="2022-12-31", value=85)), "days", SETTING)
    found = decision(book)
    assert (found.outcome, found.amount.value) == ("granted", "2450.00")  # 5000 - 85 x 30
    assert decision(book, on="2023-01-01").amount is None


# settings


def test_setting_is_settled(sound):
    book = apply_overlay(sound, "town", SETTING)
    setting = book.settings["days_per_month"]
    assert (setting.value, setting.settled, str(setting.place)) == (30, True, "town/settings.yaml:1")
    assert not sound.settings["days_per_month"].settled, "the base stays as it was"
    assert decision(sound, on="2025-06-01").open[0].rule == "setting.days_per_month"
    assert decision(book, on="2025-06-01", home__start="2025-03-01").outcome == "granted"


# conditions


def test_condition_whose_law_is_not_known_is_given(sound):
    assert decision(sound, "home.grants", who__needy=False, home__rent=None).outcome == "undetermined"
    book = apply_overlay(sound, "town", {"overlay.yaml": HEAD, "home.yaml": FILLED})
    found = decision(book, "home.grants", who__needy=False)
    assert [(p.part, p.outcome) for p in found.parts] == [("rent_help", "refused"), ("youth_help", "granted")]
    assert found.parts[1].findings[0].text == "The person is young here"


@pytest.mark.parametrize(
    ("days", "known"),
    [
        ("until: 2019-12-31", {"1900-01-01": True, "2019-12-31": True}),
        ("from: 2018-01-01, until: 2018-12-31", {"2017-12-31": False, "2018-01-01": True, "2018-12-31": True, "2019-01-01": False}),
        ("from: 2019-01-01, until: 2019-12-31", {"2018-12-31": False, "2019-01-01": True, "2019-12-31": True}),
        ("until: 2018-12-31", {"1900-01-01": True, "2018-12-31": True, "2019-01-01": False}),
    ],
)
def test_condition_is_given_for_some_of_the_days_on_which_it_is_not_known(sound, days, known):
    text = f"scheme: home.support\nconditions:\n  in-need: [{{{days}, holds: who.needy, cite: '{CITE}', says: {{da: a, en: b}}}}]\n"
    book = apply_overlay(sound, "town", {"overlay.yaml": HEAD, "home.yaml": text})
    found = {day: book.as_of(date.fromisoformat(day)).law("home.support")["in-need"].holds is not None for day in known}
    assert found == known
    assert book.as_of(date(2020, 1, 1)).law("home.support")["in-need"] is sound.as_of(date(2020, 1, 1)).law("home.support")["in-need"]


def test_given_condition_bears_on_the_same_cases_as_in_the_base(sound_texts, change_texts):
    from subsidyengine.rulebook.load import build

    change = {
        "name": "x",
        "file": "home/grants.yaml",
        "old": "    holds: unknown\n",
        "new": "    holds: unknown\n    when: home.kind == room\n",
    }
    texts = change_texts(
        sound_texts, {**change, "more": [{"file": "home/grants.yaml", "old": "any: [young, needy]", "new": "all: [young, needy]"}]}
    )
    base, problems = build(texts)
    assert not problems
    book = apply_overlay(base, "town", {"overlay.yaml": HEAD, "home.yaml": FILLED})
    assert book.schemes["home.grants"].conditions["young"].versions.rows[0].when.text == "home.kind == room"
    other = FILLED.replace("holds: who.young", "when: home.kind == flat, holds: who.young")
    assert "home/grants.yaml:11" in refusal(base, {"overlay.yaml": HEAD, "home.yaml": other})


def test_narrowing_turns_a_grant_into_a_refusal_and_nothing_else(sound):
    base = apply_overlay(sound, "days", SETTING)
    book = apply_overlay(base, "town", {"overlay.yaml": HEAD, "home.yaml": NARROW})
    facts = {"home__start": "2025-03-01", "on": "2025-06-01"}
    assert [decision(b, **facts, who__adults=2).outcome for b in (base, book)] == ["granted", "refused"]
    assert [decision(b, **facts, who__adults=1).outcome for b in (base, book)] == ["granted", "granted"]
    found = decision(book, **facts, who__adults=2)
    assert [(f.condition, f.text) for f in found.findings if f.status == "not_met"] == [("lives-alone", "The person lives alone")]
    assert "lives-alone" not in sound.schemes["home.support"].conditions


def test_narrowing_reaches_every_part_and_two_overlays_narrow_together(sound):
    first = NARROW.replace("home.support", "home.grants")
    second = first.replace("lives-alone", "is-small").replace("who.adults == 1", "home.area < 50")
    book = apply_overlay(apply_overlay(sound, "a", {"overlay.yaml": HEAD, "h.yaml": first}), "b", {"overlay.yaml": HEAD, "h.yaml": second})
    assert [p.outcome for p in decision(book, "home.grants", home__area=40).parts] == ["granted", "granted"]
    assert [p.outcome for p in decision(book, "home.grants", home__area=60).parts] == ["refused", "refused"]
    assert [p.outcome for p in decision(book, "home.grants", home__area=40, who__adults=2).parts] == ["refused", "refused"]


def test_narrowing_what_any_of_several_grants(sound_texts, change_texts):
    from subsidyengine.rulebook.load import build

    change = {
        "name": "x",
        "file": "home/support.yaml",
        "old": "granted: {all: [in-need,",
        "new": "granted: {any: [most, few-adults]}\n  most: {all: [in-need,",
    }
    base, problems = build(change_texts(sound_texts, change))
    assert not problems
    book = apply_overlay(base, "a", {"overlay.yaml": HEAD, "h.yaml": NARROW})
    again = NARROW.replace("lives-alone", "is-small").replace("who.adults == 1", "home.area < 50")
    book = apply_overlay(book, "b", {"overlay.yaml": HEAD, "h.yaml": again})
    assert [decision(b, who__adults=2).outcome for b in (base, book)] == ["undetermined", "refused"]  # the rate of 2022 is open
    assert decision(book, home__area=60).outcome == "refused"


# on what day it was settled


@pytest.mark.parametrize(
    ("known", "outcome"), [("2026-01-31", "undetermined"), ("2026-02-01", "granted"), ("2026-05-01", "granted"), (None, "granted")]
)
def test_settlement_is_not_known_before_its_day(sound, known, outcome):
    book = apply_overlay(sound, "town", SETTING)
    data = {"case": "T", "on": date(2025, 6, 1), "facts": {**FACTS, "home.start": "2025-03-01"}}
    case = case_from_data(data, book.facts)
    day = date.fromisoformat(known) if known else None
    given, asked = decide(replace(case, known=day), book, "home.support", "en"), decide(case, book, "home.support", "en", known=day)
    assert given == asked
    assert (given.outcome, given.rulebook) == (outcome, book.hash if outcome == "granted" else sound.hash)
    assert given.overlays == (["town (Ida Holm, jurist, 2026-02-01)"] if outcome == "granted" else None)


def test_overlays_lie_in_the_order_of_their_days(folder, tmp_path, write_files):
    row = rate(from_="2022-01-01", until="2022-12-31", value=85)
    later = write_files(tmp_path / "a", {**row, "overlay.yaml": HEAD.replace("2026-02-01", "2026-05-01")})
    earlier = write_files(tmp_path / "b", SETTING)
    books = [open_rulebook(folder, layers, cache=False) for layers in ((earlier, later), (later, earlier))]
    assert [[o.name for o in b.overlays] for b in books] == [["b", "a"]] * 2
    assert books[0].hash == books[1].hash
    known = [books[0].as_known(date.fromisoformat(day)) for day in ("2026-01-31", "2026-02-01", "2026-04-30", "2026-05-01")]
    assert [[o.name for o in b.overlays] for b in known] == [[], ["b"], ["b"], ["b", "a"]]
    assert known[1].hash == open_rulebook(folder, (earlier,), cache=False).hash


def test_overlay_on_a_later_one_goes_with_it(sound):
    later = apply_overlay(
        sound, "a", {**rate(from_="2022-01-01", until="2022-12-31", value=85), "overlay.yaml": HEAD.replace("2026", "2027")}
    )
    book = apply_overlay(later, "b", SETTING)
    assert book.as_known(date(2026, 6, 1)) is sound
    assert book.as_known(date(2027, 2, 1)) is book


# inside its bounds


@pytest.mark.parametrize(("value", "allowed"), [("27.99", False), ("28", True), ("31", True), ("313/10", False), ("32", False)])
def test_setting_stays_inside_its_bounds(value, allowed, sound_texts, change_texts):
    from subsidyengine.rulebook.load import build

    change = {"name": "x", "file": "settings.yaml", "old": "    value: 365/12\n", "new": "    value: 365/12\n    min: 28\n    max: 31\n"}
    base, problems = build(change_texts(sound_texts, change))
    assert not problems
    texts = {**SETTING, "settings.yaml": SETTING["settings.yaml"].replace("30", value)}
    if allowed:
        assert apply_overlay(base, "town", texts).settings["days_per_month"].settled
    else:
        assert "S_BOUND setting days_per_month: " in refusal(base, texts)


# what is refused, in whose words

BAD = {
    "rate that is given": rate(from_="2020-06-01", until="2020-12-31", value=85),
    "rate that begins in an unknown stretch and runs into a known one": rate(from_="2022-01-01", value=85),
    "rate that ends in an unknown stretch and begins in a known one": rate(from_="2020-12-31", until="2021-06-01", value=85),
    "rate that was corrected": rate(from_="2024-02-01", until="2024-02-01", value=85),
    "rate that ends before it begins": rate(from_="2022-06-01", until="2022-01-01", value=85),
    "rate that stays unknown": rate(from_="2022-06-01", value="unknown", why="{da: x, en: y}"),
    "rate without citation": rate(from_="2022-01-01", until="2022-12-31", value=85, cite="[]"),
    "unknown rate": {"overlay.yaml": HEAD, "rates/r.yaml": "rates: {own_days: {values: [{value: 5, cite: 'act § 1 [text]'}]}}\n"},
    "setting that is settled": {"overlay.yaml": HEAD, "settings.yaml": f"settings: {{rounds_up: {{value: false, cite: '{CITE}'}}}}\n"},
    "setting of another kind": {"overlay.yaml": HEAD, "settings.yaml": f"settings: {{days_per_month: {{value: true, cite: '{CITE}'}}}}\n"},
    "setting without citation": {"overlay.yaml": HEAD, "settings.yaml": "settings: {days_per_month: {value: 30}}\n"},
    "unknown setting": {"overlay.yaml": HEAD, "settings.yaml": f"settings: {{days_per_moth: {{value: 30, cite: '{CITE}'}}}}\n"},
    "condition that is law": {"overlay.yaml": HEAD, "h.yaml": FILLED.replace("young: {", "needy: {")},
    "condition that runs into days of law": {
        "overlay.yaml": HEAD, "h.yaml": FILLED.replace("home.grants", "home.support").replace("young: {", "in-need: {"),
    },
    "condition by another day": {"overlay.yaml": HEAD, "h.yaml": FILLED.replace("young: {", "young: {law_of: home.start, ")},
    "condition that stays unknown": {"overlay.yaml": HEAD, "h.yaml": FILLED.replace("holds: who.young", "holds: unknown")},
    "condition that stays unknown with a reason": {
        "overlay.yaml": HEAD, "h.yaml": FILLED.replace("holds: who.young", "why: {da: x, en: y}, holds: unknown"),
    },
    "condition misspelt": {"overlay.yaml": HEAD, "h.yaml": FILLED.replace("young: {", "yuong: {")},
    "new condition that is not among narrows": {"overlay.yaml": HEAD, "h.yaml": NARROW.replace("narrows: [lives-alone]\n", "")},
    "narrowing by a condition that exists": {"overlay.yaml": HEAD, "h.yaml": NARROW.replace("lives-alone", "is-flat")},
    "narrowing by a condition that is not given": {"overlay.yaml": HEAD, "h.yaml": NARROW.replace("[lives-alone]", "[lives-alone, lives-alon]")},
    "narrowing by a formula with a typing error": {"overlay.yaml": HEAD, "h.yaml": NARROW.replace("who.adults ==", "who.adult ==")},
    "narrowing by the neighbours": {"overlay.yaml": HEAD, "h.yaml": NARROW.replace("who.adults == 1", "area.out_of_work < 0.4")},
    "narrowing by length of residence": {"overlay.yaml": HEAD, "h.yaml": NARROW.replace("who.adults == 1", "who.months_here >= 24")},
    "filling by the neighbours": {"overlay.yaml": HEAD, "h.yaml": FILLED.replace("holds: who.young", "holds: who.young and area.out_of_work < 0.4")},
    "unknown scheme": {"overlay.yaml": HEAD, "h.yaml": NARROW.replace("home.support", "home.suport")},
    "amount of a scheme": {"overlay.yaml": HEAD, "h.yaml": "scheme: home.support\namount: {is: 5, unit: DKK/month, round: exact}\n"},
    "citation that is not known": {"overlay.yaml": HEAD, "h.yaml": NARROW.replace("act § 3", "council § 3")},
    "source that exists": {"overlay.yaml": HEAD, "sources.yaml": "sources: {act: {title: {da: x, en: x}, short: x, kind: statute}}\n"},
    "facts": {"overlay.yaml": HEAD, "facts.yaml": "facts: {}\n"},
    "no head": {"h.yaml": NARROW},
    "no head and another problem": {"h.yaml": NARROW.replace("act § 3", "council § 3")},
    "head without a name": {"overlay.yaml": HEAD.replace("by: Ida Holm, jurist\n", ""), "h.yaml": NARROW},
    "head that is empty": {"overlay.yaml": "", "h.yaml": NARROW},
    "layer above the law": {"overlay.yaml": HEAD.replace("local-policy", "statute"), "h.yaml": NARROW},
    "file that is no YAML": {"overlay.yaml": HEAD, "h.yaml": "scheme: ["},
    "file of two documents": {"overlay.yaml": HEAD, "h.yaml": NARROW + "---\n" + NARROW},
    "several problems": {**rate(from_="2020-06-01", value=85), "h.yaml": NARROW.replace("act § 3", "council § 3"), **{"settings.yaml": "settings: {x: 5}\n"}},
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_what_an_overlay_may_not_do_is_said_exactly(name, sound, snapshot):
    said = refusal(sound, BAD[name])
    assert said == snapshot
    assert all(line.startswith("town/") for line in said.splitlines())


@pytest.mark.parametrize(
    "name",
    [
        n
        for n in BAD
        if n.startswith(
            ("rate that is given", "rate that was", "setting that", "condition that is law", "source that", "condition that runs")
        )
    ],
)
def test_contradiction_names_both_places(name, sound):
    said = refusal(sound, BAD[name])
    assert "O_CONTRADICTS" in said
    above = said.removeprefix("town/").partition("O_CONTRADICTS")[2]
    assert any(
        f"{file}:" in above for file in ("rates/home.yaml", "settings.yaml", "home/grants.yaml", "home/support.yaml", "sources.yaml")
    )


def test_second_overlay_may_not_contradict_the_first(sound):
    first = apply_overlay(sound, "town", SETTING)
    assert "settled at town/settings.yaml:1" in refusal(first, SETTING, "other")
    first = apply_overlay(sound, "town", rate(from_="2022-01-01", until="2022-12-31", value=85))
    assert "at town/rates/own.yaml:1" in refusal(first, rate(from_="2022-12-31", until="2023-02-01", value=90), "other")


def test_overlay_that_makes_a_scheme_too_big_is_refused(sound):
    names = [f"c{i}" for i in range(3000)]
    conditions = "".join(f"  {n}: {{holds: who.needy, cite: 'act § 1 [text]', says: {{da: a, en: b}}}}\n" for n in names)
    text = f"scheme: home.support\nnarrows: [{', '.join(names)}]\nconditions:\n{conditions}"
    assert "R_LIMIT" in refusal(sound, {"overlay.yaml": HEAD, "h.yaml": text})


def test_source_of_its_own_may_be_cited(sound):
    source = {"sources.yaml": "sources: {council-2026: {title: {da: Beslutning, en: Decision}, short: byrådet, kind: secondary}}\n"}
    text = NARROW.replace("act § 3", "council-2026 pkt. 4")
    book = apply_overlay(sound, "town", {"overlay.yaml": HEAD, "h.yaml": text, **source})
    assert book.cite_text(book.schemes["home.support"].conditions["lives-alone"].versions.rows[0].cites) == "byrådet pkt. 4"


# the name of it all


def test_decision_names_the_overlays_it_leans_on(sound):
    book = apply_overlay(sound, "town", SETTING)
    assert decision(book).plain()["overlays"] == ["town (Ida Holm, jurist, 2026-02-01)"]
    assert "overlays" not in decision(sound).plain()
    assert decision(book).rulebook == book.hash != decision(sound).rulebook


def test_hash_is_stable_and_of_base_order_and_content(sound, folder, tmp_path, write_files, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    town = write_files(tmp_path / "town", {k: v.replace("\n", "\r\n") for k, v in SETTING.items()})
    quay = write_files(tmp_path / "quay", rate(from_="2022-01-01", until="2022-12-31", value=85))
    hashes = [open_rulebook(folder, layers, cache=False).hash for layers in ((), (town,), (quay,), (town, quay), (quay, town))]
    assert len(set(hashes)) == 5
    assert hashes[0] == sound.hash
    assert hashes[1] == apply_overlay(sound, "town", SETTING).hash
    assert [open_rulebook(folder, layers).hash for layers in ((), (town,), (quay,), (town, quay), (quay, town))] == hashes
    assert [open_rulebook(folder, layers).hash for layers in ((), (town,), (quay,), (town, quay), (quay, town))] == hashes
    (town / "settings.yaml").write_text(SETTING["settings.yaml"].replace("30", "31"))
    assert open_rulebook(folder, (town,)).hash not in hashes


def test_same_overlay_in_another_folder_is_named_by_that_folder(folder, tmp_path, write_files, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    books = [open_rulebook(folder, (write_files(tmp_path / name, SETTING),)) for name in ("town", "village")]
    assert [b.overlays[0].name for b in books] == ["town", "village"]
    assert books[0].hash == books[1].hash


def test_folder_that_is_not_there_or_empty_is_refused(folder, tmp_path):
    with pytest.raises(RulebookError, match="no such folder of an overlay"):
        open_rulebook(folder, (tmp_path / "nowhere",))
    (tmp_path / "empty").mkdir()
    with pytest.raises(RulebookError, match="no rule files"):
        open_rulebook(folder, (tmp_path / "empty",))
