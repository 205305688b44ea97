"""A reply on its way out: the ledger, the ladder, and what happens when nobody knows whether it arrived."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
from fakechat import KEY, FakeChat, Plan
from platforms import stage, toyshop

from bots.adapter import Gone, Unclear
from bots.delivery import Rejected, Why
from bots.layout import Limits, Verb, lay_out
from bots.links import Links
from core import media
from core.artifacts import Artifact, Kind
from core.errors import Broken, ModelFailed
from core.messages import Message, Outgoing, Person, Ran, Reply, Shown, Way
from core.settings import Settings

ANN = Person("ann", "Ann")
RAN = (Ran("text_to_speech", "toy-mouth", {"text": "hi"}, 12.0, 9.0),)


@pytest.fixture
async def chat(settings: Settings) -> AsyncIterator[FakeChat]:
    async with stage.playing(stage.staged(settings), FakeChat) as playing:
        assert isinstance(playing.adapter, FakeChat)
        yield playing.adapter


async def kept(chat: FakeChat, path: Path, name: str) -> Artifact:
    kind, facts = media.measure(path, max_duration_s=9999)
    artifact = Artifact(await chat.desk.bytes.put(path), kind, name, facts)
    await chat.desk.library.keep(artifact, str(KEY))
    return artifact


async def clip(chat: FakeChat, folder: Path, seconds: float = 2.0) -> Artifact:
    path = folder / "clip.wav"
    rng = np.random.default_rng(1)
    soundfile.write(path, rng.normal(0, 0.1, int(24000 * seconds)), 24000)
    return await kept(chat, path, "clip.wav")


async def answered(chat: FakeChat, reply: Reply, number: str = "1") -> Outgoing:
    outgoing = Outgoing(f"{KEY}#{number}", KEY, number, reply)
    await chat.desk.store.post(outgoing)
    return outgoing


async def test_words_only_are_one_message_and_delivering_again_posts_nothing(chat: FakeChat) -> None:
    outgoing = await answered(chat, Reply("Hello."))
    first = await chat.deliver(outgoing)
    assert await chat.deliver(outgoing) == first == ("p0",)
    assert [p.text for p in chat.room.posted] == ["Hello."]
    post = await chat.desk.store.post_as("fake", "p0")
    assert post is not None
    assert post.outgoing == outgoing.id


async def test_voice_first_then_words_with_the_buttons(chat: FakeChat, tmp_path: Path) -> None:
    voice = await clip(chat, tmp_path)
    await chat.deliver(await answered(chat, Reply("Here it is.", (Shown(voice, Way.VOICE),), plan=RAN)))
    spoken, words = chat.room.posted
    assert (spoken.way, spoken.text, spoken.buttons) == (Way.VOICE, "", ())
    assert (words.way, words.text, words.buttons) == (None, "Here it is.", ("again", "why"))
    (tmp_path / "voice.ogg").write_bytes(spoken.content)
    kind, facts = media.measure(tmp_path / "voice.ogg", max_duration_s=60)
    assert (kind, facts.media_type, facts.sample_rate_hz, facts.channels) == (Kind.AUDIO, "audio/ogg", 48000, 1)
    assert facts.duration_s == pytest.approx(2.0, abs=0.05)


async def test_one_clip_takes_its_words_as_a_caption_where_they_fit(chat: FakeChat, tmp_path: Path) -> None:
    made = Shown(await clip(chat, tmp_path), Way.AUDIO)
    await chat.deliver(await answered(chat, Reply("Short.", (made,))))
    assert [(p.way, p.text, p.buttons) for p in chat.room.posted] == [(Way.AUDIO, "Short.", ("again", "why"))]
    await chat.deliver(await answered(chat, Reply("long " * 20, (made,)), "2"))
    assert [p.way for p in chat.room.posted[1:]] == [Way.AUDIO, None]


async def test_a_cut_delivery_goes_on_where_it_stopped(chat: FakeChat) -> None:
    outgoing = await answered(chat, Reply(" ".join(f"Sentence number {n} of many." for n in range(20))))
    chat.plans = [Plan(), Plan(before=Broken("503"))]
    with pytest.raises(Broken):
        await chat.deliver(outgoing)
    assert len(chat.room.posted) == 1
    await chat.deliver(outgoing)
    assert " ".join(p.text for p in chat.room.posted) == outgoing.reply.text


async def test_what_arrived_although_the_answer_was_lost_is_found_and_not_sent_twice(chat: FakeChat) -> None:
    outgoing = await answered(chat, Reply("Hello."))
    chat.plans = [Plan(after=Unclear("timed out"))]
    with pytest.raises(Unclear):
        await chat.deliver(outgoing)
    assert await chat.deliver(outgoing) == ("p0",)
    assert len(chat.room.posted) == 1


async def test_what_did_not_arrive_although_it_might_have_is_sent_again(chat: FakeChat) -> None:
    outgoing = await answered(chat, Reply("Hello."))
    chat.plans = [Plan(before=Unclear("timed out"))]
    with pytest.raises(Unclear):
        await chat.deliver(outgoing)
    await chat.deliver(outgoing)
    assert [p.text for p in chat.room.posted] == ["Hello."]
    assert {len(p.token) for p in chat.room.posted} == {24}


async def test_where_nobody_can_look_the_person_is_asked_once(chat: FakeChat) -> None:
    chat.can_find = False
    outgoing = await answered(chat, Reply("Hello."))
    chat.plans = [Plan(after=Unclear("timed out"))]
    with pytest.raises(Unclear):
        await chat.deliver(outgoing)
    await chat.deliver(outgoing)
    await chat.deliver(outgoing)
    assert [p.buttons for p in chat.room.posted] == [(), ("resend",)]
    notice = chat.room.posted[1].id
    from bots.commands import Call

    said = await chat.commands.press(Verb.RESEND, Call(KEY, ANN, "press", about=notice))
    assert said.text == "Sent again."
    assert [p.text for p in chat.room.posted][::2] == ["Hello.", "Hello."]


async def test_a_start_that_was_cut_between_post_and_ledger_is_looked_up(chat: FakeChat) -> None:
    outgoing = await answered(chat, Reply("Hello."))
    chat.plans = [Plan(after=asyncio.CancelledError())]
    with pytest.raises(asyncio.CancelledError):
        await chat.deliver(outgoing)
    assert await chat.deliver(outgoing) == ("p0",)


async def test_a_forbidden_voice_message_becomes_a_clip(chat: FakeChat, tmp_path: Path) -> None:
    voice = await clip(chat, tmp_path)
    chat.plans = [Plan(before=Rejected(Why.FORM))]
    await chat.deliver(await answered(chat, Reply("Here.", (Shown(voice, Way.VOICE),))))
    assert [p.way for p in chat.room.posted] == [Way.AUDIO, None]


async def test_a_clip_that_is_too_large_is_made_smaller(chat: FakeChat, tmp_path: Path) -> None:
    long = await clip(chat, tmp_path, 60.0)
    chat.most = 400_000
    await chat.deliver(await answered(chat, Reply("Here.", (Shown(long, Way.AUDIO),))))
    (only,) = chat.room.posted
    assert only.way is Way.AUDIO
    assert 0 < len(only.content) <= 400_000
    assert soundfile.info(io.BytesIO(only.content)).duration == pytest.approx(60.0, abs=0.2)


async def test_what_cannot_be_made_small_enough_is_told_or_linked(
    chat: FakeChat, tmp_path: Path, settings: Settings
) -> None:
    long = await clip(chat, tmp_path, 60.0)
    chat.most = 20_000
    await chat.deliver(await answered(chat, Reply("Here.", (Shown(long, Way.AUDIO),))))
    assert "too large for this chat (2.7 MB; files here may have 0.0 MB)" in chat.room.posted[0].text
    public = settings.model_copy(update={"public_url": "https://audio.example.org"})
    chat._delivery._links = Links(public)
    await chat.deliver(await answered(chat, Reply("Here.", (Shown(long, Way.AUDIO),)), "2"))
    assert f"https://audio.example.org/f/{long.id}/" in chat.room.posted[1].text


async def test_a_video_is_re_encoded_to_fit(chat: FakeChat, tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes(toyshop.film(8.0, "1280x720"))
    film = await kept(chat, path, "film.mp4")
    chat.most = min(film.facts.size - 1000, 300_000)
    await chat.deliver(await answered(chat, Reply("Here.", (Shown(film, Way.VIDEO),))))
    assert [p.way for p in chat.room.posted] == [Way.VIDEO, None]
    small = tmp_path / "small.mp4"
    small.write_bytes(chat.room.posted[0].content)
    kind, facts = media.measure(small, max_duration_s=60)
    assert (kind, facts.media_type, facts.has_audio) == (Kind.VIDEO, "video/mp4", True)
    assert facts.size <= chat.most
    assert facts.duration_s == pytest.approx(8.0, abs=0.3)


async def test_nobody_there_ends_a_delivery_for_good(chat: FakeChat) -> None:
    chat.plans = [Plan(before=Gone("kicked"))] * 9
    await chat.desk.receive(Message(KEY, "m1", ANN, "hi"))
    async with asyncio.timeout(20):
        while chat.desk.under_way(KEY):
            await asyncio.sleep(0.01)
    assert await chat.desk.store.undelivered("fake") == []
    assert chat.room.posted == []


def test_every_reply_is_laid_out_whole() -> None:
    limits = Limits(50, 20, frozenset({Way.IMAGE}), frozenset())
    refused = ModelFailed("It broke. " * 12).refusal
    parts = lay_out(Reply(refused.message, refusal=refused), limits)
    assert " ".join(p.text for p in parts) == refused.message.strip()
    assert [b.verb for p in parts for b in p.buttons] == [Verb.AGAIN]
    assert lay_out(replace(Reply("")), limits) == ()
