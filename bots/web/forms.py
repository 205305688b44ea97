"""A message's multipart form, read as it comes: fields into memory, files onto the disk, both under their limits."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from aiohttp import BodyPartReader, web
from pydantic import ValidationError

from bots.web.faults import ApiFault, bad_input, over_limit
from bots.web.schemas import MessageForm, Upload
from core.settings import Settings

_CHUNK = 1 << 18
_FIELD_BYTES = 1 << 10
_ESCAPES = {"%22": '"', "%0D": "\r", "%0A": "\n"}
"""What browsers write in a file's name (WHATWG HTML, multipart/form-data encoding algorithm)."""
_SLACK = 1 << 20
"""What a form may hold beside its files."""


async def read_form(request: web.Request, folder: Path, settings: Settings) -> MessageForm:
    """Read and check the form; its files lie in `folder`.

    Raises:
        ApiFault: too large, too many files, not a form, a field that is wrong, or nothing in it.
    """
    limit = (settings.max_upload_mb << 20) + _SLACK
    if (request.content_length or 0) > limit:
        raise _too_large(settings)
    if request.content_type != "multipart/form-data":
        raise ApiFault(415, "bad_input", "A message is sent as multipart/form-data.")
    try:
        fields = await _Form(folder, settings, limit).read(request)
        form = MessageForm(**{**fields, "text": fields.get("text", "").replace("\r\n", "\n")})  # as forms end lines
    except ValidationError as error:
        names = ", ".join(sorted({str(e["loc"][0]) for e in error.errors()}))
        raise bad_input(f"This part of the message is not as it should be: {names}.") from error
    except (ValueError, EOFError, AssertionError, RuntimeError) as error:  # aiohttp's several words for a broken body
        raise bad_input("That form is damaged. Please send it again.") from error
    if not form.text.strip() and not form.uploads:
        raise bad_input("There is nothing in that message. Type something, record something or attach a file.")
    if len(form.text) > settings.max_text_chars:
        raise over_limit(f"That text is longer than {settings.max_text_chars:,} characters, which is my limit.")
    return form


def _too_large(settings: Settings) -> ApiFault:
    return over_limit(f"That is larger than {settings.max_upload_mb} MB, which is my limit for one message.")


class _Form:
    """One form while it is read."""

    def __init__(self, folder: Path, settings: Settings, limit: int) -> None:
        self._folder = folder
        self._settings = settings
        self._left = limit
        self._files: list[Upload] = []
        self._fields: dict[str, Any] = {}

    async def read(self, request: web.Request) -> dict[str, Any]:
        reader = await request.multipart()
        while (part := await reader.next()) is not None:
            if not isinstance(part, BodyPartReader) or not part.name:
                raise bad_input("A message's form has plain named parts.")
            if part.name in ("voice", "files", "files[]"):
                await self._file(part)
            elif part.name in self._fields:
                raise bad_input(f"This part is there twice: {part.name[:40]!r}.")
            else:
                most = 4 * self._settings.max_text_chars if part.name == "text" else _FIELD_BYTES
                self._fields[part.name] = (await self._take(part, most)).decode()
        return {**self._fields, "files": self._files}

    async def _file(self, part: BodyPartReader) -> None:
        voice = part.name == "voice"
        if voice and "voice" in self._fields:
            raise bad_input("A message has one voice note at most.")
        if len(self._files) + ("voice" in self._fields) >= self._settings.max_attachments:
            raise over_limit(f"I can take {self._settings.max_attachments} files in one message. Please send fewer.")
        path = self._folder / f"{len(self._files)}{'-voice' if voice else ''}"
        with path.open("wb") as file:
            while not part.at_eof():
                chunk = await part.read_chunk(_CHUNK)
                self._count(chunk)
                file.write(chunk)
        claimed = part.headers.get("Content-Type", "")
        name = part.filename or ("voice" if voice else "file")
        for escape, character in _ESCAPES.items():
            name = name.replace(escape, character)
        upload = Upload(path, name, claimed, voice=voice)
        if voice:
            self._fields["voice"] = upload
        else:
            self._files.append(upload)

    async def _take(self, part: BodyPartReader, most: int) -> bytes:
        content = bytearray()
        while not part.at_eof():
            chunk = await part.read_chunk()
            self._count(chunk)
            content += chunk
            if len(content) > most:
                raise over_limit(f"This part of the message is too long: {(part.name or '')[:40]!r}.")
        return bytes(content)

    def _count(self, chunk: bytes) -> None:
        self._left -= len(chunk)
        if self._left < 0:
            raise _too_large(self._settings)
