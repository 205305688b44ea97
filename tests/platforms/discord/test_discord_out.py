"""How answers look on Discord: native media in its own limits, captions, buttons, one status line."""

from __future__ import annotations

import asyncio
import base64
import io

import numpy as np
import pytest
import soundfile
from platforms import media
from platforms.discord.faults import Refusal
from platforms.discord.person import Sent
from platforms.discord.play import POST, Play, Town
from platforms.discord.state import ATTACH_FILES, READ_HISTORY, SEND_MESSAGES, SEND_VOICE, SUPPRESS_NOTIFICATIONS
from platforms.seen import SeenFile

from bots import progress
from core.artifacts import Kind
from core.messages import ConversationKey
from core.settings import Settings


async def test_a_voice_message_is_native_and_its_waveform_is_the_sound(play: Play) -> None:
    town = play.town
    await town.ann.say(town.dm, "speak one two three four five six")
    await play.hears(town.dm, "done: text_to_speech")
    (spoken,) = await play.media(town.dm)
    assert spoken.shown_as == "voice"
    assert spoken.name == "voice-message.ogg"
    (call,) = [c for c in play.posts() if c.uploads]
    assert call.payload["flags"] == 8192
    assert call.payload["enforce_nonce"]
    assert "content" not in call.payload
    assert "components" not in call.payload
    assert call.uploads[0].part_type == "audio/ogg"
    (described,) = call.payload["attachments"]
    kind, facts = media.facts(spoken.content)
    assert (kind, facts.media_type, facts.channels, facts.sample_rate_hz) == (Kind.AUDIO, "audio/ogg", 1, 48_000)
    assert described["duration_secs"] == pytest.approx(1.5, abs=0.1)
    assert facts.duration_s == pytest.approx(described["duration_secs"], abs=0.1)
    assert facts.loudness_lufs is not None
    assert -40 < facts.loudness_lufs < -5
    assert len(spoken.content) * 8 / 1000 / described["duration_secs"] < 64, "kbit/s"
    assert _correlation(base64.b64decode(described["waveform"]), spoken) > 0.9


def _correlation(waveform: bytes, spoken: SeenFile) -> float:
    """Of the bars that are shown with the level of the sound that was sent."""
    sound = media.samples(spoken.content)
    levels = [float(np.sqrt(np.mean(part**2))) for part in np.array_split(sound, len(waveform))]
    return float(np.corrcoef(levels, list(waveform))[0, 1])


async def test_audio_video_and_pictures_are_files_with_their_words_and_buttons(play: Play) -> None:
    town = play.town
    await town.ann.say(town.dm, "halve", Sent("tune.mp3", media.mp3(2.0)))
    audio = await play.hears(town.dm, "done: halve")
    await town.ann.say(town.dm, "film 1")
    video = await play.hears(town.dm, "done: film")
    await town.ann.say(town.dm, "paint")
    picture = await play.hears(town.dm, "done: paint")
    assert len(await play.all(town.dm)) == 3
    for seen, shown_as, kind in (
        (audio, "audio", Kind.AUDIO),
        (video, "video", Kind.VIDEO),
        (picture, "image", Kind.IMAGE),
    ):
        (file,) = seen.files
        assert file.shown_as == shown_as
        assert media.facts(file.content)[0] is kind
        assert [b.label for b in seen.buttons] == ["Again", "Why?"]
    assert media.rms(audio.files[0].content) == pytest.approx(media.rms(media.mp3(2.0)) / 2, rel=0.1)


async def test_long_words_are_cut_at_sentences_and_nothing_of_them_is_lost(play: Play) -> None:
    town = play.town
    await town.ann.say(town.dm, "long 200")
    await play.hears(town.dm, "sentence number 200.")
    texts = [s.text for s in await play.all(town.dm)]
    assert len(texts) > 1
    assert all(len(t) <= 2000 and t.endswith(".") for t in texts)
    assert " ".join(texts) == " ".join(f"This is sentence number {n}." for n in range(1, 201))


async def test_what_it_says_wakes_nobody_but_the_person_who_asked(play: Play) -> None:
    town = play.town
    bob = town.server.person("Bob", town.studio)
    role = int(town.studio.id) + 1
    words = f"@everyone @here <@{bob.id}>"
    asked = await town.ann.say(town.general, words, mention=True)
    said = await play.only(town.general, "you said: @everyone @here")
    assert said.reply_to == asked.id
    await town.ann.command(town.dm, "ask", text=f"@everyone <@{bob.id}> <@&{role}>")
    await play.hears(town.dm, "you said: @everyone")
    assert town.server.world.pings == []
    assert town.general.posts[said.id].mentions == [town.ann.user]


async def test_a_turn_types_at_once_and_has_one_status_line_that_notifies_nobody(play: Play) -> None:
    town = play.town
    asked = await town.ann.say(town.general, "sleep 1.5", mention=True)
    line = await play.status(town.general)
    assert town.server.typing[town.general.id]
    assert line.reply_to == asked.id
    edited = await town.server.until(
        lambda: next((s for s in town.server.seen(town.general) if s.id == line.id and s.edits and "%" in s.text), None)
    )
    assert edited.text.startswith("Working: sleep (toy-sleeper)")
    answer = await play.only(town.general, "slept")
    status, reply = play.posts()
    assert status.payload["flags"] == SUPPRESS_NOTIFICATIONS
    assert reply.payload["flags"] == 0
    assert answer.id != line.id
    assert town.server.limits.refused == []


