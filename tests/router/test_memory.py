"""What a conversation remembers: whose media they are, what is in them, and no more words than fit."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from core.artifacts import Artifact, Facts, Kind, Recipe
from core.conversation import Conversation, tokens
from core.messages import ConversationKey, Incoming, Person, Ran, Reply, Shown, Way
from core.plans import Item
from core.store import Store

CHANNEL = ConversationKey("slack", "T", "C")
KEY = replace(CHANNEL, thread="1")
ANN, BEN = Person("ann", "Ann Lee"), Person("ben", "Ben")
NOON = datetime(2026, 5, 20, 12, 0, tzinfo=UTC)


@pytest.fixture
async def store() -> AsyncIterator[Store]:
    opened = await Store.open("sqlite+aiosqlite://")
    yield opened
    await opened.close()


def clip(id: str, name: str, person: str = "", capability: str = "", **args: str) -> Artifact:
    recipe = Recipe(capability, args=dict(args), person=f"slack:{person}" if person else "")
    return Artifact(id * 24, Kind.AUDIO, name, Facts("audio/wav", 1, 3.0), recipe=recipe)


async def said(
    store: Store,
    id: str,
    who: Person,
    text: str,
    reply: Reply,
    *sent: Artifact,
    key: ConversationKey = KEY,
    hours: int = 0,
) -> None:
    """A turn as the router remembers it."""
    memory = Conversation(store)
    incoming = Incoming(key, id, who, text, sent, sent_at=NOON + timedelta(hours=hours))
    for artifact in (*sent, *(s.artifact for s in reply.shown)):
        await store.keep(artifact, str(key))
    await memory.heard(incoming, text)
    await memory.said(incoming, reply)


async def asked(
    store: Store, text: str = "and now?", who: Person = ANN, key: ConversationKey = KEY, budget: int = 3000
) -> tuple[tuple[Item, ...], list[str]]:
    incoming = Incoming(key, "now", who, text, sent_at=NOON + timedelta(days=1))
    request = await Conversation(store, budget).request(incoming, text, spoken=False, served=frozenset())
    assert request.at == incoming.sent_at
    return request.items, [line.text for line in request.history]


async def test_it_is_known_whose_a_piece_is_from_when_and_what_was_said_of_it(store: Store) -> None:
    dog = clip("a", "walk.wav", "ben")
    rain = clip("b", "rain.wav", "ann", "text_to_audio", description="rain on a roof")
    await said(store, "1", BEN, "what do you hear?", Reply("A dog barks."), dog)
    await said(store, "2", ANN, "rain please", Reply("Here.", (Shown(rain, Way.AUDIO),)), hours=1)
    used = Ran("speech_recognition", "w", {"audio": dog.id}, 1, 1)
    await said(store, "3", ANN, "and what is said?", Reply("Come here!", plan=(used,)), hours=2)
    (second, first), _ = await asked(store)
    assert (first.id, first.who, first.mine, first.made, first.at) == (dog.id, "Ben", False, "", NOON)
    assert first.text.split("\n") == ["what do you hear?", "A dog barks.", "Come here!"]
    assert (second.id, second.who, second.made) == (rain.id, "", "text_to_audio")
    assert second.text.split("\n") == ["rain please", "rain on a roof"]
    assert second.mine
    (others, mine), _ = await asked(store, who=BEN)
    assert (mine.mine, others.mine) == (True, False)


async def test_a_restart_forgets_nothing(tmp_path: object) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path}/a.db"
    first = await Store.open(url)
    await said(first, "1", BEN, "my clip", Reply("Thanks."), clip("a", "walk.wav", "ben"))
    await first.close()
    second = await Store.open(url)
    (item,), history = await asked(second)
    await second.close()
    assert (item.name, item.who, history) == ("walk.wav", "Ben", ["my clip", "Thanks."])


async def test_of_other_threads_only_who_asks_is_given_their_own(store: Store) -> None:
    other = replace(CHANNEL, thread="2")
    mine, song = clip("a", "hum.wav", "ann"), clip("b", "song.wav", "ann", "text_to_sing", lyrics="la la")
    theirs, foreign = clip("c", "secret.wav", "ben"), clip("d", "far.wav", "ann")
    await said(store, "1", ANN, "hum", Reply("Sung.", (Shown(song, Way.AUDIO),)), mine, key=other)
    await said(store, "2", BEN, "mine", Reply("ok"), theirs, key=other)
    await said(store, "3", ANN, "elsewhere", Reply("ok"), foreign, key=ConversationKey("slack", "T", "CC", "1"))
    items, history = await asked(store)
    assert {i.name for i in items} == {"hum.wav", "song.wav"} and all(i.elsewhere for i in items)
    assert history == []
    assert (await asked(store, who=BEN))[0][0].name == "secret.wav"


async def test_what_somebody_else_calls_the_same_bytes_is_not_told(store: Store) -> None:
    await said(store, "1", ANN, "here", Reply("ok"), clip("a", "walk.wav", "ann"))
    await store.keep(clip("a", "the secret plan.wav", "ben"), "discord/x/y/")
    (item,), _ = await asked(store)
    assert item.name == "walk.wav"


async def test_what_is_erased_is_not_remembered(store: Store) -> None:
    await said(store, "1", ANN, "here", Reply("ok"), clip("a", "walk.wav", "ann"))
    await store.release("a" * 24, str(KEY))
    assert (await asked(store))[0] == ()


async def test_words_are_remembered_up_to_their_tokens_the_newest_first(store: Store) -> None:
    for number in range(12):
        await said(store, str(number), ANN, f"{number} " + "word " * 60, Reply("ok"), hours=number)
    _, history = await asked(store, budget=400)
    assert history[-1] == "ok" and history[-2].startswith("11 ")
    assert 300 < sum(map(tokens, history)) <= 400
    assert not any(line.startswith("0 ") for line in history)


async def test_a_message_that_fits_nowhere_is_cut(store: Store) -> None:
    await said(store, "1", ANN, "word " * 1000, Reply(""), hours=1)
    _, history = await asked(store, budget=120)
    assert 100 <= sum(map(tokens, history)) <= 125


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [("", 0, 0), ("The quick brown fox jumps.", 5, 9), ("今天天气很好", 5, 7), ("привет, как дела?", 4, 9)],
)
def test_tokens_are_counted_rather_too_many(text: str, least: int, most: int) -> None:
    assert least <= tokens(text) <= most


async def test_what_the_words_single_out_is_told(store: Store) -> None:
    await said(store, "1", BEN, "what do you hear?", Reply("A dog barks."), clip("a", "walk.wav", "ben"))
    await said(store, "2", ANN, "and here?", Reply("A car."), clip("b", "road.wav", "ann"), hours=1)
    for text, meant in (
        ("make the one with the dog louder", {"a" * 24}),
        ("transcribe what Ben sent", {"a" * 24}),
        ("make it louder", set()),
    ):
        incoming = Incoming(KEY, "now", ANN, text, sent_at=NOON + timedelta(days=1))
        request = await Conversation(store).request(incoming, text, spoken=False, served=frozenset())
        assert request.meant == meant, text


async def test_it_is_known_how_a_piece_came_to_be_and_for_whom(store: Store) -> None:
    """The clip in between was made in the same turn and never shown: it is no parent, but what the last step had."""
    sword = clip("a", "sword.wav", "ann")
    between, low = clip("b", "back.wav", "ben", "audio_editing"), clip("c", "low.wav", "ben", "audio_editing")
    turned = replace(between.recipe, args={"operation": "reverse"}, parents=(sword.id,))
    pitched = replace(low.recipe, args={"operation": "pitch", "semitones": -12.0}, parents=(between.id,))
    between, low = replace(between, recipe=turned), replace(low, recipe=pitched)
    await said(store, "1", ANN, "my sword", Reply("ok"), sword)
    await store.keep(between, str(KEY))
    await said(store, "2", BEN, "reverse it, an octave down", Reply("Here.", (Shown(low, Way.AUDIO),)), hours=1)
    (last, first), _ = await asked(store)
    assert (last.how, last.parents, last.given, last.asked_by) == ("pitch-", (sword.id,), (between.id,), "Ben")
    assert (first.how, first.parents, first.given, first.asked_by) == ("", (), (), "")


@pytest.mark.parametrize(
    ("args", "how"),
    [
        ({"operation": "gain", "gain_db": 3.0}, "gain+"),
        ({"operation": "gain", "gain_db": -3}, "gain-"),
        ({"operation": "speed", "factor": 0.8}, "speed-"),
        ({"operation": "speed", "factor": 1.5}, "speed+"),
        ({"operation": "reverse"}, "reverse"),
        ({"description": "rain"}, ""),
    ],
)
async def test_an_edit_is_known_with_its_direction(store: Store, args: dict[str, object], how: str) -> None:
    made = clip("b", "x.wav", "ann", "audio_editing")
    made = replace(made, recipe=replace(made.recipe, args=args))
    await said(store, "1", ANN, "do it", Reply("Here.", (Shown(made, Way.AUDIO),)))
    ((item,), _) = await asked(store)
    assert item.how == how


async def test_a_voice_note_that_somebody_answered_is_remembered_as_its_senders(store: Store) -> None:
    own, others = clip("a", "mine.ogg", "ben"), clip("b", "theirs.ogg", "cleo")
    for number, note in (("1", own), ("2", others)):
        await store.keep(note, str(KEY))
        incoming = Incoming(KEY, number, BEN, "what is said?", quoted=(note,), sent_at=NOON)
        await Conversation(store).heard(incoming, incoming.text)
    items, _ = await asked(store, who=BEN)
    assert {(i.name, i.who, i.mine) for i in items} == {("mine.ogg", "Ben", True), ("theirs.ogg", "", False)}
