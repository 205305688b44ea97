"""Attachments taken in, under the limits, with nothing left behind."""

from __future__ import annotations

import asyncio
import tempfile
import unicodedata
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import media
from core.artifacts import ArtifactStore, Kind, open_store
from core.errors import BadInput, OverLimit
from core.ingest import NAME_LENGTH, BytesAttachment, FileAttachment, ingest, safe_name
from core.messages import Attachment
from core.settings import Settings, load_settings

Make = Callable[[str], Path]


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings with a folder of their own, also for temporary files."""
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    return load_settings(data_dir=tmp_path / "data", max_upload_mb=1)


@pytest.fixture
def store(settings: Settings) -> ArtifactStore:
    return open_store(settings)


async def left_over(settings: Settings, store: ArtifactStore) -> list[str]:
    """What is on disk: temporary files and kept bytes."""
    return [str(p) for p in Path(tempfile.gettempdir()).iterdir()] + await store.ids()


async def test_a_voice_note_is_kept_decoded(clip: Make, settings: Settings, store: ArtifactStore) -> None:
    note = BytesAttachment("../../etc/Grüße 🎙️\n.exe", clip("opus.webm").read_bytes(), "video/webm", voice=True)
    artifact = await ingest(note, settings, store, person="web:anna")
    assert (artifact.kind, artifact.name, artifact.voice) == (Kind.AUDIO, "Grüße 🎙️.wav", True)
    assert artifact.facts.duration_s == pytest.approx(2.0, abs=0.1)
    assert (artifact.recipe.person, artifact.recipe.capability) == ("web:anna", "")
    assert await left_over(settings, store) == [artifact.id]
    async with store.local(artifact.id) as path:
        kept, sent = media.decode(path), media.decode(clip("opus.webm"))
        assert artifact.facts == media.measure(path, max_duration_s=10)[1]
    assert kept.sample_rate == sent.sample_rate
    assert np.abs(kept.samples - sent.samples).max() < 1 / 30000


async def test_a_long_voice_note_is_kept_as_it_came(
    clip: Make, settings: Settings, store: ArtifactStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(media, "PCM_S", 1.0)
    content = clip("opus.webm").read_bytes()
    artifact = await ingest(BytesAttachment("a.webm", content, voice=True), settings, store, person="web:anna")
    assert (artifact.name, artifact.voice) == ("a.webm", True)
    assert await store.read(artifact.id) == content


async def test_a_file_is_taken_from_disk(clip: Make, settings: Settings, store: ArtifactStore) -> None:
    artifact = await ingest(FileAttachment(clip("sound.mp4"), voice=True), settings, store, person="cli:me")
    assert (artifact.kind, artifact.name, artifact.voice) == (Kind.VIDEO, "sound.mp4", False)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "^That file is empty.$"),
        (b"dear diary\n", "^That is a text file."),
        (b"\x00\x01\x02" * 999, "^That file is not audio, a picture or a video I can read.$"),
    ],
)
async def test_bad_files_leave_nothing(settings: Settings, store: ArtifactStore, content: bytes, message: str) -> None:
    with pytest.raises(BadInput, match=message):
        await ingest(BytesAttachment("song.wav", content, "audio/wav"), settings, store, person="p")
    assert await left_over(settings, store) == []


class Stream(Attachment):
    """An attachment that says little about its size and then sends a lot."""

    def __init__(self, claimed: int | None, most: int = 1 << 30) -> None:
        self.name, self.claimed_type, self.size, self.voice = "big.wav", "", claimed, False
        self.sent = 0
        self.most = most
        self.begun = asyncio.Event()

    async def chunks(self) -> AsyncIterator[bytes]:
        while self.sent < self.most:
            self.sent += 1 << 18
            yield bytes(1 << 18)
            self.begun.set()
            await asyncio.sleep(0)


@pytest.mark.parametrize(
    ("claimed", "read"), [(200 << 20, 0), (None, (1 << 20) + (1 << 18)), (5, (1 << 20) + (1 << 18))]
)
async def test_too_large_is_refused_as_soon_as_it_shows(
    settings: Settings, store: ArtifactStore, claimed: int | None, read: int
) -> None:
    stream = Stream(claimed)
    with pytest.raises(OverLimit, match="^That file is larger than 1 MB, which is my limit.$"):
        await ingest(stream, settings, store, person="p")
    assert stream.sent == read
    assert await left_over(settings, store) == []


async def test_a_cancelled_download_leaves_nothing(settings: Settings, store: ArtifactStore) -> None:
    settings = settings.model_copy(update={"max_upload_mb": 4096})
    stream = Stream(None)
    task = asyncio.create_task(ingest(stream, settings, store, person="p"))
    await stream.begun.wait()
    assert await left_over(settings, store) != []
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await left_over(settings, store) == []


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("song.mp3", "song.wav"),
        ("../../etc/passwd", "passwd.wav"),
        ("C:\\music\\tune.flac", "tune.wav"),
        ("a\nb\tc\x00.mp3", "a b c.wav"),
        ("", "file.wav"),
        (".wav", "file.wav"),
        ("...", "file.wav"),
        ("..hidden.mp3", "hidden.wav"),
        ("dr. who talks", "dr. who talks.wav"),
        ("v1.final.mp3", "v1.final.wav"),
        ("歌 🎵.m4a", "歌 🎵.wav"),
        ("evil\u202egpj.wav", "evilgpj.wav"),
        ("x" * 300 + ".mp3", "x" * 76 + ".wav"),
    ],
)
def test_names_become_safe(name: str, safe: str) -> None:
    assert safe_name(name, ".wav") == safe


@given(st.text(max_size=200))
def test_no_name_is_unsafe(name: str) -> None:
    safe = safe_name(name, ".mp3")
    assert len(safe) <= NAME_LENGTH
    assert safe.endswith(".mp3")
    assert len(safe) > 4
    assert not safe.startswith((".", " "))
    assert not set(safe) & set('/\\:*?"<>|')
    assert all(c == "\u200d" or unicodedata.category(c)[0] != "C" for c in safe)
    assert safe_name(safe, ".mp3") == safe