async def test_an_answer_within_the_first_moment_has_no_status_line(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "FIRST_S", 60.0)
    town = play.town
    await town.ann.say(town.dm, "hello")
    await play.only(town.dm, "you said: hello")
    assert len(play.posts()) == 1


async def test_without_the_permission_for_voice_messages_speech_is_an_audio_file(play: Play) -> None:
    town = play.town
    await town.server.deny(town.general, SEND_VOICE)
    await town.ann.say(town.general, "speak one two", mention=True)
    await play.hears(town.general, "done: text_to_speech")
    (spoken,) = await play.media(town.general)
    assert spoken.shown_as == "audio"
    assert media.facts(spoken.content)[1].duration_s == pytest.approx(0.5, abs=0.1)


async def test_without_the_permission_for_files_it_says_so_in_words(play: Play) -> None:
    town = play.town
    await town.server.deny(town.general, SEND_VOICE | ATTACH_FILES)
    await town.ann.say(town.general, "speak one two", mention=True)
    await play.hears(town.general, "done: text_to_speech")
    told = [s.text for s in await play.all(town.general)]
    assert any("this chat does not let me send it" in text for text in told)
    assert len(told) == 2


async def test_without_the_permission_to_read_the_history_it_answers_without_a_reply(play: Play) -> None:
    town = play.town
    await town.server.deny(town.general, READ_HISTORY)
    await town.ann.say(town.general, "hello", mention=True)
    answer = await play.only(town.general, "you said: hello")
    assert answer.reply_to == ""


async def test_where_it_may_not_write_nobody_is_answered_and_nothing_is_left_over(play: Play) -> None:
    town = play.town
    await town.server.deny(town.general, SEND_MESSAGES)
    await town.ann.say(town.general, "hello", mention=True)
    assert await play.all(town.general) == []
    assert await play.stage.app.store.undelivered("discord") == []


def over_10_mib() -> bytes:
    """A minute as a WAV at 48 kHz in stereo: more than a server without boosts takes."""
    file = io.BytesIO()
    sound = 0.3 * np.sin(np.arange(60 * 48_000) / 20)
    soundfile.write(file, np.stack([sound, sound], axis=1), 48_000, format="WAV", subtype="PCM_16")
    return file.getvalue()


async def test_audio_over_the_limit_is_encoded_to_fit(town: Town, settings: Settings) -> None:
    async with town.product(settings) as play:
        await town.ann.say(town.dm, "halve", Sent("long.wav", over_10_mib()))
        seen = await play.hears(town.dm, "done: halve")
        (file,) = seen.files
        assert len(file.content) < 10 << 20
        kind, facts = media.facts(file.content)
        assert (kind, facts.media_type) == (Kind.AUDIO, "audio/mpeg")
        assert facts.duration_s == pytest.approx(60, abs=1)


async def test_a_boosted_server_takes_what_others_do_not(town: Town, settings: Settings) -> None:
    town.studio.tier = 2
    async with town.product(settings) as play:
        await town.ann.say(town.general, "halve", Sent("long.wav", over_10_mib()), mention=True)
        (file,) = (await play.hears(town.general, "done: halve")).files
        assert len(file.content) > 10 << 20
        assert media.facts(file.content)[1].media_type == "audio/wav"


@pytest.mark.parametrize(("url", "words"), [("", "too large for this chat"), ("https://audio.example.org", "/f/")])
async def test_what_is_too_large_in_any_form_is_a_link_or_a_refusal(
    town: Town, settings: Settings, url: str, words: str
) -> None:
    """The platform's limit can be lower than it says: it alone decides."""
    town.server.faults.on(
        POST, Refusal(413, 40005, "Request entity too large"), times=2, when=lambda call: bool(call.uploads)
    )
    async with town.product(settings, public_url=url) as play:
        await town.ann.say(town.dm, "film 1")
        told = await play.only(town.dm, words)
    assert told.files == []
    assert told.text.startswith("done: film\n")
    assert ("https://audio.example.org/f/" in told.text) is bool(url)
    assert [b.label for b in told.buttons] == ["Again", "Why?"]


async def test_answers_of_two_people_in_one_channel_reply_to_their_own_questions(play: Play) -> None:
    town = play.town
    bob = town.server.person("Bob", town.studio)
    asked = {p: await p.say(town.general, "speak same words", mention=True) for p in (town.ann, bob)}
    await town.server.until(lambda: sum("done:" in s.text for s in play.said(town.general)) == 2)
    found = await play.all(town.general)
    assert len(found) == 4
    for post in asked.values():
        assert [bool(s.files) for s in found if s.reply_to == post.id] == [True, False]


async def test_many_questions_at_once_are_all_answered_once_within_the_limits(play: Play) -> None:
    town = play.town
    people = [town.server.person(f"P{n}", town.studio) for n in range(12)]
    await asyncio.gather(*(p.say(p.dm, f"hello {n}") for n, p in enumerate(people)))
    for n, p in enumerate(people):
        await play.only(p.dm, f"you said: hello {n}")
    assert town.server.limits.refused == []


async def test_signs_of_life_in_many_channels_leave_the_whole_bots_requests_to_answers(
    town: Town, settings: Settings
) -> None:
    """Each of these channels is idle; what is short is Discord's 50 requests a second of the bot."""
    async with town.product(settings) as play:
        given = [play.adapter.spare(ConversationKey("discord", "dm", str(number))) for number in range(400)]
        assert any(given)
        assert sum(given) < 200
        await play.adapter.slot(ConversationKey("discord", "dm", "1"))
