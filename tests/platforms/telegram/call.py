"""One request of the bot, as it came over the wire."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from aiohttp import BodyPartReader, web
from platforms.telegram.errors import bad


@dataclass(frozen=True)
class Part:
    """An uploaded file: one part of a multipart body."""

    filename: str
    content_type: str
    content: bytes


@dataclass
class Call:
    """A method with its parameters as text and its files, and what was answered."""

    method: str
    params: dict[str, str] = field(default_factory=dict)
    files: dict[str, Part] = field(default_factory=dict)
    at: float = field(default_factory=time.monotonic)
    """When it was read, monotonic seconds."""
    status: int = 0
    """The HTTP status of the answer; 0 while there is none or when none was given."""
    result: Any = None
    """The result, once accepted, or the description of the refusal."""

    def text(self, name: str) -> str:
        """A parameter, or nothing."""
        return self.params.get(name, "")

    def number(self, name: str) -> int | None:
        """A whole number, read as Telegram does: what is not there or not one is none."""
        try:
            return int(self.params[name])
        except (KeyError, ValueError):
            return None

    def flag(self, name: str) -> bool:
        """A Boolean."""
        return self.text(name).lower() in ("true", "1", "yes")

    def json(self, name: str, default: Any = None) -> Any:
        """A parameter that holds JSON.

        Raises:
            ApiError: it holds none.
        """
        if name not in self.params:
            return default
        try:
            return json.loads(self.params[name])
        except ValueError as error:
            raise bad(f"can't parse {name} JSON object") from error

    def __str__(self) -> str:
        told = ", ".join(f"{k}={v[:80]!r}" for k, v in self.params.items() if k not in ("timeout", "allowed_updates"))
        sent = "".join(f" +{n}({p.filename!r}, {len(p.content)} bytes)" for n, p in self.files.items())
        outcome = self.result if self.status >= 400 else ""
        return f"{self.method}({told}){sent} -> {self.status or 'no answer'} {outcome}"


async def read(request: web.Request, method: str) -> Call:
    """Read a request whole: urlencoded, multipart or JSON, and what stands in its address."""
    call = Call(method, dict(request.query))
    if request.content_type == "multipart/form-data":
        async for part in _parts(request):
            content = bytes(await part.read(decode=True))
            name = part.name or ""
            if part.filename is None:
                call.params[name] = content.decode()
            else:
                call.files[name] = Part(part.filename, part.headers.get("Content-Type", ""), content)
    elif request.content_type == "application/json":
        given = await request.json()
        call.params |= {k: v if isinstance(v, str) else json.dumps(v) for k, v in given.items() if v is not None}
    elif request.can_read_body:
        call.params |= {k: str(v) for k, v in (await request.post()).items()}
    return call


async def _parts(request: web.Request) -> AsyncIterator[BodyPartReader]:
    async for part in await request.multipart():
        assert isinstance(part, BodyPartReader), "a multipart body inside another"
        yield part
