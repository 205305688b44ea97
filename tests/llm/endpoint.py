"""A local server that speaks OpenAI's chat completions, streamed, from a script."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

Answer = str | list[tuple[str, str]] | int | bytes | float
"""Words; tool calls as (name, arguments); an HTTP status; raw bytes that end the stream; or seconds of silence."""


class Endpoint:
    """Answers each request with the next line of its script and keeps what was asked."""

    def __init__(self, *script: Answer, headers: dict[str, str] | None = None) -> None:
        self.script = list(script)
        self.asked: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.headers = headers or {}
        self.url = ""

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(await request.json())
        self.keys.append(request.headers.get("Authorization", ""))
        answer = self.script.pop(0)
        if isinstance(answer, int):
            return web.json_response({"error": {"message": "no"}}, status=answer, headers=self.headers)
        if isinstance(answer, float):
            await asyncio.sleep(answer)
            return web.Response()
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        if isinstance(answer, bytes):
            await response.write(answer)
            return response
        for delta in _deltas(answer):
            chunk = {
                "id": "c",
                "object": "chat.completion.chunk",
                "created": 1,
                "model": "m",
                "choices": [{"index": 0, "delta": delta, "finish_reason": None}],
            }
            await response.write(f"data: {json.dumps(chunk)}\n\n".encode())
        await response.write(b"data: [DONE]\n\n")
        return response


def _deltas(answer: str | list[tuple[str, str]]) -> list[dict[str, Any]]:
    """Words in pieces; tool calls with their arguments cut in two, as real endpoints stream them."""
    if isinstance(answer, str):
        return [{"content": answer[i : i + 7]} for i in range(0, len(answer), 7)]
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
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    endpoint.url = f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
    try:
        yield endpoint
    finally:
        await runner.cleanup()
