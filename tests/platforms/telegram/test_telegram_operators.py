"""What operators meet: the webhook, `doctor`, `manifest`, logs without the token, a clean stop."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import socket

import aiohttp
import pytest
from platforms import media
from platforms.stage import playing
from platforms.telegram.play import answers, idle, on_stage, pointed, words
from platforms.telegram.server import TelegramServer
from pydantic import SecretStr
from telegram import WebhookInfo

from bots.commands import COMMANDS
from bots.findings import Finding
from bots.telegram.adapter import TelegramAdapter
from bots.telegram.check import examine, updates
from bots.telegram.manifest import manifest
from bots.telegram.webhook import HEADER, secret_of
from core.errors import WrongUse
from core.settings import Settings

PUBLIC = "https://bots.example/telegram"


@pytest.fixture
def hooked(settings: Settings, telegram: TelegramServer, unused_port: int) -> Settings:
    """Settings with a webhook behind a proxy."""
    telegram.updates.behind[PUBLIC] = f"http://127.0.0.1:{unused_port}/telegram"
    return settings.model_copy(update={"telegram_webhook_url": PUBLIC, "telegram_port": unused_port})


async def test_the_webhook_takes_updates_and_albums(hooked: Settings, telegram: TelegramServer) -> None:
    dm = telegram.dm(telegram.person("Ann"))
    await telegram.say(dm, "early")
    async with on_stage(hooked, telegram) as stage:
        assert await words(telegram, dm) == ["you said: early"]
        await telegram.say(dm, "look", files=[(f"{n}.png", media.png()) for n in range(3)])
        assert (await words(telegram, dm, 2))[1] == "you said: look (image, image, image)"
        for update in list(telegram.updates.made):
            telegram.updates.repeat(update)
        await telegram.until(lambda: telegram.updates.pending == 0)
        await idle(stage, telegram)
    assert len(telegram.answers(dm)) == 2
    (call,) = telegram.called("setWebhook")
    assert len(call.params["secret_token"]) == 64
    assert "message_reaction" in json.loads(call.params["allowed_updates"])


async def test_strangers_cannot_post_to_the_webhook(hooked: Settings, telegram: TelegramServer) -> None:
    dm = telegram.dm(telegram.person("Ann"))
    async with on_stage(hooked, telegram) as stage:
        await telegram.say(dm, "hello")
        await words(telegram, dm)
        forged = {**telegram.updates.made[0], "update_id": 1}
        assert await telegram.updates.post(forged, secret="guess") == 403
        assert await telegram.updates.post(forged, secret="") == 403
        url = telegram.updates.behind[PUBLIC]
        async with aiohttp.ClientSession() as session:
            for body in (b"no json", b"[]", b'"x"', b"\xff", b'{"update_id": "x", "message": 5}'):
                headers = {HEADER: secret_of(stage.settings), "Content-Type": "application/json"}
                async with session.post(url, data=body, headers=headers) as answer:
                    assert answer.status == 400, body
            async with session.post(url, data=io.BytesIO(bytes(2 << 20)), headers=headers) as answer:
                assert answer.status == 413
            async with session.get(url) as answer:
                assert answer.status == 405
        await idle(stage, telegram)
    assert len(telegram.answers(dm)) == 1


async def test_the_webhook_may_have_the_operators_secret(hooked: Settings, telegram: TelegramServer) -> None:
    dm = telegram.dm(telegram.person("Ann"))
    async with on_stage(hooked, telegram, telegram_webhook_secret=SecretStr("chosen_by-me")):
        await telegram.say(dm, "hello")
        assert await words(telegram, dm) == ["you said: hello"]
    assert telegram.updates.webhook.secret == "chosen_by-me"


async def test_updates_wait_for_a_webhook_that_is_away(hooked: Settings, telegram: TelegramServer) -> None:
    dm = telegram.dm(telegram.person("Ann"))
    async with on_stage(hooked, telegram) as stage:
        await telegram.say(dm, "one")
        await words(telegram, dm)
        await idle(stage, telegram)
    await telegram.say(dm, "two")
    await telegram.until(lambda: telegram.updates.webhook.last_error)
    found = await examine(pointed(hooked, telegram))
    assert [f.ok for f in found][-1] is False
    assert "1 updates wait" in found[-1].message
    telegram.calls.clear()
    async with on_stage(hooked, telegram) as stage:
        await telegram.until(lambda: len(answers(telegram, dm)) == 2)
        await idle(stage, telegram)
    telegram.calls.clear()
    polled = hooked.model_copy(update={"telegram_webhook_url": ""})
    async with on_stage(polled, telegram):
        await telegram.say(dm, "three")
        assert (await words(telegram, dm, 3))[2] == "you said: three"


async def test_a_webhook_that_cannot_be_is_told_at_the_start(hooked: Settings, telegram: TelegramServer) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", hooked.telegram_port))
        taken.listen()
        with pytest.raises(WrongUse, match="AUDIOGPT_TELEGRAM_PORT"):
            async with playing(pointed(hooked, telegram), TelegramAdapter):
                raise AssertionError("it started")
    changes = {"telegram_webhook_url": "http://bots.example/", "telegram_api_url": ""}
    plain = pointed(hooked, telegram).model_copy(update=changes)
    with pytest.raises(WrongUse, match="https"):
        async with playing(plain, TelegramAdapter):
            raise AssertionError("it started")


async def test_telegrams_refusal_of_the_webhook_is_logged(
    hooked: Settings, telegram: TelegramServer, caplog: pytest.LogCaptureFixture
) -> None:
    odd = pointed(hooked, telegram).model_copy(update={"telegram_webhook_url": "https://bots.example:8444/telegram"})
    async with playing(odd, TelegramAdapter):
        await telegram.until(lambda: "ports 80" in caplog.text)


async def _examined(settings: Settings, telegram: TelegramServer, **changes: object) -> list[Finding]:
    return await examine(pointed(settings, telegram).model_copy(update=changes))


async def test_doctor_looks_at_everything_and_changes_nothing(settings: Settings, telegram: TelegramServer) -> None:
    found = await _examined(settings, telegram)
    assert all(f.ok for f in found)
    said = " ".join(f.message for f in found)
    assert "@audiogpt_bot" in said
    assert "privacy mode is on" in said
    assert "polled" in said
    telegram.world.privacy = False
    assert "privacy mode is off" in " ".join(f.message for f in await _examined(settings, telegram))
    assert {c.method for c in telegram.calls} == {"getWebhookInfo"}


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"telegram_token": SecretStr("")}, "audiogpt manifest telegram"),
        ({"telegram_token": SecretStr("nonsense")}, "BotFather"),
        ({"telegram_token": SecretStr("700000001:a_token_that_nobody_knows_of_here")}, "does not know"),
        ({"telegram_api_url": "http://127.0.0.1:9/bot"}, "127.0.0.1:9 cannot be reached"),
        ({"channels": "telegram/-5=all"}, "/setprivacy"),
    ],
)
async def test_doctor_says_what_to_do(
    settings: Settings, telegram: TelegramServer, changes: dict[str, object], told: str
) -> None:
    wrong = [f for f in await _examined(settings, telegram, **changes) if not f.ok]
    assert len(wrong) == 1
    assert told in wrong[0].message
    assert telegram.token not in wrong[0].message


@pytest.mark.parametrize("url", ["http://x.example/", "https://x.example:9000/"])
def test_doctor_knows_where_telegram_does_not_send_to(settings: Settings, url: str) -> None:
    info = WebhookInfo("", False, 0)
    (found,) = updates(info, settings.model_copy(update={"telegram_webhook_url": url}))
    assert not found.ok
    assert "443, 80, 88, 8443" in found.message
    own = {"telegram_webhook_url": url, "telegram_api_url": "http://127.0.0.1:8081"}
    assert updates(info, settings.model_copy(update=own))[0].ok


def test_the_manifest_has_the_commands_and_the_mode(settings: Settings) -> None:
    polled = manifest(settings)
    assert all(f"{name} - {says}" in polled for name, says in COMMANDS.items())
    assert "/newbot" in polled
    assert "/setprivacy" in polled
    assert "polled" in polled
    assert PUBLIC in manifest(settings.model_copy(update={"telegram_webhook_url": PUBLIC}))


async def test_no_log_holds_the_token_or_what_people_say(
    settings: Settings, telegram: TelegramServer, caplog: pytest.LogCaptureFixture
) -> None:
    dm = telegram.dm(telegram.person("Ann"))
    with caplog.at_level(logging.DEBUG):
        async with on_stage(settings, telegram) as stage:
            telegram.faults.gateway("sendVoice")
            telegram.faults.gateway("file", 502)
            telegram.faults.cut("getUpdates")
            await telegram.say(dm, "a secret of mine", files=[("secret.mp3", media.mp3())])
            await telegram.say(dm, "speak of a secret")
            await telegram.until(lambda: len(answers(telegram, dm)) == 2)
            await idle(stage, telegram)
    assert telegram.token not in caplog.text
    ours = "\n".join(r.getMessage() for r in caplog.records if r.name.startswith(("audiogpt", "telegram", "http")))
    assert ours
    assert "secret" not in ours


async def test_a_stop_leaves_nothing_behind(settings: Settings, telegram: TelegramServer) -> None:
    before = asyncio.all_tasks()
    async with on_stage(settings, telegram) as stage:
        await telegram.say(telegram.dm(telegram.person("Ann")), "sleep 60")
        await telegram.until(lambda: stage.desk.busy)
        adapter = stage.adapter
    await adapter.close()
    await asyncio.sleep(0.1)
    left = [t for t in asyncio.all_tasks() - before if "aiohttp" not in repr(t) and "web_protocol" not in repr(t)]
    assert left == []
