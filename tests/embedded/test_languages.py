"""Answers come in the language of the message, where that is sure."""

from __future__ import annotations

from string import Formatter
from typing import Any

import pytest

from core.artifacts import Kind
from core.capabilities import BUILT_IN
from core.embedded.phrases import PHRASES
from core.embedded.planner import EmbeddedPlanner
from core.embedded.telling import can, title
from core.embedded.tongue import language_of
from core.errors import RefusalKind
from core.plans import Item, Line, Request, Step, StepResult

SERVED = frozenset({"text_to_speech", "speech_recognition", "speech_enhancement", "audio_editing"})
CLIP = Item("a", Kind.AUDIO, "a.wav", duration_s=9.0)
OTHERS = sorted(set(PHRASES) - {"en"})
CAPABILITIES = {c.id: c for c in BUILT_IN}


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Transcribe this recording, please.", "en"),
        ("Reverse the audio", "en"),
        ("louder", "en"),
        ("ok", "en"),
        ("no music", "en"),
        ("um, one file per person", "en"),
        ("Translate 'guten Morgen, wie geht es dir' into English", "en"),
        ("read this aloud: la pluie tombe et le vent souffle", "en"),
        ("die.mp3 and el.wav, join them", "en"),
        ("¿Puedes quitar el ruido?", "es"),
        ("Hola", "es"),
        ("Fais-moi le bruit d'une porte", "fr"),
        ("Merci beaucoup", "fr"),
        ("Was wird hier gesagt?", "de"),
        ("Mach es lauter", "de"),
        ("Togli il rumore e dimmi cosa dice", "it"),
        ("Ciao", "it"),
        ("Você pode ler isto em voz alta?", "pt"),
        ("Olá", "pt"),
        ("把噪音去掉", "zh"),
        ("この会議を文字にしてください", "ja"),
        ("убери шум", "ru"),
        ("прибери шум і хрип", "en"),
        ("", "en"),
    ],
)
def test_the_language_of_a_message(text: str, language: str) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize("language", OTHERS)
def test_every_phrase_has_its_translation_with_no_other_places(language: str) -> None:
    assert set(PHRASES[language]) - set(PHRASES["en"]) == {"here"}
    for name, english in PHRASES["en"].items():
        assert places(PHRASES[language][name]) <= places(english), name
        assert PHRASES[language][name] != english
    assert len({title(c, language) for c in BUILT_IN}) == len(BUILT_IN)


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("Transcribe esta grabación, por favor", RefusalKind.MISSING_INPUT, "necesito una grabación"),
        ("Transcris cet enregistrement s'il te plaît", RefusalKind.MISSING_INPUT, "il me faut un enregistrement"),
        ("Zeichne mir einen Wald im Nebel", RefusalKind.NO_MODEL, "noch nicht: zeichnen"),
        ("Disegna una volpe nella neve per me", RefusalKind.NO_MODEL, "disegnare"),
        ("把这段录音转成文字", RefusalKind.MISSING_INPUT, "录音"),
        ("この録音を書き起こしてください", RefusalKind.MISSING_INPUT, "録音が必要"),
        ("нарисуй лису на снегу", RefusalKind.NO_MODEL, "рисовать"),
        ("Draw a fox in the snow", RefusalKind.NO_MODEL, "I can't draw here yet"),
    ],
)
async def test_refusals_are_in_the_language_of_the_message(ask: Any, text: str, kind: RefusalKind, words: str) -> None:
    decision = await ask(text, served=SERVED, first=True)
    assert decision.refusal.kind is kind
    assert words in decision.refusal.message
    assert decision.text.endswith(PHRASES[language_of(text)]["no_language_model"])


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("hola", "es"),
        ("bonjour", "fr"),
        ("hallo", "de"),
        ("ciao", "it"),
        ("olá", "pt"),
        ("你好", "zh"),
        ("こんにちは", "ja"),
        ("привет", "ru"),
    ],
)
async def test_greetings_are_returned(ask: Any, text: str, language: str) -> None:
    decision = await ask(text, served=SERVED)
    assert decision.text.startswith(PHRASES[language]["hello"])
    assert title(CAPABILITIES["text_to_speech"], language) in decision.text


async def test_a_short_message_is_answered_as_the_one_before(ask: Any) -> None:
    german = Line("user", "Bitte entferne das Rauschen aus der Aufnahme")
    assert "Aufnahme" in (await ask("louder", history=(german,))).refusal.message
    assert "attach" in (await ask("please make the whole thing louder", history=(german,))).refusal.message
    assert "Bild" in (await ask("", Item("i", Kind.IMAGE, "i.jpg"), history=(german,))).refusal.message
    assert "картинк" in (await ask("", Item("i", Kind.IMAGE, "i.jpg"), locale="ru-RU")).refusal.message


async def test_a_transcript_stands_alone_before_the_notice(planner: EmbeddedPlanner) -> None:
    async def hush(text: str) -> None:
        return None

    heard = StepResult(Step("speech_recognition", {"audio": "a"}), text="good morning")
    decision = await planner.decide(Request("schreib das bitte auf", (CLIP,), first=True), [heard], hush)
    assert decision.text.split("\n\n") == ["good morning", PHRASES["de"]["no_language_model"]]


@pytest.mark.parametrize("text", ["Hello.", "What can you do?", "Do you know who wrote the story of Doctor Faust?"])
async def test_a_spoken_first_reply_stays_short(ask: Any, text: str) -> None:
    decision = await ask(text, spoken=True, first=True)
    assert len(decision.text.split()) <= 36


def test_what_can_be_done_names_as_many_as_wanted() -> None:
    served = [CAPABILITIES[name] for name in ("text_to_speech", "text_to_sing", "text_to_image")]
    assert can(served, "en") == "I can read text aloud, sing or draw."
    assert can(served, "en", 2) == "I can read text aloud, sing and more."
    assert can(served[:1], "en") == "I can read text aloud."
    assert can(served, "de", 2) == "Das kann ich: einen Text vorlesen, singen, und mehr."
    assert can([], "fr") == PHRASES["fr"]["nothing_runs"]
