"""Every problem of a rulebook is reported at once, sorted by place, and one problem starts no flood of others."""

from __future__ import annotations

import pytest

from subsidyengine.rulebook import RulebookError, check_folder, load_folder, open_rulebook

CHANGES = [
    {"name": "a", "file": "home/way.yaml", "old": "holds: who.needy", "new": "holds: who.neddy"},
    {"name": "b", "file": "home/way.yaml", "old": "    cite: act § 1 [text]\n", "new": ""},
    {"name": "c", "file": "home/grants.yaml", "old": "all: [needy]", "new": "all: [neddy]"},
    {"name": "d", "file": "rates/home.yaml", "old": "{value: 65, cite: \"act", "new": "{value: 65, cite: \"acts"},
    {"name": "e", "file": "facts.yaml", "old": "title: {da: areal, en: floor area}", "new": "title: {da: areal}"},
    {"name": "f", "file": "home/support.yaml", "old": "until: 2023-06-30", "new": "until: 2023-06-01"},
    {"name": "g", "file": "home/support.yaml", "old": "      says: {da: Borgeren er ung og har behov, en", "new": "      sais: {da: Borgeren er ung og har behov, en"},
    {"name": "h", "write": {"home/other.yml": "scheme: [", "home/broken.yaml": "scheme: ["}},
]  # fmt: skip


@pytest.fixture
def bad_folder(tmp_path, sound_texts, change_texts, write_files):
    texts = sound_texts
    for change in CHANGES:
        texts = change_texts(texts, change)
    return write_files(tmp_path / "rules", texts)


def test_problems_of_all_files_come_together_sorted_by_place(bad_folder, snapshot):
    problems = check_folder(bad_folder)
    assert [(p.place.file, p.place.line) for p in problems] == sorted((p.place.file, p.place.line) for p in problems)
    assert {p.place.file for p in problems} == {
        "facts.yaml", "home/broken.yaml", "home/grants.yaml", "home/other.yml", "home/support.yaml", "home/way.yaml", "rates/home.yaml",
    }  # fmt: skip
    assert "\n".join(map(str, problems)) == snapshot


@pytest.mark.parametrize("way_in", [load_folder, lambda folder: open_rulebook(folder, cache=False)])
def test_every_way_in_refuses_with_the_same_problems(bad_folder, way_in):
    with pytest.raises(RulebookError) as caught:
        way_in(bad_folder)
    assert list(caught.value.problems) == check_folder(bad_folder)
    assert str(caught.value) == "\n".join(map(str, check_folder(bad_folder)))


WORDS = ("facts.yaml", "sources.yaml", "appeals.yaml", "settings.yaml")


@pytest.mark.parametrize(
    ("file", "text"),
    [*((f, t) for f in (*WORDS, "rates/home.yaml") for t in ("a: [", "wrong: 5\n", "")), *((f, None) for f in WORDS)],
)
def test_words_that_cannot_be_read_are_the_only_thing_blamed(file, text, sound_texts, write_files, tmp_path):
    texts = {**sound_texts, file: text}
    if text is None:
        del texts[file]
    problems = check_folder(write_files(tmp_path, texts))
    assert {p.place.file for p in problems} == {file}


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("facts.yaml", "who.needy: {type: bool,", "who.needy: {type: boolean,"),
        ("facts.yaml", "home.rent: {type: money, unit: DKK/month", "home.rent: {type: money, unit: kr"),
        ("rates/home.yaml", "    unit: DKK/day\n", ""),
        ("settings.yaml", "    settled: false\n", ""),
        ("sources.yaml", "kind: statute", "kind: law"),
        ("appeals.yaml", "established: true", "established: perhaps"),
        ("home/support.yaml", "holds: who.adults <= 2", "holds:"),
        ("home/support.yaml", "is: rate.own_day * setting.days_per_month", "is:"),
        ("home/support.yaml", "is: rate.own_day * setting.days_per_month", "is: rate.own_dya"),
        ("home/way.yaml", "title: {da: Vej, en: Way}", "titel: {da: Vej, en: Way}"),
    ],
)
def test_one_bad_entry_starts_no_flood(file, old, new, sound_texts, change_texts, write_files, tmp_path):
    problems = check_folder(write_files(tmp_path, change_texts(sound_texts, {"name": "x", "file": file, "old": old, "new": new})))
    assert problems
    assert {p.place.file for p in problems} == {file}
    assert len({p.place.line for p in problems}) <= 2


def test_a_bad_entry_hides_no_problem_of_its_neighbours(sound_texts, change_texts, write_files, tmp_path):
    changes = [
        {"name": "x", "file": "home/support.yaml", "old": "holds: who.adults <= 2", "new": "holds:"},
        {"name": "y", "file": "home/support.yaml", "old": "home.area <= rate.best_area", "new": "home.area <= home.rent"},
        {"name": "z", "file": "home/support.yaml", "old": "max(0, home.rent", "new": "mox(0, home.rent"},
    ]
    texts = sound_texts
    for change in changes:
        texts = change_texts(texts, change)
    assert [p.code for p in check_folder(write_files(tmp_path, texts))] == ["F_NAME", "F_UNIT", "S_VALUE"]


def test_text_that_is_not_utf8_is_refused_with_its_line(folder):
    path = folder / "home" / "way.yaml"
    path.write_bytes(path.read_bytes().replace(b"Den strenge", "Den strænge".encode("latin-1")))
    assert [str(p) for p in check_folder(folder)] == ["home/way.yaml:13:1 Y_SYNTAX not UTF-8 text: save the file as UTF-8"]


def test_folder_without_rules_is_refused(tmp_path):
    assert [p.code for p in check_folder(tmp_path)] == ["Y_SYNTAX"]
    with pytest.raises(RulebookError, match="no such folder of rules"):
        open_rulebook(tmp_path / "nowhere")
