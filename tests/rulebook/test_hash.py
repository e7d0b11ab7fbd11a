"""A content hash names the rulebook; what is kept of it for the next start is never stale."""

from __future__ import annotations

import os
import shutil

import pytest

from subsidyengine.rulebook import RulebookError, load_folder, open_rulebook, shipped
from subsidyengine.rulebook.load import build


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    """A cache folder of this test alone."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "subsidyengine"


def kept(cache):
    return sorted(cache.glob("rulebook-*.pickle"))


def test_hash_is_of_the_content_alone(folder, tmp_path, sound):
    assert load_folder(folder).hash == sound.hash
    assert sound.hash.startswith("sha256:")
    assert len(sound.hash) == 7 + 64


def test_windows_line_ends_byte_order_mark_times_and_file_order_do_not_count(folder, tmp_path, sound_texts, write_files, sound):
    for path in folder.rglob("*.yaml"):
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
        os.utime(path, (0, 0))
    assert load_folder(folder).hash == sound.hash
    backwards = write_files(tmp_path / "other", dict(reversed(sound_texts.items())))
    assert load_folder(backwards).hash == sound.hash
    assert build(dict(reversed(sound_texts.items())))[0].hash == sound.hash


def test_same_hash_on_every_machine(sound):
    # Computed once; when it changes without a change of the files, decisions of old can no longer be traced.
    import hashlib

    texts = {"b.yaml": "x\r\ny", "a.yaml": "æ"}
    by_hand = hashlib.sha256(b"a.yaml\n2\n\xc3\xa6b.yaml\n3\nx\ny").hexdigest()
    assert shipped.content_hash(texts) == f"sha256:{by_hand}"


@pytest.mark.parametrize("file", ["facts.yaml", "sources.yaml", "rates/home.yaml", "home/way.yaml"])
def test_one_character_counts(file, folder, sound):
    path = folder / file
    path.write_text(path.read_text() + "# x")
    assert load_folder(folder).hash != sound.hash


def test_name_of_a_file_counts(folder, sound):
    (folder / "home" / "way.yaml").rename(folder / "home" / "ways.yaml")
    assert load_folder(folder).hash != sound.hash


def test_text_moved_from_one_file_to_another_counts(sound_texts):
    first = {"a.yaml": "xy", "b.yaml": ""}
    assert len({shipped.content_hash(t) for t in (first, {"a.yaml": "x", "b.yaml": "y"}, {"a.yaml": "xyb.yaml"})}) == 3


@pytest.mark.parametrize("file", ["home/way.cases.yaml", "agreements/town.yaml", "README.md", ".hidden.yaml"])
def test_what_is_no_law_does_not_count(file, folder, sound):
    (folder / file).parent.mkdir(exist_ok=True)
    (folder / file).write_text("case: 1\n")
    assert load_folder(folder).hash == sound.hash


def test_kept_rulebook_equals_a_fresh_one(folder, cache, monkeypatch):
    fresh = open_rulebook(folder)
    assert len(kept(cache)) == 1
    monkeypatch.setattr(shipped, "build", lambda *_: pytest.fail("read again though it was kept"))
    again = open_rulebook(folder)
    assert again is not fresh
    assert repr(again) == repr(fresh)


def test_kept_rulebook_decides_the_same(folder, cache):
    from datetime import date

    from subsidyengine.document import decide
    from subsidyengine.facts import case_from_data

    facts = {"home.rent": 5000, "home.start": "2024-03-01", "home.kind": "house", "who.needy": True, "who.adults": 1}
    lines = []
    for _ in range(2):
        book = open_rulebook(folder)
        case = case_from_data({"case": "T", "on": date(2024, 6, 1), "facts": facts}, book.facts)
        lines.append(decide(case, book, "home.support").to_json())
    assert lines[0] == lines[1]


def test_changed_file_is_seen(folder, cache):
    before = open_rulebook(folder)
    path = folder / "rates" / "home.yaml"
    path.write_text(path.read_text().replace("value: 95", "value: 96"))
    after = open_rulebook(folder)
    assert before.hash != after.hash
    assert after.rates["own_day"].rows[-1].value == 96


def test_rulebook_with_problems_is_not_kept(folder, cache):
    path = folder / "home" / "way.yaml"
    path.write_text(path.read_text().replace("who.needy", "who.neddy"))
    for _ in range(2):
        with pytest.raises(RulebookError):
            open_rulebook(folder)
    assert not kept(cache)


def test_file_that_is_passed_over_is_reported_though_the_rest_is_kept(folder, cache):
    open_rulebook(folder)
    (folder / "home" / "new.yml").write_text("scheme: home.new")
    with pytest.raises(RulebookError, match="Y_NAME"):
        open_rulebook(folder)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no pickle",
        b"\x80\x05.",
        b"cos\nnothing_there\n.",
        b"\x80\x04N.",
        b"\x80\x05]\x94(K\x01e.",
        b"(dp0\nI5\n",
        b"\x80\x04\x95\xff\xff\xff\xff\xff\xff\xff\x7f",
        b"\x80\xff",
    ],
)
def test_corrupt_cache_file_is_ignored(content, folder, cache):
    fresh = open_rulebook(folder)
    (path,) = kept(cache)
    path.write_bytes(content)
    assert repr(open_rulebook(folder)) == repr(fresh)
    assert path.read_bytes() != content, "it is written anew"


def test_half_written_cache_file_is_ignored(folder, cache):
    fresh = open_rulebook(folder)
    (path,) = kept(cache)
    path.write_bytes(path.read_bytes()[:-100])
    assert repr(open_rulebook(folder)) == repr(fresh)


def test_unwritable_cache_is_no_error(folder, tmp_path, monkeypatch, sound):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert open_rulebook(folder).hash == sound.hash


def test_cache_that_fails_on_the_way_leaves_nothing_behind(folder, cache, monkeypatch):
    def full(*_):
        raise OSError("no space left on device")

    monkeypatch.setattr(shipped.Path, "replace", full)
    open_rulebook(folder)
    assert list(cache.iterdir()) == []


def test_home_that_does_not_exist_is_no_error(folder, monkeypatch, sound):
    monkeypatch.delenv("XDG_CACHE_HOME")

    def nobody():
        raise RuntimeError("no home")

    monkeypatch.setattr(shipped.Path, "home", nobody)
    assert open_rulebook(folder).hash == sound.hash


def test_only_the_latest_rulebooks_are_kept(folder, cache):
    path = folder / "home" / "way.yaml"
    for number in range(11):
        path.write_text(path.read_text() + f"# {number}\n")
        open_rulebook(folder)
    assert len(kept(cache)) == 8


def test_nothing_is_kept_where_it_is_not_wanted(folder, cache):
    open_rulebook(folder, cache=False)
    assert not cache.exists()


def test_places_do_not_depend_on_where_the_folder_is(folder, tmp_path):
    other = tmp_path / "elsewhere" / "rules"
    shutil.copytree(folder, other)
    assert repr(load_folder(other)) == repr(load_folder(folder))
