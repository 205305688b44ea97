"""Whoever asks is refused in their own language: through the whole router, by each planner, in a real chat."""

from __future__ import annotations

import json
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np
import pytest
from llm.endpoint import Endpoint, Fault, serving
from router.turns import KEY, Script, opened, step

from bots.intake import taken_in
from core import media
from core.app import App, inline_worker, open_app
from core.conversation import Conversation
from core.errors import RefusalKind
from core.ingest import BytesAttachment
from core.jobs.memory import MemoryJobs
from core.llm import client
from core.messages import Message, Person, Reply, Status, Way
from core.plans import Decision
from core.router import Router, speakable
from core.sayings import in_language, language
from core.settings import Settings

ANN = Person("ann", "Ann")

ASKED = {
    "es": {
        "unserved": "Dibuja un bosque con niebla",
        "translation_same": "Traduce al español: «Hola, buenos días, ¿cómo estás hoy?»",
        "language_unread": "Lee en voz alta: «Dzień dobry, dziękuję bardzo»",
        "edit_beyond": "Conserva del segundo 30 al segundo 40",
        "file_unreadable": "Limpia el ruido de esta grabación",
        "voice_unknown": "Di «hola» con esta voz",
        "text_long": "Lee la casa y el perro. " * 2000,
    },
    "fr": {
        "unserved": "Dessine un renard dans la neige",
        "translation_same": "Traduis en français : « Bonjour, comment ça va aujourd'hui ? »",
        "language_unread": "Lis à voix haute : « Dzień dobry, dziękuję bardzo »",
        "edit_beyond": "Garde de la seconde 30 à la seconde 40",
        "file_unreadable": "Enlève le bruit de cet enregistrement",
        "voice_unknown": "Dis « bonjour » avec cette voix",
        "text_long": "Lis le texte et la page. " * 2000,
    },
    "de": {
        "unserved": "Zeichne mir einen Wald im Nebel",
        "translation_same": "Übersetze ins Deutsche: „Guten Morgen, wie geht es dir heute?“",
        "language_unread": "Lies das bitte vor: „Dzień dobry, dziękuję bardzo“",
        "edit_beyond": "Behalte von Sekunde 30 bis Sekunde 40",
        "file_unreadable": "Entferne bitte das Rauschen aus der Aufnahme",
        "voice_unknown": "Sag „hallo“ mit dieser Stimme",
        "text_long": "Lies das bitte vor. " * 2000,
    },
    "ru": {
        "unserved": "нарисуй лису на снегу",
        "translation_same": "переведи на русский: «Доброе утро, как у тебя дела?»",
        "language_unread": "прочитай вслух: «Dzień dobry, dziękuję bardzo»",
        "edit_beyond": "Оставь с 30 по 40 секунду",
        "file_unreadable": "убери шум из записи",
        "voice_unknown": "скажи «привет» этим голосом",
        "text_long": "прочитай это вслух. " * 2000,
    },
    "ja": {
        "unserved": "雪の中の狐の絵を描いてください",
        "translation_same": "日本語に訳してください：「おはようございます、お元気ですか」",
        "language_unread": "読み上げてください：「Dzień dobry, dziękuję bardzo」",
        "edit_beyond": "30秒から40秒だけ残してください",
        "file_unreadable": "この録音の雑音を除去してください",
        "voice_unknown": "この声で「こんにちは」と言ってください",
        "text_long": "これを読み上げて。" * 2500,
    },
    "zh": {
        "unserved": "画一只雪中的狐狸",
        "translation_same": "翻译成中文：“早上好，你今天怎么样？”",
        "language_unread": "请朗读：“Dzień dobry, dziękuję bardzo”",
        "edit_beyond": "只保留第30秒到第40秒",
        "file_unreadable": "把这段录音的噪音去掉",
        "voice_unknown": "用这个声音说“你好”",
        "text_long": "请朗读这个吧。" * 3000,
    },
}
"""What is asked in a language, by the name of the words that it is refused with."""
KINDS = {
    "unserved": RefusalKind.NO_MODEL,
    "voice_unknown": RefusalKind.CONSENT_NEEDED,
    "text_long": RefusalKind.OVER_LIMIT,
}


def tone() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tone.wav"
        media.write_wav(media.Audio((0.3 * np.sin(np.arange(32000) * 0.1)).astype(np.float32)[None], 16000), path)
        return path.read_bytes()


FILES = {"edit_beyond": tone(), "voice_unknown": tone(), "file_unreadable": b"\x01\x02 nonsense" * 50}


@asynccontextmanager
async def real(settings: Settings) -> AsyncIterator[App]:
    """The product's own models and planner, without a chat."""
    jobs = MemoryJobs()
    async with inline_worker(settings, jobs), open_app(settings, jobs) as app:
        yield app
    await jobs.close()


async def quiet(status: Status) -> None:
    return None


def shown(reply: Reply) -> str:
    """The reply without the notice that no language model is connected."""
    return reply.text.split("\n\n")[0]


def says(reply: Reply, code: str, name: str) -> bool:
    """Whether a reply is these words in this language, with what stands in their places."""
    assert reply.refusal is not None, reply.text
    words = in_language(code, name, reply.refusal.places)
    return reply.refusal.saying == name and reply.refusal.message == words == shown(reply)


@pytest.mark.parametrize("code", ASKED)
async def test_refusals_are_in_the_language_of_who_asks(settings: Settings, code: str) -> None:
    async with real(settings.model_copy(update={"models": ""})) as app:
        for number, (name, text) in enumerate(ASKED[code].items()):
            files = [BytesAttachment("clip.wav", FILES[name])] if name in FILES else []
            message = Message(KEY, str(number), ANN, text, tuple(files))
            reply = await app.router.answer(await taken_in(app, message), quiet)
            assert says(reply, code, name), (name, reply)
            assert reply.refusal is not None
            assert reply.refusal.kind is KINDS.get(name, RefusalKind.BAD_INPUT)


