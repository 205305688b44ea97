"""A message taken in: its files fetched and kept, what it answers looked up."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace

from core.app import App
from core.artifacts import Artifact
from core.errors import Broken, ModelFailed, OverLimit, Refusal, Refused
from core.ingest import ingest
from core.messages import Attachment, Incoming, Message, Outgoing, Sketch
from core.sayings import saying

log = logging.getLogger("audiogpt.desk")

_FETCH_WAITS_S = (0.3, 1.0, 3.0)


def sketch_of(message: Message) -> Sketch | None:
    """What the inbox keeps before anything is fetched; None when a file cannot be fetched a second time."""
    sources = [a.source for a in message.attachments]
    quoted = [a.source for a in message.quoted]
    if None in sources or None in quoted:
        return None
    return Sketch(
        message.key,
        message.id,
        message.author,
        message.text,
        tuple(s for s in sources if s),
        tuple(s for s in quoted if s),
        message.quoted_text,
        message.reply_to,
        message.locale,
        message.speak,
        message.sent_at,
    )


async def taken_in(app: App, message: Message) -> Incoming:
    """The message with its attachments kept, or with the reason why one of them cannot be.

    Raises:
        StoreLost: the database cannot be reached.
    """
    artifacts: tuple[Artifact, ...] = ()
    quoted: tuple[Artifact, ...] = ()
    fault: Refusal | None = None
    most = app.settings.max_attachments
    if len(message.attachments) > most:
        fault = OverLimit(saying("files_many", most=most)).refusal
    else:
        files = (*message.attachments, *message.quoted[:most])
        found = await asyncio.gather(*(_fetched(app, a, message) for a in files))
        fault = next((f for f in found if isinstance(f, Refusal)), None)
        own = found[: len(message.attachments)]
        artifacts = tuple(a for a in own if isinstance(a, Artifact))
        quoted = tuple(replace(a, voice=False) for a in found[len(own) :] if isinstance(a, Artifact))
        for attachment in message.quoted:
            if attachment.kept and attachment.source and attachment.source.speaker:
                speaker = f"{message.key.platform}:{attachment.source.speaker}"
                await app.store.heard_voice(attachment.kept.id, speaker)
    speak = message.speak
    if speak is None:
        chosen = await app.store.person_settings(f"{message.key.platform}:{message.author.id}")
        speak = {"on": True, "off": False}.get(chosen.voice)
    answered = await _answered(app, message)
    if answered is not None:
        quoted = (*quoted, *(s.artifact for s in answered.reply.shown if s.artifact.id not in {a.id for a in quoted}))
    return Incoming(
        key=message.key,
        id=message.id,
        author=message.author,
        text=message.text,
        artifacts=artifacts,
        quoted=quoted,
        quoted_text=message.quoted_text or (answered.reply.text if answered else ""),
        fault=fault,
        reply_to=message.reply_to,
        locale=message.locale,
        speak=speak,
        sent_at=message.sent_at,
        live=message.live,
    )


async def _answered(app: App, message: Message) -> Outgoing | None:
    """The reply of ours that the message answers."""
    if not message.reply_to:
        return None
    post = await app.store.post_as(message.key.platform, message.reply_to)
    return await app.store.outgoing(post.outgoing) if post else None


async def _fetched(app: App, attachment: Attachment, message: Message) -> Artifact | Refusal:
    """An attachment kept. What can be fetched again is tried again when the network or the platform fails."""
    waits: Sequence[float | None] = (*(_FETCH_WAITS_S if attachment.source else ()), None)
    for wait in waits:
        try:
            sender = (attachment.source.sender if attachment.source else "") or message.author.id
            return await ingest(attachment, app.settings, app.bytes, person=f"{message.key.platform}:{sender}")
        except Refused as refused:
            return refused.refusal
        except Broken as broken:
            log.warning("an attachment could not be kept: %s", broken)
            if wait is not None:
                await asyncio.sleep(wait)
    return ModelFailed(saying("file_not_fetched")).refusal
