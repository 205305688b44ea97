from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from fakedesk import ROOM, FakeDesk, clip

from core.artifacts import Artifact, Facts, Kind, open_store
from core.settings import Settings
from core.store import Store


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(_env_file=None, data_dir=tmp_path / "data", web_port=0, max_upload_mb=1, max_attachments=3)


@pytest.fixture
async def desk(settings: Settings, tmp_path: Path) -> AsyncIterator[FakeDesk]:
    store, files = await Store.open(settings.database), open_store(settings)
    key = await files.put(clip(tmp_path / "spoken.wav"))
    spoken = Artifact(key, Kind.AUDIO, "speech.wav", Facts("audio/wav", 8044, 0.5, 8000, 1, has_audio=True))
    await store.keep(spoken, f"web/room/{ROOM}/")
    desk = FakeDesk(settings, store, files, spoken)
    await desk.adapter.start()
    yield desk
    await desk.adapter.stop()
    for task in desk.turns.values():
        task.cancel()
    await asyncio.gather(*desk.turns.values(), return_exceptions=True)
    await store.close()


@pytest.fixture
async def http(desk: FakeDesk) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(desk.adapter.url) as session:
        yield session
