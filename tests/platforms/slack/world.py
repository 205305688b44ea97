"""The workspaces and what happens in them: each change is kept and told to the app as Slack tells it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

from platforms.slack import shapes, spec
from platforms.slack.deliveries import Deliveries, Delivery
from platforms.slack.state import APP_ID, Channel, File, Post, Team, new_id, timestamp, with_ids

Json = dict[str, Any]

_KIND_EVENTS = {"im": "message.im", "mpim": "message.mpim", "channel": "message.channels", "group": "message.groups"}

_OF_A_ROOT = ("reply_count", "reply_users_count", "latest_reply", "reply_users", "subscribed", "is_locked")

EVENTS = frozenset(
    {
        *_KIND_EVENTS.values(),
        "app_mention",
        "app_uninstalled",
        "tokens_revoked",
        "reaction_added",
        "reaction_removed",
    }
)
"""What an app is told of unless its manifest says otherwise. `file_shared` and `file_deleted` can be had too."""


class World:
    """Teams, and the one door through which anything in them changes."""

    def __init__(self, violate: Callable[[str], None], changed: Callable[[], None]) -> None:
        self.teams: dict[str, Team] = {}
        self.base = ""
        """Address of this server."""
        self.subscribed = set(EVENTS)
        self.commands: set[str] | None = None
        """Slash commands of the app; None: any."""
        self.shortcuts: set[str] | None = None
        """Callback ids of the app's message shortcuts; None: any."""
        self.file_delay_s = 0.05
        """How long Slack looks at a file before its message is there."""
        self.deliveries: Deliveries
        self.violate = violate
        self.changed = changed
        self._tasks: set[asyncio.Task[None]] = set()

    def team_of(self, token: str) -> Team | None:
        """The workspace whose token it is."""
        return next((t for t in self.teams.values() if t.token == token and t.installed), None)

    # -- what is told to the app --

    def emit(self, team: Team, event: Json) -> Delivery | None:
        """Tell the app of something as Slack has recorded it, if it subscribed; None if it did not."""
        channel = team.channels.get(event.get("channel", ""))
        name = _KIND_EVENTS[channel.kind] if event["type"] == "message" and channel is not None else event["type"]
        if name not in self.subscribed or not (team.installed or name in ("app_uninstalled", "tokens_revoked")):
            return None
        if channel is not None and team.bot.id not in channel.members:
            return None
        told = self.tell(team, event)
        for fault in spec.faults_of_event(told.payload):
            self.violate(f"this server is wrong: event {fault}")
        return told

    def tell(self, team: Team, event: Json) -> Delivery:
        """Tell the app of any event at all."""
        body: Json = {
            "token": "verification-token",
            "team_id": team.id,
            "api_app_id": APP_ID,
            "event": event,
            "type": "event_callback",
            "event_id": new_id("Ev"),
            "event_time": int(time.time()),
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": team.id,
                    "user_id": team.bot.id,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": False,
            "event_context": f"4-{new_id('ctx')}",
        }
        return self.deliveries.push(Delivery("events_api", body))

    def told(self, team: Team, channel: Channel, post: Post) -> Json:
        """A post as events tell it: without metadata, and of a thread's root not what was answered."""
        shape = shapes.post_json(self.base, team, channel, post, metadata=False)
        for key in _OF_A_ROOT:
            shape.pop(key, None)
        return shape

    def message_event(self, team: Team, channel: Channel, post: Post) -> Json:
        """A `message` event of a post as it is."""
        kind = {"channel": "channel", "group": "group", "mpim": "mpim", "im": "im"}[channel.kind]
        shape = self.told(team, channel, post)
        return shape | {"channel": channel.id, "channel_type": kind, "event_ts": post.ts}

    # -- what happens --

    def add(self, team: Team, channel: Channel, post: Post) -> list[Delivery]:
        """A new message."""
        channel.posts[post.ts] = post
        for file in post.files:
            team.files[file].shares.setdefault(channel.id, []).append((post.ts, post.thread_ts))
        root = channel.posts.get(post.thread_ts)
        if root is not None and not root.thread_ts:
            root.thread_ts = root.ts
        told = [self.emit(team, self.message_event(team, channel, post))]
        for file in post.files:
            shared = {"type": "file_shared", "file_id": file, "user_id": post.user, "file": {"id": file}}
            told.append(self.emit(team, shared | {"channel_id": channel.id, "event_ts": post.ts}))
        mentioned = f"<@{team.bot.id}>" in post.text
        if mentioned and not post.files and not post.by_bot and channel.kind != "im":
            event = self.message_event(team, channel, post) | {"type": "app_mention"}
            event.pop("channel_type")
            told.append(self.emit(team, event))
        self.changed()
        return [t for t in told if t is not None]

    def changed_event(self, team: Team, channel: Channel, post: Post, before: Json) -> Delivery | None:
        """Tell that a message is another now."""
        event: Json = {
            "type": "message",
            "subtype": "message_changed",
            "channel": channel.id,
            "channel_type": channel.kind,
            "hidden": True,
            "message": self.told(team, channel, post),
            "previous_message": before,
            "ts": timestamp(),
        }
        event["event_ts"] = event["ts"]
        self.changed()
        return self.emit(team, event)

    def edit(
        self, team: Team, channel: Channel, post: Post, text: str | None, blocks: list[Json] | None
    ) -> Delivery | None:
        """Change a message; by its author."""
        before = self.told(team, channel, post)
        if text is not None:
            post.text = text
        if blocks is not None:
            post.blocks = with_ids(blocks)
        elif text is not None:
            post.blocks = []
        post.edits += 1
        post.edited_ts = timestamp()
        return self.changed_event(team, channel, post, before)

    def delete(self, team: Team, channel: Channel, post: Post) -> Delivery | None:
        """Delete a message; the root of a thread that has replies stays as a tombstone."""
        before = self.told(team, channel, post)
        if channel.replies(post.ts):
            post.tombstone, post.subtype, post.text = True, "tombstone", "This message was deleted."
            post.blocks, post.files, post.user = [], [], "USLACKBOT"
            return self.changed_event(team, channel, post, before)
        del channel.posts[post.ts]
        for file in post.files:
            shares = team.files[file].shares
            shares[channel.id] = [s for s in shares.get(channel.id, ()) if s[0] != post.ts]
        self.changed()
        now = timestamp()
        return self.emit(
            team,
            {
                "type": "message",
                "subtype": "message_deleted",
                "channel": channel.id,
                "channel_type": channel.kind,
                "hidden": True,
                "deleted_ts": post.ts,
                "previous_message": before,
                "ts": now,
                "event_ts": now,
            },
        )

    def react(
        self, team: Team, channel: Channel, post: Post, user: str, name: str, *, added: bool = True
    ) -> Delivery | None:
        """Add or take away an emoji."""
        users = post.reactions.setdefault(name, [])
        (users.append if added else users.remove)(user)
        if not users:
            del post.reactions[name]
        self.changed()
        item = {"type": "message", "channel": channel.id, "ts": post.ts}
        kind = "reaction_added" if added else "reaction_removed"
        event = {"type": kind, "user": user, "item": item, "reaction": name, "item_user": post.user}
        return self.emit(team, event | {"event_ts": timestamp()}) if team.bot.id in channel.members else None

    def share_later(
        self, team: Team, channel: Channel, files: list[File], comment: str, thread: str, polls: int
    ) -> None:
        """Show uploaded files in a conversation once Slack has looked at them, which takes a while."""

        files[0].polls = polls

        async def look() -> None:
            await asyncio.sleep(self.file_delay_s)
            if polls:
                while files[0].polls > 0:
                    await asyncio.sleep(0.01)
            for file in files:
                file.ready = True
            root = thread if thread in channel.posts else ""
            ids = [f.id for f in files]
            post = Post(timestamp(), team.bot.id, comment, True, root, ids, subtype="file_share")
            self.add(team, channel, post)

        task = asyncio.create_task(look())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self) -> None:
        """Nothing happens any more."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
