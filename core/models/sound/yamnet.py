"""YAMNet: which sounds occur in a clip and when, of the 521 classes of AudioSet (Plakal and Ellis 2020)."""

from __future__ import annotations

from core.capabilities import SOUND_DETECTION, AudioArgs
from core.models.base import Call, Output
from core.models.sound._events import events, tags
from core.models.sound._hearing import checked, detection
from core.models.sound._tagging import Tagging

_TAGS = 8


class YamNet(Tagging[AudioArgs]):
    """Windows of 0.96 s every 0.24 s, thresholds with hysteresis; each sound by its narrowest certain name."""

    id = "yamnet"
    capability = SOUND_DETECTION
    memory_bytes = 64 << 20
    called = "The sound tagger"

    def run(self, call: Call[AudioArgs]) -> Output:
        """List the sounds of one clip: a sentence, a table, a picture; `facts` hold every event and the likeliest tags.

        Raises:
            BadInput: the clip is empty or silent.
        """
        assert self._network is not None
        heard = self._network.hear(checked(call.audio()), call.progress)
        return detection(heard, events(heard), tags(heard.scores, _TAGS))
