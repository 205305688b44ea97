"""Artifact bytes: the same suite on a folder and on an S3 server on loopback; and what people keep of them."""

from __future__ import annotations

import asyncio
import logging
import urllib.request
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from moto.server import ThreadedMotoServer

import core.library
from core.artifacts import Artifact, ArtifactStore, Facts, Kind, content_id, open_store
from core.errors import BadInput, StoreLost, WrongUse
from core.library import Library
from core.settings import load_settings
from core.store import Store


@pytest.fixture(scope="session")
def s3() -> Iterator[str]:
    """The endpoint of an S3 server."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(params=["folder", "s3"])
def kept(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ArtifactStore:
    """An empty byte store."""
    if request.param == "folder":
        return open_store(load_settings(data_dir=tmp_path / "a folder"))
    endpoint = request.getfixturevalue("s3")
    keys = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_REGION": "us-east-1"}
    for name, value in keys.items():
        monkeypatch.setenv(name, value)
    bucket = f"b{uuid4().hex}"
    with urllib.request.urlopen(urllib.request.Request(f"{endpoint}/{bucket}", method="PUT")) as answer:
        assert answer.status == 200
    return open_store(load_settings(artifacts_url=f"s3://{bucket}/some/prefix", artifacts_endpoint=endpoint))


@pytest.fixture
async def library(tmp_path: Path, kept: ArtifactStore) -> AsyncIterator[Library]:
    store = await Store.open(f"sqlite+aiosqlite:///{tmp_path / 'a.db'}")
    yield Library(store, kept)
    await store.close()


def write(folder: Path, content: bytes = b"sound") -> Path:
    path = folder / "in.wav"
    path.write_bytes(content)
    return path


async def put(kept: ArtifactStore, folder: Path, content: bytes = b"sound") -> Artifact:
    return Artifact(await kept.put(write(folder, content)), Kind.AUDIO, "in.wav", Facts("audio/wav", len(content)))


async def test_bytes_come_back_by_their_content(kept: ArtifactStore, tmp_path: Path) -> None:
    path = write(tmp_path, bytes(range(256)) * 5000)
    key = await kept.put(path)
    assert key == content_id(path)
    assert await kept.put(path) == key
    assert await kept.ids() == [key]
    assert await kept.exists(key)
    assert await kept.read(key) == path.read_bytes()
    async with kept.local(key) as local:
        assert local.read_bytes() == path.read_bytes()


async def test_many_at_once(kept: ArtifactStore, tmp_path: Path) -> None:
    paths = [tmp_path / f"{i}" for i in range(12)]
    for i, path in enumerate(paths):
        path.write_bytes(b"x" * i)
    keys = await asyncio.gather(*(kept.put(p) for p in paths))
    assert sorted(keys) == sorted(await kept.ids())


async def test_deleted_bytes_are_gone(kept: ArtifactStore, tmp_path: Path) -> None:
    key = await kept.put(write(tmp_path))
    await kept.delete(key)
    await kept.delete(key)
    assert not await kept.exists(key)
    assert await kept.ids() == []
    with pytest.raises(BadInput, match="no longer kept"):
        await kept.read(key)
    with pytest.raises(BadInput, match="no longer kept"):
        async with kept.local(key):
            pass


@pytest.mark.parametrize("key", ["", "../../../../etc/passwd", "A" * 24, "a" * 23, "a" * 22 + "/x"])
async def test_an_id_that_is_none_goes_nowhere(kept: ArtifactStore, key: str) -> None:
    assert not await kept.exists(key)
    await kept.delete(key)
    with pytest.raises(BadInput, match="not the id"):
        await kept.read(key)


async def test_a_store_out_of_reach_is_lost(tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    store = open_store(load_settings(artifacts_url=folder.as_uri()))
    folder.rmdir()
    folder.write_bytes(b"a file, not a folder")
    with pytest.raises(StoreLost):
        await store.put(write(tmp_path))


@pytest.mark.parametrize("url", ["ftp://x/y", "s3://", "nonsense"])
def test_a_url_that_is_none_is_wrong_use(url: str) -> None:
    with pytest.raises(WrongUse, match="AUDIOGPT_ARTIFACTS_URL"):
        open_store(load_settings(artifacts_url=url))


async def test_the_last_owner_takes_the_bytes_along(library: Library, kept: ArtifactStore, tmp_path: Path) -> None:
    made = await put(kept, tmp_path)
    await library.keep(made, "me")
    await library.keep(made, "you")
    assert not await library.drop(made.id, "me")
    assert await kept.exists(made.id)
    assert await library.artifact(made.id) == made
    assert await library.drop(made.id, "you")
    assert await kept.ids() == []
    assert await library.artifact(made.id) is None
    assert not await library.drop(made.id, "you")


async def test_forgetting_leaves_what_others_keep(library: Library, kept: ArtifactStore, tmp_path: Path) -> None:
    mine, ours = await put(kept, tmp_path, b"mine"), await put(kept, tmp_path, b"ours")
    for artifact, owner in ((mine, "me"), (ours, "me"), (ours, "you")):
        await library.keep(artifact, owner)
    assert await library.forget("me") == [mine.id]
    assert await kept.ids() == [ours.id]
    assert await library.artifact(ours.id, "you") == ours


async def test_nothing_is_kept_without_its_bytes(library: Library, kept: ArtifactStore, tmp_path: Path) -> None:
    made = await put(kept, tmp_path)
    await kept.delete(made.id)
    with pytest.raises(StoreLost, match="gone"):
        await library.keep(made, "me")
    assert await library.artifact(made.id) is None


async def test_a_sweep_takes_what_nobody_keeps_once_it_is_old(
    library: Library, kept: ArtifactStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, orphan = await put(kept, tmp_path, b"mine"), await put(kept, tmp_path, b"orphan")
    await library.keep(mine, "me")
    assert await library.sweep() == 0
    assert await kept.exists(orphan.id)
    monkeypatch.setattr(core.library, "ORPHAN_S", -60.0)
    assert await library.sweep() == 1
    assert await kept.ids() == [mine.id]
