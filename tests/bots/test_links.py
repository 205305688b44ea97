"""Signed links: one file, until a date, for who has the link."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
import pytest
from platforms import stage

from bots.links import Links
from bots.web.adapter import WebAdapter
from core.artifacts import Artifact, Facts, Kind
from core.settings import Settings

SONG = Artifact("a" * 24, Kind.AUDIO, "my song & more.mp3", Facts("audio/mpeg", 10))


def parts(url: str) -> tuple[str, str, str]:
    artifact, until, signature = urlsplit(url).path.split("/")[2:5]
    return artifact, until, signature


def test_a_link_works_until_it_expires_and_for_its_file_only(settings: Settings, tmp_path: Path) -> None:
    now = [1_000_000.0]
    mine = settings.model_copy(update={"data_dir": tmp_path, "public_url": "https://a.example/", "link_days": 2.0})
    links = Links(mine, lambda: now[0])
    url = links.make(SONG)
    artifact, until, signature = parts(url)
    assert url.startswith("https://a.example/f/")
    assert url.endswith("/my%20song%20%26%20more.mp3")
    assert links.check(artifact, until, signature)
    assert Links(mine, lambda: now[0]).check(artifact, until, signature), "another process must know the key"
    assert not links.check("b" * 24, until, signature)
    assert not links.check(artifact, str(int(until) + 1), signature)
    assert not links.check(artifact, until, signature[:-1] + "é")
    assert not links.check(artifact, "٣", signature)
    now[0] += 2 * 86_400 + 1
    assert not links.check(artifact, until, signature)


def test_the_key_is_nobody_elses_to_read(settings: Settings, tmp_path: Path) -> None:
    Links(settings.model_copy(update={"data_dir": tmp_path})).make(SONG)
    (key,) = tmp_path.iterdir()
    assert key.stat().st_mode & 0o077 == 0
    assert len(key.read_bytes()) == 32


async def test_the_page_hands_the_file_out_under_its_public_name_and_nothing_else(
    settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "a.bin").write_bytes(b"RIFF not really")
    public = stage.staged(settings, public_url="https://audio.example.org", web_port=0)
    async with stage.playing(public, WebAdapter) as playing:
        assert isinstance(playing.adapter, WebAdapter)
        key = await playing.app.bytes.put(tmp_path / "a.bin")
        await playing.app.library.keep(Artifact(key, Kind.AUDIO, "a.wav", Facts("audio/wav", 15)), "discord/g/c/")
        path = urlsplit(Links(public).make(Artifact(key, Kind.AUDIO, "a.wav", Facts("audio/wav", 15)))).path
        base = playing.adapter.url.rstrip("/")
        async with aiohttp.ClientSession(headers={"Host": "audio.example.org"}) as outside:
            async with outside.get(f"{base}{path}") as found:
                assert found.status == 200
                assert await found.read() == b"RIFF not really"
                assert found.headers["Content-Disposition"].startswith("attachment")
            for wrong in (path.replace("/f/", "/f/0", 1), path.replace(key, "b" * 24), "/", "/api/health"):
                async with outside.get(f"{base}{wrong}") as refused:
                    assert refused.status in (403, 404), wrong


def test_no_address_no_links(settings: Settings) -> None:
    assert not Links(settings).offered


@pytest.mark.parametrize("until", ["", "-1", "1e9", "9" * 13])
def test_a_date_that_is_none(settings: Settings, tmp_path: Path, until: str) -> None:
    assert not Links(settings.model_copy(update={"data_dir": tmp_path})).check("a" * 24, until, "0" * 40)
