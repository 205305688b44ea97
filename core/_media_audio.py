"""Sound decoded to arrays and arrays written as sound."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import ffmpeg
import numpy as np
import soundfile

from core._media_facts import streams
from core._media_ffmpeg import running, source
from core._media_tags import tag, written
from core._media_types import SILENT_VIDEO, UNREADABLE, About, Audio, Form, Samples
from core._media_wav import Header, read_header
from core.errors import BadInput, Broken
from core.sayings import saying

_MEAN = {"rematrix_maxval": 1}
"""Mix channels by their mean; ffmpeg's own way adds up to 3 dB, which clips."""

_ENCODERS: Mapping[Form, Mapping[str, object]] = {
    "ogg": {"format": "ogg", "c:a": "libopus", "b:a": "32k", "ar": 48000, "ac": 1, **_MEAN, "application": "voip"},
    "mp3": {"format": "mp3", "c:a": "libmp3lame", "q:a": 2},
    "m4a": {"format": "ipod", "c:a": "aac", "b:a": "160k", "movflags": "+faststart"},
    "wav": {"format": "wav", "c:a": "pcm_s16le"},
    "flac": {"format": "flac", "c:a": "flac"},
}
_NARROW = {"ac": 1, "ar": 24000, **_MEAN}
_NARROW_KBPS = 48
_PLAIN_WAV = ("PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE")


def decode(
    path: Path,
    *,
    sample_rate: int | None = None,
    mono: bool = False,
    start_s: float = 0.0,
    duration_s: float | None = None,
) -> Audio:
    """Decode a clip, or the part of it from `start_s`, to float32 of shape (channels, frames).

    `sample_rate` in Hz, None for the clip's own. `mono` mixes down. The cut is exact to the sample. Values that are no
    numbers become 0.

    Raises:
        BadInput: nothing decodes, the video has no sound, or the clip ends before `start_s`.
        OverLimit: it takes too long to decode.
        Broken: ffmpeg cannot be started.
    """
    plain = _open_wav(path, sample_rate)
    if plain is not None:
        with plain:
            rate, log = plain.samplerate, ""
            plain.seek(min(round(start_s * rate), plain.frames))
            samples = _read(plain, -1 if duration_s is None else round(duration_s * rate), mono)
    else:
        with running(_pcm(sample_rate, mono, start_s, duration_s), path) as child:
            header = read_header(child.stdout)
            raw = child.stdout.read()
        samples, rate, log = _frames(raw, header), header.sample_rate if header else 0, child.log
    if not samples.shape[0]:
        raise _nothing(log, start_s)
    return Audio(_finite(samples.T), rate)


def blocks(path: Path, *, sample_rate: int | None = None, mono: bool = False, block_s: float = 10.0) -> Iterator[Audio]:
    """Decode a clip block by block, in memory for one block. Every block but the last lasts `block_s`.

    Arguments and errors are those of `decode`. A consumer that stops early stops the decoder.
    """
    plain = _open_wav(path, sample_rate)
    if plain is not None:
        with plain:
            step = max(1, round(block_s * plain.samplerate))
            while len(samples := _read(plain, step, mono)):
                yield Audio(_finite(samples.T), plain.samplerate)
        return
    count = 0
    with running(_pcm(sample_rate, mono, 0.0, None), path) as child:
        header = read_header(child.stdout)
        step = max(1, round(block_s * header.sample_rate)) * header.frame_bytes if header else 0
        while header and (raw := child.stdout.read(step)):
            samples = _frames(raw, header)
            count += len(samples)
            if len(samples):
                yield Audio(_finite(samples.T), header.sample_rate)
    if not count:
        raise _nothing(child.log, 0.0)


def write_wav(audio: Audio, path: Path) -> None:
    """Write 16-bit PCM: rounded and clipped, no dither, so that the same samples are always the same bytes.

    Raises:
        Broken: the disk cannot take it.
    """
    scaled = np.rint(np.nan_to_num(audio.samples.T) * 32768.0)
    try:
        soundfile.write(
            path, np.clip(scaled, -32768, 32767).astype(np.int16), audio.sample_rate, subtype="PCM_16", format="WAV"
        )
    except (OSError, soundfile.LibsndfileError) as error:
        raise Broken(f"cannot write a WAV file: {type(error).__name__}") from error


def mp3(audio: Audio) -> bytes:
    """MPEG layer III of a short stretch, written in this process: what every browser decodes."""
    content = io.BytesIO()
    samples = np.clip(np.nan_to_num(audio.samples.T), -1, 1)
    soundfile.write(content, samples, audio.sample_rate, format="MP3", subtype="MPEG_LAYER_III")
    return content.getvalue()


