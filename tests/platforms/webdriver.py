"""The web page in the matrix: through its API, as the page itself uses it."""

from __future__ import annotations

import asyncio
import io
import json
from contextlib import AsyncExitStack
from typing import Any

import aiohttp
from platforms import stage
from platforms.driver import Place
from platforms.seen import Seen, SeenFile

from bots.web.adapter import WebAdapter
from core.settings import Settings

_NO_SUCH = "the page has no such thing; ask again in words"


class WebDriver:
    name = "Web"
    not_offered = {
        ("text", Place.THREAD): "rooms have no threads",
        ("edit", None): _NO_SUCH,
        ("delete", None): "the page has no such thing; Stop ends what is under way",
        ("command", Place.THREAD): "rooms have no threads",
        ("button", None): "the page has Stop only; ask for the rest in words",
        ("reply", None): "the page has no replies; the last clip is meant by “it”",
        **{(what, Place.THREAD): "rooms have no threads" for what in ("voice", "audio", "video", "picture")},
    }

    async def start(self, settings: Settings) -> None:
        self._stack = AsyncExitStack()
        playing = await self._stack.enter_async_context(stage.playing(stage.staged(settings, web_port=0), WebAdapter))
        assert isinstance(playing.adapter, WebAdapter)
        self._desk = playing.desk
        self._url = playing.adapter.url.rstrip("/")
        self._session = await self._stack.enter_async_context(aiohttp.ClientSession())

    async def stop(self) -> None:
        await self._stack.aclose()

    def _room(self, place: Place) -> str:
        return f"{self._url}/api/rooms/the-matrix-room-{place.name.lower()}-0001"

    async def say(
        self, place: Place, text: str, file: tuple[str, bytes] | None = None, voice: bool = False, reply_to: str = ""
    ) -> str:
        form = aiohttp.MultipartWriter("form-data")
        form.append(text).set_content_disposition("form-data", name="text")
        if file:
            part = form.append(io.BytesIO(file[1]), {"Content-Type": "application/octet-stream"})
            part.set_content_disposition("form-data", name="voice" if voice else "files", filename=file[0])
        async with self._session.post(f"{self._room(place)}/messages", data=form) as answer:
            assert answer.status == 202, await answer.text()
            message: str = (await answer.json())["message_id"]
            return message

    async def edit(self, place: Place, message: str, text: str) -> None:
        raise AssertionError(_NO_SUCH)

    async def delete(self, place: Place, message: str) -> None:
        raise AssertionError(_NO_SUCH)

    async def command(self, place: Place, name: str, text: str = "") -> None:
        await self.say(place, f"/{name} {text}".strip())

    async def press(self, place: Place, message: str, label: str) -> None:
        raise AssertionError(_NO_SUCH)

    async def answers(self, place: Place, count: int, timeout_s: float = 30.0) -> list[Seen]:
        async with asyncio.timeout(timeout_s):
            while len(found := await self._replies(place)) < count:
                await asyncio.sleep(0.02)
        return found

    async def settled(self, place: Place) -> list[Seen]:
        async with asyncio.timeout(30):
            while self._desk.busy:
                await asyncio.sleep(0.02)
        return await self._replies(place)

    async def _replies(self, place: Place) -> list[Seen]:
        async with self._session.get(f"{self._room(place)}/history") as answer:
            events = [event["event"] for event in (await answer.json())["events"]]
        return [await self._seen(place, event) for event in events if event["type"] == "reply"]

    async def _seen(self, place: Place, event: dict[str, Any]) -> Seen:
        files = []
        for shown in event["shown"]:
            async with self._session.get(f"{self._url}/api/artifacts/{shown['id']}") as answer:
                assert answer.status == 200, json.dumps(shown)
                files.append(SeenFile(shown["name"], await answer.read(), shown["way"]))
        return Seen(event["message_id"], True, event["text"], files)


DRIVERS = (WebDriver,)
