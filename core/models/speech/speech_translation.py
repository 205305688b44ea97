"""Speech translation on a CPU: Whisper base into English, and recognise-then-translate from and into Portuguese."""

from __future__ import annotations

from typing import Any

from core.capabilities import SPEECH_TRANSLATION, RecogniseArgs, SpeakArgs, TranslateSpeechArgs
from core.errors import BadInput
from core.languages import name
from core.models.base import Call, Model, Output, Pairs, Tier
from core.models.choosing import chosen
from core.models.speech._prose import translation
from core.models.speech._speakers import SPEAKERS
from core.models.speech._speaking import Speaking
from core.models.speech._transcript import LANGUAGES, NO_SPEECH, language_code, unsure_language
from core.models.speech.fast_translate import FastTranslate
from core.models.speech.faster_whisper import FasterWhisper
from core.models.speech.hibari import Hibari
from core.sayings import saying
from core.settings import Settings

_SURE = 0.7
"""A language that is less probable than this is asked for: a misheard one is translated into inventions."""
_HEARING, _TRANSLATING = 0.8, 0.9
"""How far the call is when what is said is known, and when it is translated."""


class _Translating(FasterWhisper):
    """Whisper by its other task: what is said in any language, in English."""

    _task = "translate"

    def share(self, ears: FasterWhisper) -> None:
        """Use the network that another has loaded."""
        self._model = ears._model


class SpeechTranslation(Model[TranslateSpeechArgs]):
    """Any language of Whisper into English, English into Portuguese; as text, or spoken where a voice is there.

    From Portuguese it recognises and translates the words, which is better than the base network's own translation.
    """

    id = "whisper-translate"
    capability = SPEECH_TRANSLATION
    tier = Tier.BUNDLED
    licence = "MIT"
    languages = LANGUAGES
    pairs = (Pairs(("en",), ("pt",)), Pairs(("pt",), ("en",)), Pairs(LANGUAGES, ("en",)))
    memory_bytes = FasterWhisper.memory_bytes + FastTranslate.memory_bytes + Hibari.memory_bytes
    source = f"{FasterWhisper.source}, {FastTranslate.source}"

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._ears: Any = FasterWhisper(settings)
        self._words = FastTranslate(settings)
        self._english: Any = None
        self._voices: dict[str, Speaking] = {}
        self._device = "cpu"

    @classmethod
    def missing(cls, settings: Settings) -> str | None:
        """None, or which packages to install."""
        return FasterWhisper.missing(settings) or FastTranslate.missing(settings)

    @property
    def weights_sha256(self) -> str:
        """SHA-256 of Whisper's weights file."""
        return str(self._ears.weights_sha256)

    def load(self, device: str) -> None:
        """Read the networks that hear and translate; a voice is read when speech is asked for.

        Raises:
            NoModel: a package is missing, or its weights are not the known ones.
        """
        self._device = device
        self._ears.load(device)
        self._words.load(device)
        self._english = self._translator()
        self._english.share(self._ears)

    def _translator(self) -> Any:
        """What hears English in any language, with the network of `_ears`."""
        return _Translating(self.settings)

    def run(self, call: Call[TranslateSpeechArgs]) -> Output:
        """Translate one clip of any sample rate, channel count and length.

        Raises:
            BadInput: nobody speaks, the pair is not there, or nothing can say the target language.
            Ambiguous: it is not clear which language is spoken; the two most probable are named.
        """
        target = call.args.target_language
        voice = self._voice(target) if call.args.output == "speech" else None
        source, sure = self._source(call)
        chosen([type(self)], {"target_language": target, "source_language": source})
        if {source, target} == {"en", "pt"}:
            heard = self._hear(self._ears, call, source)
            text = self._words.translate(heard.text or "", target, _part(call, _HEARING, _TRANSLATING))
        else:
            heard = self._hear(self._english, call, source)
            text = heard.text or ""
        facts: dict[str, Any] = {
            "transcript": heard.text if source in ("en", "pt") else None,
            "source_language": source,
            "target_language": target,
            "language_probability": round(sure, 3),
            "segments": heard.facts["segments"],
            "duration": heard.facts["duration"],
        }
        if voice is None:
            call.progress(1.0)
            return translation(text, facts)
        said = voice.run(Call(SpeakArgs(text=text, language=target), {}, call.seed, _part(call, _TRANSLATING, 1.0)))
        return translation(text, {**facts, "voice": said.facts["voice"]}, said.media)

    def _source(self, call: Call[TranslateSpeechArgs]) -> tuple[str, float]:
        """The language that is spoken and how probable it is; 1 where the person said it."""
        if asked := language_code(call.args.source_language):
            return asked, 1.0
        heard: list[tuple[str, float]] = self._ears.languages_heard(call.audio())
        if heard[0][1] < _SURE:
            raise unsure_language(heard)
        return heard[0]

    def _hear(self, ears: Any, call: Call[TranslateSpeechArgs], source: str) -> Output:
        args = RecogniseArgs(audio=call.args.audio, language=source)
        try:
            output: Output = ears.run(Call(args, call.inputs, call.seed, _part(call, 0.0, _HEARING)))
            return output
        except BadInput as refused:
            if refused.message != NO_SPEECH or call.args.source_language:
                raise
            # Speech was heard when its language was told: what fails here is the understanding.
            raise BadInput(saying("translation_unheard", language=name(source))) from refused

    def _voice(self, language: str) -> Speaking:
        """A loaded voice for a language.

        Raises:
            BadInput: no voice here speaks it; the sentence says what would enable one.
        """
        if language not in self._voices:
            speaking = [kind for kind in SPEAKERS if language in kind.languages]
            here = [kind for kind in speaking if kind.missing(self.settings) is None]
            if not here:
                why = next((f": {kind.missing(self.settings)}" for kind in speaking), "")
                raise BadInput(saying("translation_unspoken_yet", language=name(language), why=why))
            voice = here[0](self.settings)
            voice.load(self._device)
            self._voices[language] = voice
        return self._voices[language]


def _part(call: Call[Any], start: float, end: float) -> Any:
    """The progress of a part of the work, as that of the whole."""
    return lambda fraction: call.progress(start + fraction * (end - start))
