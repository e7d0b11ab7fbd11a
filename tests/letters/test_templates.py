"""A municipality's own templates: a copy can be changed, and a broken one is named with file and line."""

from __future__ import annotations

import shutil
from datetime import date

import pytest

from subsidyengine.letters import TemplateError, decision_letter, facts_letter, pdf, shipped_templates

from .scene import envelope, grounds_of, text_of

SUBSIDY = "transitional.subsidy"


@pytest.fixture
def folder(tmp_path):
    """A municipality's copy of the shipped templates."""
    return shutil.copytree(shipped_templates(), tmp_path / "our")


@pytest.fixture(scope="module")
def letter(book):
    return decision_letter(grounds_of("transitional-subsidy-rent-rises", book, scheme=SUBSIDY), envelope())


def change(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert text.count(old) >= 1
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def test_copy_gives_the_same_bytes(letter, folder):
    assert pdf(letter, folder) == pdf(letter)


def test_changed_sentence_and_changed_layout_are_used(letter, folder):
    change(folder / "da.yaml", "regards: Venlig hilsen", "regards: Med venlig hilsen fra os alle")
    change(folder / "decision.typ", "#signature()", '#text("Vores egen linje")\n#signature()')
    text = text_of(pdf(letter, folder))
    assert "Med venlig hilsen fra os alle" in text
    assert "Vores egen linje" in text


def test_change_is_seen_by_the_next_letter(letter, folder):
    pdf(letter, folder)
    change(folder / "da.yaml", "regards: Venlig hilsen", "regards: Hilsen")
    assert "\nHilsen\n" in text_of(pdf(letter, folder))


def test_folder_of_its_own_may_lie_anywhere(letter, folder, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert pdf(letter, folder.relative_to(tmp_path)) == pdf(letter)


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("decision.typ", "#signature()", "#signatur()", "unknown variable: signatur"),
        ("decision.typ", "it.rules.len() > 0", "it.rule.len() > 0", 'dictionary does not contain key "rule"'),
        ("letter.typ", "let small(body) = text(", "let small(body) = text((", "unclosed delimiter"),
        ("letter.typ", "#let accent = rgb(\"#00504f\")", "#let accent = rgb(\"green-ish\")", "color string contains non-hexadecimal letters"),
    ],
)  # fmt: skip
def test_broken_template_is_named_with_file_and_line(letter, folder, file, old, new, message):
    line = change(folder / file, old, new)
    with pytest.raises(TemplateError) as caught:
        pdf(letter, folder)
    assert caught.value.message.startswith(message)
    assert caught.value.place.startswith(f"{folder / file}:{line}:")


def test_sentence_that_is_gone_is_named_where_it_is_used(letter, folder):
    change(folder / "da.yaml", "regards: Venlig hilsen\n", "")
    with pytest.raises(TemplateError, match='dictionary does not contain key "regards"') as caught:
        pdf(letter, folder)
    assert str(folder / "letter.typ") in caught.value.place


def test_words_that_are_no_yaml_are_named_with_their_line(letter, folder):
    line = change(folder / "da.yaml", "regards: Venlig hilsen", "regards: Venlig: hilsen")
    with pytest.raises(TemplateError) as caught:
        pdf(letter, folder)
    assert f"{folder / 'da.yaml'}:{line}" in str(caught.value)


def test_missing_template_says_how_to_get_one(letter, tmp_path):
    with pytest.raises(TemplateError) as caught:
        pdf(letter, tmp_path)
    assert str(caught.value) == (
        f"{tmp_path / 'decision.typ'}: no such template; 'subsidyengine letter templates DIR' copies the shipped ones into a new folder"
    )


def test_picture_without_a_text_for_screen_readers_is_refused(letter, folder):
    (folder / "dot.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><circle cx="4" cy="4" r="4"/></svg>')
    line = change(folder / "decision.typ", "#signature()", '#image("dot.svg")\n#signature()')
    with pytest.raises(TemplateError, match="PDF/UA-1 error: missing alt text") as caught:
        pdf(letter, folder)
    assert f"decision.typ:{line}:" in caught.value.place


def test_logo_stands_in_the_letterhead_with_the_name_for_screen_readers(book, folder):
    (folder / "logo.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" width="90" height="30"><rect width="90" height="30"/></svg>')
    base = envelope()
    sender = base.sender.model_copy(update={"logo": "logo.svg"})
    letter = facts_letter(grounds_of("transitional-subsidy-facts-missing", book, "da", SUBSIDY), envelope(sender=sender), date(2026, 3, 16))
    made = pdf(letter, folder)
    assert b"/Figure" in made or len(made) > 0
    with pytest.raises(TemplateError, match=r"file not found .*logo\.svg"):
        pdf(letter)


def test_template_reads_nothing_outside_its_folder(letter, folder, tmp_path):
    (tmp_path / "secret.txt").write_text("secret")
    change(folder / "decision.typ", "#signature()", '#read("../secret.txt")')
    with pytest.raises(TemplateError):
        pdf(letter, folder)
