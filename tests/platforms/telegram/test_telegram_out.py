"""What people get: native media that are what they say they are, words within the limits, nobody pinged."""

from __future__ import annotations

import io

import numpy as np
import pytest
import soundfile
from platforms import media, toyshop
from platforms.telegram.clips import clip
from platforms.telegram.errors import ApiError
from platforms.telegram.play import at_work, delivered, idle, kept, on_stage, words
from platforms.telegram.server import TelegramServer
from platforms.telegram.textparse import units
from platforms.telegram.uploads import probe

from bots.adapter import Gone
from bots.telegram import adapter as telegram_adapter
from bots.telegram import sending
from core.artifacts import Kind
from core.messages import Shown, Way
from core.settings import Settings


def noise(seconds: float, rate: int = 16000) -> bytes:
    """White noise as WAV: nothing packs it small."""
    file = io.BytesIO()
    samples = np.random.default_rng(7).uniform(-0.5, 0.5, int(seconds * rate))
    soundfile.write(file, samples, rate, format="WAV", subtype="PCM_16")
    return file.getvalue()


async def test_a_spoken_answer_is_a_voice_message_that_plays(settings: Settings, telegram: TelegramServer) -> None:
    dm = telegram.dm(telegram.person("Ann"))
    async with on_stage(settings, telegram) as stage:
        await telegram.say(dm, "speak one two three four five six")
        await words(telegram, dm)
        await idle(stage, telegram)
        answer = telegram.answers(dm)[0]
        reply = await stage.app.store.last_outgoing(f"telegram/{dm.chat}/{dm.chat}/")
        assert reply is not None
        async with stage.app.bytes.local(reply.reply.shown[0].artifact.id) as path:
            original = media.samples(path.read_bytes())
    (file,) = answer.files
    found = await probe(file.content)
    assert file.shown_as == "voice"
    assert (found.container, found.audio, found.rate, found.channels) == ("ogg", "opus", 48000, 1)
    assert len(file.content) * 8 / found.seconds < 45_000
    assert abs(media.rms(file.content) / float(np.sqrt(np.mean(original**2))) - 1) < 0.1
    heard = media.samples(file.content)[: len(original)]
    waves = [np.abs(s[: len(heard) // 800 * 800]).reshape(-1, 800).mean(axis=1) for s in (heard, original)]
    assert np.corrcoef(*waves)[0, 1] > 0.95
    (call,) = telegram.called("sendVoice")
    assert call.params["duration"] == "2"
    assert call.files["voice"].filename == "voice.ogg"
    assert [b.label for b in answer.buttons] == ["Again", "Why?"]


async def test_audio_has_title_and_performer(settings: Settings, telegram: TelegramServer) -> None:
    dm = telegram.dm(telegram.person("Ann"))
    async with on_stage(settings, telegram):
        await telegram.say(dm, "halve", files=[("my tune.mp3", media.mp3(2.0))])
        await words(telegram, dm)
    (call,) = telegram.called("sendAudio")
    assert call.params["title"] == "halved"
    assert call.params["performer"] == "AudioGPT"
    (file,) = telegram.answers(dm)[0].files
    kind, facts = media.facts(file.content)
    assert (kind, facts.media_type) == (Kind.AUDIO, "audio/mpeg")
    assert 0.4 < media.rms(file.content) / media.rms(media.mp3(2.0)) < 0.6


async def test_a_picture_a_video_and_words_below(settings: Settings, telegram: TelegramServer) -> None:
    dm = telegram.dm(telegram.person("Ann"))
    async with on_stage(settings, telegram):
        await telegram.say(dm, "paint")
        assert await words(telegram, dm) == ["done: paint"]
        await telegram.say(dm, "film 2")
        assert (await words(telegram, dm, 2))[1] == "done: film"
    picture, video = telegram.answers(dm)
    assert [f.shown_as for f in picture.files] == ["image"]
    assert [f.shown_as for f in video.files] == ["video"]
    (call,) = telegram.called("sendVideo")
    assert call.params["supports_streaming"] == "true"
    assert (call.params["width"], call.params["height"], call.params["duration"]) == ("160", "120", "2")


async def test_a_round_video_where_it_is_asked_for(settings: Settings, telegram: TelegramServer) -> None:
    dm = telegram.dm(telegram.person("Ann"))
    async with on_stage(settings, telegram) as stage:
        asked = await telegram.say(dm, "hello")
        await words(telegram, dm)
        film = await kept(stage, "film.mp4", toyshop.film(2.0))
        await delivered(stage, dm, f"{asked}~1", "Here.", Shown(film, Way.VIDEO_NOTE))
    _, note, text = telegram.answers(dm)
    found = await probe(note.files[0].content)
    assert note.files[0].shown_as == "video_note"
    assert found.width == found.height
    assert text.text == "Here."
    assert [b.label for b in text.buttons] == ["Again", "Why?"]


async def test_other_files_are_documents(settings: Settings, telegram: TelegramServer) -> None:
    dm = telegram.dm(telegram.person("Ann"))
    async with on_stage(settings, telegram) as stage:
        asked = await telegram.say(dm, "hello")
        await words(telegram, dm)
        song = await kept(stage, "a\n../b/*song?.wav", media.wav())
        await delivered(stage, dm, f"{asked}~1", "Here.", Shown(song, Way.FILE))
    (call,) = telegram.called("sendDocument")
    assert call.files["document"].filename == "song.wav"
    assert telegram.answers(dm)[1].files[0].content == media.wav()


async def test_several_files_come_in_order_with_the_words_last(settings: Settings, telegram: TelegramServer) -> None:
    group = telegram.group("Band", telegram.person("Ann"))
    async with on_stage(settings, telegram) as stage:
        asked = await telegram.say(group, telegram.mention("hello"))
        await words(telegram, group)
        shown = [
            Shown(await kept(stage, "a.mp3", media.mp3()), Way.AUDIO),
            Shown(await kept(stage, "b.png", media.png()), Way.IMAGE),
        ]
        await delivered(stage, group, f"{asked}~1", "Both.", *shown)
    found = telegram.answers(group)[1:]
    assert [[f.shown_as for f in m.files] for m in found] == [["audio"], ["image"], []]
    assert [m.text for m in found] == ["", "", "Both."]
    assert [len(m.buttons) for m in found] == [0, 0, 2]
    assert {m.reply_to for m in found} == {asked}


async def test_long_words_are_split_at_sentences(settings: Settings, telegram: TelegramServer) -> None:
    dm = telegram.dm(telegram.person("Ann"))
    async with on_stage(settings, telegram):
        await telegram.say(dm, "long 400")
        found = await words(telegram, dm, 3)
    assert " ".join(found) == " ".join(f"This is sentence number {n}." for n in range(1, 401))
    assert all(part.endswith(".") for part in found)


async def test_words_too_long_for_a_caption_come_after_the_file(settings: Settings, telegram: TelegramServer) -> None:
    dm = telegram.dm(telegram.person("Ann"))
    text = "🎺 is a trumpet. " * 100
    async with on_stage(settings, telegram) as stage:
        asked = await telegram.say(dm, "hello")
        await words(telegram, dm)
        await delivered(stage, dm, f"{asked}~1", text, Shown(await kept(stage, "a.mp3", media.mp3()), Way.AUDIO))
    _, file, said = telegram.answers(dm)
    assert (file.text, len(file.files)) == ("", 1)
    assert said.text == text.strip()
    assert units(said.text) > 1024


async def test_emoji_count_twice(settings: Settings, telegram: TelegramServer) -> None:
    dm = telegram.dm(telegram.person("Ann"))
    async with on_stage(settings, telegram) as stage:
        asked = await telegram.say(dm, "hello")
        await words(telegram, dm)
        await delivered(stage, dm, f"{asked}~1", "🎺" * 5000)
    assert "".join(m.text for m in telegram.answers(dm)[1:]) == "🎺" * 5000


async def test_marks_become_entities_and_nobody_is_called(settings: Settings, telegram: TelegramServer) -> None:
    group = telegram.group("Band", telegram.person("Ann"))
    text = "🎺 **Bold** and `code` by @everyone, a@b.example:\n```py\nprint('@x')\n```\n[here](https://a.example/?x=1)"
    async with on_stage(settings, telegram) as stage:
        asked = await telegram.say(group, telegram.mention("hello"))
        await words(telegram, group)
        await delivered(stage, group, f"{asked}~1", text)
    said = telegram.answers(group)[1]
    plain = "🎺 Bold and code by @everyone, a@b.example:\nprint('@x')\nhere"
    assert said.text.replace("\u2060", "") == plain
    assert said.text.count("\u2060") == 1
    entities = telegram.message(group, said.id).entities
    assert [e["type"] for e in entities] == ["bold", "code", "pre", "text_link"]
    cut = said.text.encode("utf-16-le")
    shown = [cut[2 * e["offset"] : 2 * (e["offset"] + e["length"])].decode("utf-16-le") for e in entities]
    assert shown == ["Bold", "code", "print('@x')", "here"]


@pytest.mark.parametrize("refusal", ["VOICE_MESSAGES_FORBIDDEN", "user restricted receiving of voice note messages"])
async def test_who_takes_no_voice_messages_gets_an_audio_file(
    settings: Settings, telegram: TelegramServer, refusal: str
) -> None:
    ann = telegram.person("Ann")
    ann.voice_forbidden, telegram.voice_refusal = True, refusal
    dm = telegram.dm(ann)
    async with on_stage(settings, telegram):
        await telegram.say(dm, "speak hello")
        assert await words(telegram, dm) == ["done: text_to_speech"]
    (answer,) = telegram.answers(dm)
    assert [f.shown_as for f in answer.files] == ["audio"]


async def test_a_group_without_rights_gets_the_next_best(settings: Settings, telegram: TelegramServer) -> None:
    group = telegram.group("Band", telegram.person("Ann"))
    chat = telegram.chat(group)
    async with on_stage(settings, telegram) as stage:
        chat.forbidden = {"can_send_voice_notes"}
        await telegram.say(group, telegram.mention("speak hello"))
        await telegram.until(lambda: [m for m in telegram.answers(group) if m.files])
        await idle(stage, telegram)
        chat.forbidden = {"can_send_voice_notes", "can_send_audios"}
        await telegram.say(group, telegram.mention("speak hello"))
        found = await words(telegram, group, 2)
        await idle(stage, telegram)
    assert [f.shown_as for f in telegram.answers(group)[0].files] == ["audio"]
    assert found[1] == "done: text_to_speech\nspeech.wav is ready, but this chat does not let me send it."


async def test_a_voice_message_too_large_for_a_bubble_is_an_audio_file(
    settings: Settings, telegram: TelegramServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    dm = telegram.dm(telegram.person("Ann"))
    monkeypatch.setattr(sending, "_BUBBLE_BYTES", 10_000)
    async with on_stage(settings, telegram) as stage:
        asked = await telegram.say(dm, "hello")
        await words(telegram, dm)
        talk = await kept(stage, "talk.wav", noise(5))
        await delivered(stage, dm, f"{asked}~1", "Here.", Shown(talk, Way.VOICE))
    assert [f.shown_as for f in telegram.answers(dm)[1].files] == ["audio"]
    assert telegram.called("sendVoice") == []


async def test_what_is_too_large_is_made_smaller_then_linked_then_told(
    settings: Settings, telegram: TelegramServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    dm = telegram.dm(telegram.person("Ann"))
    monkeypatch.setattr(telegram_adapter, "UPLOAD_BYTES", 150_000)
    async with on_stage(settings, telegram) as stage:
        asked = await telegram.say(dm, "hello")
        await words(telegram, dm)
        short, long = await kept(stage, "short.wav", noise(30)), await kept(stage, "long.wav", noise(120))
        await delivered(stage, dm, f"{asked}~1", "One.", Shown(short, Way.AUDIO))
        await delivered(stage, dm, f"{asked}~2", "Two.", Shown(long, Way.AUDIO))
    _, smaller, told = telegram.answers(dm)
    assert 100_000 < len(smaller.files[0].content) <= 150_000
    assert (await probe(smaller.files[0].content)).seconds == pytest.approx(30, abs=0.5)
    assert told.files == []
    assert "too large for this chat" in told.text
    async with on_stage(settings, telegram, public_url="https://audio.example") as stage:
        await delivered(stage, dm, f"{asked}~3", "Three.", Shown(long, Way.AUDIO))
    assert "https://audio.example/f/" in telegram.answers(dm)[3].text


async def test_telegrams_own_word_that_a_file_is_too_large(settings: Settings, telegram: TelegramServer) -> None:
    dm = telegram.dm(telegram.person("Ann"))
    telegram.faults.refuse("sendVideo", ApiError(413, "Request Entity Too Large"))
    async with on_stage(settings, telegram):
        await telegram.say(dm, "film 1")
        assert await words(telegram, dm) == ["done: film"]
    assert len(telegram.called("sendVideo")) == 2
    assert len(telegram.answers(dm)[0].files) == 1


async def test_the_answer_to_a_deleted_request_still_comes_in_its_topic(
    settings: Settings, telegram: TelegramServer
) -> None:
    forum = telegram.forum("Studio", telegram.person("Ann"))
    async with on_stage(settings, telegram):
        topic = await telegram.topic(forum, "Mix")
        asked = await telegram.say(topic, telegram.mention("sleep 1"))
        await at_work(telegram, topic)
        await telegram.delete(topic, asked)
        assert await words(telegram, topic) == ["slept"]
    assert telegram.answers(forum) == []
    assert telegram.answers(topic)[0].reply_to == ""


async def test_a_group_that_became_a_supergroup_gets_its_answer_there(
    settings: Settings, telegram: TelegramServer
) -> None:
    small = telegram.group("Old", telegram.person("Ann"), kind="group")
    async with on_stage(settings, telegram):
        await telegram.say(small, telegram.mention("sleep 1"))
        await at_work(telegram, small)
        new = await telegram.upgrade(small)
        await telegram.until(lambda: [m.text for m in telegram.answers(new)] == ["slept"])
        await telegram.say(new, telegram.mention("and now"))
        assert await words(telegram, new, 2) == ["slept", "you said: and now"]


async def test_a_wrong_topic_and_a_wrong_chat_are_nobodys(settings: Settings, telegram: TelegramServer) -> None:
    dm = telegram.dm(telegram.person("Ann"))
    async with on_stage(settings, telegram) as stage:
        with pytest.raises(Gone):
            await delivered(stage, type(dm)(dm.chat, 77), "1", "x")
        with pytest.raises(Gone):
            await delivered(stage, type(dm)(-99), "1", "x")


async def test_a_picture_that_telegram_cannot_show_is_a_file(settings: Settings, telegram: TelegramServer) -> None:
    dm = telegram.dm(telegram.person("Ann"))
    async with on_stage(settings, telegram) as stage:
        asked = await telegram.say(dm, "hello")
        await words(telegram, dm)
        strip = await kept(stage, "strip.jpg", clip("jpg", size="2400x64"))
        await delivered(stage, dm, f"{asked}~1", "Here.", Shown(strip, Way.IMAGE))
    assert [f.shown_as for f in telegram.answers(dm)[1].files] == ["file"]
