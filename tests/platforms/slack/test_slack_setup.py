"""What an operator does: tokens, the manifest, doctor, signed requests, installation by many workspaces."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest
from platforms.slack import faults
from platforms.slack.manifest import faults_of_manifest
from platforms.slack.product import answer, configured, product, said, settled
from platforms.slack.server import Slack
from platforms.stage import Stage, playing
from pydantic import SecretStr
from slack_sdk.signature import SignatureVerifier

from bots.commands import COMMANDS
from bots.slack.adapter import SlackAdapter
from bots.slack.check import examine
from bots.slack.connection import EVENTS_PATH
from bots.slack.manifest import manifest
from core.errors import WrongUse
from core.settings import Settings

NOBODY = SecretStr("")
of_the_library = pytest.mark.filterwarnings("ignore:BasicAuth is deprecated")
"""slack_sdk asks for its installation in the way that aiohttp will drop."""


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"slack_bot_token": SecretStr("xoxb-wrong")}, "AUDIOGPT_SLACK_BOT_TOKEN"),
        ({"slack_app_token": SecretStr("xapp-wrong")}, "AUDIOGPT_SLACK_APP_TOKEN"),
        ({"slack_app_token": NOBODY}, "AUDIOGPT_SLACK_SIGNING_SECRET"),
        ({"slack_client_id": "111.222"}, "AUDIOGPT_SLACK_CLIENT_SECRET"),
    ],
)
async def test_what_is_set_wrong_is_named_at_the_start(
    slack: Slack, settings: Settings, changes: dict[str, object], named: str
) -> None:
    with pytest.raises(WrongUse, match=named) as caught:
        async with playing(configured(slack, settings, "socket", **changes), SlackAdapter):
            pytest.fail("it started")
    assert "wrong" not in str(caught.value), "a token is told"
    assert slack.sockets.count == 0


async def test_a_port_that_is_taken_is_named(slack: Slack, settings: Settings) -> None:
    port = int(slack.world.base.rpartition(":")[2])
    with pytest.raises(WrongUse, match="AUDIOGPT_SLACK_PORT"):
        async with playing(configured(slack, settings, "http", slack_port=port), SlackAdapter):
            pytest.fail("it started")


async def test_doctor_finds_nothing_wrong_where_nothing_is(slack: Slack, settings: Settings) -> None:
    for mode in ("socket", "http"):
        found = await examine(configured(slack, settings, mode))
        assert all(f.ok for f in found), found
        assert len(found) == 3
    told = " ".join(f.message for f in found)
    assert "team1" in told
    assert slack.token not in told


async def test_doctor_names_what_is_wrong_and_the_way_to_mend_it(slack: Slack, settings: Settings) -> None:
    good = configured(slack, settings)
    slack.team.scopes -= {"files:write", "im:history"}
    lacking = [f for f in await examine(good) if not f.ok]
    assert len(lacking) == 1
    assert "files:write" in lacking[0].message
    assert "im:history" in lacking[0].message
    assert "audiogpt manifest slack" in lacking[0].message
    slack.faults.add("auth.test", faults.error("invalid_auth"))
    slack.faults.add("apps.connections.open", faults.error("not_allowed_token_type"))
    wrong = await examine(good)
    assert [f.ok for f in wrong] == [False, False]
    assert "AUDIOGPT_SLACK_BOT_TOKEN" in wrong[0].message
    assert "connections:write" in wrong[1].message
    slack.faults.add("auth.test", faults.status(503))
    assert "Slack" in (await examine(good))[0].message
    neither = await examine(configured(slack, settings, slack_app_token=NOBODY))
    assert "AUDIOGPT_SLACK_SIGNING_SECRET" in neither[-1].message
    many = configured(slack, settings, slack_client_id="1", public_url="https://a.example")
    assert "AUDIOGPT_SLACK_CLIENT_SECRET" in (await examine(many))[0].message


@pytest.mark.parametrize("mode", ["socket", "http"])
@pytest.mark.parametrize("public_url", ["", "https://audio.example.org/"])
def test_the_manifest_is_one_that_slack_takes(settings: Settings, mode: str, public_url: str) -> None:
    secret = SecretStr("s") if mode == "http" else NOBODY
    made = settings.model_copy(
        update={"slack_signing_secret": secret, "public_url": public_url, "slack_client_id": "1"}
    )
    told = json.loads(manifest(made))
    assert list(faults_of_manifest(told)) == []
    assert {c["command"] for c in told["features"]["slash_commands"]} == {f"/{name}" for name in COMMANDS}
    assert told["settings"]["socket_mode_enabled"] is (mode == "socket")
    if mode == "http":
        host = public_url.rstrip("/") or "https://YOUR-HOST"
        assert told["settings"]["event_subscriptions"]["request_url"] == f"{host}{EVENTS_PATH}"
        assert told["oauth_config"]["redirect_urls"] == [f"{host}/slack/oauth_redirect"]


async def test_only_requests_that_slack_signed_a_moment_ago_are_taken(slack: Slack, settings: Settings) -> None:
    ann = slack.member("Ann")
    dm = slack.dm(ann)
    event = {"type": "message", "user": ann.id, "text": "hello", "ts": "1.2", "channel": dm.channel}
    body = json.dumps({"type": "event_callback", "team_id": dm.team, "event_id": "Ev1", "event": event})
    verifier = SignatureVerifier(slack.signing_secret)
    async with product(slack, settings, "http") as stage:
        assert await slack.deliveries.verify_url()
        async with aiohttp.ClientSession() as http:
            for age, text in ((0, body + " "), (400, body)):
                stamp = str(int(time.time()) - age)
                signed = {"X-Slack-Request-Timestamp": stamp, "Content-Type": "application/json"}
                signed["X-Slack-Signature"] = str(verifier.generate_signature(timestamp=stamp, body=body))
                async with http.post(slack.deliveries.request_url, data=text, headers=signed) as response:
                    assert response.status == 401
            async with http.post(slack.deliveries.request_url, data=body) as response:
                assert response.status == 401
        assert await settled(slack, stage, dm) == []


@asynccontextmanager
async def shared(slack: Slack, settings: Settings, mode: str) -> AsyncIterator[tuple[Stage, str]]:
    """The product as an app that workspaces install themselves; its address."""
    changes = {
        "slack_bot_token": NOBODY,
        "slack_client_id": slack.routes.client_id,
        "slack_client_secret": SecretStr(slack.routes.client_secret),
        "slack_port": 0,
    }
    async with product(slack, settings, mode, **changes) as stage:
        assert isinstance(stage.adapter, SlackAdapter)
        yield stage, stage.adapter.address


@of_the_library
@pytest.mark.parametrize("mode", ["socket", "http"])
async def test_workspaces_install_the_app_and_are_kept_apart(slack: Slack, settings: Settings, mode: str) -> None:
    other = slack.add_team()
    ann, bob = slack.member("Ann"), slack.member("Bob", other)
    for team in (slack.team, other):
        team.installed = False
    async with shared(slack, settings, mode) as (stage, address):
        for team in (slack.team, other):
            status, page = await slack.install(team, f"{address}/slack/install")
            assert status == 200, page
        await slack.say(slack.dm(ann), "one")
        await slack.say(slack.dm(bob), "two")
        assert (await answer(slack, slack.dm(ann))).text == "you said: one"
        assert (await answer(slack, slack.dm(bob))).text == "you said: two"
        await settled(slack, stage, slack.dm(ann))
        await settled(slack, stage, slack.dm(bob))
    assert {c.token for c in slack.called("chat.postMessage")} == {slack.team.token, other.token}
    async with shared(slack, settings, mode) as (stage, _):
        await slack.say(slack.dm(bob), "still there?")
        assert (await answer(slack, slack.dm(bob), 2)).text == "you said: still there?"
        await settled(slack, stage, slack.dm(bob))


@of_the_library
async def test_a_workspace_that_removes_the_app_is_forgotten_and_may_come_back(
    slack: Slack, settings: Settings
) -> None:
    dm = slack.dm(slack.member("Ann"))
    async with shared(slack, settings, "http") as (stage, address):
        await slack.install(slack.team, f"{address}/slack/install")
        await slack.say(dm, "speak one")
        await answer(slack, dm, 2)
        await settled(slack, stage, dm)
        assert await stage.app.store.conversations(f"slack/{dm.team}/")
        await slack.uninstall(slack.team)
        await slack.deliveries.quiet()
        assert await stage.app.store.conversations(f"slack/{dm.team}/") == []
        slack.team.token = "xoxb-fresh"
        await slack.install(slack.team, f"{address}/slack/install")
        await slack.say(dm, "hello again")
        assert (await answer(slack, dm, 3)).text == "you said: hello again"
        await settled(slack, stage, dm)


@pytest.mark.parametrize("query", ["code=c&state=forged", "error=access_denied", "state=x"])
async def test_an_installation_that_nobody_began_here_is_refused(slack: Slack, settings: Settings, query: str) -> None:
    async with (
        shared(slack, settings, "http") as (_, address),
        aiohttp.ClientSession() as browser,
        browser.get(f"{address}/slack/oauth_redirect?{query}") as page,
    ):
        assert "success" not in (await page.text()).lower()
    assert slack.called("oauth.v2.access") == []


async def test_an_event_of_a_workspace_without_the_app_is_of_no_use(slack: Slack, settings: Settings) -> None:
    other = slack.add_team()
    stranger = slack.dm(slack.member("Eve", other))
    async with product(slack, settings) as stage:
        await slack.say(stranger, "hello", wait=False)
        dm = slack.dm(slack.member("Ann"))
        await slack.say(dm, "hello")
        await answer(slack, dm)
        await slack.until(lambda: not stage.desk.busy, "the end")
        assert slack.answers(stranger) == []


async def test_removed_from_its_one_workspace_the_bot_says_so_and_stops(
    slack: Slack, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    async with product(slack, settings):
        with caplog.at_level(logging.ERROR, logger="audiogpt"):
            await slack.uninstall(slack.team)
            await slack.until(lambda: slack.sockets.count == 0, "the end of the connection")
    assert "AUDIOGPT_SLACK_BOT_TOKEN" in caplog.text


async def test_logs_tell_neither_words_nor_tokens(
    slack: Slack, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    room = slack.channel("talk", [slack.member("Ann")])
    with caplog.at_level(logging.DEBUG), caplog.at_level(logging.DEBUG, logger="audiogpt"):
        for mode in ("socket", "http"):
            async with product(slack, settings, mode) as stage:
                slack.faults.add("chat.postMessage", faults.status(502))
                ts = await slack.say(room, f"{slack.mention} a secret of mine")
                await answer(slack, room.in_thread(ts))
                await settled(slack, stage, room.in_thread(ts))
    ours = "\n".join(r.getMessage() for r in caplog.records if r.name.startswith(("audiogpt", "slack")))
    assert "received on slack" in ours
    for secret in ("a secret of mine", slack.token, slack.app_token, slack.signing_secret):
        assert secret not in ours
    assert said(slack, room) == []
