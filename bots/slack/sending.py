"""Messages and files on their way to Slack, each request once; how one is found whose arrival is unclear."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import aiohttp

from bots.adapter import Gone, Unclear
from bots.delivery import CannotTell, Posting
from bots.layout import Button
from bots.renditions import Rendition
from bots.slack.faults import Refuses
from bots.slack.texts import blocks_of, fallback
from bots.slack.workspaces import Workspace, Workspaces
from core.errors import Broken
from core.ingest import safe_name
from core.media import extension
from core.messages import ConversationKey

log = logging.getLogger("audiogpt.slack")

Json = dict[str, Any]

EVENT_TYPE = "audiogpt_message"
"""Of the metadata by which a message is found again."""
LOOKS_S: Sequence[float] = (0.3, 0.5, 1.0, 2.0, 4.0, 8.0)
"""Waits before looks at a file that Slack is still busy with. There are not many looks a minute."""
LAST_LOOKS_S: Sequence[float] = (0.0, *LOOKS_S, 15.0)
"""The same before it is given up and sent anew."""
_CLOCKS_DIFFER = timedelta(minutes=5)
_UPLOAD_READ_S = 120.0
_MOST_FOUND = 200
_BLOCKS_REFUSED = frozenset({"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long"})


class Sending:
    """Posts, edits, deletes, uploads, finds."""

    def __init__(self, workspaces: Workspaces) -> None:
        self._workspaces = workspaces

    async def plainly(
        self, key: ConversationKey, text: str, buttons: Sequence[Button] = (), token: str = "", *, waits: bool = True
    ) -> str:
        """Post words; returns the message's `ts`. With a `token` it can be found again.

        Raises:
            Gone, Broken, Unclear: see `faults.mapped`.
        """
        said: Json = {"channel": key.channel, "text": fallback(text), "unfurl_links": False, "unfurl_media": False}
        said |= {"thread_ts": key.thread} if key.thread else {}
        said |= {"metadata": _marked(token)} if token else {}
        try:
            answer = await self._posted(key.space, said | {"blocks": blocks_of(text, buttons)}, waits)
        except Refuses as refuses:
            if refuses.error not in _BLOCKS_REFUSED:
                raise
            log.error("Slack does not take the form of a message (%s); it is posted as plain text", refuses.error)
            answer = await self._posted(key.space, said, waits)
        ts, message = str(answer["ts"]), answer.get("message")
        if key.thread and message is not None and message.get("thread_ts") != key.thread:
            raise await self._astray(key, ts)
        return ts

    async def _astray(self, key: ConversationKey, ts: str, file: str = "") -> Gone:
        """Take back what Slack put beside a thread, as it does without a word when the thread's root is deleted."""
        try:
            await self.delete(key.space, key.channel, ts)
            if file:
                await self._forget(key.space, file)
        except Broken as broken:
            log.warning("an answer to a deleted message is left in its channel: %s", broken)
        return Gone("the message that was answered is deleted")

    async def _posted(self, team: str, said: Json, waits: bool) -> Json:
        async with self._workspaces.calling(team, posts=True) as workspace:
            client = workspace.client if waits else workspace.brisk
            answer = await client.chat_postMessage(**said)
            return dict(answer.data) if isinstance(answer.data, dict) else {}

    async def edit(self, team: str, channel: str, ts: str, text: str, buttons: Sequence[Button]) -> None:
        """Replace the words of a message; not worth waiting for."""
        async with self._workspaces.calling(team) as workspace:
            blocks = blocks_of(text, buttons)
            await workspace.brisk.chat_update(channel=channel, ts=ts, text=fallback(text), blocks=blocks)

    async def delete(self, team: str, channel: str, ts: str) -> None:
        """Take a message away; that it is gone already is no fault."""
        try:
            async with self._workspaces.calling(team) as workspace:
                await workspace.client.chat_delete(channel=channel, ts=ts)
        except Refuses as refuses:
            if refuses.error != "message_not_found":
                raise

    async def upload(self, posting: Posting, media: Rendition) -> str:
        """Send a file and wait until it is to be seen; returns the `ts` of its message.

        Its id is noted before Slack is told to show it: whoever comes back can see whether it was.

        Raises:
            Rejected, Gone, Broken, Unclear: see `faults.mapped`.
        """
        key = posting.key
        name = safe_name(media.name, extension(media.media_type))
        async with self._workspaces.calling(key.space) as workspace:
            ticket = await workspace.client.files_getUploadURLExternal(filename=name, length=media.size)
            await self._sent(workspace, str(ticket["upload_url"]), media)
        file = str(ticket["file_id"])
        await posting.keep(file)
        shown: Json = {"channel_id": key.channel} | ({"thread_ts": key.thread} if key.thread else {})
        async with self._workspaces.calling(key.space, posts=True) as workspace:
            await workspace.client.files_completeUploadExternal(files=[{"id": file, "title": name}], **shown)
        ts = await self._seen(key, file, LOOKS_S)
        if ts is None:
            raise Unclear("Slack took a file but does not show it")
        return ts

    async def _sent(self, workspace: Workspace, address: str, media: Rendition) -> None:
        """The bytes, from disk as they go. Sending them twice does no harm: nothing is shown yet."""
        with media.path.open("rb") as file:
            async with self._workspaces.session.post(
                address,
                data=file,
                headers={"Content-Type": "application/octet-stream", "Content-Length": str(media.size)},
                proxy=workspace.client.proxy,
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=10, sock_read=_UPLOAD_READ_S),
            ) as answer:
                if answer.status != 200:
                    raise Broken(f"Slack answered {answer.status} to an upload")

    async def _seen(self, key: ConversationKey, file: str, waits: Sequence[float]) -> str | None:
        """Wait until Slack shows a file in the conversation: its message comes some time after the answer."""
        for wait in waits:
            await asyncio.sleep(wait)
            ts = await self._shown(key, file)
            if ts is not None:
                return ts
        return None

    async def _shown(self, key: ConversationKey, file: str) -> str | None:
        try:
            async with self._workspaces.calling(key.space) as workspace:
                answer = await workspace.client.files_info(file=file)
        except Broken as broken:
            if isinstance(broken, Refuses) and broken.error in ("file_not_found", "file_deleted"):
                return None
            raise Unclear(f"whether a file is shown cannot be seen: {broken}") from broken
        shares = answer["file"].get("shares") or {}
        for kind in ("public", "private"):
            for shown in (shares.get(kind) or {}).get(key.channel) or ():
                if key.thread and shown.get("thread_ts") != key.thread:
                    raise await self._astray(key, str(shown["ts"]), file)
                return str(shown["ts"])
        return None

    async def _forget(self, team: str, file: str) -> None:
        """Delete a file, so that it can never be shown after all."""
        try:
            async with self._workspaces.calling(team) as workspace:
                await workspace.client.files_delete(file=file)
        except Refuses as refuses:
            if refuses.error not in ("file_not_found", "file_deleted"):
                raise

    async def find(self, posting: Posting, since: datetime) -> str | None:
        """The `ts` of a message whose arrival was unclear; None when it is surely not there, nor will be.

        Raises:
            CannotTell: the app may not read the conversation.
            Gone, Broken: see `faults.mapped`.
        """
        key = posting.key
        if posting.note:
            ts = await self._seen(key, posting.note, LAST_LOOKS_S)
            if ts is None:
                await self._forget(key.space, posting.note)
            return ts
        return await self.look(key, posting.token, since)

    async def look(self, key: ConversationKey, token: str, since: datetime) -> str | None:
        """The `ts` of a message that was posted with this token; None when there is none.

        Raises:
            CannotTell, Gone, Broken: as `find`.
        """
        asked: Json = {
            "channel": key.channel,
            "oldest": f"{(since - _CLOCKS_DIFFER).timestamp():.6f}",
            "include_all_metadata": True,
            "limit": _MOST_FOUND,
        }
        try:
            async with self._workspaces.calling(key.space) as workspace:
                if key.thread:
                    answer = await workspace.client.conversations_replies(ts=key.thread, **asked)
                else:
                    answer = await workspace.client.conversations_history(**asked)
        except Refuses as refuses:
            if refuses.error == "missing_scope":
                raise CannotTell from refuses
            raise
        for said in answer.get("messages") or ():
            if (said.get("metadata") or {}).get("event_payload", {}).get("token") == token:
                return str(said["ts"])
        return None


def _marked(token: str) -> Json:
    return {"event_type": EVENT_TYPE, "event_payload": {"token": token}}
