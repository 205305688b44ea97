from __future__ import annotations

import asyncio
import json
import socket
from pathlib import Path

import aiohttp
import pytest
from fakedesk import ROOM, FakeDesk, clip
from openapi_spec_validator import validate
from webclient import EVENTS, MESSAGES, fault, form, until

from bots.web import openapi, server
from bots.web.context import room_key
from bots.web.routes import EXAMPLE_ARTIFACT, EXAMPLE_ROOM, ROUTES, Route
from core import media
from core.artifacts import Artifact, Facts, Kind, content_id
from core.errors import WrongUse
from core.messages import Outgoing, Ran, Reply
from core.settings import Settings


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("../../etc/passwd.wav", "passwd.wav"),
        ('a"; filename="evil.html', "a; filename=evil.wav"),
        ("two\nlines.wav", "two lines.wav"),
        ("\U0001f3b5 Grüße.wav", "\U0001f3b5 Grüße.wav"),
        ("<img src=x onerror=alert(1)>.wav", "img src=x onerror=alert(1).wav"),
    ],
)
async def test_hostile_names_are_tamed(
    http: aiohttp.ClientSession, desk: FakeDesk, tmp_path: Path, hostile: str, shown: str
) -> None:
    content = clip(tmp_path / "a.wav", 0.25).read_bytes()
    boundary = "boundary"
    quoted = hostile.replace('"', "%22").replace("\n", "%0A")
    body = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="files"; filename="{quoted}"\r\n\r\n'.encode()
        + content
        + f"\r\n--{boundary}--\r\n".encode()
    )
    headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    async with http.post(MESSAGES, data=body, headers=headers) as response:
        assert response.status == 202
    artifact = next(e[2] for e in await until(http, "reply") if e[1] == "message")["attachments"][0]["artifact"]
    async with http.get(f"/api/artifacts/{artifact['id']}?room={ROOM}") as response:
        disposition = response.headers["Content-Disposition"]
        assert response.content_disposition is not None
        assert response.content_disposition.filename == artifact["name"]
        assert await response.read() == content
    assert "\n" not in artifact["name"]
    assert "/" not in artifact["name"]
    assert disposition.count('"') == 2
    assert artifact["name"] == shown
    assert not list(desk.settings.data_dir.parent.rglob("passwd*"))


async def test_bytes_come_whole_and_in_ranges(http: aiohttp.ClientSession, desk: FakeDesk, tmp_path: Path) -> None:
    content = clip(tmp_path / "again.wav").read_bytes()
    path = f"/api/artifacts/{desk.spoken.id}"
    async with http.get(path) as response:
        assert await response.read() == content
        assert response.headers["Content-Type"] == "audio/wav"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in response.headers["Content-Security-Policy"]
        assert response.headers["Content-Disposition"].startswith('inline; filename="audio-b881a241.wav"')
    async with http.get(path, headers={"Range": "bytes=100-199"}) as response:
        assert (response.status, await response.read()) == (206, content[100:200])
        assert response.headers["Content-Range"] == f"bytes 100-199/{len(content)}"
    async with http.get(path, headers={"Range": f"bytes={len(content)}-"}) as response:
        assert response.status == 416
    async with http.get(f"{path}?download=1&room={ROOM}") as response:
        assert response.headers["Content-Disposition"].startswith('attachment; filename="speech.wav"')


@pytest.mark.parametrize("wanted", ["ogg", "mp3", "wav", "flac", "m4a"])
async def test_sound_is_converted(http: aiohttp.ClientSession, desk: FakeDesk, tmp_path: Path, wanted: str) -> None:
    async with http.get(f"/api/artifacts/{desk.spoken.id}?form={wanted}&room={ROOM}&download=1") as response:
        assert response.status == 200
        assert f'filename="speech.{wanted}"' in response.headers["Content-Disposition"]
        target = tmp_path / f"converted.{wanted}"
        target.write_bytes(await response.read())
    kind, facts = media.measure(target, max_duration_s=10)
    assert kind is Kind.AUDIO
    assert facts.duration_s == pytest.approx(0.5, abs=0.06)
    assert facts.media_type == response.headers["Content-Type"]


