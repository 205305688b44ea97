"""Handlers of artifacts: the bytes, other formats, waveform, spectrogram."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args
from urllib.parse import quote

from aiohttp import web
from aiohttp.abc import AbstractStreamWriter
from aiohttp.web_request import BaseRequest

from bots.web.context import CONTEXT, room_key
from bots.web.faults import bad_input, not_found
from bots.web.schemas import TOKEN
from core import media
from core.artifacts import Artifact, Kind
from core.errors import BadInput
from core.media import Form

FORMS: tuple[str, ...] = get_args(Form)
_FORM_TYPES = {
    "ogg": "audio/ogg",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "wav": "audio/wav",
    "flac": "audio/flac",
}
_SHOWN_INLINE = re.compile(r"(audio|video)/[a-z0-9.+-]+|image/(png|jpeg|webp|gif|avif|bmp)")
"""Everything else is only ever downloaded: nothing here can run in the page's origin."""
_WAVEFORM_POINTS = 160
_HEADERS = {
    "Cache-Control": "private, max-age=3600",
    "Content-Security-Policy": "default-src 'none'; media-src 'self'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_LINKED = {"Cross-Origin-Resource-Policy": "cross-origin", "X-Robots-Tag": "noindex"}


class _SentFile(web.FileResponse):
    """A file that may go once it is sent: it is sent by `prepare`, and the server's own `prepare` finds it done."""

    async def prepare(self, request: BaseRequest) -> AbstractStreamWriter | None:
        return None if self.prepared else await super().prepare(request)


async def read_artifact(request: web.Request) -> web.StreamResponse:
    """The bytes of an artifact, whole or in ranges, as they are or in another audio format."""
    context, artifact = request.app[CONTEXT], await _asked(request)
    form = request.query.get("form")
    if form is None:
        headers = _headers(artifact.facts.media_type, artifact.name, download="download" in request.query)
        async with context.desk.bytes.local(artifact.id) as path:
            response = _SentFile(path, headers=headers)
            await response.prepare(request)
        return response
    wanted: Form | None = next((f for f in get_args(Form) if f == form), None)
    if wanted is None:
        raise bad_input(f"I can convert to {', '.join(FORMS)}.")
    if not artifact.facts.has_audio and artifact.kind is not Kind.AUDIO:
        raise bad_input("There is no sound in that.")
    path = await context.derived.audio(artifact, wanted)
    name = f"{Path(artifact.name).stem}.{form}"
    return web.FileResponse(path, headers=_headers(_FORM_TYPES[form], name, download="download" in request.query))


async def read_linked(request: web.Request) -> web.StreamResponse:
    """The bytes of an artifact behind a signed link, for whoever has the link, until it expires."""
    context = request.app[CONTEXT]
    asked = {name: request.match_info[name] for name in ("artifact", "until", "signature")}
    if not context.links.check(asked["artifact"], asked["until"], asked["signature"]):
        raise not_found("That link does not work, or not any more.")
    artifact = await _asked(request)
    headers = {**_headers(artifact.facts.media_type, request.match_info["name"], download=True), **_LINKED}
    async with context.desk.bytes.local(artifact.id) as path:
        response = _SentFile(path, headers=headers)
        await response.prepare(request)
    return response


async def read_waveform(request: web.Request) -> web.StreamResponse:
    """The bars of a clip."""
    artifact = await _asked(request)
    points = request.query.get("points", str(_WAVEFORM_POINTS))
    if not re.fullmatch(r"\d{2,4}", points) or not 16 <= int(points) <= 1000:
        raise bad_input("A waveform has 16 to 1000 points.")
    path = await request.app[CONTEXT].derived.waveform(artifact.id, int(points))
    return web.FileResponse(path, headers={**_HEADERS, "Content-Type": "application/json"})


async def read_spectrogram(request: web.Request) -> web.StreamResponse:
    """A picture of a clip's frequencies over time."""
    artifact = await _asked(request)
    dark = request.query.get("dark", "0") not in ("", "0", "false")
    path = await request.app[CONTEXT].derived.spectrogram(artifact.id, dark=dark)
    return web.FileResponse(path, headers={**_HEADERS, "Content-Type": "image/png"})


async def _asked(request: web.Request) -> Artifact:
    """The artifact in the address. With `?room=` as that room knows it; else under a name that tells nothing."""
    context, artifact_id = request.app[CONTEXT], request.match_info["artifact"]
    room = request.query.get("room")
    if room is not None and not re.fullmatch(TOKEN, room):
        raise bad_input("A room's id is 22 to 64 letters, digits, - or _.")
    artifact = await context.desk.store.artifact(artifact_id, str(room_key(room)) if room else None)
    try:
        if artifact is None or not await context.desk.bytes.exists(artifact_id):
            raise not_found("That is not kept here, or not any more.")
    except BadInput as error:
        raise not_found("That is not kept here, or not any more.") from error
    if room:
        return artifact
    neutral = f"{artifact.kind.value}-{artifact_id[:8]}{media.extension(artifact.facts.media_type)}"
    return Artifact(artifact.id, artifact.kind, neutral, artifact.facts, recipe=artifact.recipe)


def _headers(media_type: str, name: str, *, download: bool) -> dict[str, str]:
    """Type and disposition (RFC 6266) that no name and no type can turn into anything else."""
    inline = bool(_SHOWN_INLINE.fullmatch(media_type))
    plain = re.sub(r"[^A-Za-z0-9._ -]", "_", name)
    disposition = "inline" if inline and not download else "attachment"
    return {
        **_HEADERS,
        "Content-Type": media_type if inline else "application/octet-stream",
        "Content-Disposition": f"{disposition}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}",
    }
