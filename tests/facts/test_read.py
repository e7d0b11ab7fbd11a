"""Files, folders and standard input: every kind, every case in order, every mistake at its line."""

from __future__ import annotations

import io
import json
from fractions import Fraction
from itertools import islice

from subsidyengine.facts import Case, CaseError, Given, read_cases

TWO = "case: A\nfacts: {lease.rent: 5500.50}\n---\n# the second\ncase: B\nfacts: {lease: {rent: 1}}\n"


def ids(found):
    return [item.id if isinstance(item, Case) else item for item in found]


def test_each_yaml_document_is_a_case(write, read):
    first, second = read(write("a.yaml", TWO))
    assert first.facts == {"lease.rent": (Given(Fraction(11001, 2)),)}
    assert (first.id, first.origin, second.id, second.origin) == ("A", "a.yaml:1", "B", "a.yaml:5")


def test_yaml_markers_comments_and_directives_may_surround_documents(write, read):
    text = "%YAML 1.2\n# first\n---\ncase: A\nfacts: {}\n...\n---\n---\ncase: B\nfacts: {lease.rent: x}\n---\n"
    assert ids(read(write("a.yaml", text))) == ["A", "a.yaml:10: lease.rent: 'x' is no number: write it like 5500.00"]


def test_a_broken_document_hides_no_other(write, read):
    text = "case: A\nfacts: {}\n---\ncase: B\nfacts: {lease: {rent: 1, rent: 2}}\n---\ncase: C\nfacts: {}\n---\nfacts: [\n"
    assert ids(read(write("a.yaml", text))) == [
        "A",
        "a.yaml:5: 'rent' stands twice (first on line 5)",
        "C",
        "a.yaml:11: not YAML: expected the node content, but found '<stream end>'",
    ]


def test_a_yaml_list_holds_cases_too(write, read):
    text = "- {case: A, facts: {}}\n- facts: {lease.rnt: 1}\n"
    assert ids(read(write("a.yml", text))) == ["A", "a.yml:2: lease.rnt: unknown fact - did you mean 'lease.rent'?"]


def test_cases_without_an_id_are_named_by_their_file(write, read):
    assert ids(read(write("one.yaml", "facts: {}\n"))) == ["one"]
    assert ids(read(write("two.yaml", "facts: {}\n---\nfacts: {}\n"))) == ["two#1", "two#2"]
    assert ids(read(write("one.json", '{"facts": {}}'))) == ["one"]
    assert ids(read(write("two.json", '[{"facts": {}}, {"facts": {}}]'))) == ["two#1", "two#2"]
    assert ids(read(write("n.ndjson", '{"facts": {}}\n\n{"facts": {}}\n'))) == ["n#1", "n#3"]
    assert ids(read(write("t.csv", "lease.rent\n1\n"))) == ["t#2"]
    assert read(write("010190-1234.yaml", "facts: {}\n"))[0].endswith("says nothing about the person")


def test_json_numbers_are_exact_and_places_are_lines(write, read):
    text = '[\n {"case": "A",\n  "facts": {"lease": {"rent": 5500.10}}},\n {"case": "B", "facts": {\n  "lease": {"rent":\n   "5,5", "start": "x"}}}\n]'
    first, second = read(write("a.json", text))
    assert (first.facts["lease.rent"][0].value, first.origin) == (Fraction(55001, 10), "a.json:2")
    assert second.splitlines() == [
        "a.json:5: lease.rent: '5,5' is no number: write 5.5, with a decimal point and no thousands separator",
        "a.json:6: lease.start: 'x' is no day: write it as YYYY-MM-DD",
    ]


def test_a_key_that_stands_twice_in_json_is_refused(write, read):
    text = '{"case": "A",\n "facts": {"lease": {"rent": 1,\n "r\\u0065nt": 2}}}'
    assert read(write("a.json", text)) == ["a.json:3: lease.rent: stands twice (first on line 2)"]
    assert read(write("a.ndjson", '{"facts": {}, "facts": {}}\n')) == ["a.ndjson:1: stands twice (first on line 1)"]


def test_broken_json_keeps_the_cases_before_it(write, read):
    found = ids(read(write("a.json", '[{"case": "A", "facts": {}},\n {"case": }]')))
    assert found == ["A", "a.json:2: not JSON: expecting value"]
    assert read(write("b.json", "[1,]"))[1] == "b.json:1: not JSON: a comma stands before ']'"
    assert read(write("c.json", '[{"facts": {}}] x'))[1] == "c.json:1: not JSON: something stands after the list"
    assert read(write("d.json", "")) == ["d.json: no case in this file"]
    assert read(write("e.json", "[" * 100_000))[0].startswith("e.json:1: ")
    assert read(write("f.json", "1" * 5000)) == ["f.json:1: a number has too many digits"]
    assert read(write("g.json", '{"facts": {"lease.rent": NaN, "household.wealth": 1e999999999}}'))[0].splitlines() == [
        "g.json:1: lease.rent: NaN is no number",
        "g.json:1: household.wealth: 1E+999999999 is too large",
    ]


