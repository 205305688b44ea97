from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from core.capabilities import BUILT_IN
from core.embedded.planner import EmbeddedPlanner
from core.plans import Decision, Item, Request

CAPABILITIES = {c.id: c for c in BUILT_IN}

Ask = Callable[..., Awaitable[Decision]]


async def hush(text: str) -> None:
    """Words that nobody waits for."""


@pytest.fixture(scope="session")
def planner() -> EmbeddedPlanner:
    return EmbeddedPlanner(CAPABILITIES)


@pytest.fixture(scope="session")
def ask(planner: EmbeddedPlanner) -> Ask:
    async def asked(
        text: str, *items: Item, served: frozenset[str] = frozenset(CAPABILITIES), **more: object
    ) -> Decision:
        return await planner.decide(Request(text, items, served=served, **more), [], hush)  # type: ignore[arg-type]

    return asked
