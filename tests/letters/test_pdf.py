"""The PDF itself: tagged for screen readers (PDF/UA-1), fit for the archive (PDF/A-2a), the same bytes each time."""

from __future__ import annotations

import hashlib
import io
import os
import subprocess
import sys
from collections import Counter
from datetime import date
from itertools import pairwise

import pytest
from pypdf import PdfReader

from subsidyengine.letters import decision_letter, facts_letter, hearing_letter, pdf, pictures

from .scene import envelope, grounds_of

SUBSIDY = "transitional.subsidy"
REFUSED = "transitional-subsidy-benefit-not-applied"


def letters(book, lang):
    granted = decision_letter(grounds_of("transitional-subsidy-rent-rises", book, lang, SUBSIDY), envelope())
    refused = decision_letter(grounds_of(REFUSED, book, lang), envelope("2024-08-05"), received=date(2024, 8, 7), heard=date(2024, 7, 15))
    hearing = hearing_letter(grounds_of(REFUSED, book, lang), envelope("2024-07-15"), date(2024, 7, 29))
    missing = facts_letter(grounds_of("transitional-subsidy-facts-missing", book, lang, SUBSIDY), envelope(), date(2026, 3, 16))
    return {"granted": granted, "refused": refused, "hearing": hearing, "facts": missing}


@pytest.fixture(scope="module", params=["da", "en"])
def made(request, book):
    """Each letter's PDF, by name, in one language."""
    return request.param, {name: PdfReader(io.BytesIO(pdf(letter))) for name, letter in letters(book, request.param).items()}


def tags(reader):
    """Every structure element's role, in reading order."""
    found = []

    def walk(node):
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            for kid in node:
                walk(kid)
        elif hasattr(node, "get"):
            if "/S" in node:
                found.append(node)
            if "/K" in node:
                walk(node["/K"])

    walk(reader.trailer["/Root"]["/StructTreeRoot"])
    return found


def test_is_tagged_with_language_and_title(made):
    lang, readers = made
    titles = {
        "da": ("Afgørelse: ", "Afslag: ", "Partshøring: ", "Vi mangler oplysninger: "),
        "en": ("Decision: ", "Refusal: ", "Hearing: ", "Facts are missing: "),
    }
    for reader, title in zip(readers.values(), titles[lang], strict=True):
        root = reader.trailer["/Root"]
        assert root["/MarkInfo"]["/Marked"] is True or root["/MarkInfo"]["/Marked"].value is True
        assert root["/Lang"] == {"da": "da-DK", "en": "en-GB"}[lang]
        assert root["/ViewerPreferences"]["/DisplayDocTitle"]
        assert reader.metadata.title.startswith(title)
        assert "Prøve Testperson" not in reader.metadata.title
        assert reader.metadata.author == "Prøvekommune"


def test_says_which_standards_it_keeps(made):
    for reader in made[1].values():
        xmp = reader.trailer["/Root"]["/Metadata"].get_object().get_data().decode()
        assert "<pdfuaid:part>1</pdfuaid:part>" in xmp
        assert "<pdfaid:part>2</pdfaid:part>" in xmp
        assert "<pdfaid:conformance>A</pdfaid:conformance>" in xmp


def test_headings_are_headings_and_never_skip_a_level(made):
    for name, reader in made[1].items():
        levels = [int(n["/S"][2:]) for n in tags(reader) if n["/S"] in ("/H1", "/H2", "/H3")]
        assert levels.count(1) == 1, name
        assert levels[0] == 1
        assert all(b <= a + 1 for a, b in pairwise(levels))


def test_tables_have_header_cells(made):
    for name in ("granted", "refused", "hearing"):
        roles = Counter(n["/S"] for n in tags(made[1][name]))
        assert roles["/Table"] >= 1
        assert roles["/TH"] >= 2 * roles["/Table"]
        assert roles["/TD"] >= roles["/Table"]
    granted = [n for n in tags(made[1]["granted"]) if n["/S"] == "/TH"]
    assert all(
        attribute.get_object()["/Scope"] == "/Column" for n in granted for attribute in _list(n["/A"]) if "/Scope" in attribute.get_object()
    )


def _list(node):
    node = node.get_object() if hasattr(node, "get_object") else node
    return node if isinstance(node, list) else [node]


def test_lists_are_lists(made):
    roles = Counter(n["/S"] for n in tags(made[1]["facts"]))
    assert roles["/L"] == 1
    assert roles["/LI"] == 3  # three facts are missing


def test_every_font_is_embedded_and_ours(made):
    for reader in made[1].values():
        for page in reader.pages:
            for font in page["/Resources"]["/Font"].values():
                inner = font.get_object()["/DescendantFonts"][0].get_object()
                assert "IBMPlexSans" in inner["/BaseFont"]
                assert {"/FontFile2", "/FontFile3"} & set(inner["/FontDescriptor"].get_object())


def test_same_letter_gives_the_same_bytes_in_another_process_and_folder(book, tmp_path):
    program = (
        "import sys, hashlib; from subsidyengine.letters import Letter, pdf; "
        "print(hashlib.sha256(pdf(Letter.model_validate_json(sys.stdin.buffer.read()))).hexdigest())"
    )
    for letter in letters(book, "da").values():
        first = hashlib.sha256(pdf(letter)).hexdigest()
        assert hashlib.sha256(pdf(letter)).hexdigest() == first
        env = {**os.environ, "TZ": "Pacific/Auckland", "LANG": "C", "SOURCE_DATE_EPOCH": "1"}
        given = letter.model_dump_json().encode()
        other = subprocess.run([sys.executable, "-c", program], input=given, capture_output=True, cwd=tmp_path, env=env, check=True)
        assert other.stdout.decode().strip() == first


def test_pages_as_pictures(book):
    pages = pictures(letters(book, "da")["refused"])
    assert len(pages) == 2
    assert all(page.startswith(b"\x89PNG") for page in pages)
