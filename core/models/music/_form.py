"""The plan of a piece: genre, key and tempo where they are left open, the sections, and the chord of every bar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.models.music._brief import Brief
from core.models.music._harmony import Key
from core.models.music._piece import Chord, Section
from core.models.music._styles import STYLES, Style
from core.models.music._voicing import classes

USUAL_S = 45.0
FINAL_S = 3.0
"""How long the last chord may ring."""
PACE = {"very slow": 0.7, "slow": 0.82, "moderate": 1.0, "fast": 1.22, "very fast": 1.42}
_MOOD_PACE = {"calm": 0.9, "sad": 0.88, "energetic": 1.08, "happy": 1.04, "playful": 1.05, "romantic": 0.92}
_MINOR_MOODS = {"sad": True, "dark": True, "tense": True, "mysterious": True, "happy": False, "playful": False}
_GENRE_OF_MOOD = {
    "happy": "pop", "sad": "classical", "calm": "ambient", "dark": "orchestral", "tense": "orchestral",
    "epic": "orchestral", "romantic": "classical", "energetic": "rock", "mysterious": "orchestral",
    "playful": "chiptune",
}  # fmt: skip
_GENRE_OF_INSTRUMENT = {
    "piano": "classical", "harpsichord": "classical", "church organ": "classical", "guitar": "folk",
    "steel guitar": "folk", "ukulele": "folk", "banjo": "folk", "fiddle": "folk", "mandolin": "folk",
    "harmonica": "blues", "bagpipe": "folk", "whistle": "folk", "accordion": "waltz", "strings": "orchestral",
    "horn": "orchestral", "choir": "orchestral", "violin": "classical", "cello": "classical", "flute": "classical",
    "harp": "lullaby", "music box": "lullaby", "celesta": "lullaby", "saxophone": "jazz", "double bass": "jazz",
    "distorted guitar": "rock", "electric guitar": "rock", "synthesizer": "synthwave", "square wave": "chiptune",
    "pad": "ambient", "electric piano": "lo-fi", "vibraphone": "jazz", "brass": "march", "trumpet": "jazz",
    "steel drums": "reggae", "koto": "ambient", "sitar": "ambient", "synth bass": "house", "clarinet": "classical",
    "oboe": "classical", "bassoon": "classical", "organ": "funk", "marimba": "pop", "glockenspiel": "lullaby",
}  # fmt: skip
_TONICS = (0, 2, 4, 5, 7, 9, 10)
_MODAL = {
    "dorian": ("1 4 1 4", "1 7 4 1"),
    "phrygian": ("1 2 1 2", "1 2 7 1"),
    "lydian": ("1 2 1 5", "1 2 5 1"),
    "mixolydian": ("1 7 4 1", "1 4 7 1"),
    "locrian": ("1 2 1 3", "1 6 2 1"),
}
"""Progressions that show what is special in a mode."""
_ORDER = ("verse", "chorus", "verse", "chorus", "bridge", "chorus")


@dataclass(frozen=True)
class Plan:
    """What all players agree on."""

    genre: str
    key: Key
    tempo_bpm: float
    meter: int
    bars: int
    """Before the last chord."""
    sections: tuple[Section, ...]
    chords: tuple[Chord, ...]
    """The last one is the tonic's, with which the piece ends."""
    seconds: float
    final_s: float
    loops: bool


def planned(brief: Brief, rng: np.random.Generator) -> Plan:
    """Settle all that the brief leaves open."""
    genre = brief.genre or _genre(brief)
    style = STYLES[genre]
    key = brief.key or _key(brief, style, rng)
    meter = brief.meter or style.meter
    tempo = brief.tempo_bpm or _tempo(brief, style, rng)
    loops = brief.ending == "loop"
    bar_s = 60.0 * meter / tempo
    if brief.seconds is None and (brief.bars or brief.form):
        bars = brief.bars or sum(_length(name) for name in brief.form)
        final_s = 0.0 if loops else FINAL_S
        seconds = bars * bar_s + final_s
    else:
        seconds = brief.seconds or USUAL_S
        bars = max(1, int((seconds - (0.0 if loops else min(1.5, 0.3 * seconds))) / bar_s + 1e-6))
        if brief.tempo_bpm is None:  # a little slower or faster, so that the last chord has its time
            wanted = (seconds - (0.0 if loops else min(FINAL_S, 0.35 * seconds))) / bars
            tempo = float(np.clip(60.0 * meter / wanted, 0.94 * tempo, 1.06 * tempo))
            bar_s = 60.0 * meter / tempo
        final_s = max(0.3, seconds - bars * bar_s) if not loops else 0.0
    sections = _sections(bars, brief.form)
    chords = _chords(sections, key, style, meter, rng)
    return Plan(genre, key, tempo, meter, bars, sections, chords, seconds, final_s, loops)


