"""`audiogpt run` as a person meets it: a voice note in, a voice message out; bad files; restarts."""

from __future__ import annotations

import asyncio
import signal
from base64 import b64decode
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest
from e2e.stack import end, ready, room, share_weights, start

from core import media
from core.capabilities import RecogniseArgs, SpeakArgs
from core.models.base import Call
from core.models.speech.faster_whisper import FasterWhisper
from core.models.speech.hibari import Hibari
from core.settings import Settings


@pytest.fixture(scope="module")
async def url(weights_dir: Path) -> AsyncIterator[str]:
    stack = await start("run", weights_dir)
    try:
        yield await ready(stack)
    finally:
        assert await end(stack) == 0
        await asyncio.sleep(0.2)
        left = [p for p in psutil.process_iter(["cmdline"]) if str(weights_dir) in " ".join(p.info["cmdline"] or ())]
        assert left == [], "Ctrl-C left processes behind"


@pytest.fixture(scope="module")
def voice(weights_dir: Path) -> Hibari:
    model = Hibari(Settings(_env_file=None, data_dir=weights_dir))
    model.load("cpu")
    return model


@pytest.fixture(scope="module")
def ears(weights_dir: Path) -> FasterWhisper:
    model = FasterWhisper(Settings(_env_file=None, data_dir=weights_dir))
    model.load("cpu")
    return model


def say(voice: Hibari, text: str, target: Path, form: Any = "ogg") -> bytes:
    made = voice.run(Call(SpeakArgs(text=text))).media[0].media
    assert isinstance(made, media.Audio)
    media.write_wav(made, target.with_suffix(".source.wav"))
    media.encode(target.with_suffix(".source.wav"), target, form)
    return target.read_bytes()


def heard(ears: FasterWhisper, content: bytes, folder: Path) -> str:
    (folder / "answer.wav").write_bytes(content)
    clip = media.decode(folder / "answer.wav")
    return (ears.run(Call(RecogniseArgs(audio="x"), {"audio": (clip,)})).text or "").lower()


async def test_a_voice_note_is_answered_by_voice(url: str, voice: Hibari, ears: FasterWhisper, tmp_path: Path) -> None:
    note = say(voice, "Please say the words, good night and sweet dreams.", tmp_path / "note.ogg")
    async with room(url) as talk:
        reply = await talk.ask(voice=("voice.ogg", note, "audio/ogg"))
        assert "good night and sweet dreams" in reply["heard"].lower()
        (shown,) = [s for s in reply["shown"] if s["way"] == "voice"]
        assert "sweet dreams" in heard(ears, await talk.fetch(shown["id"]), tmp_path)
    assert [s["model"] for s in reply["plan"]][:2] == ["whisper-base", "hibari"]
    assert reply["refusal"] is None
    assert "language model" in reply["text"]
    assert {s["stage"] for s in talk.statuses} >= {"running"}


async def test_a_long_text_is_heard_while_the_rest_is_spoken(url: str, ears: FasterWhisper, tmp_path: Path) -> None:
    lines = ["The ferry leaves the old harbour.", *(f"Stop number {n} is a small island." for n in range(2, 30))]
    async with room(url) as talk:
        reply = await talk.ask(f'say "{" ".join(lines)}"')
        (shown,) = reply["shown"]
        whole = await talk.fetch(shown["id"])
    assert [s["number"] for s in talk.sounds] == list(range(1, len(talk.sounds) + 1))
    assert 3 <= len(talk.sounds) <= len(lines)  # the last ones may come with the answer
    assert sum(s["seconds"] for s in talk.sounds) <= shown["duration_s"] + 0.01
    (tmp_path / "first.mp3").write_bytes(b64decode(talk.sounds[0]["mp3"]))
    first = media.decode(tmp_path / "first.mp3")
    assert first.duration_s == pytest.approx(talk.sounds[0]["seconds"], abs=0.1)
    assert "the ferry leaves" in heard(ears, (tmp_path / "first.mp3").read_bytes(), tmp_path)
    (tmp_path / "whole.wav").write_bytes(whole)
    begin = media.decode(tmp_path / "whole.wav").mono()[: first.samples.shape[1]]
    assert max(np.correlate(first.mono()[2000:-2000], begin, "full")) > 0.9 * float(begin @ begin)


async def test_small_talk_by_voice_is_answered_by_voice_without_tools(
    url: str, voice: Hibari, ears: FasterWhisper, tmp_path: Path
) -> None:
    note = say(voice, "Hello, how are you today?", tmp_path / "note.ogg")
    async with room(url) as talk:
        reply = await talk.ask(voice=("voice.ogg", note, "audio/ogg"))
        (shown,) = reply["shown"]
        assert "language model" in heard(ears, await talk.fetch(shown["id"]), tmp_path)
    assert [s["capability"] for s in reply["plan"]] == ["speech_recognition", "text_to_speech"]


async def test_typed_requests_use_earlier_media(url: str, voice: Hibari, tmp_path: Path) -> None:
    clip = say(voice, "One two three four five.", tmp_path / "clip.mp3", "mp3")
    async with room(url) as talk:
        first = await talk.ask("transcribe this", files=("clip.mp3", clip, "audio/mpeg"))
        assert "three" in first["text"] or "3" in first["text"]
        second = await talk.ask("now reverse it")
        assert second["refusal"] is None, second
        (shown,) = second["shown"]
        (tmp_path / "back.wav").write_bytes(await talk.fetch(shown["id"]))
    (tmp_path / "clip.mp3").write_bytes(clip)
    back, there = (media.decode(tmp_path / n).mono() for n in ("back.wav", "clip.mp3"))
    assert np.corrcoef(back[::-1], there)[0, 1] > 0.99


