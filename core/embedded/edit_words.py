"""The kinds of edits that a head tells apart: the operation of each, and plain words that the rules know."""

from __future__ import annotations

import re

PLAIN = {
    "trim_keep": ("trim", "keep only that"),
    "trim_drop": ("trim", "cut that off"),
    "join": ("join", "join"),
    "crossfade": ("join", "crossfade"),
    "mix": ("mix", "mix"),
    "loop": ("loop", "loop"),
    "gain_up": ("gain", "louder"),
    "gain_down": ("gain", "quieter"),
    "normalise": ("normalise", "normalise"),
    "compress": ("compress", "compress"),
    "bass_up": ("equalise", "more bass"),
    "bass_down": ("equalise", "less bass"),
    "mid_up": ("equalise", "more mids"),
    "mid_down": ("equalise", "less mids"),
    "treble_up": ("equalise", "more treble"),
    "treble_down": ("equalise", "less treble"),
    "telephone": ("equalise", "like a telephone"),
    "radio": ("equalise", "like a radio"),
    "muffled": ("equalise", "muffled"),
    "bright": ("equalise", "brighter"),
    "warm": ("equalise", "warmer"),
    "low_cut": ("equalise", "low cut"),
    "high_cut": ("equalise", "high cut"),
    "equalise": ("equalise", "equalise"),
    "room": ("reverb", "reverb like in a room"),
    "hall": ("reverb", "reverb"),
    "cathedral": ("reverb", "reverb like in a cathedral"),
    "echo": ("echo", "echo"),
    "speed_up": ("speed", "faster"),
    "speed_down": ("speed", "slower"),
    "pitch_up": ("pitch", "higher pitch"),
    "pitch_down": ("pitch", "lower pitch"),
    "reverse": ("reverse", "reverse"),
    "fade_in": ("fade", "fade in"),
    "fade_out": ("fade", "fade out"),
    "fade_both": ("fade", "fade in and out"),
    "remove_silence": ("remove_silence", "remove the pauses"),
    "mono": ("mono", "mono"),
    "stereo": ("stereo", "stereo"),
    "pan_left": ("pan", "pan left"),
    "pan_right": ("pan", "pan right"),
    "pan_centre": ("pan", "pan to the centre"),
}
_TOLD = re.compile(r"\(([\w ]+)\)$")
_OPERATIONS = {words: operation for operation, words in PLAIN.values()}


def told(text: str, kind: str) -> str:
    """The words of a request, with the plain ones of a kind behind them."""
    return f"{text} ({PLAIN[kind][1]})"


def operation_told(text: str) -> str | None:
    """The operation of the kind that is told behind the words; None where none is."""
    match = _TOLD.search(text)
    return _OPERATIONS.get(match[1]) if match else None


def without_told(text: str) -> str:
    """The words of a request, without the plain ones behind them."""
    match = _TOLD.search(text)
    return text[: match.start()].rstrip() if match and match[1] in _OPERATIONS else text
