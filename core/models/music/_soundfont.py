"""A General MIDI soundfont played by TinySoundFont: where it is, and a piece as sound."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d, uniform_filter1d

from core.errors import NoModel
from core.media import Audio
from core.models.music._piece import DRUMS, Piece, Track
from core.models.music._voices import in_room
from core.models.sound._scene_mix import levelled
from core.settings import Settings

RATE = 48_000
LOUDNESS_LUFS = -16.0
_PLACES = (
    "/usr/share/sounds/sf3/MuseScore_General_Lite.sf3",
    "/usr/share/sounds/sf3/default-GM.sf3",
    "/usr/share/sounds/sf3/MuseScore_General.sf3",
    "/usr/share/sounds/sf2/default-GM.sf2",
)
"""Where Debian and Ubuntu put it; the first two are MIT, the last is what an operator made the default."""
_MOST_VOICES = 256
_GAIN_DB = -12.0
_BLOCK = RATE // 2
_HOP = RATE // 100
_DRY = ("bass", "drums")


def soundfont(settings: Settings) -> Path | None:
    """The file that is played: the operator's, else the system's, else the one beside this Python (`make setup`)."""
    if settings.soundfont is not None:
        return settings.soundfont if settings.soundfont.is_file() else None
    own = Path(sys.prefix) / "share" / "soundfonts" / "MuseScore_General_Lite.sf3"
    return next((path for path in (*map(Path, _PLACES), own) if path.is_file()), None)


def missing(settings: Settings) -> str | None:
    """None when music can be heard here, else what would enable it."""
    if find_spec("tinysoundfont") is None:
        return "install tinysoundfont"
    if soundfont(settings) is not None:
        return None
    if settings.soundfont is not None:
        return "AUDIOGPT_SOUNDFONT names no file"
    return (
        "install a soundfont (`apt-get install musescore-general-soundfont-small`), or name one in AUDIOGPT_SOUNDFONT"
    )


_RELEASE = RATE // 20
"""Frames in which what still rang is silent: it would be heard at the beginning of the next piece."""


@dataclass(frozen=True, slots=True)
class _Event:
    frame: int
    on: bool
    channel: int
    midi: int
    velocity: int


class Player:
    """A loaded soundfont: 0.5 GB for MuseScore General Lite, whose samples lie unpacked."""

    def __init__(self, settings: Settings) -> None:
        """Read the soundfont.

        Raises:
            NoModel: there is none, or it cannot be read.
        """
        path = soundfont(settings)
        if path is None or missing(settings):
            raise NoModel(f"I can't play music here yet: {missing(settings)}.")
        import tinysoundfont

        self._synth: Any = tinysoundfont.Synth(gain=_GAIN_DB, samplerate=RATE)
        try:
            content = path.read_bytes()
            self.sha256 = hashlib.sha256(content).hexdigest()
            self._font = self._synth.sfload(content, max_voices=_MOST_VOICES)
        except (OSError, RuntimeError, tinysoundfont.SoundFontException) as error:
            raise NoModel(f"The soundfont {path.name} cannot be read.") from error

    def render(self, piece: Piece, progress: Callable[[float], None] = lambda fraction: None) -> Audio:
        """A piece as sound: stereo, 48 kHz, `LOUDNESS_LUFS`, at most -1 dBFS, exactly as long as the piece."""
        frames = round(piece.duration_s * RATE)
        out = self.stems(piece.tracks, piece.seconds, frames, piece.wet, progress)
        _finish(out, piece)
        _even(out)
        for _ in range(2):  # bending the peaks the first time takes some loudness away
            out = levelled(out, LOUDNESS_LUFS)
        return Audio(out, RATE)

    def stems(
        self,
        tracks: Iterable[Track],
        seconds: Callable[[float], float],
        frames: int,
        wet: float,
        progress: Callable[[float], None] = lambda fraction: None,
    ) -> NDArray[np.float32]:
        """All tracks together, shape (2, frames): melody and chords in a room, bass and drums before it."""
        tracks = list(tracks)
        room = [track for track in tracks if track.role not in _DRY]
        dry = [track for track in tracks if track.role in _DRY]
        out = self._played(room, seconds, frames, lambda part: progress(0.45 * part))
        if wet and room:
            out = in_room(out, RATE, wet, np.random.default_rng(5))
        progress(0.5)
        if dry:
            out += self._played(dry, seconds, frames, lambda part: progress(0.5 + 0.4 * part))
        return out

    def _played(
        self,
        tracks: list[Track],
        seconds: Callable[[float], float],
        frames: int,
        progress: Callable[[float], None],
    ) -> NDArray[np.float32]:
        events = self._prepared(tracks, seconds)
        out = np.zeros((2, frames), np.float32)
        at, block = 0, 0
        for event in [*events, _Event(frames, False, 0, 0, 0)]:
            until = min(event.frame, frames)
            while at < until:
                length = min(_BLOCK, until - at)
                heard = np.frombuffer(self._synth.generate(length), np.float32)
                out[:, at : at + length] = heard.reshape(-1, 2).T
                at += length
                if at // _BLOCK != block:
                    block = at // _BLOCK
                    progress(at / frames)
            if event.on:
                self._synth.noteon(event.channel, event.midi, event.velocity)
            elif event.midi:
                self._synth.noteoff(event.channel, event.midi)
        return out

    def _prepared(self, tracks: list[Track], seconds: Callable[[float], float]) -> list[_Event]:
        """Every channel on its program, and the notes in their order; offs come before ons of the same frame."""
        self._synth.sounds_off()
        self._synth.generate(_RELEASE)
        events: list[_Event] = []
        free = iter([channel for channel in range(16) if channel != DRUMS])
        for track in tracks:
            channel = DRUMS if track.role == "drums" else next(free)
            self._synth.program_change(channel, track.program, track.role == "drums")
            self._synth.control_change(channel, 7, round(min(127.0, 100 * track.gain)))
            self._synth.control_change(channel, 10, round(64 + 63 * track.pan))
            for tone in track.tones:
                start = round(seconds(tone.start) * RATE)
                end = max(start + 1, round(seconds(tone.start + tone.beats) * RATE))
                events.append(_Event(start, True, channel, tone.midi, tone.velocity))
                if track.role != "drums":
                    events.append(_Event(end, False, channel, tone.midi, 0))
        return sorted(events, key=lambda event: (event.frame, event.on))


def _finish(out: NDArray[np.float32], piece: Piece) -> None:
    """Fade the end: slowly where the piece fades, else just so much that nothing is cut off."""
    frames = out.shape[1]
    fade = min(frames, round(RATE * (piece.fade_s or min(0.6, 0.1 * piece.duration_s))))
    out[:, frames - fade :] *= np.cos(np.linspace(0, np.pi / 2, fade, dtype=np.float32)) ** 2


def _even(out: NDArray[np.float32]) -> None:
    """Compress gently, in place: what is 10 dB above the usual level comes down by half of it."""
    count = -(-out.shape[1] // _HOP)
    level = np.zeros(count)
    for start in range(0, count, 6000):
        part = out[:, start * _HOP : (start + 6000) * _HOP]
        padded = np.pad((part**2).mean(0), (0, -part.shape[1] % _HOP))
        level[start : start + 6000] = padded.reshape(-1, _HOP).mean(1)
    smooth = np.sqrt(uniform_filter1d(maximum_filter1d(level, 7), 15))
    heard = smooth[smooth > 1e-4 * smooth.max()] if smooth.max() > 0 else smooth
    usual = float(np.median(heard)) if len(heard) else 1.0
    gain = np.minimum(1.0, (np.maximum(smooth, 1e-9) / max(usual, 1e-9)) ** -0.5)
    for start in range(0, out.shape[1], _BLOCK):
        part = out[:, start : start + _BLOCK]
        part *= np.interp((start + np.arange(part.shape[1])) / _HOP, np.arange(count) + 0.5, gain).astype(np.float32)
