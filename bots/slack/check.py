"""Is the bot set up on Slack? Asked of Slack itself, for `audiogpt doctor`."""

from __future__ import annotations

from slack_sdk.web.async_client import AsyncWebClient

from bots.findings import Finding
from bots.slack.faults import Refuses, TokenLost, mapped
from bots.slack.manifest import SCOPES
from bots.slack.workspaces import TOKEN_SETTING, api_url
from core.errors import Broken
from core.settings import Settings

_PAGE = "https://api.slack.com/apps"
_LIMIT_S = 20


async def examine(settings: Settings) -> list[Finding]:
    """The tokens, the scopes, and what the mode needs."""
    found = [] if settings.slack_client_id else await _bot_token(settings)
    if settings.slack_client_id:
        found.append(_oauth(settings))
    found.append(await _app_token(settings) if settings.slack_app_token.get_secret_value() else _http(settings))
    return found


def _client(settings: Settings, token: str | None) -> AsyncWebClient:
    return AsyncWebClient(token, base_url=api_url(settings), timeout=_LIMIT_S)


async def _bot_token(settings: Settings) -> list[Finding]:
    try:
        with mapped():
            answer = await _client(settings, settings.slack_bot_token.get_secret_value()).auth_test()
    except TokenLost as lost:
        return [Finding(False, f"{lost}: copy the bot token from “OAuth & Permissions” at {_PAGE} to {TOKEN_SETTING}")]
    except Broken as broken:
        return [Finding(False, str(broken))]
    granted = {s.strip() for s in str(answer.headers.get("x-oauth-scopes", "")).split(",")}
    lacking = [s for s in SCOPES if s not in granted]
    found = [Finding(True, f"the bot is {answer['user']} in {answer['team']}")]
    if lacking:
        uses = "; ".join(f"{s} to {SCOPES[s]}" for s in lacking)
        how = f"paste the output of `audiogpt manifest slack` under “App Manifest” at {_PAGE} and reinstall the app"
        found.append(Finding(False, f"it lacks scopes: {uses}. To mend it, {how}"))
    else:
        found.append(Finding(True, "it has every scope that it needs"))
    return found


async def _app_token(settings: Settings) -> Finding:
    """The answer is an address for one connection, which is left to expire."""
    try:
        with mapped():
            await _client(settings, None).apps_connections_open(app_token=settings.slack_app_token.get_secret_value())
    except TokenLost as lost:
        how = f"make an app-level token with connections:write under “Basic Information” at {_PAGE}"
        return Finding(False, f"{lost}: {how} and set AUDIOGPT_SLACK_APP_TOKEN")
    except Refuses as refuses:
        return Finding(False, f"{refuses}: switch on “Socket Mode” at {_PAGE}")
    except Broken as broken:
        return Finding(False, str(broken))
    return Finding(True, "Socket Mode works")


def _http(settings: Settings) -> Finding:
    if not settings.slack_signing_secret.get_secret_value():
        how = "AUDIOGPT_SLACK_APP_TOKEN for Socket Mode, or AUDIOGPT_SLACK_SIGNING_SECRET for requests over HTTP"
        return Finding(False, f"neither of two is set: {how}")
    where = f"{settings.slack_host}:{settings.slack_port}"
    return Finding(True, f"Slack's requests come to {where}; the request URL in the app must lead there")


def _oauth(settings: Settings) -> Finding:
    if not settings.slack_client_secret.get_secret_value():
        return Finding(False, f"AUDIOGPT_SLACK_CLIENT_SECRET is missing; it is under “Basic Information” at {_PAGE}")
    return Finding(True, f"workspaces install the app at {settings.public_url or 'https://YOUR-HOST'}/slack/install")
