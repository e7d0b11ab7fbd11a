"""Segments and events, on the small rulebook of tests/decision."""

from __future__ import annotations


def shown(document):
    return [(str(s.from_), str(s.to), s.outcome, s.amount.value if s.amount else None) for s in document.segments]


RENTS = [
    {"from": "2024-03-01", "value": 5000},
    {"from": "2025-01-01", "value": 5200},
    {"from": "2025-07-01", "value": 5200, "source": "letter"},
    {"from": "2026-01-01", "value": 5300},
]
FACTS = {"home.rent": RENTS, "home.start": "2024-03-01", "home.kind": "flat", "who.needy": True, "who.young": False, "help.amount": 1200}


def test_each_rent_is_a_segment_and_equal_neighbours_merge(ask):
    # The entry of 1 July 2025 repeats the rent, so it makes no segment of its own.
    assert shown(ask("support", "2024-06-01", FACTS)) == [
        ("2024-03-01", "2024-12-31", "granted", "3800.00"),
        ("2025-01-01", "2025-12-31", "granted", "4000.00"),
        ("2026-01-01", "2026-02-28", "granted", "4100.00"),
    ]


def test_segments_do_not_depend_on_the_day_asked_for(ask):
    assert shown(ask("support", "2024-06-01", FACTS)) == shown(ask("support", "2026-01-15", FACTS))


def test_moving_out_ends_the_period_and_the_last_segment(ask):
    found = ask("support", "2024-06-01", {**FACTS, "home.left": "2025-03-31"})
    assert shown(found)[-1] == ("2025-01-01", "2025-03-31", "granted", "4000.00")


def test_a_change_of_a_fact_inside_the_period_changes_the_outcome(ask):
    needy = [{"from": "2024-03-01", "value": True}, {"from": "2025-05-10", "value": False}]
    found = ask("support", "2024-06-01", {**FACTS, "home.rent": 5000, "who.needy": needy})
    assert shown(found) == [
        ("2024-03-01", "2025-05-09", "granted", "3800.00"),
        ("2025-05-10", "2026-02-28", "refused", None),
    ]


def test_a_rate_change_makes_a_segment_and_an_unknown_rate_leaves_it_open(ask):
    found = ask("stay", "2023-05-01", {"who.needy": [{"from": "2023-05-01", "value": True}]})
    assert shown(found) == [
        ("2023-05-01", "2023-12-31", "undetermined", "300.00"),
        ("2024-01-01", "2024-12-31", "undetermined", "345.00"),
        ("2025-01-01", "None", "undetermined", None),
    ]


def test_a_fact_received_later_is_not_known_before(ask):
    rents = [{"from": "2024-03-01", "value": 5000}, {"from": "2025-01-01", "value": 5200, "received": "2025-02-20"}]
    before = ask("support", "2025-01-15", {**FACTS, "home.rent": rents}, known="2025-02-19")
    after = ask("support", "2025-01-15", {**FACTS, "home.rent": rents}, known="2025-02-20")
    assert (before.amount.value, after.amount.value) == ("3800.00", "4000.00")


def test_events_stand_in_order_with_their_basis(ask):
    found = ask("support", "2024-06-01", {**FACTS, "home.rent": 5000})
    # Three months before 28 February 2026 is 28 November 2025.
    assert [(str(e.on), e.kind, e.cite) for e in found.events] == [
        ("2025-11-28", "review_due", "local practice"),
        ("2026-02-28", "support_ends", "loven § 6"),
    ]


def test_amount_changes_are_events(ask):
    found = ask("support", "2024-06-01", FACTS)
    assert [(str(e.on), e.text) for e in found.events if e.kind == "amount_changes"] == [
        ("2025-01-01", "The amount changes from 3,800.00 to 4,000.00 kr. a month".replace(" kr.", "\N{NO-BREAK SPACE}kr.")),
        ("2026-01-01", "The amount changes from 4,000.00 to 4,100.00 kr. a month".replace(" kr.", "\N{NO-BREAK SPACE}kr.")),
    ]


def test_after_the_period_the_answer_is_no_but_its_days_and_events_are_still_shown(ask):
    found = ask("support", "2026-06-01", FACTS)
    assert found.outcome == "refused"
    assert shown(found)[0] == ("2024-03-01", "2024-12-31", "granted", "3800.00")
    assert "support_ends" in [e.kind for e in found.events]


def test_a_right_that_no_day_grants_has_no_events(ask):
    found = ask("support", "2024-06-01", {**FACTS, "home.kind": "room"})
    assert found.events == []
