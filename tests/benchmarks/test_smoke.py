"""The benchmarks still run: every part on a small scale, without a clock."""

from __future__ import annotations

import json
import sys
from contextlib import nullcontext
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks import __main__ as program
from benchmarks import cases, commands, decision, eligibility, ledger, letters, memory, million, peers
from benchmarks.report import Figure, as_json, as_table
from benchmarks.timing import Times, interleaved
from subsidyengine.decision import program_for
from subsidyengine.facts import case_from_data
from subsidyengine.rulebook import Rulebook, open_rulebook


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return open_rulebook(eligibility.FOLDER, cache=False)


def test_set_has_twenty_conditions_over_fifteen_facts(book: Rulebook) -> None:
    scheme = book.schemes[eligibility.SCHEME]
    assert (len(scheme.conditions), len(book.facts)) == (20, 15)
    assert program_for(book, eligibility.SCHEME).facts == set(book.facts)


def test_cases_meet_and_fail_every_condition_and_some_are_granted(book: Rulebook) -> None:
    ours = eligibility.Ours(book, durable=False)
    found = [ours.results(ours.ask(ours.given(c))) for c in eligibility.make_cases()]
    assert {name for name in found[0] if {r[name] for r in found} != {True, False}} == set()


@pytest.mark.parametrize("peer", peers.PEERS, ids=lambda p: p.name)
def test_peer_answers_as_we_do(peer: type[Any], book: Rulebook) -> None:
    if find_spec(peers.PACKAGES[peer]) is None:
        pytest.skip(f"{peer.name} is not installed")
    ours = eligibility.Ours(book, durable=False)
    assert eligibility.compare([ours, peer(eligibility.wanted(book))], eligibility.make_cases(30)) > 0


def test_difference_between_engines_is_refused(book: Rulebook) -> None:
    class Wrong(eligibility.Ours):
        def results(self, answered: Any) -> dict[str, bool]:
            return {**super().results(answered), "begun": False}

    with pytest.raises(ValueError, match=r"differs from subsidyengine: .*begun"):
        eligibility.compare([eligibility.Ours(book, False), Wrong(book, False)], eligibility.make_cases(5))


def test_every_condition_can_be_written_in_each_language(book: Rulebook) -> None:
    form = eligibility.wanted(book)
    for language in ("zen", "rule_engine", "numpy", "clips"):
        write = getattr(import_module("benchmarks.languages"), language)
        assert all(write(node) for node in form.conditions.values())


def test_case_is_the_same_each_time_and_can_be_read() -> None:
    shipped = open_rulebook()
    assert cases.case_data(7) == cases.case_data(7)
    for data in cases.cases(30):
        assert case_from_data(data, shipped.facts).id == data["case"]


def test_ndjson_has_a_case_a_line(tmp_path: Path) -> None:
    cases.write_ndjson(tmp_path / "c.ndjson", 3)
    assert [json.loads(line)["case"] for line in (tmp_path / "c.ndjson").open()] == ["B-000001", "B-000002", "B-000003"]


def test_largest_scheme_has_a_case_that_leaves_nothing_open() -> None:
    shipped = open_rulebook()
    assert decision.full_case(shipped, decision.largest(shipped)[0]) is not None


def test_memory_is_read() -> None:
    found = memory.grow(durable=False, count=5, warm_up=2)
    assert 0 < found["start"] <= found["highest"]


def test_batch_gives_an_answer_for_each_case(tmp_path: Path) -> None:
    figures = commands._batches(2, 4, tmp_path, runs=1)
    assert [f.unit for f in figures] == ["s", "MiB"]


def test_letters_are_measured() -> None:
    figures = letters.measure(rounds=1, inputs=1, many=4)
    assert [(f.unit, f.bar) for f in figures] == [("ms", letters.BAR)] * 3 + [("MiB", letters.GROWTH_BAR)]


def test_ledger_records_verifies_and_replays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "postgres", lambda: nullcontext(None))
    assert [f.name for f in ledger.measure(2, 3, 2)] == ["append, SQLite", "verify", "replay"]
    assert [f.name for f in million.measure(5, 2)] == ["show by id", "entry by id", "proof of one", "append one more"]


def test_subjects_take_turns() -> None:
    order: list[str] = []
    times = interleaved({n: lambda _, n=n: order.append(n) for n in "ab"}, {"a": [1], "b": [1]}, rounds=2)
    assert [n for i, n in enumerate(order) if i == 0 or order[i - 1] != n] == ["a", "b", "a", "b", "a", "b"]
    assert set(times.rounds) == {"a", "b"}
    assert Times({"a": [2, 40], "b": [1, 20]}).ratio("a", "b") == 2


def test_figure_knows_whether_its_bar_is_met() -> None:
    verdicts = [Figure("g", "n", 2, "s", bar, at_least=least).verdict for bar, least in ((3, False), (1, False), (1, True), (None, False))]
    assert verdicts == ["met", "missed", "met", ""]


def test_strict_is_the_only_way_to_fail(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(decision, "measure", lambda: [Figure("g", "slow", 2.0, "s", 1.0)])
    assert program.main(["--only", "decision"]) == 0
    assert program.main(["--only", "decision", "--strict"]) == 1
    out = capsys.readouterr()
    assert "missed" in out.out
    assert "missed: slow" in out.err
    assert program.main(["--only", "decision", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == json.loads(as_json([Figure("g", "slow", 2.0, "s", 1.0)]))


def test_table_lines_up() -> None:
    table = as_table(
        [Figure("one", "a", 1234.5, "us", 2000.0), Figure("one", "longer name", 0.1234, "x", note="why"), Figure("two", "b", 3, "")]
    )
    assert table.splitlines() == [
        "one",
        "  a            1,234 us  <= 2,000 us  met",
        "  longer name   0.123 x                    why",
        "",
        "two",
        "  b                   3",
    ]


def test_query_by_hand_and_the_columns_say_the_same() -> None:
    from benchmarks import portfolio

    figures = portfolio.measure(20_000, rounds=1)  # ValueError when they differ
    assert [f.unit for f in figures] == ["x", "/s", "/s", "s", "MiB", "s", "x", "MiB"]
    assert all(f.value > 0 for f in figures)


def test_many_cases_at_once_are_answered_as_openfisca_answers_them() -> None:
    from benchmarks import vectorised

    if find_spec("openfisca_core") is None:
        pytest.skip("openfisca-core is not installed")
    assert vectorised.measure(2_000, rounds=1)[-1].value == 2_000  # ValueError when they differ
