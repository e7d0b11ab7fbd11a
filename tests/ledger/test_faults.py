"""What happens when things go wrong: nothing acknowledged is lost, nothing is half there, and the message says what to do."""

from __future__ import annotations

import os
import pwd
import random
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from conftest import DECIDED
from sqlalchemy import text

from subsidyengine.document import decide
from subsidyengine.ledger import Ledger, LedgerError, StorageError
from subsidyengine.ledger.verify import verify

WORKERS = Path(__file__).with_name("workers.py")
WRITES, KILLS, PROCESSES, EACH = 500, 8, 8, 12


def start(job: str, url: str, key: Path, *more: object) -> subprocess.Popen[str]:
    command = [sys.executable, str(WORKERS), job, url, str(key), *map(str, more)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def acknowledged(lines: list[str]) -> list[str]:
    """Whole lines only: a killed process may leave half a one."""
    return [line.strip() for line in lines if line.endswith("\n") and len(line.strip()) == 16]


@pytest.mark.slow
def test_kill_at_random_moments_loses_nothing_acknowledged(ledger, url, key):
    """500 writes, by processes that are killed on the way and started again with the same cases."""
    chance = random.Random(9)
    ids: set[str] = set()
    kills = 0
    while True:
        running = start("write", url, key, "K", WRITES)
        assert running.stdout is not None
        lines = [running.stdout.readline()]
        assert lines == ["ready\n"], running.stderr.read() if running.stderr else ""
        if kills < KILLS:
            wanted = len(ids) + chance.randrange(5, WRITES // KILLS)  # what was there before is acknowledged again, quickly
            while len(lines) <= wanted and (line := running.stdout.readline()):
                lines.append(line)
            time.sleep(chance.random() * 0.01)
            running.send_signal(signal.SIGKILL)
            kills += 1
        rest, errors = running.communicate()
        lines += rest.splitlines(keepends=True)
        ids.update(acknowledged(lines))
        there = {entry.id for entry in ledger.entries()}
        assert ids <= there
        report = verify(ledger)
        assert report.sound, report.problems
        if running.returncode != -signal.SIGKILL:
            assert running.returncode == 0, errors
            break
    assert kills == KILLS
    assert len(there) == WRITES == len(ids)
    held = [entry for entry in ledger.entries() if ledger.masked(entry.id)]
    assert len(held) == WRITES  # personal data came with each, whole


@pytest.mark.slow
def test_eight_processes_writing_at_once_lose_and_fork_nothing(ledger, url, key):
    running = [start("write", url, key, f"P{number}", EACH) for number in range(PROCESSES)]
    answers = [process.communicate() for process in running]
    assert [process.returncode for process in running] == [0] * PROCESSES, answers
    ids = [found for out, _ in answers for found in acknowledged(out.splitlines(keepends=True))]
    assert len(set(ids)) == PROCESSES * EACH
    entries = list(ledger.entries())
    assert {entry.id for entry in entries} == set(ids)
    assert [entry.seq for entry in entries] == list(range(1, PROCESSES * EACH + 1))
    report = verify(ledger)
    assert (report.sound, report.entries) == (True, PROCESSES * EACH + 1)


def test_processes_recording_the_same_decisions_record_each_once(ledger, url, key):
    running = [start("write", url, key, "same", 3) for _ in range(3)]
    answers = [process.communicate() for process in running]
    assert [process.returncode for process in running] == [0, 0, 0], answers
    assert len(list(ledger.entries())) == 3
    assert verify(ledger).sound


def test_full_disk_gives_a_clear_error_and_no_half_entry(new_database, key):
    url = new_database("sqlite")
    with Ledger.create(url, key) as ledger:
        size = Path(url).stat().st_size
        full = start("limited", url, key, size + 600_000)
        out, errors = full.communicate()
        assert full.returncode == 1, errors
        assert "nothing was recorded" in out
        assert "INSERT" not in out + errors
        ids = set(acknowledged(out.splitlines(keepends=True)))
        assert {entry.id for entry in ledger.entries()} == ids
        assert verify(ledger).sound
        after = start("write", url, key, "after", 1)
        assert after.communicate()[0].count("\n") == 2
        assert verify(ledger).sound


def test_full_database_gives_a_clear_error_and_can_go_on(new_database, key, rules, case_of):
    """SQLite's own word for a full disk, as it comes at every size."""
    case = case_of("transitional-subsidy-rent-rises")
    with Ledger.create(new_database("sqlite"), key) as ledger:
        ledger.propose(case, rules, "transitional.subsidy", decided_on=DECIDED)
        with ledger.store.reading() as connection:
            pages = connection.execute(text("PRAGMA page_count")).scalar_one()
            connection.execute(text(f"PRAGMA max_page_count = {pages + 2}"))

        def fill() -> None:
            for number in range(50):
                ledger.propose(replace(case, id=f"F-{number}"), rules, "transitional.subsidy", decided_on=DECIDED)

        with pytest.raises(StorageError, match="the disk is full: nothing was recorded"):
            fill()
        assert verify(ledger).sound
        with ledger.store.reading() as connection:
            connection.execute(text("PRAGMA max_page_count = 1000000"))
        ledger.propose(replace(case, id="F-after"), rules, "transitional.subsidy", decided_on=DECIDED)
        assert verify(ledger).sound


@pytest.fixture
def small_disk(tmp_path, kind):
    """A disk of its own, a few MB, that really is full in the end."""
    folder = Path(tempfile.mkdtemp(prefix="small"))  # where the server's user gets to, unlike tmp_path
    size = "10m" if kind == "sqlite" else "24m"
    owner = f",uid={pwd.getpwnam('postgres').pw_uid}" if kind == "postgresql" and os.geteuid() == 0 else ""
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}{owner}", "tmpfs", str(folder)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        folder.rmdir()
        pytest.skip(f"a disk of our own cannot be mounted here: {done.stderr.strip()}")
    folder.chmod(0o700)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)
        folder.rmdir()


