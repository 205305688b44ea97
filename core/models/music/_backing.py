"""Instruments under a voice: the chords of the tune on a piano and a bass, in its tempo and its key."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import soxr
from numpy.typing import NDArray

from core.models.music._figures import bass, comp
from core.models.music._harmony import notes_of
from core.models.music._instruments import INSTRUMENTS
from core.models.music._piece import Tone, Track
from core.models.music._score import Score
from core.models.music._singing import LEAD_S
from core.models.music._soundfont import RATE, Player
from core.models.music._voicing import voiced

Chords = Sequence[tuple[float, tuple[int, ...]]]
"""Start in seconds and pitch classes, root first; one a bar."""

_BEAT_S = (0.42, 0.84)
_RANGE, _BASS_LOW = (52, 74), 36
_UNDER_DB = 7.0
"""By how much the instruments are quieter than the voice while it sings."""
_WET = 0.2


def beat_of(score: Score) -> float:
    """Seconds of a beat: the usual note, taken twice or by half until it is one that feet could tap."""
    beat = float(np.median([note.seconds for note in notes_of(score)]))
    while beat < _BEAT_S[0]:
        beat *= 2
    while beat > _BEAT_S[1]:
        beat /= 2
    return beat


def tracks(chords: Chords, beat_s: float, meter: int) -> tuple[Track, ...]:
    """A piano and a bass, a bar a chord."""
    piano: list[Tone] = []
    low: list[Tone] = []
    before: tuple[int, ...] = ()
    for number, (start_s, classes) in enumerate(chords):
        last = number + 1 == len(chords)
        following = chords[number + 1][1][0] if not last else classes[0]
        before = voiced(classes, before, *_RANGE)
        start = start_s / beat_s
        piano += comp("hold" if last else "ballad", before, start, meter, meter)
        low += bass("hold" if last else "two", classes, following, _BASS_LOW, start, meter, meter)
    instruments = (("piano", "comp", piano), ("bass", "bass", low))
    return tuple(Track(name, role, INSTRUMENTS[name].program, tuple(tones)) for name, role, tones in instruments)


def accompanied(
    voice: NDArray[np.float32], rate: int, player: Player, chords: Chords, beat_s: float, meter: int
) -> NDArray[np.float32]:
    """A voice of shape (2, frames) with the instruments under it, at 48 kHz; the chords begin with its score."""
    sung = np.stack([soxr.resample(side, rate, RATE) for side in voice]).astype(np.float32)
    end_s = LEAD_S + chords[-1][0] + meter * beat_s
    frames = max(sung.shape[1], round(end_s * RATE))
    sung = np.pad(sung, ((0, 0), (0, frames - sung.shape[1])))
    under = player.stems(tracks(chords, beat_s, meter), lambda beat: LEAD_S + beat * beat_s, frames, _WET)
    loud = np.abs(sung).max(0) > 0.05 * np.abs(sung).max()
    level = float(sung[:, loud].std()) * 10 ** (-_UNDER_DB / 20)
    under *= np.float32(level / max(float(under[:, loud].std()), 1e-6))
    fade = min(frames, round(0.6 * RATE))
    under[:, frames - fade :] *= np.linspace(1, 0, fade, dtype=np.float32)
    return sung + under