async def test_words_of_a_model_that_have_no_translation(settings: Settings) -> None:
    """The model's words follow a sentence of their kind, also where a later step needed the one that failed."""
    bad, after = step("toy", text="bad"), step("toy", text="$1")
    script = Script([Decision((bad, after)), Decision(text="Das ging nicht.")])
    async with opened(settings.model_copy(update={"models": "toys:Refuser"})) as app:
        router = Router(app.settings, script, app.steps, Conversation(app.store), app.library)
        message = Message(KEY, "1", ANN, "Mach mir bitte etwas daraus")
        reply = await router.answer(await taken_in(app, message), quiet)
    expected = f"{language('de').kinds['bad_input']}\n(I don't like that.)"
    assert [r.refusal.message for r in script.seen[1] if r.refusal] == [expected, expected]
    assert reply.refusal is not None
    assert reply.refusal.message == expected


@pytest.mark.parametrize(
    ("code", "text", "fault", "name"),
    [
        ("de", "Bitte schreib mir etwas Schönes", Fault(429, headers={"Retry-After": "240"}), "llm_busy"),
        ("fr", "Écris-moi quelque chose de beau, s'il te plaît", Fault(401, "no such key"), "llm_misset"),
        ("zh", "请给我写点什么", Fault(400, "maximum context length"), "llm_long"),
    ],
)
async def test_a_language_model_that_does_not_answer(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, code: str, text: str, fault: Fault, name: str
) -> None:
    monkeypatch.setattr(client, "_RETRY_WAITS_S", (0.01, 0.01))
    endpoint = Endpoint(*[fault] * 8)
    async with serving(endpoint):
        own = settings.model_copy(update={"llm_base_url": endpoint.url, "llm_model": "m"})
        async with real(own) as app:
            reply = await app.router.answer(await taken_in(app, Message(KEY, "1", ANN, text)), quiet)
    assert says(reply, code, name), reply


async def test_a_language_model_is_told_in_the_language_of_who_asks_what_failed(settings: Settings) -> None:
    """So that it need not put the code's words into that language to repeat them."""
    endpoint = Endpoint([("toy", '{"text": "bad"}')], "Eso no ha salido, lo siento.")
    expected = f"{language('es').kinds['bad_input']}\n(I don't like that.)"
    async with serving(endpoint):
        own = settings.model_copy(update={"llm_base_url": endpoint.url, "llm_model": "m", "models": "toys:Refuser"})
        async with real(own) as app:
            asked = Message(KEY, "1", ANN, "Haz algo con esto, por favor")
            reply = await app.router.answer(await taken_in(app, asked), quiet)
    (told,) = [m["content"] for m in endpoint.asked[1]["messages"] if m["role"] == "tool"]
    assert json.loads(told)["error"] == {"kind": "bad_input", "message": expected}
    assert reply.refusal is not None
    assert (reply.text, reply.refusal.message) == ("Eso no ha salido, lo siento.", expected)


async def test_without_words_the_language_is_that_of_before_else_the_clients(settings: Settings) -> None:
    async with opened(settings) as app:
        broken = BytesAttachment("x.mp3", FILES["file_unreadable"])
        mute = Message(KEY, "1", ANN, "", (broken,), locale="it-IT")
        reply = await app.router.answer(await taken_in(app, mute), quiet)
        assert says(reply, "it", "file_unreadable")
        spoke = Message(KEY, "2", ANN, "Tira o ruído desta gravação, por favor", (broken,), locale="it-IT")
        assert says(await app.router.answer(await taken_in(app, spoke), quiet), "pt", "file_unreadable")
        mute = Message(KEY, "3", ANN, "", (broken,), locale="it-IT")
        assert says(await app.router.answer(await taken_in(app, mute), quiet), "pt", "file_unreadable")


async def test_a_turn_of_its_own_ends_in_the_language_of_who_asks(settings: Settings) -> None:
    endless = [Decision((step("toy", text="x"),)) for _ in range(20)]
    script = Script(endless)
    async with opened(settings.model_copy(update={"turn_steps": 3})) as app:
        router = Router(app.settings, script, app.steps, Conversation(app.store), app.library)
        message = Message(KEY, "1", ANN, "сделай это, пожалуйста, много раз")
        reply = await router.answer(await taken_in(app, message), quiet)
    assert says(reply, "ru", "steps")


def test_words_in_another_language_are_not_read_aloud() -> None:
    assert speakable("Das geht so nicht.\n(That is too purple.)") == "Das geht so nicht."
    assert speakable("Das geht (so) nicht.") == "Das geht (so) nicht."


@pytest.mark.parametrize(("code", "voices"), [("es", 1), ("fr", 0)])
async def test_a_refusal_is_spoken_where_its_language_has_a_voice(settings: Settings, code: str, voices: int) -> None:
    async with real(settings.model_copy(update={"models": ""})) as app:
        message = Message(KEY, "1", ANN, ASKED[code]["translation_same"], speak=True)
        reply = await app.router.answer(await taken_in(app, message), quiet)
    assert says(reply, code, "translation_same")
    assert [s.way for s in reply.shown] == [Way.VOICE] * voices
    said = [s.artifact.recipe for s in reply.shown]
    assert [(r.args["text"], r.claims["language"]) for r in said] == [(speakable(reply.text), code)] * voices