@pytest.mark.slow
def test_disk_that_is_really_full(kind, small_disk, key, request, rules, case_of):
    """Nothing acknowledged is lost, nothing is half there, and when there is room again it goes on."""
    case = case_of("transitional-subsidy-rent-rises")
    document = decide(case, rules.book, "transitional.subsidy", known=DECIDED)
    filler = small_disk / "filler"
    with ExitStack() as stack:
        if kind == "sqlite":
            url = str(small_disk / "ledger.db")
        else:
            url = stack.enter_context(database_on(request.getfixturevalue("postgres_server"), small_disk))
        ledger = stack.enter_context(Ledger.create(url, key))
        ids = [ledger.add(replace(case, id="first"), document, rules, decided_on=DECIDED).id]
        room = os.statvfs(small_disk)
        filler.write_bytes(bytes(max(room.f_bavail * room.f_frsize - 600_000, 0)))

        secret = {"name": "-".join(["Hemme", "lig"])}  # not as it stands in this file: a traceback shows lines of it

        def fill() -> None:
            for number in range(2000):
                ids.append(ledger.add(replace(case, id=f"F-{number}"), document, rules, decided_on=DECIDED, person=secret).id)

        with pytest.raises(StorageError, match=r"the disk (is full|cannot be written): nothing was recorded") as caught:
            fill()
        assert secret["name"] not in "".join(traceback.format_exception(caught.value))
        assert len(ids) > 1
        assert [entry.id for entry in ledger.entries()] == ids
        assert verify(ledger).sound
        filler.unlink()
        ids.append(ledger.add(replace(case, id="after"), document, rules, decided_on=DECIDED).id)
        assert [entry.id for entry in ledger.entries()] == ids
        assert verify(ledger).sound


@contextmanager
def database_on(server: str, folder: Path) -> Iterator[str]:
    """A database of a server whose files lie in ``folder``."""
    name = f"small_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE TABLESPACE {name} LOCATION '{folder}'")
        connection.execute(f"CREATE DATABASE {name} TABLESPACE {name}")
    try:
        yield server.replace("/postgres?", f"/{name}?")
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
            connection.execute(f"DROP TABLESPACE {name}")


