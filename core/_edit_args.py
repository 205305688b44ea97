"""The arguments of `audio_editing`: its operations, and what each of them reads."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from core._capability import Args, AudioRef, Seconds

Operation = Literal[
    "trim",
    "join",
    "mix",
    "loop",
    "gain",
    "normalise",
    "compress",
    "equalise",
    "reverb",
    "echo",
    "speed",
    "pitch",
    "reverse",
    "fade",
    "remove_silence",
    "mono",
    "stereo",
    "pan",
    "mute",
    "bleep",
]
Space = Literal["room", "hall", "cathedral", "plate"]
Preset = Literal["telephone", "radio", "muffled", "bright", "warm"]
Shape = Literal["equal_power", "linear", "exponential"]


def in_order(start_s: float | None, end_s: float | None) -> None:
    """Raises ValueError: the end is not after the start."""
    if start_s is not None and end_s is not None and end_s <= start_s:
        raise ValueError("the end must be after the start")


class EditArgs(Args):
    """Only the parameters of the chosen operation are used.

    With a start or an end, any operation on one clip but `fade`, `mono` and `stereo` changes that stretch alone; `mute`
    and `bleep` need one, and `loop` repeats nothing else.
    """

    operation: Operation
    audios: tuple[AudioRef, ...] = Field(min_length=1, description="One clip, or several for join and mix")
    start_s: Seconds | None = Field(default=None, description="trim: where to start; others: change from here on")
    end_s: Seconds | None = Field(default=None, description="where that ends; none is the end of the clip")
    crossfade_s: Seconds | None = Field(default=None, description="join, loop: seconds that fade into each other")
    times: int | None = Field(default=None, ge=2, le=1000, description="loop: how often it is heard")
    seconds: float | None = Field(default=None, gt=0, le=3600, description="loop: how long the result is, instead")
    gain_db: float | None = Field(default=None, ge=-60, le=40, description="gain: decibels, negative is quieter")
    loudness_lufs: float = Field(default=-16.0, ge=-40, le=-5, description="normalise, compress: target loudness")
    bass_db: float = Field(default=0.0, ge=-24, le=24, description="equalise: more bass is 6, less is -6")
    mid_db: float = Field(default=0.0, ge=-24, le=24, description="equalise: around 1 kHz")
    treble_db: float = Field(default=0.0, ge=-24, le=24, description="equalise: highs")
    low_cut_hz: float | None = Field(default=None, ge=10, le=20_000, description="equalise: take away what is below")
    high_cut_hz: float | None = Field(default=None, ge=10, le=20_000, description="equalise: take away what is above")
    preset: Preset | None = Field(default=None, description="equalise: a ready sound")
    space: Space = Field(default="hall", description="reverb: where it sounds")
    amount: float = Field(default=0.3, ge=0, le=1, description="reverb, echo: 0 none, 0.15 a little, 0.6 much")
    delay_s: float = Field(default=0.3, ge=0.02, le=3, description="echo: seconds between two")
    factor: float | None = Field(default=None, ge=0.25, le=4, description="speed: 2 is twice as fast, same pitch")
    semitones: float | None = Field(default=None, ge=-24, le=24, description="pitch: positive is higher")
    fade_in_s: Seconds | None = Field(default=None, description="fade: seconds at the start")
    fade_out_s: Seconds | None = Field(default=None, description="fade: seconds at the end")
    shape: Shape = Field(default="equal_power", description="fade: its curve")
    longest_s: float = Field(default=0.5, ge=0.05, le=10, description="remove_silence: longer pauses get this long")
    pan: float | None = Field(default=None, ge=-1, le=1, description="pan: -1 left, 0 centre, 1 right")

    @model_validator(mode="after")
    def _times_in_order(self) -> EditArgs:
        in_order(self.start_s, self.end_s)
        return self
