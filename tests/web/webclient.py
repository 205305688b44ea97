"""A client of the API for the tests."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
from fakedesk import ROOM

MESSAGES = f"/api/rooms/{ROOM}/messages"
EVENTS = f"/api/rooms/{ROOM}/events"


def form(text: str = "", **fields: Any) -> aiohttp.FormData:
    data = aiohttp.FormData(default_to_multipart=True)
    data.add_field("text", text)
    for name, value in fields.items():
        data.add_field(name, value)
    return data


def with_file(data: aiohttp.FormData, content: bytes, name: str, part: str = "files") -> aiohttp.FormData:
    data.add_field(part, io.BytesIO(content), filename=name, content_type="audio/wav")
    return data


async def events(response: aiohttp.ClientResponse) -> AsyncIterator[tuple[int | None, str, dict[str, Any]]]:
    fields: dict[str, str] = {}
    async for raw in response.content:
        line = raw.decode().rstrip("\n")
        if line:
            name, _, value = line.partition(": ")
            fields[name] = value
        elif "data" in fields:
            yield int(fields["id"]) if "id" in fields else None, fields["event"], json.loads(fields["data"])
            fields = {}
        else:
            fields = {}


async def until(http: aiohttp.ClientSession, name: str, path: str = EVENTS, **headers: str) -> list[Any]:
    found = []
    async with asyncio.timeout(10), http.get(path, headers=headers) as response:
        assert response.status == 200
        assert response.headers["Content-Type"].startswith("text/event-stream")
        async for event in events(response):
            found.append(event)
            if event[1] == name:
                return found
    raise AssertionError("the stream ended")


async def say(http: aiohttp.ClientSession, data: aiohttp.FormData) -> dict[str, Any]:
    async with http.post(MESSAGES, data=data) as response:
        answer: dict[str, Any] = await response.json()
        assert response.status == 202, answer
        return answer


async def fault(http: aiohttp.ClientSession, method: str, path: str, **options: Any) -> tuple[int, str, str]:
    async with http.request(method, path, **options) as response:
        body = await response.json()
        assert set(body) == {"error"}
        assert set(body["error"]) == {"kind", "message"}
        assert body["error"]["message"].endswith(".")
        return response.status, body["error"]["kind"], body["error"]["message"]
