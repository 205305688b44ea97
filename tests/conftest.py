from __future__ import annotations

import logging
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from paths import TESTS

from core.jobs.server import NatsServer
from core.settings import Settings

os.environ["PYTHONPATH"] = str(TESTS)  # so that model processes find the toy models too
for name in [n for n in os.environ if n.startswith("AUDIOGPT_")]:
    del os.environ[name]  # an operator's settings are not the tests'


@pytest.fixture(autouse=True)
def the_log_as_it_was() -> Iterator[None]:
    """A command that a test runs in this process sets the log up for itself; the next test hears it again."""
    log = logging.getLogger("audiogpt")
    before = log.handlers, log.propagate, log.level
    yield
    log.handlers, log.propagate = before[:2]
    log.setLevel(before[2])


@pytest.fixture(scope="session")
async def nats_server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[NatsServer]:
    server = NatsServer(tmp_path_factory.mktemp("nats"))
    await server.start()
    yield server
    await server.stop()


@pytest.fixture(scope="session")
def weights_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One data folder for all tests, so that weights are put together once."""
    return tmp_path_factory.mktemp("data")


@pytest.fixture
def settings(tmp_path: Path, weights_dir: Path) -> Settings:
    import toys

    return Settings(
        _env_file=None,  # type: ignore[call-arg]
        data_dir=weights_dir,
        database_url=f"sqlite+aiosqlite:///{tmp_path}/audiogpt.db",
        artifacts_url=(tmp_path / "artifacts").as_uri(),
        models=toys.ALL,
        lease_s=1.0,
        goodbye_s=0,
    )