async def test_noise_is_cleaned(url: str, voice: Hibari, tmp_path: Path) -> None:
    say(voice, "This recording was made beside a very noisy road.", tmp_path / "clean.wav", "wav")
    clean = media.decode(tmp_path / "clean.wav")
    noise = np.random.default_rng(3).standard_normal(clean.samples.shape).astype(np.float32) * 0.03
    media.write_wav(media.Audio(clean.samples + noise, clean.sample_rate), tmp_path / "noisy.wav")
    async with room(url) as talk:
        reply = await talk.ask("remove the noise", files=("n.wav", (tmp_path / "noisy.wav").read_bytes(), "audio/wav"))
        (shown,) = reply["shown"]
        (tmp_path / "out.wav").write_bytes(await talk.fetch(shown["id"]))
    made = media.decode(tmp_path / "out.wav").samples
    assert made.shape == clean.samples.shape
    assert np.mean((made - clean.samples) ** 2) < np.mean(noise**2) / 4


@pytest.fixture(scope="module")
def bad(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("bad")
    media.write_wav(media.Audio(np.zeros((1, 48000), np.float32), 16000), folder / "silence.wav")
    long = folder / "long.flac"
    media.write_wav(media.Audio(np.zeros((1, 8000 * 7300), np.float32), 8000), folder / "long.wav")
    media.encode(folder / "long.wav", long, "flac")
    return {
        "silence": (folder / "silence.wav").read_bytes(),
        "long": long.read_bytes(),
        "words": b"only words, no sound\n" * 99,
        "empty": b"",
    }


@pytest.mark.parametrize(
    ("text", "name", "content", "kind", "says"),
    [
        ("transcribe this", "silence.wav", "silence", "bad_input", "no speech"),
        ("transcribe this", "../../\n\U0001f600.wav", "words", "bad_input", "text file"),
        ("transcribe this", "x.wav", "empty", "bad_input", "empty"),
        ("transcribe this", "x.flac", "long", "over_limit", "longer than"),
        ("transcribe this", "", "", "missing_input", ""),
        ("draw a cat", "", "", "no_model", "can't"),
    ],
)
async def test_bad_input_gets_one_clear_sentence(
    url: str, bad: dict[str, bytes], text: str, name: str, content: str, kind: str, says: str
) -> None:
    async with room(url) as talk:
        files = {"files": (name, bad[content], "audio/wav")} if name else {}
        reply = await talk.ask(text, **files)
    assert reply["refusal"]["kind"] == kind
    assert says in reply["text"]
    assert reply["shown"] == []
    assert "Traceback" not in reply["text"]


async def test_the_worker_may_be_killed_and_people_still_get_answers(url: str, weights_dir: Path) -> None:
    def workers() -> list[psutil.Process]:
        mine = [p for p in psutil.process_iter(["cmdline"]) if (p.info["cmdline"] or [])[-1:] == ["worker"]]
        return [p for p in mine if p.environ().get("AUDIOGPT_DATA_DIR") == str(weights_dir)]

    (worker,) = workers()
    async with room(url) as talk:
        worker.kill()
        reply = await talk.ask("say 'still alive'")
    assert reply["refusal"] is None, reply
    assert reply["shown"]


async def test_a_killed_stack_answers_what_it_had_accepted_at_its_next_start(tmp_path: Path, weights_dir: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    share_weights(weights_dir, data)
    first = await start("run", data)
    address = await ready(first)
    async with room(address) as talk:
        before = await talk.ask("hello")
        message = await talk.send("say '" + "this is a long story. " * 40 + "'")
    await end(first, signal.SIGKILL)
    second = await start("run", data)
    try:
        async with room(await ready(second), talk.id) as again:
            reply = await again.reply(message)
            assert reply["refusal"] is None, reply
            assert reply["shown"][0]["duration_s"] > 20
            assert (await again.reply(before["message_id"]))["text"] == before["text"]
    finally:
        assert await end(second) == 0


async def test_an_earlier_clip_is_meant_by_what_is_said_in_it(
    url: str, voice: Hibari, ears: FasterWhisper, tmp_path: Path
) -> None:
    """Also after the page was left in between: what it remembers is in the database."""
    name = "memory-" + "m" * 20
    ship = say(voice, "The ship sails at dawn.", tmp_path / "one.wav", "wav")
    soup = say(voice, "The soup needs more salt.", tmp_path / "two.wav", "wav")
    async with room(url, name) as talk:
        assert "ship" in (await talk.ask("what is said here?", files=("one.wav", ship, "audio/wav")))["text"]
        assert "soup" in (await talk.ask("what is said here?", files=("two.wav", soup, "audio/wav")))["text"]
    async with room(url, name) as talk:
        answer = await talk.ask("make the clip about the ship slower")
        (shown,) = answer["shown"]
        assert "ship" in heard(ears, await talk.fetch(shown["id"]), tmp_path)
        lost = await talk.ask("reverse the one about the elephants")
        assert (lost["shown"], lost["refusal"]["kind"]) == ([], "missing_input")