async def test_a_conversion_is_made_once_and_old_ones_go(
    http: aiohttp.ClientSession, desk: FakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    real = media.encode
    monkeypatch.setattr(media, "encode", lambda o, t, form, about: (made.append(form), real(o, t, form)))
    path = f"/api/artifacts/{desk.spoken.id}?form=flac"

    async def get() -> bytes:
        async with http.get(path) as response:
            return await response.read()

    assert len(set(await asyncio.gather(get(), get(), get()))) == 1
    assert made == ["flac"]
    derived = desk.adapter._derived
    assert derived is not None
    monkeypatch.setattr("bots.web.derived.KEEP_S", -1.0)
    async with http.get(f"/api/artifacts/{desk.spoken.id}/waveform"):
        pass
    assert [p.suffix for p in Path(derived._folder.name).iterdir()] == [".json"]


async def test_pictures_of_sound(http: aiohttp.ClientSession, desk: FakeDesk) -> None:
    async with http.get(f"/api/artifacts/{desk.spoken.id}/waveform?points=50") as response:
        points = (await response.json())["points"]
    assert len(points) == 50
    assert max(points) == 255
    pictures = []
    for dark in ("0", "1"):
        async with http.get(f"/api/artifacts/{desk.spoken.id}/spectrogram.png?dark={dark}") as response:
            assert response.headers["Content-Type"] == "image/png"
            pictures.append(await response.read())
    assert pictures[0] != pictures[1]
    assert all(p.startswith(b"\x89PNG") for p in pictures)


@pytest.mark.parametrize("media_type", ["text/html", "image/svg+xml", "text/plain", "application/pdf"])
async def test_nothing_that_can_run_is_ever_shown_inline(
    http: aiohttp.ClientSession, desk: FakeDesk, tmp_path: Path, media_type: str
) -> None:
    path = tmp_path / "page"
    path.write_text("<script>alert(1)</script>")
    key = await desk.bytes.put(path)
    await desk.store.keep(Artifact(key, Kind.TEXT, "page.html", Facts(media_type, 25)), "web/room/other/")
    async with http.get(f"/api/artifacts/{key}") as response:
        assert response.headers["Content-Type"] == "application/octet-stream"
        assert response.headers["Content-Disposition"].startswith("attachment")
    assert (await fault(http, "GET", f"/api/artifacts/{key}?form=wav"))[0] == 400


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"/api/artifacts/{'0' * 24}", 404),
        ("/api/artifacts/..%2f..%2fetc%2fpasswd", 404),
        (f"/api/artifacts/{EXAMPLE_ARTIFACT}?form=exe", 400),
        (f"/api/artifacts/{EXAMPLE_ARTIFACT}?room=another-room-0123456789-abc", 404),
        (f"/api/artifacts/{EXAMPLE_ARTIFACT}/waveform?points=5", 400),
        ("/api/rooms/short/events", 400),
        (f"{EVENTS}?after=minus", 400),
        ("/api/nothing", 404),
        ("/static/../server.py", 404),
        ("/r/short", 404),
    ],
)
async def test_wrong_addresses_are_told(http: aiohttp.ClientSession, path: str, status: int) -> None:
    assert (await fault(http, "GET", path))[0] == status


async def test_what_lost_its_bytes_is_not_found(http: aiohttp.ClientSession, desk: FakeDesk) -> None:
    await desk.bytes.delete(desk.spoken.id)
    assert (await fault(http, "GET", f"/api/artifacts/{desk.spoken.id}"))[0] == 404


async def test_a_lost_database_is_503(
    http: aiohttp.ClientSession, desk: FakeDesk, caplog: pytest.LogCaptureFixture
) -> None:
    await desk.store.close()
    for path in ("/api/health", EVENTS, f"/api/artifacts/{desk.spoken.id}"):
        assert (await fault(http, "GET", path))[:2] == (503, "broken")
    assert "database" in caplog.text


async def test_a_stream_ends_when_the_database_goes(
    http: aiohttp.ClientSession, desk: FakeDesk, caplog: pytest.LogCaptureFixture
) -> None:
    async with asyncio.timeout(5), http.get(EVENTS) as response:
        await response.content.readline()
        await desk.store.close()
        desk.adapter._rooms.wake(f"web/room/{ROOM}/")
        async for _ in response.content:
            pass
    assert "a stream ends early" in caplog.text


@pytest.mark.parametrize(
    ("method", "headers", "status"),
    [
        ("GET", {"Host": "evil.example"}, 403),
        ("GET", {"Host": "127.0.0.1.evil.example"}, 403),
        ("GET", {"Host": "[bad"}, 403),
        ("GET", {"Host": "localhost:1234"}, 200),
        ("GET", {"Host": "[::1]"}, 200),
        ("POST", {"Origin": "http://evil.example"}, 403),
        ("POST", {"Origin": "null"}, 403),
        ("POST", {"Host": "localhost", "Origin": "http://localhost"}, 202),
        ("POST", {"Sec-Fetch-Site": "cross-site"}, 403),
        ("POST", {"Sec-Fetch-Site": "same-site"}, 403),
        ("POST", {"Sec-Fetch-Site": "same-origin"}, 202),
    ],
)
async def test_only_this_servers_own_page_gets_in(
    http: aiohttp.ClientSession, desk: FakeDesk, method: str, headers: dict[str, str], status: int
) -> None:
    path, data = ("/api/health", None) if method == "GET" else (MESSAGES, form("Hi."))
    async with http.request(method, path, headers=headers, data=data) as response:
        assert response.status == status
    assert bool(desk.messages) == (method == "POST" and status == 202)


