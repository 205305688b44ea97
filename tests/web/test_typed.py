"""Commands that are typed into a room."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from platforms import stage
from webclient import form

from bots.explaining import asks_how
from bots.web.adapter import WebAdapter
from bots.web.typed import typed
from core.settings import Settings

ROOM = "a-room-of-commands-0123456789"
ANN, BOB = "ann-ann-ann-ann-ann-ann", "bob-bob-bob-bob-bob-bob"


class Room:
    """A room of the page, on a desk with toy models."""

    def __init__(self, http: aiohttp.ClientSession) -> None:
        self.http = http

    async def events(self, room: str = ROOM) -> list[dict[str, Any]]:
        async with self.http.get(f"/api/rooms/{room}/history") as answer:
            return [event["event"] for event in (await answer.json())["events"]]

    async def ask(self, text: str, key: str = ANN, client_id: str = "", room: str = ROOM) -> dict[str, Any]:
        """Say something; its answer."""
        data = form(text, author="Ann", author_key=key, **({"client_id": client_id} if client_id else {}))
        async with self.http.post(f"/api/rooms/{room}/messages", data=data) as answer:
            assert answer.status == 202, await answer.text()
            message = (await answer.json())["message_id"]
        async with asyncio.timeout(30):
            while True:
                for event in await self.events(room):
                    if event["type"] == "reply" and event["message_id"] == message:
                        return event
                await asyncio.sleep(0.02)


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    settings = stage.staged(Settings(_env_file=None, data_dir=tmp_path / "data"), web_port=0)
    async with stage.playing(settings, WebAdapter) as playing:
        assert isinstance(playing.adapter, WebAdapter)
        async with aiohttp.ClientSession(playing.adapter.url) as http:
            yield Room(http)


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("/why", ("why", "")),
        ("  /Why ", ("why", "")),
        ("/again slower, please", ("again", "slower, please")),
        ("/ask say\nhello", ("ask", "say\nhello")),
        ("/etc/passwd", None),
        ("/unknown", None),
        ("why", None),
        ("and/or", None),
        ("/whyever", None),
    ],
)
def test_what_is_a_command(text: str, command: tuple[str, str] | None) -> None:
    assert typed(text) == command


async def test_help_and_the_others_say_something(room: Room) -> None:
    assert "read text aloud" in (await room.ask("/help"))["text"]
    assert "toy-mouth" in (await room.ask("/models"))["text"]
    assert "made by AI" in (await room.ask("/privacy"))["text"]
    assert "nothing of yours" in (await room.ask("/stop"))["text"]
    assert "/ask read this aloud" in (await room.ask("/ask"))["text"]


async def test_why_tells_the_plan_and_shows_its_picture(room: Room) -> None:
    assert "no result of mine" in (await room.ask("/why"))["text"]
    made = await room.ask("speak good morning")
    why = await room.ask("/why")
    assert "toy-mouth" in why["text"]
    assert made["shown"][0]["id"] in why["text"]
    assert why["pictured"] == made["message_id"]
    async with room.http.get(f"/api/rooms/{ROOM}/messages/{why['pictured']}/plan.png") as picture:
        assert (picture.status, picture.content_type) == (200, "image/png")


@pytest.mark.parametrize(
    "text",
    ["how did you make that?", "Which model did you use?", "wie hast du das gemacht?", "comment as-tu fait ça ?",
     "¿cómo lo hiciste?", "come l'hai fatto?", "как ты это сделал?", "这是怎么做的？", "これはどうやって作ったの？"],
)  # fmt: skip
def test_words_that_ask_how(text: str) -> None:
    assert asks_how(text)


@pytest.mark.parametrize(
    "text",
    ["how do you make pasta?", "how did you sleep?", "what model of car is that?", "make that louder", "tell me a joke",
     "explain the rules of chess", "which song is that?"],
)  # fmt: skip
def test_words_that_ask_something_else(text: str) -> None:
    assert not asks_how(text)


async def test_how_it_was_made_is_told_in_words_too(room: Room) -> None:
    assert "toy-mouth" not in (await room.ask("how did you make that?"))["text"]
    await room.ask("speak good morning")
    assert "toy-mouth" in (await room.ask("how did you make that?"))["text"]


async def test_what_asks_for_something_is_asked_for(room: Room) -> None:
    assert (await room.ask("/ask speak good morning"))["plan"][0]["args"]["text"] == "good morning"
    again = await room.ask("/again slower")
    assert again["plan"][0]["args"]["speed"] == 0.8
    texts = [event["text"] for event in await room.events() if event["type"] == "message"]
    assert texts == ["/ask speak good morning", "/again slower"]


async def test_spoken_answers_are_switched_on(room: Room) -> None:
    assert "in speech too" in (await room.ask("/voice on"))["text"]
    assert [one["way"] for one in (await room.ask("hello"))["shown"]] == ["voice"]
    assert "in writing only" in (await room.ask("/voice off"))["text"]
    assert (await room.ask("hello"))["shown"] == []


async def test_forget_erases_what_its_author_said_and_got_and_nothing_else(room: Room) -> None:
    made = await room.ask("speak a secret of mine", ANN)
    await room.ask("speak something of Bob's", BOB)
    sure = await room.ask("/forget", ANN)
    assert "/forget yes" in sure["text"]
    assert any("a secret of mine" in event["text"] for event in await room.events())
    assert (await room.ask("/forget yes", ANN))["text"] == "Erased."
    left = str(await room.events())
    assert "a secret of mine" not in left
    assert "something of Bob's" in left
    async with room.http.get(f"/api/artifacts/{made['shown'][0]['id']}") as gone:
        assert gone.status == 404
    assert "something of Bob's" in str((await room.ask("/why", BOB))["text"])


async def test_the_same_message_twice_is_one_command(room: Room) -> None:
    await room.ask("/help", client_id="the-same-one-0001")
    await room.ask("/help", client_id="the-same-one-0001")
    assert len(await room.events()) == 2
