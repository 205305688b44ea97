"""The whole product on a Slack of the tests, by Socket Mode or by signed requests."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from platforms.seen import Seen
from platforms.slack.server import Place, Slack
from platforms.stage import Stage, playing, staged
from pydantic import SecretStr

from bots.progress import PART
from bots.slack.adapter import SlackAdapter
from bots.slack.connection import EVENTS_PATH
from bots.slack.manifest import manifest
from core.jobs.memory import MemoryJobs
from core.settings import Settings

MODES = ("socket", "http")


def configured(slack: Slack, settings: Settings, mode: str = "socket", **changes: object) -> Settings:
    """What an operator sets, with the app made of our own manifest."""
    told: dict[str, object] = {"slack_api_url": slack.api_url, "slack_bot_token": SecretStr(slack.token)}
    if mode == "socket":
        told["slack_app_token"] = SecretStr(slack.app_token)
    else:
        told |= {"slack_signing_secret": SecretStr(slack.signing_secret), "slack_port": 0}
    made = staged(settings, **{**told, **changes})
    slack.apply_manifest(json.loads(manifest(made)))
    return made


@asynccontextmanager
async def product(
    slack: Slack, settings: Settings, mode: str = "socket", jobs: MemoryJobs | None = None, **changes: object
) -> AsyncIterator[Stage]:
    """The product, started and connected."""
    if mode == "socket":
        slack.deliveries.request_url = ""
    async with playing(configured(slack, settings, mode, **changes), SlackAdapter, jobs) as stage:
        if mode == "http":
            assert isinstance(stage.adapter, SlackAdapter)
            slack.deliveries.request_url = f"{stage.adapter.address}{EVENTS_PATH}"
        yield stage


def said(slack: Slack, place: Place) -> list[Seen]:
    """What the bot said there, without status lines."""
    return [s for s in slack.answers(place) if not any(b.label == "Stop" for b in s.buttons)]


async def answer(slack: Slack, place: Place, count: int = 1) -> Seen:
    """Wait for so many messages of the bot; the last of them."""
    return (await slack.until(lambda: len(said(slack, place)) >= count and said(slack, place), f"answer {count}"))[-1]


async def settled(slack: Slack, stage: Stage, place: Place) -> list[Seen]:
    """What the bot said there once nothing is under way any more, and no status line is left."""
    await slack.deliveries.quiet()
    await slack.until(lambda: not stage.desk.busy, "the end of all turns")
    assert [p for p in await stage.app.store.open_statuses("slack") if p.part == PART] == []
    left = [s.text for s in slack.answers(place) if any(b.label == "Stop" for b in s.buttons)]
    assert left == [], "a status line was left behind"
    return said(slack, place)
