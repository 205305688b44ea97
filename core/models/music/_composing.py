"""From a brief to a piece: which genre, key, tempo and form, and what every instrument plays in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from core.models.music._brief import Brief
from core.models.music._casting import cast
from core.models.music._drums import Groove
from core.models.music._figures import bass, comp, walking
from core.models.music._form import Plan, chords_of, planned
from core.models.music._instruments import INSTRUMENTS
from core.models.music._piece import Piece, Section, Tone, Track
from core.models.music._styles import STYLES, Part, Style
from core.models.music._theme import Theme
from core.models.music._voicing import voiced

_LOUDNESS = {"intro": 0.84, "verse": 0.9, "chorus": 1.0, "bridge": 0.86, "outro": 0.82}
_COMP_RANGE, _PAD_RANGE, _BASS_LOW = (52, 74), (50, 76), 33
_RITARDANDO = (0.95, 0.9, 0.83, 0.74)
_TOUCH = {"calm": 0.72, "sad": 0.76, "romantic": 0.82, "mysterious": 0.82, "energetic": 1.08, "epic": 1.08}
_BUSY = {"calm": -0.7, "sad": -0.5, "energetic": 0.4, "playful": 0.5, "happy": 0.1, "romantic": -0.3, "epic": -0.2}


def compose(brief: Brief, seed: int) -> Piece:
    """A piece for a brief. The same brief and seed give the same piece."""
    rng = np.random.default_rng([seed, 11])
    plan = planned(brief, rng)
    style = STYLES[plan.genre]
    parts = cast(brief, style)
    lonely = all(part.role in ("lead", "drums") for part in parts)
    work = _Work(plan, style, np.random.default_rng([seed, 12]), brief.mood or "", lonely)
    tracks = tuple(work.track(part) for part in parts)
    slows = (style.slows if brief.ending is None else brief.ending == "slow") and plan.bars > 2
    last = float(plan.bars * plan.meter)
    tempi = [(0.0, plan.tempo_bpm)]
    if slows:
        steps = len(_RITARDANDO)
        tempi += [(last - plan.meter * (1 - i / steps), plan.tempo_bpm * f) for i, f in enumerate(_RITARDANDO)]
    fades = style.fades if brief.ending is None else brief.ending == "fade"
    slowed_s = sum(plan.meter / len(_RITARDANDO) * 60.0 / plan.tempo_bpm * (1 / f - 1) for f in _RITARDANDO if slows)
    final_s = 0.0 if plan.loops else max(0.8, plan.final_s - slowed_s)
    length = last + final_s * tempi[-1][1] / 60.0
    piece = Piece(
        _title(plan, brief), plan.genre, plan.key, plan.tempo_bpm, plan.meter, tracks, plan.chords, plan.sections,
        tuple(tempi), length, min(6.0, 0.2 * plan.seconds) if fades else 0.0, style.wet,
    )  # fmt: skip
    return replace(piece, tracks=tuple(t for t in piece.tracks if t.tones))


def _title(plan: Plan, brief: Brief) -> str:
    mood = f"{brief.mood} " if brief.mood and brief.mood != plan.genre else ""
    return f"{mood}{plan.genre}"


@dataclass
class _Work:
    """What the players share: the plan, the style, chance."""

    plan: Plan
    style: Style
    rng: np.random.Generator
    mood: str
    lonely: bool
    """Whether nobody plays beside the leads, which then are never silent."""

    def __post_init__(self) -> None:
        busy = self.style.busy + _BUSY.get(self.mood, 0.0)
        self.themes = {
            "verse": Theme(self.rng, self.plan.meter, busy, 0.6),
            "chorus": Theme(self.rng, self.plan.meter, busy + 0.2, 2.4),
            "bridge": Theme(self.rng, self.plan.meter, busy - 0.4, 1.6),
        }

    def track(self, part: Part) -> Track:
        """All that one part plays, as its player would: a little off the grid, louder where the form is."""
        instrument = INSTRUMENTS[part.instrument]
        tones: list[Tone] = []
        before: tuple[int, ...] = ()
        for section in self.plan.sections:
            if section.name in part.tacet and len(self.plan.sections) > 1 and not self.lonely:
                continue
            if part.role == "lead":
                made = self._lead(part, section)
            elif part.role == "drums":
                made = self._drums(section)
            else:
                made, before = self._chordal(part, section, before)
            touch = _LOUDNESS[section.name] * _TOUCH.get(self.mood, 1.0)
            tones += [replace(t, velocity=round(t.velocity * touch)) for t in made]
        if tones and not self.plan.loops:
            tones += self._last(part, before, tones)
        return Track(part.instrument, part.role, instrument.program, self._played(tones, part), part.gain, part.pan)

    def _lead(self, part: Part, section: Section) -> list[Tone]:
        if section.name in ("intro", "outro") and len(self.plan.sections) > 1 and not self.lonely:
            return []
        meter, key = self.plan.meter, self.plan.key
        octave = (5 if key.tonic <= 3 else 4) + INSTRUMENTS[part.instrument].octave
        theme = self.themes.get(section.name, self.themes["verse"])
        return theme.tones(key, self.plan.chords, float(section.bar * meter), section.bars, octave)

    def _drums(self, section: Section) -> list[Tone]:
        groove = Groove(self.style.groove or "folk", self.plan.meter)
        found: list[Tone] = []
        for bar in range(section.bars):
            last = bar == section.bars - 1
            full = section.name not in ("intro", "bridge")
            found += groove.bar(
                float((section.bar + bar) * self.plan.meter), self.rng, full=full or last and bar > 0,
                fill=last and section.bars > 1 or bar % 8 == 3 and self.rng.random() < 0.3, crash=bar == 0 and full,
            )  # fmt: skip
        return found

    def _chordal(self, part: Part, section: Section, before: tuple[int, ...]) -> tuple[list[Tone], tuple[int, ...]]:
        meter = self.plan.meter
        inside = chords_of(self.plan.chords, section, meter)
        found: list[Tone] = []
        for number, chord in enumerate(inside):
            after = inside[(number + 1) % len(inside)].classes[0]
            at, beats = chord.start, chord.beats
            if part.role == "bass":
                low = _BASS_LOW if part.instrument != "piano" else 36
                if part.figure == "walk":
                    found += walking(chord.classes, after, low, at, beats, self.rng)
                else:
                    found += bass(part.figure, chord.classes, after, low, at, beats, meter)
                continue
            power = part.instrument == "distorted guitar"
            shown = (chord.classes[0], chord.classes[2]) if power else chord.classes
            low, high = (40, 60) if power else _PAD_RANGE if part.role == "pad" else _COMP_RANGE
            before = voiced(shown, before if len(before) == len(shown) else (), low, high)
            found += comp(part.figure, before, at, beats, meter)
        return found, before

    def _last(self, part: Part, before: tuple[int, ...], tones: Sequence[Tone]) -> list[Tone]:
        """The last chord, held: the lead on the tonic, the rest below it."""
        start, beats = float(self.plan.bars * self.plan.meter), self.plan.final_s * self.plan.tempo_bpm / 60.0 * 0.8
        chord = self.plan.chords[-1].classes
        if part.role == "drums":
            return Groove(self.style.groove or "folk", self.plan.meter).end(start)
        if part.role == "lead":
            tonic = min((t for t in range(48, 97) if t % 12 == chord[0]), key=lambda t: abs(t - tones[-1].midi))
            return [Tone(start, beats, tonic, 88)]
        if part.role == "bass":
            return [Tone(start, beats, _BASS_LOW + (chord[0] - _BASS_LOW) % 12, 88)]
        shown = (chord[0], chord[2]) if len(before) == 2 else chord
        low, high = (40, 60) if len(before) == 2 else _COMP_RANGE
        spread = 0.06 if part.instrument in ("guitar", "steel guitar", "harp", "piano") else 0.0
        return [
            Tone(start + spread * i, beats, note, 78) for i, note in enumerate(voiced(shown, before[:0], low, high))
        ]

    def _played(self, tones: Sequence[Tone], part: Part) -> tuple[Tone, ...]:
        """Swung and humanised."""
        loose = self.style.loose * self.plan.tempo_bpm / 60.0 * (0.5 if part.role in ("drums", "bass") else 1.0)
        found = []
        for tone in sorted(tones, key=lambda t: (t.start, t.midi)):
            unit = 0.5 if self.style.sixteenths else 1.0
            late = self.style.swing if abs(tone.start % unit - unit / 2) < 0.01 else 0.0
            off = float(np.clip(self.rng.normal(0, loose), -2 * loose, 2 * loose)) if loose else 0.0
            velocity = int(np.clip(tone.velocity + self.rng.normal(0, 4), 12, 124))
            found.append(Tone(max(0.0, tone.start + late + off), max(0.08, tone.beats - late), tone.midi, velocity))
        return tuple(found)
