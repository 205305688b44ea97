"""Somebody at the other end: what they do becomes what the real platform would tell of it."""

from __future__ import annotations

import base64
import mimetypes
import re
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from platforms.discord import posting, shapes, threads
from platforms.discord.ogg import read_opus
from platforms.discord.state import (
    DEFAULT,
    PUBLIC_THREAD,
    REPLY,
    SPOKEN_KINDS,
    VOICE,
    Channel,
    File,
    Interaction,
    Post,
    User,
)

if TYPE_CHECKING:
    from platforms.discord.server import DiscordServer

COMMAND, COMPONENT = 2, 3
_OPTION_TYPES = {str: 3, int: 4, bool: 5, float: 10}
_ATTACHMENT_OPTION = 11


@dataclass(frozen=True)
class Sent:
    """A file that a person sends."""

    name: str
    content: bytes
    claimed_type: str = ""
    """Empty: what the name suggests."""
    duration_s: float | None = None


@dataclass(eq=False)
class Person:
    """Acts in places; every act returns what came into being."""

    server: DiscordServer
    user: User

    @property
    def id(self) -> str:
        return self.user.id

    @property
    def dm(self) -> Channel:
        """Their direct messages with the bot."""
        return self.server.world.dm(self.user)

    async def say(
        self,
        place: Channel,
        text: str = "",
        *files: Sent,
        voice: bytes = b"",
        reply_to: Post | str | None = None,
        mention: bool = False,
        ping: bool = True,
    ) -> Post:
        """Send a message: words, files, or a voice message (Ogg with Opus). `ping`: a reply wakes who is replied to."""
        world = self.server.world
        text = f"<@{world.bot.id}> {text}".strip() if mention else text
        post = Post(world.snowflake(), place, self.user, text, mentions=posting.mentioned(self.server, text))
        post.files = [self._upload(f) for f in files]
        if voice:
            post.files, post.flags = [self._voice(voice)], VOICE
        if reply_to is not None:
            target = world.post(place, reply_to if isinstance(reply_to, str) else reply_to.id)
            assert target is not None, "a person can only reply to what is there"
            post.kind, post.reference = REPLY, posting.reference_to(target)
            if ping:
                post.mentions = list(dict.fromkeys([*post.mentions, target.author]))
        return await posting.publish(self.server, post)

    def _upload(self, sent: Sent) -> File:
        claimed = sent.claimed_type or mimetypes.guess_type(sent.name)[0] or "application/octet-stream"
        name = re.sub(r"[^A-Za-z0-9._-]", "", sent.name.replace(" ", "_")).lstrip("._") or "unknown"
        title = "" if name == sent.name else sent.name.rpartition(".")[0]
        return self.server.world.keep(name, sent.content, claimed, title=title, duration=sent.duration_s)

    def _voice(self, content: bytes) -> File:
        opus = read_opus(content)
        seconds = opus.duration_s if opus else 1.0
        points = bytes(40 + (37 * n) % 200 for n in range(max(1, min(256, int(seconds * 10)))))
        waveform = base64.b64encode(points).decode()
        return self.server.world.keep(
            "voice-message.ogg", content, "audio/ogg", duration=round(seconds, 3), waveform=waveform
        )

    async def forward(self, post: Post, place: Channel) -> Post:
        """Forward a message: the new one is empty and carries a snapshot."""
        reference = posting.reference_to(post, 1)
        world = self.server.world
        sent = Post(world.snowflake(), place, self.user, reference=reference, snapshot=post, flags=1 << 14)
        return await posting.publish(self.server, sent)

    async def edit(self, post: Post, text: str) -> None:
        self._mine(post)
        post.content, post.mentions = text, posting.mentioned(self.server, text)
        await posting.updated(self.server, post)

    async def unfurl(self, post: Post) -> None:
        """Discord adds a link's preview: MESSAGE_UPDATE without an edit."""
        post.embeds = [{"type": "link", "url": "https://example.org/", "title": "Example"}]
        await posting.updated(self.server, post, edited=False)

    async def delete(self, post: Post) -> None:
        self._mine(post)
        await posting.removed(self.server, post)

    def _mine(self, post: Post) -> None:
        assert post.author is self.user, "only one's own messages"
        assert not post.deleted, "it is deleted"

    async def react(self, post: Post | str, emoji: str, place: Channel | None = None) -> None:
        """React to a message: one of ours, or by its id in a place."""
        target = self._found(post, place)
        target.reactions.setdefault(emoji, []).append(self.user)
        guild = target.channel.guild
        event: dict[str, Any] = {
            "user_id": self.user.id,
            "channel_id": target.channel.id,
            "message_id": target.id,
            "message_author_id": target.author.id,
            "emoji": {"id": None, "name": emoji},
            "burst": False,
            "type": 0,
        }
        if guild:
            event |= {"guild_id": guild.id, "member": shapes.member(guild, self.user)}
        await self.server.gateway.emit("MESSAGE_REACTION_ADD", event, guild)

    def _found(self, post: Post | str, place: Channel | None = None) -> Post:
        if isinstance(post, Post):
            assert not post.deleted, "it is deleted"
            return post
        assert place is not None, "an id needs its place"
        found = self.server.world.post(place, post)
        assert found is not None, f"there is no message {post} in {place}\n{self.server.dump()}"
        return found

    async def open_thread(self, place: Channel, name: str, origin: Post | None = None) -> Channel:
        """Open a thread in a channel, from a message where one is given."""
        return await threads.opened(self.server, place, name, self.user, origin, PUBLIC_THREAD)

    async def press(self, place: Channel, post_id: str, label: str) -> Interaction:
        """Press a button, by its label or its id."""
        post = self._found(post_id, place)
        assert post.only_for in (None, self.user), "only who sees a message can press its buttons"
        button = next((b for b in post.buttons() if label in (b.get("label"), b.get("custom_id"))), None)
        assert button is not None, f"there is no button {label!r}\n{self.server.dump()}"
        assert not button.get("disabled") and not button.get("url"), f"{label!r} cannot be pressed"
        data = {"custom_id": button["custom_id"], "component_type": 2, "id": button["id"]}
        return await self._ask(COMPONENT, place, data, post)

    async def command(self, place: Channel, name: str, **options: str | int | float | bool | Sent) -> Interaction:
        """Run a slash command that the bot registered, with options that it described."""
        found = self._registered(1, name)
        described = {o["name"]: o for o in found.get("options", [])}
        required = {n for n, o in described.items() if o.get("required")}
        assert required <= options.keys() <= described.keys(), f"{name} takes {described}"
        given, attachments = [], {}
        for key, value in options.items():
            kind = described[key]["type"]
            if isinstance(value, Sent):
                file = self._upload(value)
                attachments[file.id] = shapes.attachment(self.server.world, file, place.id, ephemeral=True)
                value, expected = file.id, _ATTACHMENT_OPTION
            else:
                expected = _OPTION_TYPES[type(value)]
                choices = [c["value"] for c in described[key].get("choices") or []]
                assert not choices or value in choices, f"{key} is one of {choices}"
            assert kind == expected, f"{key} is described as type {kind}"
            given.append({"name": key, "type": kind, "value": value})
        data: dict[str, Any] = {"id": found["id"], "name": name, "type": 1, "options": given}
        if attachments:
            data["resolved"] = {"attachments": attachments}
        return await self._ask(COMMAND, place, data)

    async def context(self, name: str, post: Post | str, place: Channel | None = None) -> Interaction:
        """Run a message's context command (Apps, then its name)."""
        target = self._found(post, place)
        assert target.kind in SPOKEN_KINDS or target.kind == DEFAULT
        found = self._registered(3, name)
        data = {
            "id": found["id"],
            "name": name,
            "type": 3,
            "target_id": target.id,
            "resolved": {"messages": {target.id: shapes.message(self.server.world, target)}},
        }
        return await self._ask(COMMAND, target.channel, data)

    def _registered(self, kind: int, name: str) -> dict[str, Any]:
        commands: Sequence[dict[str, Any]] = self.server.world.commands
        found = next((c for c in commands if c["type"] == kind and c["name"] == name), None)
        assert found is not None, f"{name!r} is not registered, only {[c['name'] for c in commands]}"
        return found

    async def _ask(self, kind: int, place: Channel, data: dict[str, Any], source: Post | None = None) -> Interaction:
        world = self.server.world
        made = Interaction(
            world.snowflake(), secrets.token_urlsafe(60), kind, self.user, place, data, time.monotonic(), source
        )
        world.interactions[made.token] = made
        await self.server.gateway.emit("INTERACTION_CREATE", shapes.interaction(world, made), place.guild)
        return made
