"""Which models are in memory: the least recently used goes first when room is needed. By bytes, not by count."""

from __future__ import annotations

import asyncio
import gc
import time
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from core.models.base import Model
from core.registry import ModelClass
from core.settings import Settings


class Residency:
    """Loads models on demand and keeps them while there is room; a model in use is never dropped."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._room = settings.worker_memory_mb << 20
        self._loaded: OrderedDict[str, Model[Any]] = OrderedDict()
        self._pins: dict[str, int] = {}
        self._loading = asyncio.Lock()
        """One at a time: two loads at once would both count the same free room."""

    @property
    def hot(self) -> tuple[str, ...]:
        """Ids of the models in memory, the least recently used first."""
        return tuple(self._loaded)

    @asynccontextmanager
    async def hold(self, kind: ModelClass) -> AsyncIterator[tuple[Model[Any], float]]:
        """The loaded model, pinned while the block runs, and the milliseconds that loading it took.

        Raises:
            NoModel: its weights are not there.
        """
        self._pins[kind.id] = self._pins.get(kind.id, 0) + 1
        try:
            started = time.perf_counter()
            async with self._loading:
                cold = kind.id not in self._loaded
                if cold:
                    self._make_room(kind.memory_bytes)
                    model = kind(self._settings)
                    await asyncio.to_thread(model.load, self._settings.device)
                    self._loaded[kind.id] = model
            self._loaded.move_to_end(kind.id)
            yield self._loaded[kind.id], (time.perf_counter() - started) * 1e3 if cold else 0.0
        finally:
            self._pins[kind.id] -= 1

    def _make_room(self, need: int) -> None:
        used = sum(m.memory_bytes for m in self._loaded.values())
        for name in list(self._loaded):
            if used + need <= self._room:
                break
            if not self._pins.get(name):
                used -= self._loaded.pop(name).memory_bytes
        gc.collect()
