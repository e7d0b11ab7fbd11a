"""The stand-alone verifier: right about every proof, wrong about none, and in need of nothing but Python."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import DECIDED
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from subsidyengine.ledger import Ledger, merkle, verifier
from subsidyengine.ledger.prove import prove_entry, prove_growth
from subsidyengine.ledger.verifier import Head, ProofError, check_consistency, check_proof, leaf_hash, root_of_inclusion, verify_signature

PROGRAM = Path(verifier.__file__)


# The tree, against the definition of RFC 6962 section 2.1 -----------------------------------------------------------------


def mth(leaves: list[bytes]) -> bytes:
    """Merkle tree hash as the RFC defines it, slowly."""
    if len(leaves) < 2:
        return leaf_hash(leaves[0]) if leaves else hashlib.sha256().digest()
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\x01" + mth(leaves[:k]) + mth(leaves[k:])).digest()


def tree(leaves: list[bytes]) -> tuple[list[bytes], merkle.Node]:
    kept: list[list[bytes]] = []
    peaks: list[bytes] = []
    for size, leaf in enumerate(leaves):
        nodes, peaks = merkle.grow(size, peaks, leaf_hash(leaf))
        kept.append(nodes)
    return peaks, lambda level, index: kept[merkle.owner(level, index)][level]


LEAVES = [str(n).encode() for n in range(70)]


def test_empty_tree_is_the_hash_of_nothing():
    """RFC 6962 2.1: the known value of SHA-256 over nothing."""
    assert merkle.root([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 7, 8, 9, 31, 32, 33, 64, 70])
def test_root_and_proofs_follow_the_definition(size):
    leaves = LEAVES[:size]
    peaks, node = tree(leaves)
    assert merkle.root(peaks) == mth(leaves) == merkle.subtree(0, size, node)
    for index in range(size):
        path = merkle.inclusion(index, size, node)
        assert root_of_inclusion(index, size, leaf_hash(leaves[index]), path) == mth(leaves)
        check_consistency(index + 1, mth(leaves[: index + 1]), size, mth(leaves), merkle.consistency(index + 1, size, node))


@given(st.integers(1, 70), st.data())
def test_a_proof_of_something_else_never_holds(size, data):
    leaves = LEAVES[:size]
    _, node = tree(leaves)
    index = data.draw(st.integers(0, size - 1))
    path = merkle.inclusion(index, size, node)
    other = data.draw(st.integers(0, size - 1).filter(lambda n: n != index)) if size > 1 else None
    if other is not None:
        assert holds_not(lambda: root_of_inclusion(index, size, leaf_hash(leaves[other]), path) == mth(leaves))
        assert holds_not(lambda: root_of_inclusion(other, size, leaf_hash(leaves[index]), path) == mth(leaves))
    assert holds_not(lambda: root_of_inclusion(index, size, leaf_hash(leaves[index]), [*path, bytes(32)]) == mth(leaves))
    if path:
        assert holds_not(lambda: root_of_inclusion(index, size, leaf_hash(leaves[index]), path[:-1]) == mth(leaves))


@given(st.integers(2, 70), st.data())
def test_growth_of_a_changed_ledger_never_holds(size, data):
    old = data.draw(st.integers(1, size - 1))
    changed = data.draw(st.integers(0, old - 1))
    leaves = LEAVES[:size]
    forged = [*leaves[:changed], b"forged", *leaves[changed + 1 :]]
    _, node = tree(forged)
    with pytest.raises(ProofError):
        check_consistency(old, mth(leaves[:old]), size, mth(forged), merkle.consistency(old, size, node))


def holds_not(run) -> bool:
    try:
        return not run()
    except ProofError:
        return True


# Signatures, against a well-kept library and the vectors of RFC 8032 section 7.1 -------------------------------------------


@pytest.mark.parametrize(
    ("public", "message", "signature"),
    [
        ("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
         "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"),
        ("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
         "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"),
    ],
)  # fmt: skip
def test_vectors_of_rfc_8032(public, message, signature):
    assert verify_signature(bytes.fromhex(public), bytes.fromhex(message), bytes.fromhex(signature))
    assert not verify_signature(bytes.fromhex(public), bytes.fromhex(message) + b"x", bytes.fromhex(signature))


@given(st.binary(max_size=100), st.integers(0, 511))
def test_signatures_agree_with_the_library(message, bit):
    key = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(message).digest())
    public, signature = key.public_key().public_bytes_raw(), key.sign(message)
    assert verify_signature(public, message, signature)
    broken = bytearray(signature)
    broken[bit // 8] ^= 1 << bit % 8
    assert not verify_signature(public, message, bytes(broken))


@pytest.mark.parametrize(
    ("public", "signature"), [(b"", b""), (bytes(32), bytes(64)), (b"\xff" * 32, b"\xff" * 64), (bytes(31), bytes(64))]
)
def test_nonsense_is_no_signature(public, signature):
    assert (
        verify_signature(public, b"x", signature) in (False, True) if public == bytes(32) else not verify_signature(public, b"x", signature)
    )


# Proofs as they are handed out --------------------------------------------------------------------------------------------


@pytest.fixture
def proofs(ledger, granted, rules, case_of):
    old = ledger.head()
    for number in range(5):
        ledger.propose(
            replace(case_of("transitional-subsidy-rent-rises"), id=f"K-{number}"), rules, "transitional.subsidy", decided_on=DECIDED
        )
    ledger.sign(granted.id, by="Anna", role="jurist", on=DECIDED)
    return prove_entry(ledger, granted.id), prove_growth(ledger, old), prove_entry(ledger, granted.id, "signature")


def test_proofs_hold_and_say_what_they_show(proofs, granted):
    assert check_proof(proofs[0]).startswith(f"entry 1 (decision {granted.id}) stands in the ledger of 8 entries")
    assert check_proof(proofs[1]).startswith("the 2 entries of the older head stand unchanged at the beginning of the 8")
    assert check_proof(proofs[2]).startswith("entry 7 (signature")


def test_no_personal_data_in_a_proof(proofs):
    text = json.dumps(proofs, ensure_ascii=False)
    assert all(value not in text for value in ("Prøvesen", "Testvej", "010160"))


@pytest.mark.parametrize(
    "change",
    [
        lambda p: p.update(entry=p["entry"].replace("granted", "refused")),
        lambda p: p.update(content=p["content"].replace("5500", "5501")),
        lambda p: p.update(head=p["head"].replace("\n8\n", "\n9\n")),
        lambda p: p.update(path=p["path"][:-1]),
        lambda p: p.update(path=[*p["path"], "00" * 32]),
        lambda p: p.update(path=["00" * 32, *p["path"][1:]]),
        lambda p: p.update(path=["nonsense"]),
        lambda p: p.update(key=p["key"][:-4] + "AAA="),
        lambda p: p.update(proof="something"),
        lambda p: p.pop("head"),
        lambda p: p.update(head="nonsense"),
        lambda p: p.update(path=None),
    ],
)
def test_changed_proof_does_not_hold(proofs, change):
    proof = dict(proofs[0])
    change(proof)
    with pytest.raises(ProofError):
        check_proof(proof)


def test_content_may_be_left_out(ledger, granted):
    proof = prove_entry(ledger, granted.id, content=False)
    assert "content" not in proof
    assert check_proof(proof)


def test_proof_by_another_key_does_not_hold(proofs, ledger):
    assert check_proof(proofs[0], ledger.public_key())
    public = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    with pytest.raises(ProofError, match="another key"):
        check_proof(proofs[0], verifier.write_key("other", public))


def test_head_reads_back_and_a_foreign_one_is_refused(ledger):
    head, key = ledger.head(), verifier.read_key(ledger.public_key())[1]
    assert Head.read(head.text(key)) == head
    assert Head.read(head.text(key).replace("\n", "\r\n")) == head
    for text in ("", "a\nb\nc\n\nd", head.text(key)[:40]):
        with pytest.raises(ProofError):
            Head.read(text)


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The file alone, in a Python that finds no packages."""
    return subprocess.run([sys.executable, "-I", "-S", str(PROGRAM), *arguments], capture_output=True, text=True, check=False)


