"""Attachments taken in: downloaded under the limits, measured, kept. What a sender claims is never believed."""

from __future__ import annotations

import asyncio
import tempfile
import unicodedata
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

from core import media
from core.artifacts import Artifact, ArtifactStore, Kind, Recipe
from core.errors import BadInput, Broken, OverLimit
from core.messages import Attachment
from core.sayings import saying
from core.settings import Settings

NAME_LENGTH = 80
_CHUNK = 1 << 18
_FORBIDDEN = frozenset('/\\:*?"<>|')
"""Characters that are a path or a wildcard on some system."""


class BytesAttachment(Attachment):
    """An attachment that is in memory already."""

    def __init__(self, name: str, content: bytes, claimed_type: str = "", *, voice: bool = False) -> None:
        self.name = name
        self.claimed_type = claimed_type
        self.size = len(content)
        self.voice = voice
        self._content = content

    async def chunks(self) -> AsyncIterator[bytes]:
        """The bytes, in parts."""
        for start in range(0, len(self._content), _CHUNK):
            yield self._content[start : start + _CHUNK]


class FileAttachment(Attachment):
    """An attachment that is a local file."""

    def __init__(self, path: Path, claimed_type: str = "", *, voice: bool = False) -> None:
        self.name = path.name
        self.claimed_type = claimed_type
        self.voice = voice
        self._path = path
        self.size = path.stat().st_size

    async def chunks(self) -> AsyncIterator[bytes]:
        """The bytes, in parts."""
        with self._path.open("rb") as file:
            while chunk := await asyncio.to_thread(file.read, _CHUNK):
                yield chunk


async def ingest(attachment: Attachment, settings: Settings, store: ArtifactStore, *, person: str) -> Artifact:
    """Download, measure and keep one attachment. Nothing stays on disk when it is refused or cancelled.

    Raises:
        OverLimit: larger than `max_upload_mb` or longer than `max_duration_s`.
        BadInput: empty, a text, or nothing that can be read.
        StoreLost: the artifact store cannot be reached.
        Broken: the disk is full, or ffmpeg cannot be started.
    """
    limit = settings.max_upload_mb << 20
    if attachment.size is not None and attachment.size > limit:
        raise _too_large(settings)
    with tempfile.TemporaryDirectory(prefix="audiogpt-", ignore_cleanup_errors=True) as folder:
        path = Path(folder) / "upload"
        await _download(attachment, path, limit, settings)
        pcm = Path(folder) / "said.wav" if attachment.voice else None
        kind, facts = await asyncio.to_thread(media.measure, path, max_duration_s=settings.max_duration_s, pcm=pcm)
        if pcm is not None and kind is Kind.AUDIO and (facts.duration_s or 0.0) <= media.PCM_S:
            # What somebody said is kept decoded: it is recognised at once, and decoding twice would be waited for.
            path, facts = pcm, replace(facts, media_type="audio/wav", size=pcm.stat().st_size)
        if kind is Kind.TEXT:
            raise BadInput(saying("file_text"))
        attachment.kept = Artifact(
            id=await store.put(path),
            kind=kind,
            name=safe_name(attachment.name, media.extension(facts.media_type)),
            facts=facts,
            recipe=Recipe(person=person),
            voice=attachment.voice and kind is Kind.AUDIO,
        )
        return attachment.kept


async def _download(attachment: Attachment, path: Path, limit: int, settings: Settings) -> None:
    size = 0
    try:
        with path.open("wb") as file:
            async for chunk in attachment.chunks():
                size += len(chunk)
                if size > limit:
                    raise _too_large(settings)
                file.write(chunk)
    except OSError as error:
        raise Broken(f"an upload cannot be written: {type(error).__name__}") from error


def _too_large(settings: Settings) -> OverLimit:
    return OverLimit(saying("file_big", most=settings.max_upload_mb))


def safe_name(name: str, extension: str) -> str:
    """A file name that is safe to show, to store and to send: the last part of a path, on one line, Unicode kept.

    At most `NAME_LENGTH` characters with `extension` (".mp3"), which replaces the name's own; never empty or hidden.
    """
    last = name.replace("\\", "/").rpartition("/")[2]
    clean = "".join(
        " " if c.isspace() else c
        for c in unicodedata.normalize("NFC", last)
        if c not in _FORBIDDEN and (c.isspace() or c == "\u200d" or unicodedata.category(c)[0] != "C")
    )
    stem, dot, tail = " ".join(clean.split()).rpartition(".")
    if not dot or len(tail) > 5 or " " in tail:
        stem = " ".join(clean.split())
    stem = stem.strip(". ")[: NAME_LENGTH - len(extension)].rstrip(". ")
    return f"{stem or 'file'}{extension}"
