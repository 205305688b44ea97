"""Which language a clip is in, by the words that each likely one gives."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from core.capabilities import RecogniseArgs, SpeakArgs, TranslateSpeechArgs
from core.media import Audio
from core.models.base import Call
from core.models.speech._told_language import Reading, told_by_words
from core.models.speech.faster_whisper import FasterWhisper
from core.models.speech.kokoro import Kokoro
from core.models.speech.speech_translation import SpeechTranslation
from core.settings import Settings

SPANISH = "La biblioteca abre a las nueve de la mañana."


def told(heard: list[tuple[str, float]], gives: Mapping[str, tuple[str, float]]) -> tuple[str | None, list[str]]:
    asked: list[str] = []

    def read(code: str) -> Reading | None:
        asked.append(code)
        return Reading(*gives[code]) if code in gives else None

    return told_by_words(heard, read), asked


def test_words_of_the_language_that_gave_them_beat_a_likelier_sound() -> None:
    gives = {"it": ("La biblioteca abre alas nueve.", -0.55), "es": (SPANISH, -0.52)}
    assert told([("it", 0.63), ("es", 0.17), ("la", 0.02)], gives) == ("es", ["it", "es"])


def test_surer_words_beat_a_likelier_sound() -> None:
    gives = {"pl": ("Der mark beginta", -0.99), "de": ("Der Markt beginnt am Samstag.", -0.3)}
    assert told([("pl", 0.86), ("de", 0.11)], gives)[0] == "de"


@pytest.mark.parametrize(
    "gives",
    [
        {"de": ("Ich möchte ins Kino.", -0.88)},  # unsure of its own words
        {"de": ("Kutun morgan vigeres.", -0.3)},  # words of no language
        {"de": ("Good morning to you.", -0.3)},  # of another one
        {},  # none at all
    ],
)
def test_words_that_do_not_decide_leave_it_open(gives: Mapping[str, tuple[str, float]]) -> None:
    assert told([("de", 0.4), ("nl", 0.3)], gives)[0] is None


def test_only_a_few_likely_languages_are_tried() -> None:
    heard = [("af", 0.3), ("nl", 0.2), ("de", 0.2), ("da", 0.1), ("sv", 0.1), ("no", 0.02)]
    assert told(heard, {})[1] == ["af", "nl", "de", "da"]
    assert told([("af", 0.97 / 2), ("nl", 0.02)], {})[1] == ["af"]


@pytest.fixture(scope="module")
def spanish(local: Settings) -> Audio:
    voice = Kokoro(local)
    voice.load("cpu")
    made = voice.run(Call(SpeakArgs(text=SPANISH, language="es"))).media[0].media
    assert isinstance(made, Audio)
    return made


def test_a_spanish_sentence_that_sounds_italian_is_written_in_spanish(whisper: FasterWhisper, spanish: Audio) -> None:
    (first, _), *_ = sorted(whisper._model.detect_language(_at_16_khz(spanish))[2], key=lambda found: -found[1])
    assert first != "es"  # or this shows nothing
    output = whisper.run(Call(RecogniseArgs(audio="x"), {"audio": (spanish,)}))
    assert output.facts["language"] == "es"
    assert "biblioteca" in (output.text or "").lower()


def test_and_is_translated_without_a_question(local: Settings, spanish: Audio) -> None:
    model = SpeechTranslation(local)
    model.load("cpu")
    call = Call(TranslateSpeechArgs(audio="x", target_language="en"), {"audio": (spanish,)})
    output = model.run(call)
    assert output.facts["source_language"] == "es"
    assert "library" in (output.text or "").lower()


def _at_16_khz(clip: Audio) -> object:
    import soxr

    return soxr.resample(clip.mono(), clip.sample_rate, 16_000)
