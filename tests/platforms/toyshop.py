"""Toy models for the platforms' tests: every kind of media in a moment, without weights. Registered by setting."""

from __future__ import annotations

import subprocess
import tempfile
import time
from pathlib import Path

import imageio_ffmpeg
import numpy as np
from toys import ClipArgs, ToyArgs

from core.artifacts import Kind
from core.capabilities import SPEECH_RECOGNITION, TEXT_TO_SPEECH, Capability, RecogniseArgs, SpeakArgs
from core.errors import BadInput
from core.media import Audio, Picture
from core.models.base import Call, File, Made, Model, Output, Tier

PAINT = Capability("paint", "paint", "Paint.", ToyArgs, (Kind.IMAGE,), "nothing")
FILM = Capability("film", "film", "Film.", ToyArgs, (Kind.VIDEO,), "nothing")
HALVE = Capability("halve", "halve a clip", "Halve a clip's level.", ClipArgs, (Kind.AUDIO,), "nothing")
SLEEP = Capability("sleep", "sleep", "Sleep.", ToyArgs, (Kind.TEXT,), "nothing")
RATE = 16000


class Mouth(Model[SpeakArgs]):
    """Says each word as a beep that swells and fades: loud and quiet alternate, so that a waveform shows something."""

    id = "toy-mouth"
    capability = TEXT_TO_SPEECH
    tier = Tier.BUNDLED
    licence = "Apache-2.0"
    memory_bytes = 1 << 20

    def load(self, device: str) -> None:
        return None

    def run(self, call: Call[SpeakArgs]) -> Output:
        beep = np.sin(2 * np.pi * 330 * np.arange(RATE // 4) / RATE) * np.hanning(RATE // 4) * 0.5
        words = len(call.args.text.split())
        samples = np.tile(beep, max(1, words)).astype(np.float32)[None]
        return Output(media=(Made(Audio(samples, RATE), "speech"),), facts={"words": words})


class Ear(Model[RecogniseArgs]):
    """Hears "say N seconds": how long the clip is. Silence is no speech."""

    id = "toy-ear"
    capability = SPEECH_RECOGNITION
    tier = Tier.BUNDLED
    licence = "Apache-2.0"
    memory_bytes = 1 << 20

    def load(self, device: str) -> None:
        return None

    def run(self, call: Call[RecogniseArgs]) -> Output:
        clip = call.audio()
        if np.abs(clip.samples).max(initial=0) < 1e-3:
            raise BadInput("I hear nobody speaking in that.")
        return Output(text=f"say {clip.duration_s:.1f} seconds")


class Halver(Model[ClipArgs]):
    id = "toy-halver"
    capability = HALVE
    tier = Tier.BUNDLED
    licence = "Apache-2.0"
    memory_bytes = 1 << 20

    def load(self, device: str) -> None:
        return None

    def run(self, call: Call[ClipArgs]) -> Output:
        clip = call.audio()
        return Output(media=(Made(Audio((clip.samples / 2).astype(np.float32), clip.sample_rate), "halved"),))


class Painter(Model[ToyArgs]):
    id = "toy-painter"
    capability = PAINT
    tier = Tier.BUNDLED
    licence = "Apache-2.0"
    memory_bytes = 1 << 20

    def load(self, device: str) -> None:
        return None

    def run(self, call: Call[ToyArgs]) -> Output:
        pixels = np.zeros((120, 160, 3), np.uint8)
        pixels[:60], pixels[60:, :80] = (200, 40, 40), (40, 40, 200)
        return Output(media=(Made(Picture(pixels), "painting"),))


class Filmer(Model[ToyArgs]):
    """A test card with a tone, `seconds` long."""

    id = "toy-filmer"
    capability = FILM
    tier = Tier.BUNDLED
    licence = "Apache-2.0"
    memory_bytes = 1 << 20

    def load(self, device: str) -> None:
        return None

    def run(self, call: Call[ToyArgs]) -> Output:
        return Output(media=(Made(File(film(call.args.seconds or 1.0), "video/mp4", ".mp4"), "film"),))


class Sleeper(Model[ToyArgs]):
    """Works in small steps and says so: it can be watched and stopped."""

    id = "toy-sleeper"
    capability = SLEEP
    tier = Tier.BUNDLED
    licence = "Apache-2.0"
    memory_bytes = 1 << 20

    def load(self, device: str) -> None:
        return None

    def run(self, call: Call[ToyArgs]) -> Output:
        steps = max(1, int(call.args.seconds / 0.05))
        for step in range(steps):
            time.sleep(0.05)
            call.progress((step + 1) / steps)
        return Output(text="slept")


def film(seconds: float, size: str = "160x120") -> bytes:
    """An H.264 and AAC MP4."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "film.mp4"
        card = ["-f", "lavfi", "-i", f"testsrc=size={size}:rate=25:duration={seconds}"]
        tone = ["-f", "lavfi", "-i", f"sine=440:duration={seconds}"]
        codec = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac", "-shortest"]
        ffmpeg = [imageio_ffmpeg.get_ffmpeg_exe(), "-loglevel", "error", *card, *tone, *codec, str(path)]
        subprocess.run(ffmpeg, check=True)
        return path.read_bytes()


MODELS = (Mouth, Ear, Halver, Painter, Filmer, Sleeper)
ALL = ",".join(f"platforms.toyshop:{model.__name__}" for model in MODELS)
