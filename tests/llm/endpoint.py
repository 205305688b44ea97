"""A local server that speaks OpenAI's chat completions, streamed, from a script."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

Calls = list[tuple[str, str]]


@dataclass(frozen=True)
class Fault:
    """An HTTP status with what the body says of it."""

    status: int
    message: str = "no"
    code: str | None = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Deltas:
    """Deltas just as they are."""

    deltas: Sequence[dict[str, Any]]
    finish: str | None = None
    usage: int | None = None


@dataclass(frozen=True)
class Whole:
    """An answer that does not stream, whatever was asked."""

    message: dict[str, Any]


@dataclass(frozen=True)
class Cut:
    """Words whose stream breaks off, as when a server dies."""

    text: str


@dataclass(frozen=True)
class Stall:
    """Words, then silence in the middle of the stream."""

    text: str
    seconds: float


@dataclass(frozen=True)
class Trickle:
    """A word every so many seconds, without an end."""

    every_s: float


Answer = str | Calls | int | bytes | float | Fault | Deltas | Whole | Cut | Stall | Trickle
"""Words; tool calls as (name, arguments); an HTTP status; raw bytes that end the stream; seconds of silence; ..."""


class Endpoint:
    """Answers each request with the next line of its script and keeps what was asked.

    A request that holds one of the fields `refuses` is answered 400 and takes no line of the script.
    """

    def __init__(self, *script: Answer, headers: dict[str, str] | None = None, refuses: Sequence[str] = ()) -> None:
        self.script = list(script)
        self.asked: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.headers = headers or {}
        self.refuses = refuses
        self.url = ""

    async def handle(self, request: web.Request) -> web.StreamResponse:
        asked = await request.json()
        self.asked.append(asked)
        self.keys.append(request.headers.get("Authorization", ""))
        refused = next((name for name in self.refuses if name in asked), None)
        if refused:
            return _fault(Fault(400, f"unsupported parameter: {refused}"))
        answer = self.script.pop(0)
        if isinstance(answer, int):
            return _fault(Fault(answer, headers=self.headers))
        if isinstance(answer, Fault):
            return _fault(answer)
        if isinstance(answer, float):
            await asyncio.sleep(answer)
            return web.Response()
        if isinstance(answer, Whole) or not asked.get("stream"):
            return web.json_response(_whole(answer))
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        if isinstance(answer, bytes):
            await response.write(answer)
            return response
        while isinstance(answer, Trickle):
            await response.write(f"data: {json.dumps(_chunks('and so ')[-1])}\n\n".encode())
            await asyncio.sleep(answer.every_s)
        for chunk in _chunks(answer):
            await response.write(f"data: {json.dumps(chunk)}\n\n".encode())
        if isinstance(answer, Stall):
            await asyncio.sleep(answer.seconds)
        if isinstance(answer, Cut):
            assert request.transport is not None
            request.transport.close()
            return response
        await response.write(b"data: [DONE]\n\n")
        return response


def _fault(fault: Fault) -> web.Response:
    body = {"error": {"message": fault.message, "code": fault.code}}
    return web.json_response(body, status=fault.status, headers=fault.headers)


def _whole(answer: Answer) -> dict[str, Any]:
    message = answer.message if isinstance(answer, Whole) else {"content": answer, "tool_calls": None}
    if isinstance(answer, list):
        calls = [
            {"id": f"id{n}", "type": "function", "function": {"name": c[0], "arguments": c[1]}}
            for n, c in enumerate(answer)
        ]
        message = {"content": None, "tool_calls": calls}
    choice = {"index": 0, "message": {"role": "assistant", **message}, "finish_reason": "stop"}
    usage = {"prompt_tokens": 9, "completion_tokens": 1, "total_tokens": 10}
    return {"id": "c", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice], "usage": usage}


def _chunks(answer: str | Calls | Deltas | Cut | Stall) -> list[dict[str, Any]]:
    said = answer.text if isinstance(answer, Cut | Stall) else answer
    plain = said if isinstance(said, Deltas) else Deltas(_deltas(said))
    chunks = [_chunk([{"index": 0, "delta": delta, "finish_reason": None}]) for delta in plain.deltas]
    if plain.finish is not None:
        chunks.append(_chunk([{"index": 0, "delta": {}, "finish_reason": plain.finish}]))
    if plain.usage is not None:
        used = {"prompt_tokens": plain.usage - 1, "completion_tokens": 1, "total_tokens": plain.usage}
        chunks.append({**_chunk([]), "usage": used})
    return chunks


def _chunk(choices: list[dict[str, Any]]) -> dict[str, Any]:
    return {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": choices}


def _deltas(answer: str | Calls) -> list[dict[str, Any]]:
    """Words in pieces; tool calls with their arguments cut in two, as real endpoints stream them."""
    if isinstance(answer, str):
        return [{"role": "assistant"}, *({"content": answer[i : i + 7]} for i in range(0, len(answer), 7))]
    deltas: list[dict[str, Any]] = []
    for index, (name, arguments) in enumerate(answer):
        half = len(arguments) // 2
        head = {"index": index, "id": f"id{index}", "type": "function"}
        deltas.append({"tool_calls": [{**head, "function": {"name": name, "arguments": arguments[:half]}}]})
        deltas.append({"tool_calls": [{"index": index, "function": {"arguments": arguments[half:]}}]})
    return deltas


@asynccontextmanager
async def serving(endpoint: Endpoint) -> AsyncIterator[Endpoint]:
    app = web.Application()
    app.router.add_post("/v1/chat/completions", endpoint.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    endpoint.url = f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
    try:
        yield endpoint
    finally:
        await runner.cleanup()