def test_file_alone_checks_a_proof(tmp_path, proofs, ledger):
    path, key = tmp_path / "proof.json", tmp_path / "key.txt"
    path.write_text(json.dumps(proofs[0]), encoding="utf-8")
    bare = run(str(path))
    assert bare.stdout.startswith("holds: entry 1")
    assert (
        f"signed by the key that the proof itself names; hold it against the one handed over, or give --key: {ledger.public_key()}"
        in bare.stderr
    )
    key.write_text(ledger.public_key() + "\n", encoding="utf-8")
    for said in (ledger.public_key(), str(key)):
        done = run(str(path), "--key", said)
        assert (done.returncode, done.stderr) == (0, "")
    path.write_text(json.dumps({**proofs[0], "path": []}), encoding="utf-8")
    assert (run(str(path)).returncode, run(str(path)).stdout) == (1, "")
    path.write_text("{", encoding="utf-8")
    assert run(str(path)).returncode == 2
    assert [run(*wrong).returncode for wrong in ((), (str(path), "--key"), (str(path), "--kye", "x"), ("--key", "x"))] == [2, 2, 2, 2]


def test_file_alone_says_that_a_made_up_ledger_is_not_of_the_key_handed_over(tmp_path, proofs, new_database):
    """Anybody can make a ledger, and a proof that agrees with itself."""
    path = tmp_path / "proof.json"
    path.write_text(json.dumps(proofs[0]), encoding="utf-8")
    with Ledger.create(new_database("sqlite"), tmp_path / "other.key") as other:
        done = run(str(path), "--key", other.public_key())
    assert (done.returncode, done.stderr) == (1, "does not hold: it is signed by another key than the one given\n")


def test_file_alone_holds_a_proof_against_the_head_that_was_handed_over(tmp_path, proofs, ledger, granted):
    """Growth from the head that we hold, not from one that the proof brings along."""
    public = verifier.read_key(ledger.public_key())[1]
    growth, entry, own, now = (tmp_path / name for name in ("growth.json", "entry.json", "own.txt", "now.txt"))
    growth.write_text(json.dumps(proofs[1]), encoding="utf-8")
    own.write_text(proofs[1]["old"], encoding="utf-8")
    now.write_text(ledger.head().text(public), encoding="utf-8")
    entry.write_text(json.dumps(prove_entry(ledger, granted.id)), encoding="utf-8")
    assert run(str(growth), "--key", ledger.public_key(), "--head", str(own)).returncode == 0
    assert run(str(entry), "--head", str(now)).returncode == 0
    done = run(str(growth), "--head", str(now))
    assert (done.returncode, done.stderr) == (1, "does not hold: it is about another head (2 entries) than the one given (8)\n")
    own.write_text("nonsense", encoding="utf-8")
    assert run(str(growth), "--head", str(own)).returncode == 2
