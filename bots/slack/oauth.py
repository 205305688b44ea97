"""The installation of the app by workspaces themselves (OAuth): slack_bolt's flow on our database."""

from __future__ import annotations

from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_sdk.oauth.state_store.sqlalchemy import AsyncSQLAlchemyOAuthStateStore
from yarl import URL

from bots.slack.manifest import SCOPES, redirect_url
from bots.slack.workspaces import Workspaces, library_log
from core.errors import WrongUse
from core.settings import Settings
from core.store import Store

_STATE_S = 600
"""Seconds between the click on “Add to Slack” and the return from Slack."""


async def flow_of(settings: Settings, store: Store, workspaces: Workspaces) -> AsyncOAuthFlow | None:
    """The pages `/slack/install` and `/slack/oauth_redirect`; None for an app of one workspace.

    Raises:
        WrongUse: the client secret is missing.
        StoreLost: the database cannot be reached.
    """
    if not settings.slack_client_id:
        return None
    secret = settings.slack_client_secret.get_secret_value()
    if not secret:
        raise WrongUse("AUDIOGPT_SLACK_CLIENT_SECRET is needed with AUDIOGPT_SLACK_CLIENT_ID")
    with store.lent() as engine:
        states = AsyncSQLAlchemyOAuthStateStore(_STATE_S, engine, logger=library_log)
        await states.create_tables()  # type: ignore[no-untyped-call]  # the library's
    return AsyncOAuthFlow(
        client=workspaces.client(),
        logger=library_log,
        settings=AsyncOAuthSettings(
            client_id=settings.slack_client_id,
            client_secret=secret,
            scopes=list(SCOPES),
            redirect_uri=redirect_url(settings) or None,
            authorization_url=str(URL(workspaces.api_url).with_path("/oauth/v2/authorize")),
            installation_store=workspaces.installations,
            installation_store_bot_only=True,
            state_store=states,
            logger=library_log,
        ),
    )
