"""A throwaway PostgreSQL of this machine's own binaries: on a socket in a temporary folder, gone when the tests are done.

`SUBSIDYENGINE_TEST_POSTGRES` names a server that is running already (a URL of a database where others may be made).
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

VARIABLE = "SUBSIDYENGINE_TEST_POSTGRES"
DEBIAN = Path("/usr/lib/postgresql")


def binaries() -> Path | None:
    """The folder of the newest server's programs; None when no server is installed."""
    found = sorted(DEBIAN.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3])) if DEBIAN.is_dir() else []
    named = shutil.which("initdb")
    return found[-1].parent if found else Path(named).resolve().parent if named else None


@contextmanager
def server() -> Iterator[str]:
    """The URL of a running server; RuntimeError when there is none and none can be started."""
    if named := os.environ.get(VARIABLE):
        yield named
        return
    programs = binaries()
    if programs is None:
        raise RuntimeError("PostgreSQL is not installed (Debian: apt install postgresql)")
    user = _user()
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    try:
        if user is not None:
            os.chown(folder, pwd.getpwnam(user).pw_uid, -1)
        data = folder / "data"

        def run(program: str, *arguments: str) -> None:
            command = [str(programs / program), *arguments]
            done = subprocess.run(command, user=user, cwd=folder, capture_output=True, text=True, check=False)
            if done.returncode:
                raise RuntimeError(f"{program}: {done.stderr.strip()}")

        run("initdb", "-D", str(data), "-U", "ledger", "--auth=trust", "-E", "UTF8", "--locale=C")
        options = f"-c listen_addresses='' -c unix_socket_directories='{folder}' -c max_connections=60"
        run("pg_ctl", "-D", str(data), "-w", "-l", str(folder / "log"), "-o", options, "start")
        try:
            yield f"postgresql://ledger@/postgres?host={folder}"
        finally:
            run("pg_ctl", "-D", str(data), "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _user() -> str | None:
    """PostgreSQL refuses to run as root: then as the user that its package made, or as one who owns nothing. None: as we are."""
    if os.geteuid() != 0:
        return None
    there = {entry.pw_name for entry in pwd.getpwall()}
    for name in ("postgres", "nobody"):
        if name in there:
            return name
    raise RuntimeError("PostgreSQL does not run as root, and there is no user postgres or nobody")


@contextmanager
def database(server_url: str, name: str) -> Iterator[str]:
    """A fresh database of a server."""
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    head, _, query = server_url.partition("?")
    try:
        yield f"{head.rsplit('/', 1)[0]}/{name}?{query}".rstrip("?")
    finally:
        with psycopg.connect(server_url, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
