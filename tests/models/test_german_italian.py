"""German and Italian read aloud: numbers in words, stress where it belongs, and speech that is understood."""

from __future__ import annotations

import jiwer
import pytest

from core.capabilities import RecogniseArgs, SpeakArgs
from core.media import Audio
from core.models.base import Call
from core.models.speech import _german_numbers, _romance_numbers
from core.models.speech._german import German
from core.models.speech._italian import Italian
from core.models.speech.faster_whisper import FasterWhisper
from core.models.speech.kokoro import Kokoro
from core.settings import Settings


@pytest.fixture(scope="module")
def german() -> German:
    return German()


@pytest.mark.parametrize(
    ("number", "cardinal", "stem"),
    [
        (0, "null", "nullt"),
        (1, "eins", "erst"),
        (3, "drei", "dritt"),
        (7, "sieben", "siebt"),
        (12, "zwölf", "zwölft"),
        (21, "ein und zwanzig", "ein und zwanzigst"),
        (101, "einhundert eins", "einhundert erst"),
        (123_456, "einhundert drei und zwanzigtausend vierhundert sechs und fünfzig", None),
    ],
)
def test_german_numbers(number: int, cardinal: str, stem: str | None) -> None:
    assert _german_numbers.cardinal(number) == cardinal
    if stem:
        assert _german_numbers.ordinal(number) == stem


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Es kostet 12,50 € und 1 € Pfand.", "Es kostet zwölf Euro fünfzig und ein Euro Pfand."),
        (
            "Am 3. Mai 2026 um 9:30 Uhr",
            "Am dritten Mai zweitausend sechs und zwanzig um neun Uhr dreißig",
        ),
        ("Geboren am 24.12.1985", "Geboren am vier und zwanzigsten Dezember neunzehn hundert fünf und achtzig"),
        ("2026-05-03", "dritter Mai zweitausend sechs und zwanzig"),
        ("Der 1. Platz, das 20. Mal", "Der erste Platz, das zwanzigste Mal"),
        ("3.000.000 Menschen, 5 %", "drei Millionen Menschen, fünf Prozent"),
        ("44,1 kHz bei 20 °C", "vier und vierzig Komma eins Kilohertz bei zwanzig Grad"),
        ("10-12 Uhr, z. B. 21:05", "zehn bis zwölf Uhr, zum Beispiel ein und zwanzig Uhr fünf"),
        ("007 als MP3, Version 3.2", "null null sieben als MP drei, Version drei Punkt zwei"),
    ],
)
def test_what_is_no_german_word_is_said_in_words(text: str, said: str) -> None:
    assert " ".join(_german_numbers.spelled(text).split()) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "Costa 25,50 €, il 3/5/2026 alle 9:30",
            "Costa venticinque euro e cinquanta, il tre maggio duemilaventisei alle nove e trenta",
        ),
        ("21 km, 30%, 3,5 m", "ventuno chilometri, trenta per cento, tre virgola cinque metri"),
        ("La sig.ra Rossi, il 1° maggio", "La signora Rossi, il primo maggio"),
    ],
)
def test_what_is_no_italian_word_is_said_in_words(text: str, said: str) -> None:
    assert _romance_numbers.spelled(text, "it") == said


@pytest.mark.parametrize(
    ("word", "phonemes"),
    [
        ("sagen", "zˈaːɡən"),
        ("gestern", "ɡˈɛstɜn"),  # no prefix
        ("Ente", "ˈɛntə"),
        ("verstehen", "fɛɾʃtˈeːən"),
        ("Erinnerung", "ɛɾˈɪnəɾʊŋ"),
        ("Musik", "muzˈiːk"),
        ("Universität", "univɛɾzitˈɛːt"),
        ("studieren", "ʃtudˈiːɾən"),
        ("Oma", "ˈoːma"),
        ("zurück", "ʦuɾˈyk"),
        ("Straßenbahn", "ʃtɾˈaːsənbaːn"),
        ("heute", "hˈɔøtə"),
        ("der", "deːɾ"),
        ("USB", "uːɛsbˈeː"),
    ],
)
def test_german_stress(german: German, word: str, phonemes: str) -> None:
    assert german(word) == phonemes


@pytest.mark.parametrize(
    ("word", "phonemes"),
    [
        ("casa", "kˈaza"),
        ("città", "ʧittˈa"),
        ("perché", "perkˈe"),
        ("sabato", "sˈabato"),
        ("parlano", "pˈarlano"),
        ("italiano", "italjˈano"),
        ("possibile", "possˈibile"),
        ("amico", "amˈiko"),
        ("figlio", "fˈiʎo"),
        ("gli", "ʎi"),
        ("uscita", "uʃˈita"),
        ("ghiaccio", "ɡjˈatʧo"),
        ("spiaggia", "spjˈadʤa"),
        ("pizza", "pˈitʦa"),
        ("mezzo", "mˈedʣo"),
        ("zero", "ʣˈero"),
        ("guerra", "ɡwˈerra"),
        ("anche", "ˈaŋke"),
        ("mio", "mˈio"),
        ("sbaglio", "zbˈaʎo"),
    ],
)
def test_italian_sounds_and_stress(word: str, phonemes: str) -> None:
    assert Italian()(word) == phonemes


def test_punctuation_is_kept_and_what_nobody_says_is_not(german: German) -> None:
    assert german("„Gut“, (ja)!") == "ɡˈuːt, jˈaː!"
    assert Italian()("«Bene», (sì)!") == "bˈene, sˈi!"
    assert german("…") == "…" and german("") == ""


SENTENCES = {
    "de": "Wir treffen uns nach der Arbeit am Bahnhof.",
    "it": "Domani vorrei andare al cinema con mia sorella.",
}


@pytest.mark.parametrize("language", SENTENCES)
def test_a_sentence_is_understood(language: str, local: Settings, whisper: FasterWhisper) -> None:
    voice = Kokoro(local)
    voice.load("cpu")
    output = voice.run(Call(SpeakArgs(text=SENTENCES[language])))
    made = output.media[0].media
    assert isinstance(made, Audio)
    assert (output.facts["voice"], output.facts["language"]) == ("kumo", language)
    heard = whisper.run(Call(RecogniseArgs(audio="x"), {"audio": (made,)}))
    assert heard.facts["language"] == language
    plain = jiwer.Compose([jiwer.ToLowerCase(), jiwer.RemovePunctuation(), jiwer.Strip()])
    assert jiwer.wer(plain(SENTENCES[language]), plain(heard.text or "")) <= 0.2
