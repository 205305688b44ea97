"""The workspaces that the bot works in: each with its token, its bot user and its clients.

One workspace by its bot token, or many by OAuth: then slack_sdk's SQLAlchemy store keeps the installations, in tables
of its own in our database.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.oauth.installation_store.models.installation import Installation
from slack_sdk.oauth.installation_store.sqlalchemy import AsyncSQLAlchemyInstallationStore
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bots.adapter import Gone
from bots.addresses import completed
from bots.budget import Budget, Rate
from bots.slack.faults import TokenLost, mapped
from core.errors import Broken, WrongUse
from core.settings import Settings
from core.store import Store

log = logging.getLogger("audiogpt.slack")

library_log = logging.getLogger("audiogpt.slack.library")
"""For slack_sdk and slack_bolt: their finer lines hold what people write."""
library_log.setLevel(logging.WARNING)

ANSWER_S = 20.0
"""Seconds that Slack may take to answer a request."""
_TRIES_AT_LIMIT = 3
"""How often a request waits for as long as Slack's 429 says."""

TOKEN_SETTING = "AUDIOGPT_SLACK_BOT_TOKEN"


_A_MINUTE = {
    "chat.delete": 50,
    "chat.postEphemeral": 100,
    "chat.update": 50,
    "conversations.history": 50,
    "conversations.replies": 50,
    "files.completeUploadExternal": 100,
    "files.delete": 50,
    "files.getUploadURLExternal": 100,
    "files.info": 100,
    "users.info": 100,
}
"""How often a method may be called in one workspace, by Slack's tiers 3 and 4. Messages are counted a channel."""


