from __future__ import annotations

import re

import numpy as np
import pytest
from tones import Say

from core.capabilities import RecogniseArgs, SpeakArgs
from core.errors import BadInput, Cancelled
from core.media import Audio
from core.models.base import Call
from core.models.speech.faster_whisper import FasterWhisper
from core.models.speech.hibari import Hibari


def test_speaks_at_24_khz_below_full_scale(speech: Audio) -> None:
    assert speech.sample_rate == 24_000
    assert speech.samples.shape[0] == 1
    assert speech.samples.dtype == np.float32
    assert 4 < speech.duration_s < 8
    assert 0.05 < np.abs(speech.samples).max() <= 10 ** (-1 / 20)


def test_a_seed_fixes_every_sample(hibari: Hibari) -> None:
    def samples(seed: int) -> np.ndarray:
        media = hibari.run(Call(SpeakArgs(text="Good morning."), seed=seed)).media[0].media
        assert isinstance(media, Audio)
        return media.samples

    assert np.array_equal(samples(1), samples(1))
    assert not np.array_equal(samples(1), samples(2))


def test_speed(say: Say) -> None:
    text = "The quick brown fox jumps over the lazy dog."
    slow, normal, fast = (say(text, speed=s).duration_s for s in (0.5, 1.0, 2.0))
    assert slow > 1.5 * normal
    assert fast < 0.7 * normal


def test_names_its_voice_and_refuses_another(hibari: Hibari) -> None:
    output = hibari.run(Call(SpeakArgs(text="Hello.", voice="Heart", language="en")))
    assert output.facts["voice"] == "heart"
    with pytest.raises(BadInput, match="no voice called 'emma'.* heart"):
        hibari.run(Call(SpeakArgs(text="Hello.", voice="emma")))
    with pytest.raises(BadInput, match="German aloud.*English"):
        hibari.run(Call(SpeakArgs(text="Guten Morgen.", language="de")))


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("こんにちは、元気ですか", "Japanese"),
        ("今日はいい天気", "Japanese"),
        ("你好，今天天气很好", "Chinese"),
        ("안녕하세요", "Korean"),
        ("Привет, как дела?", "Russian"),
        ("مرحبا كيف حالك", "Arabic"),
        ("שלום", "Hebrew"),
        ("Καλημέρα σας", "Greek"),
        ("नमस्ते आप कैसे हैं", "Hindi"),
        ("สวัสดีครับ", "Thai"),
        ("Guten Morgen, wie geht es Ihnen?", "German"),
        ("Bonjour, je voudrais un café.", "French"),
        ("OK, спасибо большое", "Russian"),
    ],
)
def test_names_the_language_that_it_cannot_read(hibari: Hibari, text: str, language: str) -> None:
    with pytest.raises(BadInput, match=f"{language}.*I have: English"):
        hibari.run(Call(SpeakArgs(text=text)))


def test_says_which_foreign_words_an_english_text_holds(hibari: Hibari) -> None:
    output = hibari.run(Call(SpeakArgs(text="The word for bread is хлеб in that language.")))
    assert output.facts["foreign_words"] == ["хлеб"]


@pytest.mark.parametrize("text", ["😀🎉", "...", "?!", " \n\t ", "*** ---", "\u200b\u200b", ":-)"])
def test_nothing_to_say(hibari: Hibari, text: str) -> None:
    with pytest.raises(BadInput, match="nothing to say"):
        hibari.run(Call(SpeakArgs.model_construct(text=text, voice=None, language=None, speed=1.0)))


@pytest.mark.parametrize(
    "text",
    ["a" * 3000, "word " * 400, "Line one\nline two\r\n\r\nline three", "tabs\tand\u00a0spaces",
     "naïve café Zoë 10 °C ½", "emoji 😀 inside", "x", "7", "https://example.com/" + "a" * 500],
)  # fmt: skip
def test_odd_text_is_read_all_the_same(say: Say, text: str) -> None:
    clip = say(text)
    assert clip.duration_s > 0.3
    assert np.isfinite(clip.samples).all()
    assert 0.01 < np.abs(clip.samples).max() <= 10 ** (-1 / 20)


def test_addresses_are_read_as_one_says_them(say: Say, whisper: FasterWhisper) -> None:
    clip = say("Please write to jane@example.org, or see https://www.example.com/help?x=1&y=2.")
    text = whisper.run(Call(RecogniseArgs(audio="clip", language="en"), {"audio": (clip,)})).text or ""
    assert {"write", "example", "com", "help"} <= set(re.findall(r"[a-z]+", text.lower()))
    assert "equal" not in text
    assert clip.duration_s < 9


def test_progress_by_the_sentence_and_stop(hibari: Hibari) -> None:
    fractions: list[float] = []
    text = "One sentence. Another one. And a third."
    output = hibari.run(Call(SpeakArgs(text=text), progress=fractions.append))
    assert output.facts["sentences"] == 3
    assert fractions == pytest.approx([0, 1 / 3, 2 / 3, 1])

    def stop(fraction: float) -> None:
        raise Cancelled("Stopped.")

    with pytest.raises(Cancelled):
        hibari.run(Call(SpeakArgs(text=text), progress=stop))
