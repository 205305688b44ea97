"""The person's side: what people do in Slack, told to the app as Slack tells it."""

from __future__ import annotations

import html
import io
import re
import wave
from dataclasses import dataclass
from typing import Any

import aiohttp
import numpy as np
from platforms.slack import shapes
from platforms.slack.deliveries import Delivery
from platforms.slack.sniff import type_of
from platforms.slack.state import APP_ID, Channel, File, Member, Place, Post, Team, new_id, timestamp
from platforms.slack.visible import escaped
from platforms.slack.web import ResponseUrl, Routes
from platforms.slack.world import World
from yarl import URL

Json = dict[str, Any]


class NotOffered(Exception):
    """Slack does not let a person do that there."""


@dataclass(frozen=True)
class Upload:
    """A file that a person sends. Slack takes `mimetype` from the name and the bytes where it is not given."""

    name: str
    content: bytes
    mimetype: str | None = None
    external: bool = False
    """From another organisation: the message tells the file's id only."""


class People:
    """What people do. `by` is who; without it the first person of the workspace."""

    def __init__(self, world: World, routes: Routes) -> None:
        self._world = world
        self._routes = routes

    # -- places and people --

    def _team(self, place: Place) -> tuple[Team, Channel]:
        team = self._world.teams[place.team]
        return team, team.channels[place.channel]

    def _who(self, place: Place, by: Member | None) -> Member:
        team, channel = self._team(place)
        return by or next(m for m in team.members.values() if not m.is_bot and m.id in channel.members)

    def post(self, place: Place, ts: str) -> Post:
        """A message as it is now."""
        return self._team(place)[1].posts[ts]

    # -- messages --

    async def say(
        self,
        place: Place,
        text: str = "",
        *,
        files: tuple[Upload, ...] | list[Upload] = (),
        voice: bytes | None = None,
        voice_as: tuple[str, str] = ("audio_message.m4a", "audio/mp4"),
        video: bool = False,
        by: Member | None = None,
        broadcast: bool = False,
        wait: bool = True,
    ) -> str:
        """Write a message, record a clip (`voice`, or a video clip of those bytes), or send files.

        Args:
            place: where; `place.in_thread(ts)` answers in a thread, the only kind of reply that Slack has.
            text: as typed; `<@U...>` mentions.
            files: what is sent along.
            voice: the bytes of a clip that was recorded in Slack.
            voice_as: name and type that Slack gives the clip, which may well be wrong.
            video: the clip is one of video.
            by: who.
            broadcast: a reply in a thread that is shown in the channel too.
            wait: return once the app has acknowledged, or not acknowledged in time.

        Returns:
            The message's `ts`.
        """
        team, channel = self._team(place)
        author = self._who(place, by)
        ids = [self._file(team, author, upload).id for upload in files]
        if voice is not None:
            ids.append(self._clip(team, author, voice, voice_as, video).id)
        subtype = "file_share" if ids else "thread_broadcast" if broadcast else ""
        blocks = [] if ids and not text else shapes.rich_text(text)
        post = Post(timestamp(), author.id, escaped(text), False, place.thread, ids, blocks, subtype=subtype)
        if not ids:
            post.client_msg_id = new_id("0b5d-")
        await self._told(self._world.add(team, channel, post), wait)
        return post.ts

    async def forward(self, place: Place, ts: str, to: Place, text: str = "", *, by: Member | None = None) -> str:
        """Share a message somewhere else, with words of one's own."""
        team, channel = self._team(place)
        post = Post(timestamp(), self._who(to, by).id, escaped(text), False, to.thread, blocks=shapes.rich_text(text))
        post.shared = shapes.shared_json(self._world.base, team, channel, channel.posts[ts])
        await self._told(self._world.add(team, team.channels[to.channel], post), True)
        return post.ts

    def _file(self, team: Team, author: Member, upload: Upload) -> File:
        mimetype, filetype = type_of(upload.name, upload.content)
        file = File(new_id("F"), upload.name, upload.name, author.id, upload.content, len(upload.content))
        file.mimetype, file.filetype = mimetype if upload.mimetype is None else upload.mimetype, filetype
        file.uploaded = file.completed = file.ready = True
        file.external = upload.external
        team.files[file.id] = file
        return file

    def _clip(self, team: Team, author: Member, content: bytes, told: tuple[str, str], video: bool) -> File:
        file = self._file(team, author, Upload(told[0], content, told[1]))
        file.filetype = told[0].rpartition(".")[2] if told[1] else ""
        file.clip = "slack_video" if video else "slack_audio"
        file.waveform, file.duration_ms = _waveform(content)
        return file

    async def edit(self, place: Place, ts: str, text: str, *, wait: bool = True) -> None:
        """Change the words of a message, as its author."""
        team, channel = self._team(place)
        told = self._world.edit(team, channel, channel.posts[ts], escaped(text), shapes.rich_text(text))
        await self._told([told], wait)

    async def touch(self, place: Place, ts: str) -> None:
        """Let Slack itself change a message (a link is unfurled, a clip transcribed): the words stay as they are."""
        team, channel = self._team(place)
        post = channel.posts[ts]
        before = self._world.told(team, channel, post)
        await self._told([self._world.changed_event(team, channel, post, before)], True)

    async def delete(self, place: Place, ts: str, *, wait: bool = True) -> None:
        """Delete a message."""
        team, channel = self._team(place)
        await self._told([self._world.delete(team, channel, channel.posts[ts])], wait)

    async def react(self, place: Place, ts: str, emoji: str, *, by: Member | None = None, added: bool = True) -> None:
        """Add an emoji to a message, or take it away."""
        team, channel = self._team(place)
        user = self._who(place, by).id
        await self._told([self._world.react(team, channel, channel.posts[ts], user, emoji, added=added)], True)

    async def _told(self, deliveries: list[Delivery | None] | list[Delivery], wait: bool) -> None:
        told = self._world.deliveries
        if wait and told.reachable and not told.holding:
            for delivery in deliveries:
                if delivery is not None:
                    await delivery.done.wait()

    # -- interactions --

    async def press(self, place: Place, ts: str, button: str, *, by: Member | None = None) -> Delivery:
        """Press a button of a message by its action id or its label.

        Raises:
            NotOffered: the message has no such button.
        """
        team, channel = self._team(place)
        user, post = self._who(place, by), channel.posts[ts]
        for block in post.blocks:
            elements = [*block.get("elements", ()), *([block["accessory"]] if "accessory" in block else ())]
            for element in elements:
                if element.get("type") == "button" and button in (element["action_id"], element["text"]["text"]):
                    return await self._interact(self._pressed(team, channel, post, user, block, element))
        raise NotOffered(f"no button {button!r}")

    def _pressed(self, team: Team, channel: Channel, post: Post, user: Member, block: Json, element: Json) -> Json:
        kept = ("action_id", "text", "value", "type", "style", "url")
        action = {k: v for k, v in element.items() if k in kept} | {"block_id": block["block_id"]}
        container: Json = {"type": "message", "message_ts": post.ts, "channel_id": channel.id}
        container["is_ephemeral"] = bool(post.ephemeral_to)
        if post.thread_ts:
            container["thread_ts"] = post.thread_ts
        url = ResponseUrl(team.id, channel.id, user.id, post.ts, post.thread_ts)
        shape: Json = self._common(team, user, "block_actions") | {
            "container": container,
            "channel": {"id": channel.id, "name": channel.name or "directmessage"},
            "state": {"values": {}},
            "response_url": self._routes.new_response_url(url),
            "actions": [action | {"action_ts": timestamp()}],
        }
        if not post.ephemeral_to:
            shape["message"] = shapes.post_json(self._world.base, team, channel, post)
        return shape

    async def shortcut(self, place: Place, ts: str, callback_id: str, *, by: Member | None = None) -> Delivery:
        """Choose a shortcut of the app from a message's menu.

        Raises:
            NotOffered: the app has no such shortcut.
        """
        if self._world.shortcuts is not None and callback_id not in self._world.shortcuts:
            raise NotOffered(callback_id)
        team, channel = self._team(place)
        user, post = self._who(place, by), channel.posts[ts]
        url = ResponseUrl(team.id, channel.id, user.id, post.ts)
        shape = self._common(team, user, "message_action") | {
            "callback_id": callback_id,
            "message_ts": post.ts,
            "action_ts": timestamp(),
            "channel": {"id": channel.id, "name": channel.name or "directmessage"},
            "message": shapes.post_json(self._world.base, team, channel, post),
            "response_url": self._routes.new_response_url(url),
        }
        return await self._interact(shape)

    async def submit(self, place: Place, view_id: str, values: Json, *, by: Member | None = None) -> Delivery:
        """Send off a modal with the state that Slack makes of its fields: {block_id: {action_id: {...}}}."""
        team, _ = self._team(place)
        view = self._routes.api.views[view_id] | {"state": {"values": values}}
        shape = self._common(team, self._who(place, by), "view_submission") | {"view": view, "response_urls": []}
        return await self._interact(shape)

    def _common(self, team: Team, user: Member, kind: str) -> Json:
        trigger = new_id("trigger.")
        self._routes.triggers.add(trigger)
        return {
            "type": kind,
            "token": "verification-token",
            "api_app_id": APP_ID,
            "team": {"id": team.id, "domain": team.domain},
            "enterprise": None,
            "is_enterprise_install": False,
            "user": {"id": user.id, "username": user.name.lower(), "name": user.name.lower(), "team_id": team.id},
            "trigger_id": trigger,
        }

    async def _interact(self, payload: Json) -> Delivery:
        delivery = self._world.deliveries.push(Delivery("interactive", payload))
        await delivery.done.wait()
        if not delivery.acknowledged:
            self._world.violate(f"{payload['type']} was not acknowledged in time: {delivery.faults}")
        return delivery

    async def command(self, place: Place, line: str, *, by: Member | None = None) -> Delivery:
        """Run a slash command: `/ask what is said here`.

        Raises:
            NotOffered: in a thread, where Slack has none, or when the app has no such command.
        """
        name, _, text = line.partition(" ")
        if place.thread:
            raise NotOffered(f"{name} is not supported in threads. Sorry!")
        if self._world.commands is not None and name not in self._world.commands:
            raise NotOffered(f"{name} is not a valid command.")
        team, channel = self._team(place)
        user = self._who(place, by)
        url = ResponseUrl(team.id, channel.id, user.id)
        trigger = new_id("trigger.")
        self._routes.triggers.add(trigger)
        payload: Json = {
            "token": "verification-token",
            "team_id": team.id,
            "team_domain": team.domain,
            "channel_id": channel.id,
            "channel_name": channel.name or "directmessage",
            "user_id": user.id,
            "user_name": user.name.lower(),
            "command": name,
            "text": html.escape(text, quote=False),
            "api_app_id": APP_ID,
            "is_enterprise_install": False,
            "response_url": self._routes.new_response_url(url),
            "trigger_id": trigger,
        }
        delivery = self._world.deliveries.push(Delivery("slash_commands", payload))
        await delivery.done.wait()
        if not delivery.acknowledged:
            self._world.violate(f"{name} was not acknowledged in time: {delivery.faults}")
        else:
            self._routes.show_response(url, delivery.answer)
        return delivery

    # -- the app in the workspace --

    async def kick(self, place: Place) -> None:
        """Remove the bot from a channel."""
        team, channel = self._team(place)
        channel.members.discard(team.bot.id)

    async def uninstall(self, team: Team) -> None:
        """Remove the app from a workspace: its token is worth nothing any more."""
        team.installed = False
        revoked = {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [team.bot.id]}}
        told = self._world.emit(team, revoked)
        self._world.emit(team, {"type": "app_uninstalled"})  # by then there may be nobody left who listens
        await self._told([told], True)

    async def install(self, team: Team, install_url: str) -> tuple[int, str]:
        """Press "Add to Slack" on the app's page, allow it, and come back; status and text of the page then."""
        async with aiohttp.ClientSession(
            cookie_jar=aiohttp.CookieJar(unsafe=True, treat_as_secure_origin=URL(install_url).origin())
        ) as browser:
            async with browser.get(install_url) as page:
                text = await page.text()
                assert page.status == 200, text
            found = re.search(r'href="([^"]*/oauth/v2/authorize[^"]*)"', text)
            assert found, text
            authorize = html.unescape(found[1])
            asked = URL(authorize).query
            assert asked["client_id"] == self._routes.client_id, authorize
            team.scopes = set(asked["scope"].split(","))
            code = new_id("code-")
            self._routes.codes[code] = team.id
            back = asked.get("redirect_uri") or str(URL(install_url).with_path("/slack/oauth_redirect"))
            async with browser.get(back, params={"code": code, "state": asked["state"]}) as landed:
                return landed.status, await landed.text()


def _waveform(content: bytes) -> tuple[list[int], int]:
    """A hundred levels and the length in ms, as Slack tells of a clip; measured for WAV, made up for the rest."""
    try:
        with wave.open(io.BytesIO(content)) as clip:
            samples = np.frombuffer(clip.readframes(clip.getnframes()), np.int16).astype(float)
            length = round(1000 * clip.getnframes() / clip.getframerate())
    except (wave.Error, EOFError):
        return [20] * 100, 1300
    parts = np.array_split(np.abs(samples), 100)
    return [min(100, int(p.max(initial=0) / 328)) for p in parts], length
