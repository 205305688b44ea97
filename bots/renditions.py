"""An artifact as a file that a platform takes: as it is, in another form, or smaller."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bots.layout import Limits
from core import media
from core.artifacts import Artifact, ArtifactStore, Facts, Kind
from core.errors import BadInput, OverLimit
from core.messages import Way
from core.recipes import about

_FORM_TYPES = {"ogg": "audio/ogg", "mp3": "audio/mpeg", "m4a": "audio/mp4"}
_AUDIO_KBPS = (128, 24)
"""The best and the least of a re-encoded clip, kbit/s."""
_VIDEO_KBPS = 4000
_ROOM = 0.94
"""Of the size that is left: containers and rate control take the rest."""
_IMAGE_SIDES = (4096, 2048, 1024)
VIDEO_NOTE_S = 60.0


@dataclass(frozen=True, slots=True)
class Rendition:
    """A local file, ready to be sent. It is there as long as the block that made it."""

    way: Way
    path: Path
    name: str
    media_type: str
    size: int
    """Bytes."""
    artifact: Artifact
    """What it shows: duration, width and height are in its facts."""


@dataclass(frozen=True, slots=True)
class Rung:
    """One way to show an artifact; the ladder goes from the most native to the plainest."""

    way: Way
    smaller: bool = False
    """Re-encoded to fit, whatever it costs in quality."""


def rungs(artifact: Artifact, way: Way, limits: Limits) -> Sequence[Rung]:
    """The ladder of an artifact on a platform, without its last two rungs: a link, and words that say why not."""
    if way is Way.VOICE:
        first = [Rung(Way.VOICE)] if limits.voice else []
        return [*first, Rung(Way.AUDIO), Rung(Way.AUDIO, smaller=True)]
    if way is Way.AUDIO:
        return [Rung(Way.AUDIO), Rung(Way.AUDIO, smaller=True)]
    if way in (Way.VIDEO, Way.VIDEO_NOTE):
        first = [Rung(Way.VIDEO_NOTE)] if way is Way.VIDEO_NOTE and limits.video_note else []
        return [*first, Rung(Way.VIDEO), Rung(Way.VIDEO, smaller=True)]
    if way is Way.IMAGE:
        return [Rung(Way.IMAGE), Rung(Way.IMAGE, smaller=True), Rung(Way.FILE)]
    return [Rung(Way.FILE)]


@asynccontextmanager
async def rendition(
    artifact: Artifact, rung: Rung, limits: Limits, most: int, store: ArtifactStore
) -> AsyncIterator[Rendition | None]:
    """The file of a rung, of at most `most` bytes; None when it cannot be made so small.

    Raises:
        BadInput: the bytes are no longer kept.
        Broken: the store or ffmpeg fails.
    """
    async with store.local(artifact.id) as origin:
        with tempfile.TemporaryDirectory(prefix="audiogpt-", ignore_cleanup_errors=True) as folder:
            yield await asyncio.to_thread(_make, artifact, rung, limits, most, origin, Path(folder))


def drawn(png: Path) -> Rendition:
    """A picture of ours that is no artifact, as a platform sends it."""
    size = png.stat().st_size
    return Rendition(
        Way.IMAGE, png, png.name, "image/png", size, Artifact("", Kind.IMAGE, png.name, Facts("image/png", size))
    )


def _make(artifact: Artifact, rung: Rung, limits: Limits, most: int, origin: Path, folder: Path) -> Rendition | None:
    if rung.way is Way.VOICE:
        return _fitting(_audio(artifact, rung.way, "ogg", None, origin, folder), most)
    if rung.way is Way.VIDEO_NOTE:
        short = (artifact.facts.duration_s or 0.0) <= VIDEO_NOTE_S
        return _video(artifact, rung.way, most, origin, folder) if short else None
    as_it_is = _as_it_is(artifact, rung.way, origin)
    native = rung.way is Way.FILE or artifact.facts.media_type in limits.plays
    if not rung.smaller and native and rung.way is not Way.IMAGE:
        return _fitting(as_it_is, most)
    if rung.way is Way.IMAGE:
        most = min(most, limits.image_bytes)
        return _fitting(as_it_is, most) if native and not rung.smaller else _image(artifact, most, origin, folder)
    if rung.way is Way.VIDEO:
        return _video(artifact, rung.way, most, origin, folder)
    kbps = _kbps(artifact, most, _AUDIO_KBPS[0]) if rung.smaller else None
    if kbps is not None and kbps < _AUDIO_KBPS[1]:
        return None
    return _fitting(_audio(artifact, rung.way, limits.audio, kbps, origin, folder), most)


def _as_it_is(artifact: Artifact, way: Way, origin: Path) -> Rendition:
    return Rendition(way, origin, artifact.name, artifact.facts.media_type, origin.stat().st_size, artifact)


def _fitting(made: Rendition, most: int) -> Rendition | None:
    return made if 0 < made.size <= most else None


def _kbps(artifact: Artifact, most: int, best: int) -> int:
    seconds = max(artifact.facts.duration_s or 0.0, 0.1)
    return min(best, int(most * _ROOM * 8 / 1000 / seconds))


def _audio(artifact: Artifact, way: Way, form: media.Form, kbps: int | None, origin: Path, folder: Path) -> Rendition:
    """A voice note that is Opus already is not encoded a second time."""
    if form == "ogg" and artifact.facts.channels == 1 and _is_opus(origin):
        return _as_it_is(artifact, way, origin)
    name = f"{Path(artifact.name).stem}.{form}"
    target = folder / f"made.{form}"
    media.encode(origin, target, form, kbps=kbps, about=about(artifact.recipe))
    return Rendition(way, target, name, _FORM_TYPES[form], target.stat().st_size, artifact)


def _is_opus(path: Path) -> bool:
    """Whether it is Opus in Ogg, by its identification header (RFC 7845): Ogg holds other things too."""
    with path.open("rb") as file:
        head = file.read(64)
    return head.startswith(b"OggS") and b"OpusHead" in head


def _video(artifact: Artifact, way: Way, most: int, origin: Path, folder: Path) -> Rendition | None:
    target = folder / "made.mp4"
    kbps = _kbps(artifact, most, _VIDEO_KBPS)
    try:
        square = way is Way.VIDEO_NOTE
        media.encode_video(origin, target, kbps=kbps, square=square, about=about(artifact.recipe))
    except (BadInput, OverLimit):
        return None
    name = f"{Path(artifact.name).stem}.mp4"
    return _fitting(Rendition(way, target, name, "video/mp4", target.stat().st_size, artifact), most)


def _image(artifact: Artifact, most: int, origin: Path, folder: Path) -> Rendition | None:
    target = folder / "made.jpg"
    for side in _IMAGE_SIDES:
        media.write_jpeg(origin, target, side=side, about=about(artifact.recipe))
        name = f"{Path(artifact.name).stem}.jpg"
        made = Rendition(Way.IMAGE, target, name, "image/jpeg", target.stat().st_size, artifact)
        if made.size <= most:
            return made
    return None
