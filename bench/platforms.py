"""Two hundred people on each platform: how soon they see a sign and an answer; whether one is lost or doubled.

The real client libraries talk to the tests' protocol servers in this very process; the model is a planner that says
back what it was told. Times are from the event leaving the server to the request that shows it reaching the server.
"""

from __future__ import annotations

import asyncio
import os
import socket
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from bench._report import percentile, report
from core.settings import Settings

sys.path.append(str(Path(__file__).parents[1] / "tests"))

from platforms import stage

PEOPLE = 200
_PUBLIC = "https://bots.example/telegram"
TURNS = 2
SPREAD_S = 20.0
"""Everybody writes twice within this time."""
Sign = tuple[str, float, bool, str]
"""Chat, moment, whether it is an answer, its words."""


@dataclass
class Scene:
    """One platform with its people."""

    say: Callable[[int, str], Awaitable[None]]
    chat: Callable[[int], str]
    signs: Callable[[], Iterable[Sign]]
    violations: Callable[[], list[str]]
    said: dict[str, list[float]] = field(default_factory=dict)


def settings(folder: Path, **changes: Any) -> Settings:
    made = Settings(
        _env_file=None,  # type: ignore[call-arg]
        data_dir=folder,
        database_url=f"sqlite+aiosqlite:///{folder}/bench.db",
        artifacts_url=(folder / "artifacts").as_uri(),
        goodbye_s=0,
    )
    return stage.staged(made, **changes)


@asynccontextmanager
async def discord(folder: Path) -> AsyncIterator[Scene]:
    from platforms.discord.server import DiscordServer

    from bots.discord.adapter import DiscordAdapter

    async with DiscordServer.running() as server:
        people = [server.person(f"P{n}") for n in range(PEOPLE)]
        own = settings(
            folder,
            discord_token=_secret(server.token),
            discord_api_url=server.api_url,
            discord_gateway_url=server.gateway_url,
        )

        def signs() -> Iterable[Sign]:
            for call in server.calls:
                if "channel_id" in call.ids and call.method == "POST" and call.status in (200, 204):
                    answer = call.route.endswith("/messages")
                    yield call.ids["channel_id"], call.at, answer, _words(call.payload, "content")

        async with stage.playing(own, DiscordAdapter):
            await server.until(lambda: server.gateway.connections)
            yield Scene(
                lambda n, text: _nothing(people[n].say(people[n].dm, text)),
                lambda n: people[n].dm.id,
                signs,
                lambda: server.violations,
            )


@asynccontextmanager
async def slack(folder: Path, socket: bool) -> AsyncIterator[Scene]:
    from platforms.slack.server import slack_at_work

    from bots.slack.adapter import SlackAdapter

    async with slack_at_work() as server:
        places = [server.dm(server.member(f"P{n}")) for n in range(PEOPLE)]
        own = settings(
            folder,
            slack_bot_token=_secret(server.token),
            slack_app_token=_secret(server.app_token if socket else ""),
            slack_signing_secret=_secret("" if socket else server.signing_secret),
            slack_api_url=server.api_url,
            slack_port=0,
        )

        def signs() -> Iterable[Sign]:
            for call in server.routes.calls:
                if "channel" in call.args and call.answer.get("ok"):
                    answer = call.endpoint == "chat.postMessage"
                    yield str(call.args["channel"]), call.at, answer, _words(call.args, "text")

        async with stage.playing(own, SlackAdapter) as playing:
            if not socket:
                server.deliveries.request_url = f"{playing.adapter.address}/slack/events"  # type: ignore[attr-defined]
            yield Scene(
                lambda n, text: _nothing(server.say(places[n], text, wait=False)),
                lambda n: places[n].channel,
                signs,
                lambda: server.violations,
            )


