"""Databases to test against: SQLite always, Postgres where its server is installed."""

from __future__ import annotations

import asyncio
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from core.store import Store


def _as_nobody() -> dict[str, int]:
    """Postgres refuses to run as root."""
    return {"user": pwd.getpwnam("nobody").pw_uid} if os.getuid() == 0 else {}


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The socket folder of a server of our own, without TCP."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda p: float(p.parts[-3]))
    if not found:
        pytest.skip("Postgres is not installed: the database is tested on SQLite only")
    programs = found[-1].parent
    folder = Path(tempfile.mkdtemp(prefix="audiogpt-pg-", dir="/tmp"))
    if os.getuid() == 0:
        shutil.chown(folder, "nobody")
    data = folder / "data"
    make = [programs / "initdb", "-D", data, "-U", "audiogpt", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
    subprocess.run(make, check=True, stdout=subprocess.DEVNULL, cwd="/", **_as_nobody())
    options = ["-D", data, "-k", folder, "-c", "listen_addresses=", "-c", "fsync=off"]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen([programs / "postgres", *options], stderr=log, stdout=log, cwd="/", **_as_nobody())
    try:
        yield str(folder)
    finally:
        server.terminate()
        server.wait(30)
        shutil.rmtree(folder)


async def _new_database(socket: str) -> str:
    name = f"t{uuid4().hex}"
    for attempt in range(100):
        try:
            connection = await asyncpg.connect(host=socket, user="audiogpt", database="postgres")
            break
        except (OSError, asyncpg.CannotConnectNowError):
            if attempt == 99:
                raise
            await asyncio.sleep(0.1)
    await connection.execute(f"CREATE DATABASE {name}")
    await connection.close()
    return f"postgresql+asyncpg://audiogpt@/{name}?host={socket}"


@pytest.fixture(params=["sqlite", "postgres"])
async def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path / 'new folder' / 'a.db'}"
    return await _new_database(request.getfixturevalue("postgres"))


@pytest.fixture
async def store(url: str) -> AsyncIterator[Store]:
    opened = await Store.open(url)
    yield opened
    await opened.close()
