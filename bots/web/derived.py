"""What is computed from an artifact for a page: other audio formats, waveforms, spectrograms. Kept for a while."""

from __future__ import annotations

import asyncio
import json
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from core import media
from core.artifacts import Artifact, ArtifactStore
from core.media import Form
from core.recipes import about

MOST = 64
KEEP_S = 600.0
"""Unused for so long it goes; what is erased cannot be asked for, so it leaves nothing here for longer."""
AT_ONCE = 2
"""Conversions at a time: each one is a busy process."""
SPECTROGRAM_SIZE = (1200, 420)

Make = Callable[[Path, Path], None]


class Derived:
    """A small cache of files on disk. `close` removes it."""

    def __init__(self, bytes_store: ArtifactStore) -> None:
        self._bytes = bytes_store
        self._folder = tempfile.TemporaryDirectory(prefix="audiogpt-web-")
        self._tasks: dict[str, asyncio.Task[Path]] = {}
        self._used_at: dict[str, float] = {}
        self._slots = asyncio.Semaphore(AT_ONCE)

    async def close(self) -> None:
        """Wait for what is being made, then remove everything."""
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
        self._folder.cleanup()

    async def audio(self, artifact: Artifact, form: Form) -> Path:
        """The sound of an artifact in another format.

        Raises:
            BadInput: there is no sound in it, or it is no longer kept.
        """
        make = partial(media.encode, form=form, about=about(artifact.recipe))
        return await self._get(f"{artifact.id}.{form}", artifact.id, make)

    async def waveform(self, artifact_id: str, points: int) -> Path:
        """A JSON file with the bars of a clip. Errors are those of `audio`."""
        return await self._get(f"{artifact_id}.{points}.json", artifact_id, partial(_waveform, points=points))

    async def spectrogram(self, artifact_id: str, *, dark: bool) -> Path:
        """A PNG of the clip's spectrogram. Errors are those of `audio`."""
        name = f"{artifact_id}.{'dark' if dark else 'light'}.png"
        return await self._get(name, artifact_id, partial(_spectrogram, dark=dark))

    async def _get(self, name: str, artifact_id: str, make: Make) -> Path:
        """The file, made at most once even when several ask at the same time; a failure is not remembered."""
        self._sweep()
        task = self._tasks.pop(name, None) or asyncio.create_task(self._make(name, artifact_id, make))
        self._tasks[name] = task  # the last one is the one that was used last
        self._used_at[name] = time.monotonic()
        try:
            return await asyncio.shield(task)
        except Exception:
            if self._tasks.get(name) is task:
                self._forget(name)
            raise

    async def _make(self, name: str, artifact_id: str, make: Make) -> Path:
        target = Path(self._folder.name) / name
        async with self._slots, self._bytes.local(artifact_id) as origin:
            await asyncio.to_thread(make, origin, target)
        return target

    def _sweep(self) -> None:
        """Forget what is old, and the oldest where there is too much; what is being made stays."""
        now = time.monotonic()
        done = [name for name, task in self._tasks.items() if task.done()]
        for place, name in enumerate(done):
            if now - self._used_at[name] > KEEP_S or len(done) - place > MOST:
                self._forget(name)

    def _forget(self, name: str) -> None:
        del self._tasks[name], self._used_at[name]
        (Path(self._folder.name) / name).unlink(missing_ok=True)


def _waveform(origin: Path, target: Path, *, points: int) -> None:
    target.write_text(json.dumps({"points": media.waveform(origin, points)}))


def _spectrogram(origin: Path, target: Path, *, dark: bool) -> None:
    width, height = SPECTROGRAM_SIZE
    target.write_bytes(media.spectrogram_png(origin, dark=dark, width=width, height=height))
