"""A Telegram of its own for every test, which fails the test that does what Telegram does not allow."""

from __future__ import annotations

import os
import socket
from collections.abc import AsyncIterator

import pytest
from platforms.telegram import spec
from platforms.telegram.server import TelegramServer

from bots import desk as desks
from bots import intake, progress
from bots.telegram import adapter, polling

os.environ["PTB_TIMEDELTA"] = "true"  # what the library will do some day; without it, every 429 is a warning


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as server:
        yield server
    assert server.verdict() == [], server.dump()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if spec.LEFT_OUT:
        terminalreporter.write_line(spec.LEFT_OUT)


@pytest.fixture(autouse=True)
def no_status_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    """However slow the machine is, what a test waits for is an answer. Tests of status lines want `status_lines`."""
    monkeypatch.setattr(progress, "FIRST_S", 600.0)


@pytest.fixture
def status_lines(no_status_lines: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Status lines at once, edited often."""
    monkeypatch.setattr(progress, "FIRST_S", 0.05)
    monkeypatch.setattr(adapter.TelegramAdapter, "edit_every_s", 0.3)


@pytest.fixture
def unused_port() -> int:
    """A port on loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is tried again is tried again at once."""
    monkeypatch.setattr(desks, "_DELIVERY_WAITS_S", (0.05, 0.1, 0.2, 0.5))
    monkeypatch.setattr(intake, "_FETCH_WAITS_S", (0.05, 0.1))
    monkeypatch.setattr(polling, "_WAITS_S", (0.05, 0.1))
    monkeypatch.setattr(adapter, "_WAITS_S", (0.05, 0.1))
