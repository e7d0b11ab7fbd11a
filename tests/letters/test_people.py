"""The municipality's file and the recipient's file: what is wrong is said with file and line, and repeats no personal data."""

from __future__ import annotations

import traceback

import pytest

from subsidyengine.letters import LetterInputError, read_recipient, read_sender


@pytest.mark.parametrize(
    ("read", "text", "said"),
    [
        (read_recipient, "name: Prøve Testperson\n", "file.yaml:1:1 S_MISSING the file needs 'address'"),
        (read_recipient, "name: A\naddress: []\n", "file.yaml:2:1 S_VALUE address is empty"),
        (read_recipient, "name: A\nadress: [B]\n", "unknown key 'adress' in the file - did you mean 'address'?"),
        (read_recipient, "name: A\naddress: [B]\ncpr: 010160-0000\n", ":3:1 S_UNKNOWN_KEY unknown key 'cpr'"),
        (read_recipient, "name: [\n", ":2:1 L_FILE not YAML"),
        (read_recipient, "", ":1:1 L_FILE holds 0 YAML documents; write one, with name and address"),
        (read_recipient, "name: A\naddress: [B]\n---\nname: C\naddress: [D]\n", ":1:1 L_FILE holds 2 YAML documents"),
        (read_sender, "name: A\naddress: [B]\nclosed: ['06-05', '24-12']\n", "write the month and day in quotes, as in '12-24'"),
        (read_sender, "name: A\naddress: [B]\nclosed: ['02-30']\n", "write the month and day in quotes, as in '12-24'"),
        (read_sender, "name: A\naddress: [B]\nphone: 12345678\n", "file.yaml:3:1 S_"),
        (
            read_sender,
            "name: A\naddress: [B]\nduty_to_report: {says: {da: x, en: y}}\n",
            "file.yaml:3:1 S_MISSING duty_to_report needs 'cite'",
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_place(tmp_path, read, text, said):
    path = tmp_path / "file.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(LetterInputError) as caught:
        read(path)
    assert said in str(caught.value)
    assert str(caught.value).startswith(str(path))
    assert "Testperson" not in str(caught.value)
    assert "010160" not in str(caught.value)


def test_file_that_is_not_there_and_file_that_is_no_text(tmp_path):
    with pytest.raises(LetterInputError, match=r"gone\.yaml:1:1 L_FILE cannot be read: No such file or directory"):
        read_sender(tmp_path / "gone.yaml")
    (tmp_path / "latin.yaml").write_bytes("name: Prøve\n".encode("latin-1"))
    with pytest.raises(LetterInputError, match="is not UTF-8: save the file as UTF-8"):
        read_sender(tmp_path / "latin.yaml")


def test_names_that_look_like_numbers_and_days_stand_as_they_are_written(tmp_path):
    (tmp_path / "r.yaml").write_text('name: "1234"\naddress: ["2026-01-01 Vej 3"]\n', encoding="utf-8")
    assert read_recipient(tmp_path / "r.yaml").name == "1234"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("name: Hemmelig: Navn\n", "mapping values are not allowed here"),
        ("name: Hemmelig Navn\naddress: Hemmelig Vej 1\n", "address: '... ... 1': write a list"),
        ("name: Navn\nHemmelig Navn: [x]\naddress: [a]\n", "unknown key '... ...' in the file (known here: name, address, representative)"),
        ("name: *Hemmelig\naddress: [a]\n", "found undefined alias '...'"),
        ("Hemmelig Navn\n", "the file: '... ...': write 'name: value' lines here"),
        ("name: Navn\nname: Hemmelig Navn\naddress: [a]\n", "'name' stands twice"),
        (f"name: Navn\naddress: {'Hemmeligvej' * 40}\n", "write a list"),
    ],
)
def test_messages_about_a_recipient_repeat_nothing_of_the_file(tmp_path, text, told):
    path = tmp_path / "file.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(LetterInputError) as caught:
        read_recipient(path)
    for said in [str(caught.value), *(problem.told(lang) for problem in caught.value.problems for lang in ("da", "en"))]:
        assert "hemmelig" not in said.casefold()
        assert "Navn" not in said
    assert told in str(caught.value)
    assert "hemmelig" not in "".join(traceback.format_exception(caught.value)).casefold()
