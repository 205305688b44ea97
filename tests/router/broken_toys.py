"""Toy models whose outputs are no results."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from toys import ClipArgs, ToyArgs

from core.artifacts import Kind
from core.capabilities import Args, Capability
from core.media import Audio
from core.models.base import Call, File, Made, Model, Output, Tier

RATE = 24_000


def tone(seconds: float, peak: float) -> Audio:
    samples = peak * np.sin(np.arange(int(seconds * RATE)) * 0.1)
    return Audio(samples[None].astype(np.float32), RATE)


def _capability(id: str, args: type[Args] = ToyArgs) -> Capability:
    return Capability(id, id, f"{id}.", args, (Kind.AUDIO,), "nothing")


class _Broken(Model[ToyArgs]):
    tier = Tier.BUNDLED
    licence = "Apache-2.0"
    memory_bytes = 1 << 20
    made: ClassVar[tuple[Made, ...]]

    def load(self, device: str) -> None:
        return None

    def run(self, call: Call[ToyArgs]) -> Output:
        return Output(text="Success!", media=self.made)


class Mute(_Broken):
    id = "mute"
    capability = _capability("hum")
    made = (Made(tone(1.0, 10 ** (-75 / 20)), "hum"),)


class Click(_Broken):
    id = "click"
    capability = _capability("click")
    made = (Made(tone(0.1, 0.0), "click"),)


class Faint(_Broken):
    id = "faint"
    capability = _capability("whisper")
    made = (Made(tone(1.0, 10 ** (-60 / 20)), "whisper"),)


class Stems(_Broken):
    id = "stems"
    capability = _capability("stems")
    made = (Made(tone(1.0, 0.0), "vocals"), Made(tone(1.0, 0.5), "rest"))


class Blank(_Broken):
    id = "blank"
    capability = _capability("blank")
    made = (Made(Audio(np.zeros((1, 0), np.float32), RATE), "blank"),)


class Garbled(_Broken):
    id = "garbled"
    capability = _capability("garbled")
    made = (Made(File(b"\x00\x01 no video at all", "video/mp4", ".mp4"), "garbled"),)


class Canned(_Broken):
    """Answers with an error and no clip, where others answer with a default clip."""

    id = "canned"
    capability = _capability("sing")
    made = ()

    def run(self, call: Call[ToyArgs]) -> Output:
        raise RuntimeError("out of memory")


class Through(Model[ClipArgs]):
    """Gives back what it gets."""

    id = "through"
    capability = _capability("through", ClipArgs)
    tier = Tier.BUNDLED
    licence = "Apache-2.0"
    memory_bytes = 1 << 20

    def load(self, device: str) -> None:
        return None

    def run(self, call: Call[ClipArgs]) -> Output:
        return Output(media=(Made(call.audio(), "through"),))


ALL = ",".join(f"router.broken_toys:{c.__name__}" for c in (Mute, Click, Faint, Stems, Blank, Garbled, Canned, Through))
