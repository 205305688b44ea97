"""Translation of text and of speech: what comes, what is kept, and what is asked or refused by name."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from llm.endpoint import Endpoint, serving
from tones import Say, pink

from core.capabilities import TranslateSpeechArgs, TranslateTextArgs
from core.errors import Ambiguous, BadInput, Broken, Cancelled, ModelFailed, NoModel
from core.media import Audio
from core.models.base import Call
from core.models.speech import _prose
from core.models.speech.fast_translate import FastTranslate
from core.models.speech.language_model import LanguageModel, _passages
from core.models.speech.speech_translation import SpeechTranslation
from core.settings import Settings

ENGLISH = "Hello, how are you today?"


@pytest.fixture(scope="session")
def words(local: Settings) -> FastTranslate:
    model = FastTranslate(local)
    model.load("cpu")
    return model


@pytest.fixture(scope="session")
def interpreter(local: Settings) -> SpeechTranslation:
    model = SpeechTranslation(local)
    model.load("cpu")
    return model


def text(model: FastTranslate, given: str, target: str, **more: object) -> str:
    return model.run(Call(TranslateTextArgs(text=given, target_language=target, **more))).text or ""


def test_english_and_portuguese_both_ways(words: FastTranslate) -> None:
    assert text(words, ENGLISH, "pt") == "Olá, como você está hoje?"
    assert text(words, "O trem sai às nove horas.", "en") == "The train leaves at nine o'clock."


def test_lines_lists_addresses_and_emoji_are_kept(words: FastTranslate) -> None:
    given = "# My house\n\n- See https://example.com/a?b=c.\n- Write to jane@example.org 😀\n\n12:30"
    made = text(words, given, "pt")
    assert made.startswith("# ")
    assert [line[:2] for line in made.split("\n")] == ["# ", "", "- ", "- ", "", "12"]
    assert "https://example.com/a?b=c." in made
    assert "jane@example.org 😀" in made
    assert "casa" in made


def test_every_sentence_of_a_long_text_is_translated(words: FastTranslate) -> None:
    fractions: list[float] = []
    given = "The train leaves at nine. The station is far away. " * 40
    output = words.run(Call(TranslateTextArgs(text=given, target_language="pt"), progress=fractions.append))
    assert (output.text or "").count("trem") == 40
    assert fractions == sorted(fractions) and fractions[-1] == 1.0 and len(fractions) > 4


def test_a_translation_can_be_stopped(words: FastTranslate) -> None:
    def stop(fraction: float) -> None:
        raise Cancelled("Stopped.")

    with pytest.raises(Cancelled):
        words.run(Call(TranslateTextArgs(text=ENGLISH, target_language="pt"), progress=stop))


@pytest.mark.parametrize(
    ("given", "target", "refused"),
    [
        ("Guten Morgen, wie geht es dir?", "en", "from German into English here.*English to Portuguese; Portuguese"),
        (ENGLISH, "fr", "from English into French here"),
        (ENGLISH, "en", "already in English"),
        ("12:30 !!", "pt", "nothing to translate"),
    ],
)
def test_other_pairs_are_refused_by_name(words: FastTranslate, given: str, target: str, refused: str) -> None:
    with pytest.raises(BadInput, match=refused):
        text(words, given, target)


def test_the_source_may_be_said(words: FastTranslate) -> None:
    assert text(words, "Banana", "en", source_language="pt") == "Banana"
    with pytest.raises(BadInput, match="from Spanish into English"):
        text(words, "Banana", "en", source_language="es")


def shout(sentences: Sequence[str]) -> list[str]:
    return [f"<{sentence}>" for sentence in sentences]


def test_sentences_are_cut_where_people_end_them() -> None:
    def done(given: str) -> str:
        return _prose.translated(given, shout, lambda fraction: None)

    assert done("Dr. Smith left. He was late! ") == "<Dr. Smith left.> <He was late!> "
    assert done("1. one\n2. two") == "1. <one>\n2. <two>"
    assert done("...\n\n42") == "...\n\n42"
    assert done("NO WAY") == "<NO WAY>".upper()
    long = "word " * 200
    assert done(long).count("<") > 3
    assert done(long).replace("<", "").replace(">", "").split() == long.split()


def test_what_loses_its_place_is_put_at_the_end() -> None:
    lossy = _prose.translated("See www.a.org now", lambda found: ["Veja agora" for _ in found], lambda fraction: None)
    assert lossy == "Veja agora www.a.org"


# The language model


async def asked(local: Settings, endpoint: Endpoint, given: str, target: str) -> str:
    async with serving(endpoint):
        settings = local.model_copy(update={"llm_base_url": endpoint.url, "llm_model": "tiny", "llm_timeout_s": 5.0})
        model = LanguageModel(settings)
        model.load("cpu")
        call = Call(TranslateTextArgs(text=given, target_language=target))
        return (await asyncio.to_thread(model.run, call)).text or ""


async def test_the_language_model_translates_what_no_other_can(local: Settings) -> None:
    endpoint = Endpoint("Guten Morgen.")
    assert await asked(local, endpoint, "Good morning to you.", "de") == "Guten Morgen."
    system, user = endpoint.asked[0]["messages"]
    assert "from English into German" in system["content"]
    assert user["content"] == "Good morning to you."


async def test_a_long_text_goes_to_it_in_passages(local: Settings) -> None:
    given = "\n".join(f"This is the line number {n}." for n in range(300))
    passages = _passages(given)
    assert "\n".join(passages) == given
    assert len(passages) == 3
    assert await asked(local, Endpoint("eins", "zwei", "drei"), given, "de") == "eins\nzwei\ndrei"


@pytest.mark.parametrize(
    ("script", "error"),
    [((400,), ModelFailed), ((" ",), ModelFailed), ((500, 500), Broken), ((b"data: {\n\n",), Broken)],
)
async def test_what_the_endpoint_does_wrong(local: Settings, script: tuple[Any, ...], error: type[Exception]) -> None:
    with pytest.raises(error):
        await asked(local, Endpoint(*script), "Good morning to you.", "de")


def test_without_an_endpoint_there_is_none(local: Settings) -> None:
    assert "AUDIOGPT_LLM_BASE_URL" in (LanguageModel.missing(local) or "")
    with pytest.raises(NoModel, match="connect a language model"):
        LanguageModel(local).load("cpu")


# Speech


def heard(model: SpeechTranslation, clip: Audio, **args: object) -> tuple[str, dict[str, object], tuple[object, ...]]:
    output = model.run(Call(TranslateSpeechArgs(audio="clip", **args), {"audio": (clip,)}))
    return output.text or "", dict(output.facts), output.media


def test_english_speech_into_portuguese_text(interpreter: SpeechTranslation, speech: Audio) -> None:
    made, facts, media = heard(interpreter, speech, target_language="pt")
    assert made.startswith("Olá, como você está hoje?")
    assert "Londres" in made
    assert (facts["source_language"], facts["target_language"]) == ("en", "pt")
    assert "how are you today" in str(facts["transcript"])
    assert facts["segments"]
    assert media == ()


def test_into_english_and_spoken(interpreter: SpeechTranslation, say: Say) -> None:
    """Foreign speech, as far as one can have it here: English words that the person calls Portuguese."""
    made, _, media = heard(
        interpreter,
        say("Bom dea ah toadoze."),
        target_language="en",
        source_language="pt",
        output="speech",
    )
    assert made
    (spoken,) = media
    assert spoken.media.duration_s > 0.5  # type: ignore[attr-defined]


def test_a_language_that_is_not_sure_is_asked_back(
    interpreter: SpeechTranslation, speech: Audio, monkeypatch: pytest.MonkeyPatch
) -> None:
    doubts = [("th", 0.55), ("pt", 0.3), ("es", 0.1)]
    monkeypatch.setattr(interpreter._ears, "languages_heard", lambda clip: doubts)
    with pytest.raises(Ambiguous, match=r"Thai \(55%\) or Portuguese \(30%\)\? Please tell me"):
        heard(interpreter, speech)
    assert heard(interpreter, speech, target_language="pt", source_language="en")[0].startswith("Olá")


def test_pairs_that_are_not_there_are_refused_by_name(interpreter: SpeechTranslation, speech: Audio) -> None:
    with pytest.raises(BadInput, match="already in English"):
        heard(interpreter, speech, target_language="en")
    with pytest.raises(BadInput, match=r"from English into German here\. I have: English to Portuguese"):
        heard(interpreter, speech, target_language="de")
    with pytest.raises(BadInput, match="as text, but have no voice to say it"):
        heard(interpreter, speech, target_language="xh", output="speech")


@pytest.mark.parametrize("kind", ["silence", "noise"])
def test_where_nobody_speaks_nothing_is_translated(interpreter: SpeechTranslation, kind: str) -> None:
    samples = np.zeros(48_000, np.float32) if kind == "silence" else 0.1 * pink(48_000, seed=1)
    with pytest.raises(BadInput, match="no speech"):
        heard(interpreter, Audio(samples[None].astype(np.float32), 16_000), target_language="pt")
