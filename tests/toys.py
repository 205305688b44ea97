"""Toy models that misbehave in every way that a real one can. Registered from outside, by setting."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import ClassVar

import numpy as np

from core.artifacts import Kind
from core.capabilities import Args, AudioRef, Capability, FaceRef, VoiceRef
from core.errors import BadInput
from core.media import Audio
from core.models.base import Call, Made, Model, Output, Tier


class ToyArgs(Args):
    text: str = ""
    mark: str = ""
    seconds: float = 0.0


class ClipArgs(Args):
    audio: AudioRef


class MimicArgs(Args):
    reference: VoiceRef


TOY = Capability("toy", "play", "Play.", ToyArgs, (Kind.TEXT,), "nothing")
CLIP = Capability("clip", "halve a clip", "Halve a clip's level.", ClipArgs, (Kind.AUDIO,), "nothing")
LENGTH = Capability("length", "measure a clip", "Say how long a clip is.", ClipArgs, (Kind.TEXT,), "nothing")


class AnimateArgs(Args):
    image: FaceRef


ANIMATE = Capability("animate", "make a picture talk", "Make it talk.", AnimateArgs, (Kind.TEXT,), "nothing")
MIMIC = Capability("mimic", "imitate a voice", "Imitate a voice.", MimicArgs, (Kind.AUDIO,), "nothing")


class _Toy(Model[ToyArgs]):
    capability = TOY
    tier = Tier.BUNDLED
    licence = "Apache-2.0"
    memory_bytes = 1 << 20
    batch = 4

    def load(self, device: str) -> None:
        return None


class Echo(_Toy):
    id: ClassVar[str] = "echo"

    def run(self, call: Call[ToyArgs]) -> Output:
        return Output(text=call.args.text, facts={"pid": os.getpid()})


class Sleepy(_Toy):
    """Works in small steps and says so: it can be stopped."""

    id: ClassVar[str] = "sleepy"
    batch = 1

    def run(self, call: Call[ToyArgs]) -> Output:
        steps = max(1, int(call.args.seconds / 0.05))
        for step in range(steps):
            time.sleep(0.05)
            call.progress((step + 1) / steps)
        if call.args.mark:
            with Path(call.args.mark).open("a") as file:
                file.write("ran\n")
        return Output(text="slept")


class Deaf(_Toy):
    """Never looks whether it should stop."""

    id: ClassVar[str] = "deaf"
    batch = 1

    def run(self, call: Call[ToyArgs]) -> Output:
        time.sleep(call.args.seconds)
        return Output(text="slept")


class Crash(_Toy):
    """Takes its process down, as a segfault would; spares it when the mark exists."""

    id: ClassVar[str] = "crash"
    batch = 1

    def run(self, call: Call[ToyArgs]) -> Output:
        mark = Path(call.args.mark) if call.args.mark else None
        if mark is None or not mark.exists():
            if mark is not None:
                mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return Output(text="survived")


class Refuser(_Toy):
    id: ClassVar[str] = "refuser"

    def run(self, call: Call[ToyArgs]) -> Output:
        if call.args.text == "bad":
            raise BadInput("I don't like that.")
        return Output(text=call.args.text)


class Liar(_Toy):
    """Says that it made audio, and gives nothing that can be written."""

    id: ClassVar[str] = "liar"

    def run(self, call: Call[ToyArgs]) -> Output:
        return Output(media=(Made(Audio(np.zeros((0, 0), np.float32), 0)),))


class Halver(Model[ClipArgs]):
    id = "halver"
    capability = CLIP
    tier = Tier.BUNDLED
    licence = "Apache-2.0"
    memory_bytes = 1 << 20

    def load(self, device: str) -> None:
        return None

    def run(self, call: Call[ClipArgs]) -> Output:
        clip = call.audio()
        halved = Audio((clip.samples / 2).astype(np.float32), clip.sample_rate)
        return Output(media=(Made(halved, "halved"),), facts={"gain_db": -6.02})


class Ruler(Model[ClipArgs]):
    """Takes a clip and gives words."""

    id = "ruler"
    capability = LENGTH
    tier = Tier.BUNDLED
    licence = "Apache-2.0"
    memory_bytes = 1 << 20

    def load(self, device: str) -> None:
        return None

    def run(self, call: Call[ClipArgs]) -> Output:
        return Output(text=f"{call.audio().duration_s:.1f} s")


class Mimic(Model[MimicArgs]):
    """Gives back the voice that it was given, upside down."""

    id = "mimic"
    capability = MIMIC
    tier = Tier.BUNDLED
    licence = "Apache-2.0"
    memory_bytes = 1 << 20

    def load(self, device: str) -> None:
        return None

    def run(self, call: Call[MimicArgs]) -> Output:
        clip = call.audio("reference")
        return Output(media=(Made(Audio(-clip.samples, clip.sample_rate), "mimic"),))


class Animator(Model[AnimateArgs]):
    """Takes a picture of a face and says that it moved."""

    id = "animator"
    capability = ANIMATE
    tier = Tier.BUNDLED
    licence = "Apache-2.0"
    memory_bytes = 1 << 20

    def load(self, device: str) -> None:
        return None

    def run(self, call: Call[AnimateArgs]) -> Output:
        return Output(text="it moved")


ALL = ",".join(f"toys:{c.__name__}" for c in (Echo, Sleepy, Deaf, Crash, Refuser, Liar, Halver, Ruler, Mimic, Animator))