@asynccontextmanager
async def telegram(folder: Path, webhook: bool) -> AsyncIterator[Scene]:
    from platforms.telegram.server import TelegramServer

    from bots.telegram.adapter import TelegramAdapter

    async with TelegramServer() as server:
        places = [server.dm(server.person(f"P{n}")) for n in range(PEOPLE)]
        port = _free_port()
        server.updates.behind[_PUBLIC] = f"http://127.0.0.1:{port}/telegram"  # as a proxy with TLS does
        hook = {
            "telegram_webhook_url": _PUBLIC,
            "telegram_webhook_secret": _secret("bench-secret"),
            "telegram_port": port,
        }
        own = settings(
            folder,
            telegram_token=_secret(server.token),
            telegram_api_url=server.api_url,
            telegram_file_url=server.file_url,
            **(hook if webhook else {}),
        )

        def signs() -> Iterable[Sign]:
            for call in server.calls:
                if "chat_id" in call.params and call.status == 200:
                    yield call.params["chat_id"], call.at, call.method == "sendMessage", call.params.get("text", "")

        async with stage.playing(own, TelegramAdapter):
            yield Scene(
                lambda n, text: _nothing(server.say(places[n], text)),
                lambda n: str(places[n].chat),
                signs,
                lambda: server.violations,
            )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _secret(text: str) -> Any:
    from pydantic import SecretStr

    return SecretStr(text)


def _words(data: Any, name: str) -> str:
    return str(data.get(name) or "") if isinstance(data, dict) else ""


async def _nothing(work: Awaitable[Any]) -> None:
    await work


async def measure(scene: Scene) -> dict[str, float]:
    """Everybody writes, waits for the answer, and writes again."""
    process = psutil.Process(os.getpid())
    before = process.memory_info().rss
    started = time.monotonic()

    async def person(n: int) -> None:
        for turn in range(TURNS):
            at = started + SPREAD_S * (turn + n / PEOPLE) / TURNS
            await asyncio.sleep(max(0.0, at - time.monotonic()))
            scene.said.setdefault(scene.chat(n), []).append(time.monotonic())
            await scene.say(n, f"turn {turn} of {n}")

    await asyncio.gather(*(person(n) for n in range(PEOPLE)))
    wanted = {(scene.chat(n), f"you said: turn {t} of {n}") for n in range(PEOPLE) for t in range(TURNS)}
    async with asyncio.timeout(120):
        while not wanted <= {(chat, words) for chat, _, answer, words in scene.signs() if answer}:
            await asyncio.sleep(0.2)
    await asyncio.sleep(1.0)
    return _figures(scene, wanted, (process.memory_info().rss - before) / PEOPLE / 1024)


def _figures(scene: Scene, wanted: set[tuple[str, str]], kib: float) -> dict[str, float]:
    signs = sorted(scene.signs(), key=lambda sign: sign[1])
    first, answered = [], []
    for chat, moments in scene.said.items():
        mine = [sign for sign in signs if sign[0] == chat]
        for at in moments:
            first.append(1e3 * (next(s[1] for s in mine if s[1] >= at) - at))
            answered.append(1e3 * (next(s[1] for s in mine if s[1] >= at and s[2]) - at))
    given = Counter((chat, words) for chat, _, answer, words in signs if answer)
    return {
        "first_sign_p50_ms": percentile(first, 50),
        "first_sign_p99_ms": percentile(first, 99),
        "answer_p50_ms": percentile(answered, 50),
        "answer_p99_ms": percentile(answered, 99),
        "kib_per_conversation": kib,
        "lost": len([w for w in wanted if not given[w]]),
        "doubled": sum(given[w] - 1 for w in wanted if given[w] > 1),
        "violations": len(scene.violations()),
    }


SCENES: dict[str, Callable[[Path], Any]] = {
    "discord": discord,
    "slack_http": lambda folder: slack(folder, socket=False),
    "slack_socket": lambda folder: slack(folder, socket=True),
    "telegram_polling": lambda folder: telegram(folder, webhook=False),
    "telegram_webhook": lambda folder: telegram(folder, webhook=True),
}


async def main() -> None:
    figures: dict[str, float] = {}
    goals: dict[str, str] = {}
    for name, scene in SCENES.items():
        with tempfile.TemporaryDirectory() as folder:
            async with scene(Path(folder)) as playing:
                found = await measure(playing)
                print(name, found)
        figures |= {f"{name}_{what}": value for what, value in found.items()}
        goals |= {f"{name}_{what}": "= 0" for what in ("lost", "doubled", "violations")}
        goals[f"{name}_first_sign_p99_ms"] = "<= 1000"
    report("platforms", figures, goals)


if __name__ == "__main__":
    asyncio.run(main())