def _genre(brief: Brief) -> str:
    for name in brief.instruments:
        if name in _GENRE_OF_INSTRUMENT:
            return _GENRE_OF_INSTRUMENT[name]
    return _GENRE_OF_MOOD.get(brief.mood or "", "pop")


def _key(brief: Brief, style: Style, rng: np.random.Generator) -> Key:
    minor = brief.minor
    if minor is None:
        minor = _MINOR_MOODS.get(brief.mood or "", style.is_minor)
    tonic = int(rng.choice(_TONICS))
    return Key(tonic, minor, style.mode if minor and style.mode == "dorian" else "")


def _tempo(brief: Brief, style: Style, rng: np.random.Generator) -> float:
    low, high = style.tempo
    usual = rng.uniform(low, high)
    if brief.pace:
        usual = {
            "very slow": 0.8 * low,
            "slow": low,
            "moderate": (low + high) / 2,
            "fast": high,
            "very fast": 1.2 * high,
        }[brief.pace]
        if brief.genre is None:
            usual = float(np.clip(100 * PACE[brief.pace], 50, 170))
    elif brief.mood in _MOOD_PACE:
        usual *= _MOOD_PACE[brief.mood]
    return float(round(usual))


def _length(name: str) -> int:
    return 4 if name in ("intro", "outro") else 8


def _sections(bars: int, form: Sequence[str]) -> tuple[Section, ...]:
    """The form in so many bars: as it is asked, else an intro of what eights leave over, then verses and choruses."""
    if len(form) >= 2 and bars >= len(form):
        return _asked(bars, form)
    tail = 4 if form == ("outro",) and bars >= 8 else 0
    body = bars - tail
    intro = body % 8 if body > 8 else 0
    if intro == 0 and ("intro" in form or body >= 40) and body >= 16:
        intro = 8
    if intro > 4 and body - intro >= 8:  # a long intro tires: half of it belongs to the last part
        extra, intro = intro - 4, 4
    else:
        extra = 0
    found = [Section("intro", 0, intro)] if intro else []
    at = intro
    count = max(1, (body - intro - extra) // 8)
    for number in range(count):
        name = _ORDER[number % len(_ORDER)] if number + 1 < count or count < 2 else "chorus"
        length = body - at if number + 1 == count else 8
        found.append(Section(name, at, length))
        at += length
    if tail:
        found.append(Section("outro", at, tail))
    return tuple(found)


def _asked(bars: int, form: Sequence[str]) -> tuple[Section, ...]:
    whole = sum(_length(name) for name in form)
    edges = [round(bars * sum(_length(n) for n in form[:i]) / whole) for i in range(len(form) + 1)]
    return tuple(Section(name, a, b - a) for name, a, b in zip(form, edges, edges[1:], strict=False) if b > a)


def _chords(
    sections: Sequence[Section], key: Key, style: Style, meter: int, rng: np.random.Generator
) -> tuple[Chord, ...]:
    """A chord a bar. Each kind of section has its progression; a section before the end closes, the last comes home."""
    bank = _MODAL.get(key.mode) or (style.minor if key.minor else style.major)
    order = [bank[i] for i in rng.permutation(len(bank))]
    own = {"verse": order[0], "chorus": order[1 % len(order)], "bridge": order[2 % len(order)]}
    own |= {"intro": own["verse"], "outro": own["chorus"]}
    close = "7" if key.mode in ("dorian", "mixolydian", "phrygian") else "2" if key.mode else "5"
    found: list[Chord] = []
    end = sections[-1].bar + sections[-1].bars
    lead_in = sections[0].bars if sections[0].name == "intro" else 0
    for section in sections:
        tokens = own[section.name].split()
        for bar in range(section.bars):
            place = section.bar + bar - lead_in if len(tokens) > 8 else bar  # a long progression runs on
            token = tokens[place % len(tokens)]
            if style.cadences and bar % 8 in (6, 7) and section.bars >= 4 and not key.mode:
                token = ("2" if style.sevenths else "4") if bar % 8 == 6 else "5"
            at = section.bar + bar
            if at == end - 1 and end > 2:
                token = "5d" if "d" in own["verse"] and not key.minor else close
            found.append(Chord(float(at * meter), float(meter), classes(key, token, style.sevenths)))
    home = classes(key, "1") if not style.sevenths else classes(key, "1d" if "1d" in own["verse"] else "17")
    found.append(Chord(float(end * meter), float(meter), home))
    return tuple(found)


def chords_of(chords: Sequence[Chord], section: Section, meter: int) -> list[Chord]:
    """The chords of one section."""
    first, last = section.bar * meter, (section.bar + section.bars) * meter
    return [chord for chord in chords if first <= chord.start < last]
