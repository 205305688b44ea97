"""Artifacts: one immutable piece of media each, how it came to be, and where its bytes lie.

Only this module knows that bytes lie in a folder or in an S3 bucket.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from obstore.exceptions import BaseError, NotFoundError
from obstore.store import LocalStore, ObjectStore, S3Store

from core.errors import BadInput, StoreLost, WrongUse
from core.sayings import saying
from core.settings import Settings

ID_LENGTH = 24
"""Hex digits of the content's SHA-256 in an artifact id."""


class Kind(StrEnum):
    """What an artifact is."""

    AUDIO = "audio"
    IMAGE = "image"
    VIDEO = "video"
    MIDI = "midi"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Facts:
    """What was measured of the bytes; never what a sender claimed."""

    media_type: str
    size: int
    """Bytes."""
    duration_s: float | None = None
    sample_rate_hz: int | None = None
    channels: int | None = None
    loudness_lufs: float | None = None
    """Integrated loudness, ITU-R BS.1770-4; None below 0.4 s or when silent."""
    width: int | None = None
    height: int | None = None
    has_audio: bool = False
    """A video with a sound track, or audio."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How an artifact came to be: enough to run it again. An upload has an empty capability."""

    capability: str = ""
    model: str = ""
    model_version: str = ""
    weights_sha256: str = ""
    args: dict[str, Any] = field(default_factory=dict)
    seed: int = 0
    parents: tuple[str, ...] = ()
    """Artifact ids that it was made from."""
    person: str = ""
    wall_ms: float = 0.0
    device: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    """Facts that the model stated about its output (language, voice, gain...)."""


@dataclass(frozen=True, slots=True)
class Artifact:
    """One immutable piece of media."""

    id: str
    """The first hex digits of the content's SHA-256."""
    kind: Kind
    name: str
    """A safe file name with the right extension."""
    facts: Facts
    caption: str = ""
    recipe: Recipe = field(default_factory=Recipe)
    voice: bool = False
    """A voice note: somebody speaking to us."""


def content_id(path: Path) -> str:
    """The artifact id of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:ID_LENGTH]


def open_store(settings: Settings) -> ArtifactStore:
    """The byte store that the settings name: `file:///folder` or `s3://bucket/prefix`.

    Raises:
        WrongUse: the URL is neither.
    """
    url = urlsplit(settings.artifacts)
    if url.scheme == "file":
        folder = Path(unquote(url.path))
        folder.mkdir(parents=True, exist_ok=True)
        return ArtifactStore(LocalStore(folder), folder)
    if url.scheme == "s3" and url.netloc:
        options: dict[str, Any] = {}
        if settings.artifacts_endpoint:
            options = {
                "endpoint": settings.artifacts_endpoint,
                "client_options": {"allow_http": settings.artifacts_endpoint.startswith("http://")},
            }
        return ArtifactStore(S3Store(url.netloc, prefix=url.path.strip("/") or None, **options), None)
    raise WrongUse(f"AUDIOGPT_ARTIFACTS_URL: {settings.artifacts!r} is neither file:///... nor s3://bucket/...")


class ArtifactStore:
    """Content-addressed bytes. Every method raises `StoreLost` when the store cannot be reached."""

    def __init__(self, store: ObjectStore, folder: Path | None) -> None:
        self._store = store
        self._folder = folder

    async def put(self, path: Path) -> str:
        """Keep a file's bytes; returns the artifact id. The same bytes twice are kept once."""
        key = content_id(path)
        with _mapped():
            await self._store.put_async(_where(key), path)
        return key

    async def read(self, key: str) -> bytes:
        """All bytes of a small artifact.

        Raises:
            BadInput: there is no such artifact.
        """
        with _mapped():
            return bytes(await (await self._store.get_async(_where(key))).bytes_async())

    async def exists(self, key: str) -> bool:
        """Whether the bytes are there."""
        try:
            with _mapped():
                await self._store.head_async(_where(key))
        except BadInput:
            return False
        return True

    async def delete(self, key: str) -> None:
        """Remove the bytes; nothing happens when they are gone already."""
        try:
            with _mapped():
                await self._store.delete_async(_where(key))
        except BadInput:
            return

    async def ids(self, *, older_than_s: float = 0.0) -> list[str]:
        """Every id whose bytes were put at least so many seconds ago."""
        latest = datetime.now(UTC) - timedelta(seconds=older_than_s)
        with _mapped():
            return [
                meta["path"].rpartition("/")[2]
                async for batch in self._store.list()
                for meta in batch
                if meta["last_modified"] <= latest or not older_than_s
            ]

    @asynccontextmanager
    async def local(self, key: str) -> AsyncIterator[Path]:
        """A local file with the bytes, for as long as the block runs. Read-only by contract.

        Raises:
            BadInput: there is no such artifact.
        """
        if self._folder is not None:
            path = self._folder / _where(key)
            if not path.is_file():
                raise BadInput(saying("file_gone"))
            yield path
            return
        with tempfile.TemporaryDirectory(prefix="audiogpt-") as folder:
            path = Path(folder) / key
            with _mapped():
                stream = (await self._store.get_async(_where(key))).stream(min_chunk_size=1 << 20)
                with path.open("wb") as file:
                    async for chunk in stream:
                        file.write(chunk)
            yield path


class _mapped:
    """The one boundary where the object store's errors become ours."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if isinstance(error, NotFoundError | FileNotFoundError):
            raise BadInput(saying("file_gone")) from error
        if isinstance(error, BaseError | OSError):
            raise StoreLost(f"artifact store: {type(error).__name__}") from error


def _where(key: str) -> str:
    """Two levels of folders keep each one small."""
    if len(key) != ID_LENGTH or not set(key) <= set("0123456789abcdef"):
        raise BadInput("That is not the id of anything kept here.")
    return f"{key[:2]}/{key}"
