"""The Dockerfile against the project. No container engine is needed: it is linted, parsed, and its parts are tried."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from aiohttp import web
from aiohttp.test_utils import TestServer
from paths import ROOT

from bots.cli.main import app
from core.settings import Settings

DOCKERFILE = ROOT / "docker" / "Dockerfile"
TEXT = re.sub(r"\\\n\s*", " ", DOCKERFILE.read_text())
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def instructions(name: str) -> list[str]:
    """What follows each `NAME` of the Dockerfile, with continued lines joined."""
    return re.findall(rf"^{name} +(.*)$", TEXT, flags=re.MULTILINE)


def exec_form(name: str) -> list[str]:
    """The one instruction of this name as a list: a shell in between would swallow signals."""
    (text,) = instructions(name)
    found: list[str] = json.loads(text[text.index("[") :])
    return found


def sent() -> Iterator[str]:
    """What .dockerignore lets into the build."""
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    assert "*" in lines
    for line in lines:
        if line.startswith("!"):
            yield line[1:]


def test_hadolint_finds_nothing() -> None:
    hadolint = Path(sys.executable).parent / "hadolint"
    done = subprocess.run([hadolint, DOCKERFILE], capture_output=True, text=True)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_everything_that_is_copied_is_there_and_is_sent() -> None:
    allowed = set(sent())
    copied = [line.split()[:-1] for line in instructions("COPY") if not line.startswith("--from")]
    sources = {source for line in copied for source in line}
    assert [s for s in sources if not (ROOT / s).exists()] == []
    assert {s.split("/")[0] for s in sources} == allowed


def test_it_installs_what_the_makefile_installs() -> None:
    makefile = (ROOT / "Makefile").read_text()
    (torch,) = set(re.findall(r"torch==[\d.]+", makefile))
    assert set(re.findall(r"torch==[\d.]+", TEXT)) == {torch}
    assert "--no-deps --require-hashes -r requirements/lock.txt" in makefile
    assert "--no-deps --require-hashes -r requirements/lock.txt" in TEXT


def test_it_runs_a_real_command_as_nobody_special() -> None:
    (program,) = exec_form("ENTRYPOINT")
    assert program in PROJECT["scripts"]
    (command,) = exec_form("CMD")
    assert command in vars(typer.main.get_command(app))["commands"]
    (user,) = instructions("USER")
    uid, _, gid = user.partition(":")
    assert int(uid) > 999
    assert int(gid) > 999
    assert f"--uid {uid}" in TEXT


def test_it_writes_to_its_volume() -> None:
    variables = dict(re.findall(r"(AUDIOGPT_\w+)=(\S+)", " ".join(instructions("ENV"))))
    assert {name.removeprefix("AUDIOGPT_").lower() for name in variables} <= set(Settings.model_fields)
    assert [variables["AUDIOGPT_DATA_DIR"]] == exec_form("VOLUME")
    assert instructions("EXPOSE") == [variables["AUDIOGPT_WEB_PORT"]]


def test_python_is_one_that_the_project_takes() -> None:
    (image,) = re.findall(r"^ARG PYTHON=python:(\d+\.\d+)-", TEXT, flags=re.MULTILINE)
    assert PROJECT["requires-python"] == f">={image}"


@pytest.mark.parametrize(("status", "healthy"), [(200, True), (503, False)])
async def test_the_health_check_believes_the_server(status: int, healthy: bool) -> None:
    async def answer(request: web.Request) -> web.Response:
        return web.Response(status=status)

    served = web.Application()
    served.router.add_get("/api/health", answer)
    async with TestServer(served) as server:
        assert (await _health(str(server.port)) == 0) is healthy


async def test_the_health_check_does_not_believe_silence(unused_tcp_port: int) -> None:
    assert await _health(str(unused_tcp_port)) != 0


async def _health(port: str) -> int:
    python, *arguments = exec_form("HEALTHCHECK")
    assert python == "python"
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *arguments,
        env={**os.environ, "AUDIOGPT_WEB_PORT": port},
        stderr=asyncio.subprocess.DEVNULL,
    )
    return await process.wait()


def test_what_is_installed_holds_more_than_python(tmp_path: Path) -> None:
    """An image installs a wheel, not the folder: pages, weights and templates must be in it."""
    for name in sent():
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, tmp_path / name)
    build = "from setuptools.build_meta import build_wheel; build_wheel('made')"
    subprocess.run([sys.executable, "-c", build], cwd=tmp_path, check=True, capture_output=True)
    (wheel,) = (tmp_path / "made").glob("*.whl")
    packed = set(zipfile.ZipFile(wheel).namelist())
    kept = {
        str(path.relative_to(ROOT))
        for top in ("core", "bots")
        for path in (ROOT / top).rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    assert sorted(kept - packed) == []
    assert any(name.endswith("licenses/NOTICE") for name in packed)
