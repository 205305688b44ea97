"""Files that people send: asked for by their id, streamed from Telegram."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
from telegram import Animation, Audio, Document, ExternalReplyInfo, Message, Video
from telegram.error import BadRequest, TelegramError

from core.errors import Broken, OverLimit
from core.messages import Attachment, Source
from core.sayings import saying

if TYPE_CHECKING:
    from bots.telegram.connection import Connection

_CHUNK = 1 << 18
_TOO_BIG = saying("telegram_big")


def sources_of(told: Message | ExternalReplyInfo, *, voice: bool = False, speaker: str = "") -> tuple[Source, ...]:
    """The files of a message.

    Args:
        voice: a voice message is what its author says.
        speaker: who speaks in a voice message.
    """
    if told.voice:
        note = told.voice
        spoken = _source("voice message.ogg", note.mime_type, note.file_size, note.file_id)
        return (replace(spoken, voice=voice, speaker=speaker),)
    if told.video_note:
        return (_source("video message.mp4", "video/mp4", told.video_note.file_size, told.video_note.file_id),)
    if told.photo:
        best = max(told.photo, key=lambda size: size.width * size.height)
        return (_source("photo.jpg", "image/jpeg", best.file_size, best.file_id),)
    named: Animation | Video | Audio | Document | None = (
        told.animation or told.video or told.audio or told.document  # an animation comes as a document too
    )
    if named is None:
        return ()
    usual = "video.mp4" if told.animation or told.video else "file"
    return (_source(named.file_name or usual, named.mime_type, named.file_size, named.file_id),)


def _source(name: str, kind: str | None, size: int | None, file_id: str) -> Source:
    return Source(name=name, claimed_type=kind or "", size=size, where={"file_id": file_id})


class TelegramAttachment(Attachment):
    """A file on Telegram's servers."""

    def __init__(self, source: Source, connection: Connection) -> None:
        self.name = source.name
        self.claimed_type = source.claimed_type
        self.size = source.size
        self.voice = source.voice
        self.source = source
        self._connection = connection

    async def chunks(self) -> AsyncIterator[bytes]:
        """The bytes. The address is asked for anew each time: it holds for about an hour.

        Raises:
            OverLimit: larger than Telegram hands out to bots.
            Broken: Telegram cannot be reached, or the file broke off.
        """
        assert self.source is not None
        try:
            file = await self._connection.bot.get_file(self.source.where["file_id"])
        except BadRequest as error:
            if "too big" in str(error).lower():
                raise OverLimit(_TOO_BIG) from error
            raise Broken("Telegram does not give a file out") from error
        except TelegramError as error:
            raise Broken(f"Telegram cannot be asked for a file: {type(error).__name__}") from error
        where = file.file_path or ""
        parts = self._streamed(where) if where.startswith(("http://", "https://")) else _read(Path(where))
        size = 0
        async for chunk in parts:
            size += len(chunk)
            yield chunk
        if file.file_size is not None and size < file.file_size:
            raise Broken(f"a file broke off after {size} of {file.file_size} bytes")

    async def _streamed(self, url: str) -> AsyncIterator[bytes]:
        try:
            async with self._connection.files.stream("GET", url) as answer:
                if answer.status_code != 200:
                    raise Broken(f"a file's address answers {answer.status_code}")
                async for chunk in answer.aiter_bytes(_CHUNK):
                    yield chunk
        except httpx.HTTPError as error:
            raise Broken(f"a file cannot be fetched: {type(error).__name__}") from error


async def _read(path: Path) -> AsyncIterator[bytes]:
    """A file that a Bot API server of the operator's own, on this machine, keeps as a local one."""
    try:
        with path.open("rb") as file:
            while chunk := await asyncio.to_thread(file.read, _CHUNK):
                yield chunk
    except OSError as error:
        raise Broken(f"a file of the local Bot API server cannot be read: {error.strerror}") from error