def encode(origin: Path, target: Path, form: Form, *, kbps: int | None = None, about: About | None = None) -> None:
    """Write the sound of `origin` to `target`, without its metadata; the same input always gives the same bytes.

    `about` is what the new file says of itself. `kbps` is a constant bit rate for `mp3`, `m4a` and `ogg`, in kbit/s;
    below 48 the sound is mixed to mono at 24 kHz.

    Raises:
        BadInput: `origin` holds no sound that decodes.
        OverLimit: it takes too long.
        Broken: ffmpeg cannot be started or cannot write.
    """
    options: dict[str, Any] = {"map": "0:a:0", "map_metadata": -1, "bitexact": None, **_ENCODERS[form]}
    options |= written(about) if about and form != "wav" else {}
    if kbps is not None:
        options.pop("q:a", None)
        options |= {"b:a": f"{kbps}k", **(_NARROW if kbps < _NARROW_KBPS and form != "ogg" else {})}
    graph = ffmpeg.output(source(), f"file:{target.absolute()}", **options).overwrite_output()
    with running(graph, origin) as child:
        child.stdout.read()
    if child.returncode == 0 and target.stat().st_size:
        if about and form == "wav":  # ffmpeg writes few of its fields
            tag(target, "audio/wav", about)
        return
    target.unlink(missing_ok=True)
    found = streams(child.log)
    if not found.audio:
        raise _nothing(child.log, 0.0)
    raise Broken(f"ffmpeg cannot write {form}: status {child.returncode}")


def filtered(audio: Audio, filters: Sequence[tuple[str, dict[str, object]]]) -> Audio:
    """Run ffmpeg audio filters, in order, over a clip: `filtered(clip, [("atempo", {"tempo": 1.5})])`.

    Raises:
        Broken: ffmpeg refuses a filter or its arguments.
        OverLimit: it takes too long.
    """
    stream = source().audio
    for name, arguments in filters:
        stream = stream.filter(name, **arguments)
    graph = ffmpeg.output(stream, "pipe:", format="wav", bitexact=None, **{"c:a": "pcm_f32le"})
    with tempfile.TemporaryDirectory(prefix="audiogpt-") as folder:
        clip = Path(folder) / "clip.wav"
        soundfile.write(clip, audio.samples.T, audio.sample_rate, subtype="FLOAT", format="WAV")
        with running(graph, clip) as child:
            header = read_header(child.stdout)
            raw = child.stdout.read()
    if child.returncode != 0 or header is None:
        raise Broken(f"ffmpeg cannot apply {', '.join(name for name, _ in filters)}: status {child.returncode}")
    return Audio(_finite(_frames(raw, header).T), header.sample_rate)


def _pcm(sample_rate: int | None, mono: bool, start_s: float, duration_s: float | None) -> Any:
    """The graph that writes float WAV to the pipe. The cut is on the output side, which is exact in every format."""
    options: dict[str, Any] = {"map": "0:a:0", "c:a": "pcm_f32le", "bitexact": None}
    options |= {"ac": 1, **_MEAN} if mono else {}
    wanted = {"ar": sample_rate, "ss": start_s or None, "t": duration_s}
    return ffmpeg.output(
        source(), "pipe:", format="wav", **options, **{k: v for k, v in wanted.items() if v is not None}
    )


def _open_wav(path: Path, sample_rate: int | None) -> soundfile.SoundFile | None:
    """The file, when it is a plain WAV of that rate, which needs no ffmpeg."""
    with path.open("rb") as file:
        head = file.read(12)
    if head[:4] != b"RIFF" or head[8:12] != b"WAVE":
        return None
    try:
        opened = soundfile.SoundFile(path)
    except soundfile.LibsndfileError:  # ffmpeg reads more kinds of WAV, and says what is wrong with the rest
        return None
    if opened.subtype in _PLAIN_WAV and opened.frames > 0 and sample_rate in (None, opened.samplerate):
        return opened
    opened.close()
    return None


def _read(plain: soundfile.SoundFile, count: int, mono: bool) -> Samples:
    """The next frames, shape (frames, channels or 1); -1 is all of them."""
    samples: Samples = plain.read(count, dtype="float32", always_2d=True)
    if mono and samples.shape[1] > 1:
        samples = samples.mean(axis=1, keepdims=True, dtype=np.float32)
    return samples


def _frames(raw: bytes, header: Header | None) -> Samples:
    """Shape (frames, channels). A last frame that was cut short is dropped."""
    if header is None:
        return np.zeros((0, 1), np.float32)
    whole = len(raw) // header.frame_bytes * header.frame_bytes
    return np.frombuffer(raw, "<f4", count=whole // 4).reshape(-1, header.channels)


def _finite(samples: Samples) -> Samples:
    """Contiguous, writable, with 0 for what is no number: a float WAV can hold anything."""
    own = np.array(samples, dtype=np.float32, order="C")
    if not np.isfinite(own.sum(dtype=np.float64)):
        np.nan_to_num(own, copy=False, nan=0.0, posinf=0.0, neginf=0.0)
    return own


def _nothing(log: str, start_s: float) -> BadInput:
    """Why there is not one sample."""
    found = streams(log)
    if found.video and not found.audio:
        return BadInput(SILENT_VIDEO)
    if start_s > 0:
        return BadInput(saying("clip_ended"))
    return BadInput(saying("clip_damaged") if found.audio else UNREADABLE)
