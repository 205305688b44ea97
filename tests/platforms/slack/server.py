"""A Slack on loopback for the real slack-bolt: Web API, uploads, downloads, Socket Mode, signed HTTP requests.

    async with slack_at_work() as slack:
        ann = slack.member("Ann")
        dm = slack.dm(ann)
        ...                                  # start the app with slack.api_url, slack.token, slack.app_token
        await slack.say(dm, "hello")
        await slack.until(lambda: any(s.by_bot for s in slack.seen(dm)), "an answer")

Every request is checked against `rules` (and every answer and event against the recorded shapes); what is wrong is in
`violations`, and leaving the context then fails.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from typing import TypeVar

from aiohttp import web
from platforms.seen import Seen
from platforms.slack import faults, visible
from platforms.slack.deliveries import Deliveries
from platforms.slack.limits import Limits
from platforms.slack.manifest import apply_manifest
from platforms.slack.people import NotOffered, People, Upload
from platforms.slack.sockets import Sockets
from platforms.slack.state import Channel, Member, Place, Post, Team
from platforms.slack.web import Call, Routes
from platforms.slack.world import World

__all__ = ["Call", "Member", "NotOffered", "Place", "Post", "Slack", "Team", "Upload", "faults", "slack_at_work"]

T = TypeVar("T")


class Slack(People):
    """The server, its first workspace, and the people in it."""

    def __init__(self) -> None:
        self.violations: list[str] = []
        self.faults = faults.Script()
        self.limits = Limits()
        self.signing_secret = "8f742231b10e8888abcd99yyyzzz85a5"
        self.world = World(self.violations.append, self._notify)
        self.sockets = Sockets(self._notify)
        self.deliveries = self.world.deliveries = Deliveries(self.sockets, self.signing_secret, self._notify)
        self.routes = Routes(self.world, self.sockets, self.faults, self.limits)
        self._changed = asyncio.Event()
        self._runner: web.AppRunner | None = None
        super().__init__(self.world, self.routes)
        self.team = self.add_team()

    async def start(self) -> None:
        """Listen on a free port of loopback."""
        self._runner = web.AppRunner(self.routes.app(), access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.world.base = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        """Let go of everything."""
        self.faults.release()
        await self.world.stop()
        await self.deliveries.stop()
        await self.sockets.stop()
        assert self._runner is not None
        await self._runner.cleanup()

    # -- what an app is told by its operator --

    @property
    def api_url(self) -> str:
        """For `AUDIOGPT_SLACK_API_URL`."""
        return f"{self.world.base}/api/"

    @property
    def token(self) -> str:
        """The bot token of the first workspace."""
        return self.team.token

    @property
    def app_token(self) -> str:
        """The app-level token, for Socket Mode."""
        return self.routes.app_token

    @property
    def mention(self) -> str:
        """The bot of the first workspace, as a mention in a text."""
        return f"<@{self.team.bot.id}>"

    def apply_manifest(self, manifest: dict[str, object]) -> None:
        """Make the app what a manifest says: only its events come, only its scopes are granted, only its commands are.

        Raises:
            ValueError: Slack would not take the manifest.
        """
        apply_manifest(manifest, self.world, self.violations.append)

    # -- workspaces, people, places --

    def add_team(self) -> Team:
        """One more workspace with the app in it."""
        team = Team.make(len(self.world.teams) + 1)
        self.world.teams[team.id] = team
        return team

    def member(self, name: str, team: Team | None = None) -> Member:
        """A person who joins."""
        return (team or self.team).add_member(name)

    def dm(self, person: Member) -> Place:
        """The direct messages of a person with the bot."""
        team = self.world.teams[person.team]
        members = {person.id, team.bot.id}
        there = next((c for c in team.channels.values() if c.kind == "im" and c.members == members), None)
        return Place(team.id, (there or team.add_channel("im", "", members)).id)

    def channel(self, name: str, people: Iterable[Member], *, private: bool = False, bot: bool = True) -> Place:
        """A channel with these people and, unless `bot` is False, the bot."""
        people = list(people)
        team = self.world.teams[people[0].team]
        members = {p.id for p in people} | ({team.bot.id} if bot else set())
        return Place(team.id, team.add_channel("group" if private else "channel", name, members).id)

    def group_dm(self, people: Iterable[Member]) -> Place:
        """Direct messages of several people and the bot."""
        people = list(people)
        team = self.world.teams[people[0].team]
        name = f"mpdm-{'--'.join(p.name.lower() for p in people)}-1"
        return Place(team.id, team.add_channel("mpim", name, {p.id for p in people} | {team.bot.id}).id)

    # -- what is seen --

    def seen(self, place: Place) -> list[Seen]:
        """What a person sees there now, oldest first; of a thread its root too."""
        team = self.world.teams[place.team]
        return visible.seen(team, team.channels[place.channel], place.thread)

    def answers(self, place: Place) -> list[Seen]:
        """What the bot wrote there."""
        return [s for s in self.seen(place) if s.by_bot]

    def called(self, endpoint: str) -> list[Call]:
        """The requests to a method, to `upload`, `download` or `response_url`."""
        return [c for c in self.routes.calls if c.endpoint == endpoint]

    async def until(self, holds: Callable[[], T], what: str = "", timeout_s: float = 45) -> T:
        """Wait until something holds; its value.

        Raises:
            AssertionError: it did not come to hold; the message tells what is there instead.
        """
        try:
            async with asyncio.timeout(timeout_s):
                while not (value := holds()):
                    self._changed.clear()
                    try:
                        await asyncio.wait_for(self._changed.wait(), 0.2)
                    except TimeoutError:
                        pass  # what holds may be the app's own, of which nobody tells
                return value
        except TimeoutError:
            raise AssertionError(f"{what or 'what was waited for'} did not come\n{self.dump()}") from None

    def dump(self) -> str:
        """Everything that is to be seen, and what was asked and sent, for a failed test."""
        lines: list[str] = []
        for team in self.world.teams.values():
            for channel in team.channels.values():
                lines.append(f"{channel.kind} {channel.name or channel.id}")
                lines += [f"  {_line(team, channel, p)}" for p in sorted(channel.posts.values(), key=lambda p: p.ts)]
        lines += ["calls:", *(f"  {c.endpoint} {str(c.args):.160} -> {str(c.answer):.100}" for c in self.routes.calls)]
        told = self.deliveries.all
        lines += ["deliveries:", *(f"  {d.name} {'acknowledged' if d.acknowledged else d.faults}" for d in told)]
        return "\n".join([*lines, "violations:", *(f"  {v}" for v in self.violations)])

    def _notify(self) -> None:
        self._changed.set()


def _line(team: Team, channel: Channel, post: Post) -> str:
    inside = f" in {post.thread_ts}" if post.thread_ts not in ("", post.ts) else ""
    files = [f"{team.files[f].name} ({len(team.files[f].content)} B)" for f in post.files]
    buttons = [b.label for b in visible.shown_buttons(post)]
    who = team.members[post.user].name if post.user in team.members else post.user
    return f"{post.ts}{inside} {who}: {visible.shown_text(team, post)!r:.200} {files or ''} {buttons or ''}"


@asynccontextmanager
async def slack_at_work() -> AsyncIterator[Slack]:
    """A server, started; at the end it fails the test for every violation and for faults that never happened."""
    slack = Slack()
    await slack.start()
    try:
        yield slack
    finally:
        await slack.stop()
    assert not slack.violations, "\n".join(["Slack would object:", *slack.violations, slack.dump()])
    assert not slack.faults.pending(), f"scripted, but never met: {slack.faults.pending()}"