async def test_the_page_may_run_nothing_but_its_own_files(http: aiohttp.ClientSession) -> None:
    for path in ("/", f"/r/{ROOM}"):
        async with http.get(path) as response:
            text = await response.text()
            policy = response.headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert "<style" not in text
        assert " onclick" not in text
        assert "http://" not in text
        assert "https://" not in text


async def test_static_files_are_all_there_and_small(http: aiohttp.ClientSession) -> None:
    for path in sorted(p for p in server.STATIC.rglob("*") if p.is_file()):
        async with http.get(f"/static/{path.relative_to(server.STATIC).as_posix()}") as response:
            assert response.status == 200
            text = await response.text()
        if path.suffix == ".js":
            assert response.headers["Content-Type"].startswith("text/javascript")
            assert text.count("\n") < 250, path
            assert "innerHTML" not in text


async def test_capabilities_and_limits(http: aiohttp.ClientSession) -> None:
    async with http.get("/api/capabilities") as response:
        answer = await response.json()
    assert [c["title"] for c in answer["capabilities"]] == ["read text aloud", "clean up speech"]
    assert (answer["max_upload_mb"], answer["max_attachments"]) == (1, 3)


def test_the_description_is_valid_openapi_and_names_every_route(desk: FakeDesk) -> None:
    document = openapi.document()
    validate(document)
    app = desk.adapter._runner
    assert app is not None
    served = {
        (route.method, resource.canonical)
        for resource in app.app.router.resources()
        for route in resource
        if resource.canonical.startswith("/api/") and route.method != "HEAD"
    }
    described = {(m.upper(), path) for path, operations in document["paths"].items() for m in operations}
    assert served - described == {("GET", openapi.PATH)}
    assert described <= served


@pytest.mark.parametrize("route", ROUTES, ids=lambda r: r.name)
async def test_every_documented_example_works(http: aiohttp.ClientSession, desk: FakeDesk, route: Route) -> None:
    assert desk.spoken.id == EXAMPLE_ARTIFACT
    key, message = room_key(EXAMPLE_ROOM), "0" * 32
    said = Reply("Hi", plan=(Ran("text_to_speech", "hibari", {"text": "Hi"}, 812.0, 790.0),))
    await desk.store.post(Outgoing(f"{key}#{message}", key, message, said))
    path, query = route.path, {}
    for parameter in route.parameters:
        if parameter.where == "path":
            path = path.replace(f"{{{parameter.name}}}", parameter.example)
        elif parameter.where == "query" and parameter.example is not None:
            query[parameter.name] = str(parameter.example)
    fields = form(**route.form_example) if route.form_example else None
    async with http.request(route.method, path, params=query, data=fields) as response:
        assert response.status == route.status
        kinds = ("application/json",) if isinstance(route.gives, type) else route.gives
        assert any(response.content_type.split("/")[0] == k.split("/")[0] for k in kinds)
        if isinstance(route.gives, type):
            route.gives.model_validate(await response.json())


async def test_the_description_is_served(http: aiohttp.ClientSession) -> None:
    async with http.get(openapi.PATH) as response:
        assert await response.json() == json.loads(json.dumps(openapi.document()))


async def test_other_methods_are_told(http: aiohttp.ClientSession) -> None:
    status, kind, message = await fault(http, "DELETE", MESSAGES)
    assert (status, kind, message) == (405, "bad_input", "This address takes POST.")


async def test_a_taken_port_is_wrong_use(desk: FakeDesk, settings: Settings) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        other = type(desk.adapter)(desk, settings.model_copy(update={"web_port": taken.getsockname()[1]}))
        with pytest.raises(WrongUse, match="AUDIOGPT_WEB_PORT"):
            await other.start()


async def test_streams_end_at_once_when_the_server_stops(http: aiohttp.ClientSession, desk: FakeDesk) -> None:
    async with asyncio.timeout(3), http.get(EVENTS) as response:
        stopping = asyncio.create_task(desk.adapter.stop())
        async for _ in response.content:
            pass
        await stopping


async def test_content_names_an_artifact(tmp_path: Path) -> None:
    assert content_id(clip(tmp_path / "a.wav")) == EXAMPLE_ARTIFACT