def test_each_ndjson_line_stands_for_itself(write, read):
    lines = [
        b'\xef\xbb\xbf{"case": "A", "facts": {"lease.rent": 0.1}}',
        b'{"case": "B", "facts": {"lease.rent": }}',
        b'{"case": "C", "facts": {"dwelling.department": "N\xf8rrevang"}}',
        b'{"case": "D", "facts": {}} {"case": "E"}',
        b"[]",
        b'{"case": "F", "facts": {}}\r',
    ]
    assert ids(read(write("a.ndjson", b"\n".join(lines)))) == [
        "A",
        "a.ndjson:2: not JSON: expecting value (column 39)",
        "a.ndjson:3: not UTF-8 (byte 0xf8): save the file as UTF-8",
        "a.ndjson:4: a line holds one case (something follows at column 27)",
        "a.ndjson:5: a case is a mapping of case, on, known, schemes, facts, not a list",
        "F",
    ]


def test_ndjson_is_read_as_it_comes(rulebook):
    def endless():
        while True:
            yield b'{"case": "A", "facts": {}}\n'

    found = list(islice(read_cases(["-"], rulebook, stdin=endless()), 3))
    assert ids(found) == ["A", "A", "A"]


def test_standard_input_is_recognised_by_its_first_sign(read):
    def given(text):
        return [ids(read("-", stdin=stream)) for stream in (io.StringIO(text), io.BytesIO(text.encode()))]

    assert given('\n  {"case": "A", "facts": {}}\n{"case": "B", "facts": {}}\n') == [["A", "B"]] * 2
    assert given('{"case": "A",\n "facts": {}}\n{"case": "B", "facts": {}}\n') == [["A", "B"]] * 2
    assert given('\ufeff[{"case": "A", "facts": {}},\n{"facts": {}}]') == [["A", "stdin#2"]] * 2
    assert given(TWO) == [["A", "B"]] * 2
    assert given("") == [["<stdin>: no case in this file"]] * 2
    assert given('{"facts": {"lease.rnt": 1}}') == [["<stdin>:1: lease.rnt: unknown fact - did you mean 'lease.rent'?"]] * 2


def test_a_folder_stands_for_the_case_files_in_it_by_name(write, read):
    for name in ("f/b.yaml", "f/a/z.yaml", "f/.hidden/x.yaml", "f/.x.yaml", "f/c.cases.yaml", "f/readme.md"):
        write(name, f"case: {name}\nfacts: {{}}\n")
    write("f/c.ndjson", json.dumps({"case": "N", "facts": {}}))
    assert ids(read("f")) == ["f/a/z.yaml", "f/b.yaml", "N"]
    write("empty/readme.md", "")
    assert read("empty")[0].startswith("empty: no case files in this folder")


def test_files_that_cannot_be_used_are_named_and_hide_no_other(write, read):
    good = write("good.yaml", "case: A\nfacts: {}\n")
    write("old.xls", "")
    write("x.cases.yaml", "scheme: a.b\n")
    write("latin.yaml", "case: A\nfacts: {dwelling.department: Nørrevang}\n".encode("latin-1"))
    assert ids(read("goood.yaml", "old.xls", "x.cases.yaml", "latin.yaml", good)) == [
        "goood.yaml: no such file or folder - did you mean 'good.yaml'?",
        "old.xls: '.xls' is no kind of case file (it is one of .yaml, .yml, .json, .ndjson, .jsonl, .csv, .xlsx, .parquet)",
        "x.cases.yaml: these are worked cases of a scheme: `subsidyengine rules test` runs them",
        "latin.yaml:2: not UTF-8 (byte 0xf8): save the file as UTF-8",
        "A",
    ]
    assert read("a\0b.yaml")[0].startswith("a\\x00b.yaml: ")


def test_a_byte_order_mark_is_accepted(write, read):
    assert ids(read(write("a.yaml", b"\xef\xbb\xbfcase: A\nfacts: {}\n"))) == ["A"]
    assert ids(read(write("a.json", b'\xef\xbb\xbf{"case": "A", "facts": {}}'))) == ["A"]
    assert ids(read(write("a.csv", b"\xef\xbb\xbfcase,lease.rent\nA,1\n"))) == ["A"]


def test_schemes_are_checked_against_the_rulebook(write, rulebook):
    class Book:
        facts, schemes = rulebook.facts, {"fund.rent_reduction": None}

    path = write("a.yaml", "schemes: [fund.rent_reductoin]\nfacts: {}\n")
    (found,) = read_cases([path], Book)
    assert isinstance(found, CaseError)
    assert str(found) == "a.yaml:1: schemes: no scheme 'fund.rent_reductoin' in the rulebook - did you mean 'fund.rent_reduction'?"
