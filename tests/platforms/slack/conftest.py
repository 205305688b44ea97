from __future__ import annotations

import os
from collections.abc import AsyncIterator

import pytest
from platforms.slack import spec
from platforms.slack.server import Slack, slack_at_work

for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
    os.environ.pop(name, None)  # slack_sdk would send even loopback through a proxy


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    """A Slack with one workspace; what it objects to fails the test."""
    async with slack_at_work() as server:
        yield server


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not spec.AVAILABLE:
        terminalreporter.write_line("Slack: no ../shared/specs here; the recorded shapes are left out, the rules hold")