def test_read_only_file_gives_a_clear_error(rules, case_of):
    """As another user when we are root, whom no file refuses. The folder lies where everybody may look."""
    case = case_of("transitional-subsidy-rent-rises")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url, key = folder / "ledger.db", folder / "k.key"
        with Ledger.create(url, key) as ledger:
            ledger.propose(case, rules, "transitional.subsidy", decided_on=DECIDED)
        for path in folder.iterdir():
            path.chmod(0o444)
        with tempfile.TemporaryDirectory() as scratch:
            folder.chmod(0o555)
            out, errors = start("unprivileged", str(url), key, pwd.getpwnam("nobody").pw_uid, f"{scratch}/s.db").communicate()
            folder.chmod(0o755)
        assert "StorageError" in out, errors
        assert "read-only: nothing was recorded" in out
        with Ledger.open(url, key) as ledger:
            assert verify(ledger).sound
            assert not next(ledger.entries()).signed


def test_lost_connection_gives_a_clear_error_and_the_next_one_works(new_database, key, rules, case_of):
    case = case_of("transitional-subsidy-rent-rises")
    url = new_database("postgresql")
    with Ledger.create(url, key) as ledger, Ledger.open(url, key) as other:
        first = ledger.propose(case, rules, "transitional.subsidy", decided_on=DECIDED)
        cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()"

        def sign_while_cut() -> None:
            with ledger._writing() as writer:
                with other.store.reading() as connection:
                    connection.execute(text(cut))
                writer.record("signature", {"decision": first.id, "by": "Hemmelig Navn", "role": "r", "signed_on": "2026-03-02"})

        with pytest.raises(StorageError, match="connection to the database failed") as caught:
            sign_while_cut()
        assert "Hemmelig" not in str(caught.value)
        assert "not recorded twice" in str(caught.value)
        assert not ledger.entry(first.id).signed
        assert ledger.sign(first.id, by="Anna", role="jurist", on=DECIDED).signed
        assert verify(ledger).sound


def test_connection_lost_while_idle_is_not_noticed(new_database, key, rules, case_of):
    case = case_of("transitional-subsidy-rent-rises")
    url = new_database("postgresql")
    with Ledger.create(url, key) as ledger, Ledger.open(url, key) as other:
        ledger.propose(case, rules, "transitional.subsidy", decided_on=DECIDED)
        with other.store.reading() as connection:
            connection.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()"
                )
            )
        assert ledger.propose(replace(case, id="next"), rules, "transitional.subsidy", decided_on=DECIDED).seq == 2


def test_no_server_gives_a_clear_error_without_the_password(key):
    with pytest.raises(LedgerError) as caught:
        Ledger.open("postgresql://ledger:hemmeligt@127.0.0.1:1/none", key)
    assert "hemmeligt" not in str(caught.value)
    assert "127.0.0.1" in str(caught.value)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda path: None, "there is no ledger here"),
        (lambda path: path.write_bytes(b""), "there is no ledger here"),
        (lambda path: path.write_text("case: K-1\n" * 500, encoding="utf-8"), "is damaged|not a database"),
        (lambda path: path.mkdir(), "cannot be opened"),
    ],
)
def test_what_is_no_ledger_is_told(tmp_path, make, message):
    path = tmp_path / "ledger.db"
    make(path)
    with pytest.raises(LedgerError, match=message):
        Ledger.open(path)


@pytest.mark.parametrize(
    "url", ["postgresql://ledger:hemmeligt@db:port/x", "postgres:/ledger:hemmeligt@db/x", "postgresql:ledger", "sqlite:ledger.db"]
)
def test_mistyped_url_is_told_and_is_no_file_name(tmp_path, monkeypatch, url):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(LedgerError, match="write postgresql://user@host/database") as caught:
        Ledger.create(url)
    assert "hemmeligt" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_error_inside_leaves_nothing(ledger, granted):
    size = ledger.head().size

    def fail_on_the_way() -> None:
        with ledger._writing() as writer:
            writer.record("signature", {"decision": granted.id, "by": "A", "role": "r", "signed_on": "2026-03-02"})
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_on_the_way()
    assert ledger.head().size == size
    assert verify(ledger).sound
