"""Spanish and Portuguese: numbers in words, stress where it belongs, and speech that is understood."""

from __future__ import annotations

import jiwer
import pytest

from core.capabilities import RecogniseArgs, SpeakArgs
from core.media import Audio
from core.models.base import Call
from core.models.speech._iberian import Iberian
from core.models.speech._romance_numbers import cardinal, spelled
from core.models.speech.faster_whisper import FasterWhisper
from core.models.speech.kokoro import Kokoro
from core.settings import Settings


@pytest.mark.parametrize(
    ("number", "spanish", "portuguese"),
    [
        (0, "cero", "zero"),
        (21, "veintiuno", "vinte e um"),
        (100, "cien", "cem"),
        (101, "ciento uno", "cento e um"),
        (1_000, "mil", "mil"),
        (2_345, "dos mil trescientos cuarenta y cinco", "dois mil trezentos e quarenta e cinco"),
        (21_000, "veintiún mil", "vinte e um mil"),
        (1_000_000, "un millón", "um milhão"),
    ],
)
def test_numbers(number: int, spanish: str, portuguese: str) -> None:
    assert (cardinal(number, "es"), cardinal(number, "pt")) == (spanish, portuguese)


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("es", "Cuesta 25,50 €.", "Cuesta veinticinco euros y cincuenta."),
        ("es", "El 3/5/2026 a las 9:30", "El tres de mayo de dos mil veintiséis a las nueve y treinta"),
        ("pt", "R$ 1.200", "mil e duzentos reais"),
        ("pt", "12 km, 30%", "doze quilômetros, trinta por cento"),
        ("pt", "007", "zero zero sete"),
    ],
)
def test_what_is_no_word_is_said_in_words(language: str, text: str, said: str) -> None:
    assert spelled(text, language) == said


@pytest.mark.parametrize(
    ("language", "word", "phonemes"),
    [
        ("es", "casa", "kˈasa"),
        ("es", "canción", "kanθjˈon"),
        ("es", "hablar", "aβlˈaɾ"),
        ("es", "queso", "kˈeso"),
        ("es", "guitarra", "ɡitˈara"),
        ("es", "averiguar", "aβeɾiɣwˈaɾ"),
        ("pt", "casa", "kˈazæ"),
        ("pt", "amanhã", "amaɲˈɐ̃"),
        ("pt", "também", "tɐ̃mbˈAŋ"),
        ("pt", "noite", "nˈoɪʧy"),
    ],
)
def test_stress_and_sounds_come_from_the_spelling(language: str, word: str, phonemes: str) -> None:
    assert Iberian(language)(word) == phonemes


SENTENCES = {
    "es": "Buenos días, el tren sale a las nueve y media.",
    "pt": "Você pode me ajudar com este trabalho amanhã?",
}


@pytest.mark.parametrize("language", SENTENCES)
def test_a_sentence_is_understood(language: str, weights_dir: object) -> None:
    settings = Settings(_env_file=None, data_dir=weights_dir)  # type: ignore[call-arg]
    voice, ears = Kokoro(settings), FasterWhisper(settings)
    voice.load("cpu")
    ears.load("cpu")
    made = voice.run(Call(SpeakArgs(text=SENTENCES[language], language=language))).media[0].media
    assert isinstance(made, Audio)
    heard = ears.run(Call(RecogniseArgs(audio="x", language=language), {"audio": (made,)})).text or ""
    plain = jiwer.Compose([jiwer.ToLowerCase(), jiwer.RemovePunctuation(), jiwer.Strip()])
    assert jiwer.wer(plain(SENTENCES[language].replace("¿", "")), plain(heard.replace("¿", ""))) <= 0.25
