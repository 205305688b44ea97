"""Handlers of a room: say something, follow what happens, look back, stop."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import re
import tempfile
import uuid
from contextlib import aclosing
from datetime import UTC, datetime
from pathlib import Path

from aiohttp import ClientConnectionResetError, web

from bots.plan_graph import kept_of, plan_graph
from bots.plan_picture import plan_picture
from bots.web.context import CONTEXT, Context, answer, asked_room
from bots.web.faults import bad_input, not_found
from bots.web.forms import read_form
from bots.web.schemas import (
    ArtifactInfo,
    AttachmentInfo,
    Author,
    History,
    MessageEvent,
    MessageForm,
    PastEvent,
    Posted,
    Stopped,
    Upload,
)
from bots.web.typed import carry_out, in_words, typed
from core.errors import Broken
from core.ingest import safe_name
from core.messages import ConversationKey, Message, Person
from core.registry import registry

log = logging.getLogger("audiogpt.web")

HISTORY_MOST = 200
_RETRY = b"retry: 1000\n\n"


async def post_message(request: web.Request) -> web.Response:
    """Accept a message; 202 once it is safely kept."""
    context, key = request.app[CONTEXT], asked_room(request)
    with tempfile.TemporaryDirectory(prefix="audiogpt-web-", ignore_cleanup_errors=True) as folder:
        form = await read_form(request, Path(folder), context.settings)
        client_id = form.client_id or uuid.uuid4().hex
        message_id = hashlib.sha256(f"{key}#{client_id}".encode()).hexdigest()[:32]
        message = Message(
            key,
            message_id,
            _person(form, key),
            form.text,
            form.uploads,
            locale=form.locale,
            speak=form.speak or None,
            live=True,
        )
        asked = in_words(message)
        with context.rooms.arriving(message_id):
            command = typed(asked.text) is not None
            fresh = True if command else await context.desk.receive(asked)
            appended = await _append(context, message, client_id, form.uploads)
        if command and (fresh := appended):
            await carry_out(context, message)
    posted = Posted(message_id=message_id, author_id=message.author.id, duplicate=not fresh)
    return answer(posted, 202)


def _person(form: MessageForm, key: ConversationKey) -> Person:
    """Whoever gives no key is one guest of the room."""
    secret = form.author_key or f"guest of {key}"
    public = hashlib.sha256(f"author {secret}".encode()).hexdigest()[:24]
    return Person(public, " ".join(form.author.split()) or "Guest")


async def _append(context: Context, message: Message, client_id: str, uploads: tuple[Upload, ...]) -> bool:
    """Put the message into the room's timeline, once, with what its files turned out to be; False: it is there."""
    event = MessageEvent(
        message_id=message.id,
        client_id=client_id,
        author=Author(id=message.author.id, name=message.author.name),
        text=message.text,
        attachments=[_attachment(upload) for upload in uploads],
        at=datetime.now(UTC),
    )
    number = await context.desk.store.append_event(
        str(message.key), f"message {message.id}", event.model_dump(mode="json")
    )
    context.rooms.wake(str(message.key))
    return number is not None


def _attachment(upload: Upload) -> AttachmentInfo:
    """An upload under the name that its sender gave it, and what it was kept as."""
    suffix = Path(upload.name).suffix
    name = safe_name(upload.name, suffix if re.fullmatch(r"\.[A-Za-z0-9]{1,5}", suffix) else "")
    return AttachmentInfo(name=name, voice=upload.voice, artifact=ArtifactInfo.of(upload.kept) if upload.kept else None)


async def follow_events(request: web.Request) -> web.StreamResponse:
    """Server-sent events of a room, without end; resumes after `Last-Event-ID` or `?after=`."""
    context, key = request.app[CONTEXT], asked_room(request)
    after = _number(request.headers.get("Last-Event-ID") or request.query.get("after"))
    response = web.StreamResponse(
        headers={"Content-Type": "text/event-stream; charset=utf-8", "X-Accel-Buffering": "no"}
    )
    async with aclosing(context.rooms.follow(str(key), after)) as events:
        first = await anext(
            events, None
        )  # a database that cannot be reached is told with a status, before the stream begins
        await response.prepare(request)
        try:
            await response.write(_RETRY + (first.encode() if first else b""))
            async for event in events:
                await response.write(event.encode() if event else b": still here\n\n")
        except ClientConnectionResetError:
            return response  # the page went away, as pages do
        except Broken as broken:
            log.error("a stream ends early: %s", broken)  # the page comes back and is told with a status
    return response


async def read_history(request: web.Request) -> web.Response:
    """Earlier events of a room."""
    context, key = request.app[CONTEXT], asked_room(request)
    before = _number(request.query.get("before"))
    limit = _number(request.query.get("limit"))
    limit = min(HISTORY_MOST, HISTORY_MOST if limit is None else max(1, limit))
    if before is None:
        before = await context.desk.store.last_event(str(key)) + 1
    events = await context.desk.store.events(str(key), max(0, before - 1 - limit), limit)
    past = [PastEvent.model_validate({"id": n, "event": data}) for n, data in events if n < before]
    return answer(History(events=past))


async def read_plan(request: web.Request) -> web.Response:
    """How an answer was made, as a picture."""
    context, key = request.app[CONTEXT], asked_room(request)
    outgoing = await context.desk.store.outgoing(f"{key}#{request.match_info['message']}")
    if outgoing is None or not outgoing.reply.plan:
        raise not_found("There is no answer to that message for which a model was run.")
    artifacts = await kept_of(outgoing, context.desk.store)
    png = await asyncio.to_thread(plan_picture, plan_graph(outgoing, registry(context.settings), artifacts))
    return web.Response(body=png, content_type="image/png", headers={"Cache-Control": "private, max-age=3600"})


async def stop_message(request: web.Request) -> web.Response:
    """Stop working on a message."""
    context, key = request.app[CONTEXT], asked_room(request)
    return answer(Stopped(stopped=await context.desk.stop_turn(key, request.match_info["message"])))


def _number(text: str | None) -> int | None:
    if text is None or text == "":
        return None
    if not re.fullmatch(r"\d{1,15}", text):
        raise bad_input("An event's number is made of digits.")
    return int(text)
