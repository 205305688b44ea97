from __future__ import annotations

import pytest

from core.llm import client


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "_RETRY_WAITS_S", (0.01, 0.01))
