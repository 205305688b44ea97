"""Which model is taken for a voice or a language, what is said when there is none, and what a text is written in."""

from __future__ import annotations

from typing import Any

import pytest

from core.capabilities import SPEECH_RECOGNITION, TEXT_TO_AUDIO, TEXT_TO_SPEECH
from core.errors import BadInput
from core.languages import language_of
from core.models.base import Model, Voice
from core.models.choosing import chosen, voice_called


def speaker(name: str, languages: tuple[str, ...], *voices: Voice) -> type[Model[Any]]:
    named = {"id": name, "capability": TEXT_TO_SPEECH, "languages": languages, "voices": voices}
    return type(name, (Model,), named)


ANN, BEN, CLEO = Voice("ann", "female"), Voice("ben", "male"), Voice("cleo", "female")
ENGLISH = speaker("english", ("en",), ANN)
BOTH = speaker("both", ("ja", "en"), CLEO, BEN)
GERMAN = speaker("german", ("de", "es"), CLEO, BEN)
HERE = (ENGLISH, BOTH)


@pytest.mark.parametrize(
    ("args", "model"),
    [
        ({"text": "Good morning."}, ENGLISH),
        ({"text": "Wow"}, ENGLISH),
        ({"text": "今日はいい天気"}, BOTH),
        ({"text": "Good morning.", "language": "ja"}, BOTH),
        ({"text": "Good morning.", "voice": "ben"}, BOTH),
        ({"text": "Good morning.", "voice": "Male"}, BOTH),
        ({"text": "Good morning.", "voice": "female"}, ENGLISH),
        ({"text": "Good morning.", "voice": "jf_cleo", "language": "en"}, BOTH),
    ],
)
def test_the_first_model_with_the_voice_and_the_language(args: dict[str, Any], model: Any) -> None:
    assert chosen(HERE, args) is model


def test_an_unknown_voice_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(BadInput) as caught:
        chosen(HERE, {"text": "Hello.", "voice": "zoe"})
    assert str(caught.value) == (
        "There is no voice called 'zoe' here. I have: ann (English); cleo, ben (Japanese, English)."
    )


def test_an_unknown_language_is_refused_by_name_with_what_would_enable_it() -> None:
    for args in ({"text": "Guten Morgen, wie geht es dir?"}, {"text": "Hello.", "language": "de"}):
        with pytest.raises(BadInput) as caught:
            chosen(HERE, args, {GERMAN: "install the program"})
        assert str(caught.value) == (
            "I cannot read German aloud here. I have: English, Japanese. For German, install the program."
        )
    with pytest.raises(BadInput, match=r"read Korean aloud here\. I have: English, Japanese\.$"):
        chosen(HERE, {"text": "안녕하세요"}, {GERMAN: "install the program"})


def test_a_voice_that_does_not_speak_the_language_is_told_from_one_that_is_not_there() -> None:
    with pytest.raises(BadInput, match=r"voice 'ann' does not speak Japanese\. For Japanese I have: cleo, ben"):
        chosen(HERE, {"text": "こんにちは", "voice": "ann"})


def test_a_voice_by_its_name_in_any_spelling() -> None:
    assert voice_called((ANN, BEN), " BEN ") is BEN
    assert voice_called((ANN, BEN), "am_ben") is BEN
    assert voice_called((ANN, BEN), None) is ANN
    assert voice_called((ANN, BEN), "be") is None
    assert voice_called((), None) is None


def test_other_capabilities_take_the_model_of_the_language_else_the_first() -> None:
    named = {"capability": SPEECH_RECOGNITION}
    first = type("first", (Model,), {**named, "languages": ("en",)})
    second = type("second", (Model,), {**named, "languages": ("de",)})
    assert chosen((first, second), {"audio": "a", "language": "de"}) is second
    assert chosen((first, second), {"audio": "a", "language": "fr"}) is first


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The train leaves at nine.", "en"),
        ("OK", None),
        ("naïve café Zoë 10 °C ½", None),
        ("Wait, the word for bread is хлеб in that language.", "en"),
        ("die Hard is the name of a movie", "en"),
        ("Guten Morgen, wie geht es dir?", "de"),
        ("¿Qué hora es?", "es"),
        ("Le train part à neuf heures du matin.", "fr"),
        ("La stazione è molto lontana da qui.", "it"),
        ("As crianças estavam brincando no jardim.", "pt"),
        ("Goedemorgen, hoe gaat het met je?", "nl"),
        ("Dzień dobry, dziękuję bardzo", "pl"),
        ("AIとLLMを使ってPythonでコードを書く。", "ja"),
        ("你好，今天天气很好", "zh"),
        ("Привет, как дела?", "ru"),
        ("Привіт, її ще немає", "uk"),
        ("سلام، چطوری؟", "fa"),
        ("", None),
        ("12345 !!!", None),
    ],
)
def test_the_language_of_a_text(text: str, language: str | None) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize(
    ("description", "model"),
    [
        ("a dog barks twice in heavy rain", "english"),
        ("footsteps in the snow", "english"),
        ("ein Hund bellt zweimal im starken Regen", "any"),
        ("un chien aboie sous une forte pluie", "any"),
    ],
)
def test_what_knows_english_alone_is_given_what_is_plainly_english(description: str, model: str) -> None:
    english, both = (
        type(name, (Model,), {"id": name, "capability": TEXT_TO_AUDIO, "languages": languages})
        for name, languages in (("english", ("en",)), ("any", ()))
    )
    assert chosen((english, both), {"description": description}).id == model