class _Client(AsyncWebClient):
    """A client that keeps to what Slack allows in a workspace, rather than to be told."""

    def __init__(self, budget: Budget, team: str, waits: bool, **options: Any) -> None:
        super().__init__(**options)
        self._budget = budget
        self._team = team
        self._waits = waits

    async def api_call(self, api_method: str, **options: Any) -> AsyncSlackResponse:
        """Call a method when it may be called.

        Raises:
            Broken: it may not be called just now, and this client does not wait.
        """
        most = _A_MINUTE.get(api_method)
        if most is not None and self._team:
            name, rate = f"{self._team} {api_method}", Rate(per_s=0.75 * most / 60, burst=most // 4, kept=0)
            if self._waits:
                await self._budget.answer(name, rate)
            elif not self._budget.spare(name, rate):
                raise Broken(f"{api_method} has been called as often as Slack allows")
        return await super().api_call(api_method, **options)


@dataclass(frozen=True)
class Workspace:
    """One workspace."""

    team: str
    bot_user: str
    bot_id: str
    token: str
    client: AsyncWebClient
    """Waits when Slack says so. It retries nothing else: what is posted must not be posted twice."""
    brisk: AsyncWebClient
    """Never waits: for what may be left out."""


def api_url(settings: Settings) -> str:
    """Where the Web API is."""
    return completed(settings.slack_api_url, AsyncWebClient.BASE_URL, "/api/")


class Installations(AsyncSQLAlchemyInstallationStore):
    """The store of installations. A workspace is known by its own id alone, also inside an enterprise."""

    saved: Callable[[str], object]
    """Called with the workspace's id when there is another token."""

    async def async_save(self, installation: Installation) -> None:
        """Keep an installation."""
        installation.enterprise_id = None
        await super().async_save(installation)
        self.saved(str(installation.team_id))


class Workspaces(AsyncAuthorize):
    """Finds the workspace of an event or a reply; slack_bolt asks it too."""

    def __init__(self, settings: Settings, store: Store, lost: Callable[[str], None]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # the library's
        self._settings = settings
        self._store = store
        self._lost = lost
        self._token = settings.slack_bot_token.get_secret_value()
        self._session: aiohttp.ClientSession | None = None
        self._known: dict[str, Workspace] = {}
        self._budget = Budget()
        self.installations: Installations | None = None

    @property
    def session(self) -> aiohttp.ClientSession:
        """The connections to Slack.

        Raises:
            Broken: they are closed.
        """
        if self._session is None:
            raise Broken("the connections to Slack are closed")
        return self._session

    @property
    def api_url(self) -> str:
        """Where the Web API is."""
        return api_url(self._settings)

    def client(self, token: str | None = None, team: str = "", *, waits: bool = True) -> AsyncWebClient:
        """A client of the Web API, of a workspace or of none."""
        handlers = [AsyncRateLimitErrorRetryHandler(max_retry_count=_TRIES_AT_LIMIT)] if waits else []
        return _Client(
            self._budget,
            team,
            waits,
            token=token,
            base_url=self.api_url,
            session=self.session,
            logger=library_log,
            retry_handlers=list(handlers),
        )

    async def start(self) -> None:
        """Get to know the workspace of the bot token, or open the store of installations.

        Raises:
            WrongUse: the token is not valid.
            Broken: Slack or the database cannot be reached.
        """
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=ANSWER_S))
        if self._settings.slack_client_id:
            with self._store.lent() as engine:
                self.installations = Installations(self._settings.slack_client_id, engine, logger=library_log)
                self.installations.saved = lambda team: self._known.pop(team, None)
                await self.installations.create_tables()  # type: ignore[no-untyped-call]  # the library's
            return
        try:
            with mapped():
                answer = await self.client(self._token).auth_test()
        except (TokenLost, Gone) as lost:
            raise WrongUse(f"{TOKEN_SETTING} is not valid ({lost})") from lost
        self._add(str(answer["team_id"]), str(answer["user_id"]), str(answer.get("bot_id") or ""), self._token)

    def _add(self, team: str, bot_user: str, bot_id: str, token: str) -> Workspace:
        client, brisk = self.client(token, team), self.client(token, team, waits=False)
        made = Workspace(team, bot_user, bot_id, token, client, brisk)
        self._known[team] = made
        return made

    async def of(self, team: str) -> Workspace:
        """A workspace.

        Raises:
            Gone: the app is not installed there.
            Broken: Slack has not been reached yet, or the database cannot be.
        """
        if team in self._known:
            return self._known[team]
        if self.installations is None:
            if self._known:
                raise Gone("the token is of another workspace")
            raise Broken("Slack has not been reached yet")
        with self._store.lent():
            bot = await self.installations.async_find_bot(enterprise_id=None, team_id=team, is_enterprise_install=False)
        if bot is None:
            raise Gone("the app is not installed there")
        return self._add(team, bot.bot_user_id, bot.bot_id, bot.bot_token)

    @asynccontextmanager
    async def calling(self, team: str, *, posts: bool = False) -> AsyncIterator[Workspace]:
        """A workspace, in a block in which the library's errors become ours; see `faults.mapped`."""
        workspace = await self.of(team)
        try:
            with mapped(posts=posts):
                yield workspace
        except TokenLost as lost:
            self._known.pop(team, None)
            if self.installations is None:
                self._known[team] = workspace  # there is no other token to be found
                self._lost(str(lost))
            raise

    async def forget(self, team: str) -> None:
        """The app was removed there, or its token revoked."""
        if self.installations is None:
            self._lost("the app was removed from the workspace, or its token revoked")
            return
        self._known.pop(team, None)
        with self._store.lent():
            await self.installations.async_delete_all(enterprise_id=None, team_id=team)

    async def __call__(
        self,
        *,
        context: AsyncBoltContext,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None,
        actor_enterprise_id: str | None = None,
        actor_team_id: str | None = None,
        actor_user_id: str | None = None,
    ) -> AuthorizeResult | None:
        """What slack_bolt wants to know of who an event is for; None when the app is not installed there."""
        try:
            found = await self.of(team_id or "")
        except Gone:
            return None
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=found.team,
            bot_user_id=found.bot_user,
            bot_id=found.bot_id,
            bot_token=found.token,
        )

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None
