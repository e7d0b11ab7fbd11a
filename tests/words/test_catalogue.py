"""The Danish texts are whole: one for every text of the program, with the same parts, and none left over."""

from __future__ import annotations

import ast
import string
from collections import Counter

import pytest

from subsidyengine.decision.opening import _NO_VALUE
from subsidyengine.formula.functions import FUNCTIONS
from subsidyengine.words import catalogue

from . import collect

TEMPLATES, HELP = collect.templates(), collect.help_texts()
TEXTS = {file: catalogue.read_texts(file) for file in catalogue.files()}
DANISH = {english: danish for texts in TEXTS.values() for english, danish in texts.items()}


def parts(template: str) -> Counter[str]:
    return Counter(name for _, name, _, _ in string.Formatter().parse(template) if name is not None)


def test_there_is_something_to_look_at():
    assert len(TEMPLATES) > 300
    assert len(HELP) > 40


def test_every_text_has_its_danish():
    lacking = {text: place for text, place in {**HELP, **TEMPLATES}.items() if text not in DANISH}
    assert not lacking, f"write their Danish in src/subsidyengine/words/da/: {lacking}"


def test_no_danish_is_left_over():
    assert not DANISH.keys() - TEMPLATES.keys() - HELP.keys()


def test_no_text_stands_in_two_files():
    assert [text for text, count in Counter(text for texts in TEXTS.values() for text in texts).items() if count > 1] == []


@pytest.mark.parametrize("file", [*catalogue.files(), catalogue.LIBRARIES])
def test_the_danish_has_the_parts_of_the_english(file):
    texts = catalogue.read_texts(file)
    # A library's text may be said with fewer parts (`'<block end>'` helps nobody), never with others.
    wrong = [
        english
        for english, danish in texts.items()
        if english not in HELP
        and (parts(danish) - parts(english) if file == catalogue.LIBRARIES else set(parts(danish)) != set(parts(english)))
    ]
    assert wrong == []


@pytest.mark.parametrize("file", [*catalogue.files(), catalogue.LIBRARIES])
def test_danish_and_english_begin_and_end_alike(file):
    """Blanks and signs at the ends join a text to what stands beside it."""
    ends = [(e, d) for e, d in catalogue.read_texts(file).items() if (e[0] == " ", e[-1] in " .:") != (d[0] == " ", d[-1] in " .:")]
    assert ends == []


def test_every_reason_for_having_no_value_is_said_in_both_languages():
    """Open points put the reason after the question; it is a key there, not a text of ``say``."""
    causes = [call.args for _, tree in collect.trees() for call in collect.calls(tree, "Cause") if len(call.args) >= 2]
    texts = {reason.value for kind, reason, *_ in causes if ast.unparse(kind) == "'no_value'" and isinstance(reason, ast.Constant)}
    reasons = texts | {f.no_value for f in FUNCTIONS.values() if f.no_value}
    assert reasons == _NO_VALUE.keys()


# Nothing is said past the catalogue: in these calls the argument of this number is what a person reads.
SAID = {
    "BadParameter": 0, "CaseProblem": 2, "FormulaError": 1, "JsonError": 1, "Problem": 2, "SheetError": 1, "SourceError": 1,
    "Damaged": 0, "LedgerError": 0, "NotAllowed": 0, "NotThere": 0, "StorageError": 0, "UnknownFact": 0, "Wrong": 0, "fail": 0, "file_error": 1, "one_of": 2, "problem": 2, "tell": 0, "wrong": 2,
}  # fmt: skip
#: Where `fail` is a method: (code, message, place).
CHECKER = "formula/check.py"
#: Names that hold a message on its way to such a call.
NAMES = {"hint", "message", "reason", "wanted"}


def plain_text(node: ast.AST) -> bool:
    """Text made without `say`: an f-string, a literal that is not empty, or such a text as part of a sum or a choice."""
    match node:
        case ast.JoinedStr():
            return True
        case ast.Constant(value=str(text)):
            return bool(text.strip())
        case ast.BinOp(left=left, right=right):
            return plain_text(left) or plain_text(right)
        case ast.BoolOp(values=values):
            return any(map(plain_text, values))
        case ast.IfExp(body=body, orelse=orelse):
            return plain_text(body) or plain_text(orelse)
    return False


def test_no_message_is_made_without_say():
    found = []
    for name, tree in collect.trees():
        for call in collect.calls(tree, *SAID):
            called = call.func.attr if isinstance(call.func, ast.Attribute) else call.func.id
            index = 1 if called == "fail" and name == CHECKER else SAID[called]
            if len(call.args) > index and plain_text(call.args[index]):
                found.append(f"{name}:{call.lineno}")
        for node in ast.walk(tree):
            targets = [t.id for t in node.targets if isinstance(t, ast.Name)] if isinstance(node, ast.Assign) else []
            if NAMES & {*targets} and plain_text(node.value) and name != "rulebook/forms.py":
                found.append(f"{name}:{node.lineno}")
    assert found == [], "write say(...) here"


#: Names of things in a rule file, style marks, and the name of the program.
ALLOWED = {"subsidyengine: ", "  value.", "  amount", "[bold]", "[/bold]: "}


def test_commands_print_no_words_of_their_own():
    """What is printed is data, marks, or went through `say` or the words of both languages."""
    found = []
    for name, tree in collect.trees():
        for call in collect.calls(tree, "print", "add_column", "add_task", "Text", "assemble") if name.startswith("cli/") else ():
            for argument in call.args:
                pieces = argument.values if isinstance(argument, ast.JoinedStr) else [argument]
                texts = [p.value for p in pieces if isinstance(p, ast.Constant) and isinstance(p.value, str)]
                found += [(f"{name}:{call.lineno}", t) for t in texts if any(c.isalpha() for c in t) and t not in ALLOWED]
    assert found == [], "write say(...) here"
