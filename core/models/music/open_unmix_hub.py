"""Open-Unmix: splits a song into vocals and accompaniment with hub weights (Stöter et al. 2019, JOSS 4(41), 1667)."""

from __future__ import annotations

from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from core.errors import NoModel
from core.models.base import Tier
from core.models.music.spleeter import SpleeterStems
from core.settings import Settings

_PUBLISHED = {
    "vocals": "vocals-bccbd9aa.pth",
    "drums": "drums-69e0ebd4.pth",
    "bass": "bass-2ca1ce51.pth",
    "other": "other-c8c5b3e6.pth",
}
_RECORD = "https://zenodo.org/records/5069601"


class OpenUnmixHub(SpleeterStems):
    """UMX-L: two stems that sum to the clip, of any rate, channels and length, refused and told as Spleeter's are.

    The voice's network is enough. Those of drums, bass and the rest are used where they are, for a voice with less of
    them in it; the accompaniment is the clip without the voice, so that nothing that none of them knows is lost.
    """

    id = "umxl"
    tier = Tier.HUB
    licence = "CC-BY-NC-SA-4.0"
    commercial = False
    memory_bytes = 2 << 30
    source = "sigsep/umxl"

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._network: Any = None
        self._sha256 = ""

    @classmethod
    def missing(cls, settings: Settings) -> str | None:
        """None, or what to install or to download. They are files of a Zenodo record, so there is no hub's cache."""
        if find_spec("torch") is None:
            return "install torch"
        if "vocals" in _files(settings):
            return None
        first, *others = _PUBLISHED.values()
        return (
            f"its weights are not on this machine: put {first} and, where wanted, {', '.join(others)} from {_RECORD} "
            f"into the folder {cls.source} of AUDIOGPT_HUB_DIR"
        )

    @property
    def weights_sha256(self) -> str:
        """SHA-256 of the checkpoints' bytes, one after the other, the vocals' first; empty before `load`."""
        return self._sha256

    def load(self, device: str) -> None:
        """Read the checkpoints that are there, 113 MB each.

        Raises:
            NoModel: torch or the vocals' checkpoint is missing, or a file is damaged or of another kind of network.
        """
        if reason := self.missing(self.settings):
            raise NoModel(f"{self.source} cannot run here: {reason}.")
        from core.models.music._open_unmix import OpenUnmix, check, read

        files = _files(self.settings)
        layout = files["vocals"].with_name("separator.json")
        if layout.is_file():
            check(layout)
        network = OpenUnmix({target: read(path) for target, path in files.items()}, device)
        whole = sha256()
        for path in files.values():
            whole.update(path.read_bytes())
        self._network, self._sha256 = network, whole.hexdigest()


def _files(settings: Settings) -> dict[str, Path]:
    """The checkpoints by target, the vocals' first: as published, else as the package saves them after training."""
    if settings.hub_dir is None:
        return {}
    folder = settings.hub_dir / OpenUnmixHub.source
    found = {}
    for target, published in _PUBLISHED.items():
        names = [folder / published, folder / f"{target}.pth", *sorted(folder.glob(f"{target}-*.pth"))]
        if path := next((name for name in names if name.is_file()), None):
            found[target] = path
    return found
