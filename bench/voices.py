"""Voices and languages: intelligibility, speed, first sound of a long text, a batch; and
translation: sentences a second, and how much of the meaning of known sentences comes through."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Sequence
from typing import Any

import jiwer

from bench._report import report
from bench.memory import LONG
from bench.sentences import SENTENCES, normalise
from core.capabilities import RecogniseArgs, SpeakArgs, TranslateTextArgs
from core.errors import BadInput
from core.media import Audio
from core.models.base import Call
from core.models.speech._speaking import Speaking
from core.models.speech.fast_translate import FastTranslate
from core.models.speech.faster_whisper import FasterWhisper
from core.models.speech.hibari import Hibari
from core.models.speech.kokoro import Kokoro
from core.settings import load_settings

ENGLISH = SENTENCES[:12]
SPOKEN: dict[str, tuple[str, ...]] = {
    "ja": (
        "今日はとても良い天気ですね。",
        "電車は午前九時に三番線から出ます。",
        "駅までの道を教えてください。",
        "週末には天気が良くなるでしょう。",
        "昨日友達と一緒に映画を見ました。",
    ),
    "de": (
        "Der Zug nach Berlin fährt um neun Uhr vom Gleis drei ab.",
        "Ich hätte gern ein Kilo Äpfel und zwei Flaschen Wasser.",
        "Das Wetter wird am Wochenende wieder besser.",
    ),
    "es": (
        "El tren a Madrid sale a las nueve de la vía tres.",
        "Quisiera un kilo de manzanas y dos botellas de agua.",
        "El tiempo va a mejorar este fin de semana.",
    ),
    "it": (
        "Il treno per Roma parte alle nove dal binario tre.",
        "Vorrei un chilo di mele e due bottiglie d'acqua.",
        "Il tempo migliorerà nel fine settimana.",
    ),
    "pt": (
        "O trem para São Paulo sai às nove da plataforma três.",
        "Eu gostaria de um quilo de maçãs e duas garrafas de água.",
        "O tempo vai melhorar no fim de semana.",
    ),
}
"""Sentences of our own."""
_NUMBERS = {
    "de": {"9": "neun", "3": "drei", "2": "zwei", "1": "ein"},
    "es": {"9": "nueve", "3": "tres", "2": "dos", "1": "un"},
    "it": {"9": "nove", "3": "tre", "2": "due", "1": "un"},
    "pt": {"9": "nove", "3": "três", "2": "duas", "1": "um"},
    "ja": {"9": "九", "3": "三"},
}
_BATCH = 8


def main() -> int:
    settings = load_settings()
    voices: list[Speaking] = [Hibari(settings), Kokoro(settings)]
    ears = FasterWhisper(settings)
    for model in (*voices, ears):
        model.load("cpu")
    figures: dict[str, Any] = {}
    for voice in voices:
        figures[f"{voice.id}_first_sound_s"] = _first_sound(voice)
        for language in voice.languages:
            errors, rtf = _understood(voice, ears, language)
            figures |= {f"{voice.id}_{language}_error_rate": errors, f"{voice.id}_{language}_rtf": rtf}
    figures |= _batch(voices[0])
    figures |= _translation(settings)
    goals = {"hibari_en_error_rate": "<= 0.01", "hibari_en_rtf": "<= 0.05", "hibari_first_sound_s": "< 1"}
    report("speech", figures, goals, part="voices")
    return 0


def _say(voice: Speaking, text: str, language: str) -> Audio:
    media = voice.run(Call(SpeakArgs(text=text, language=language))).media[0].media
    assert isinstance(media, Audio)
    return media


def _understood(voice: Speaking, ears: FasterWhisper, language: str) -> tuple[float, float]:
    """The error rate of our own recognition (words; characters for Japanese), and the voice's time per second."""
    texts: Sequence[str] = ENGLISH if language == "en" else SPOKEN[language]
    said, heard, seconds, spent = [], [], 0.0, 0.0
    for text in texts:
        start = time.perf_counter()
        clip = _say(voice, text, language)
        spent += time.perf_counter() - start
        seconds += clip.duration_s
        try:
            words = ears.run(Call(RecogniseArgs(audio="clip", language=language), {"audio": (clip,)})).text or ""
        except BadInput:
            words = ""
        said.append(_plain(text, language))
        heard.append(_plain(words, language))
        if said[-1] != heard[-1]:
            print(f"{voice.id} {language}\nsaid  {said[-1]}\nheard {heard[-1]}\n")
    errors = jiwer.cer(said, heard) if language == "ja" else jiwer.wer(said, heard)
    return float(errors), spent / seconds


def _plain(text: str, language: str) -> str:
    if language == "en":
        return normalise(text)
    for digit, word in _NUMBERS[language].items():
        text = re.sub(rf"(?<!\d){digit}(?!\d)", word, text)
    if language == "ja":
        return re.sub(r"[\W_]", "", text)
    return " ".join(re.findall(r"[^\W_]+", text.lower()))


def _first_sound(voice: Speaking) -> float:
    """Seconds until the first sentence of a long text is there, the better of two runs."""
    language = "en" if "en" in voice.languages else voice.languages[0]
    text = LONG if language == "en" else " ".join(SPOKEN[language] * 40)
    best = float("inf")
    for _ in range(2):
        start = time.perf_counter()
        next(voice.stream(Call(SpeakArgs(text=text, language=language))))
        best = min(best, time.perf_counter() - start)
    return best


def _batch(voice: Speaking) -> dict[str, float]:
    """How much sooner eight texts are spoken together than one after the other; the better of three runs each."""
    calls = [Call(SpeakArgs(text=text)) for text in SENTENCES[: 4 * _BATCH]]
    alone = together = float("inf")
    for _ in range(3):
        start = time.perf_counter()
        for call in calls:
            voice.run(call)
        alone = min(alone, time.perf_counter() - start)
        start = time.perf_counter()
        for begin in range(0, len(calls), _BATCH):
            voice.run_batch(calls[begin : begin + _BATCH])
        together = min(together, time.perf_counter() - start)
    return {"batch_of_8_gain": alone / together}


def _translation(settings: Any) -> dict[str, float]:
    """Sentences a second, and the words that come back after English, Portuguese, English."""
    model = FastTranslate(settings)
    model.load("cpu")

    def turned(text: str, target: str) -> str:
        source = "pt" if target == "en" else "en"
        args = TranslateTextArgs(text=text, target_language=target, source_language=source)
        return model.run(Call(args)).text or ""

    start = time.perf_counter()
    there = [turned(text, "pt") for text in SENTENCES]
    spent = time.perf_counter() - start
    back = [normalise(turned(text, "en")) for text in there]
    pairs = [(set(normalise(s).split()), set(b.split())) for s, b in zip(SENTENCES, back, strict=True)]
    kept = [len(said & heard) / len(said) for said, heard in pairs]
    return {
        "fast_translate_sentences_per_s": len(SENTENCES) / spent,
        "fast_translate_words_back": sum(kept) / len(kept),
    }


if __name__ == "__main__":
    sys.exit(main())
