"""The page in a real Chromium, with its fake microphone fed from a file."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest
from browser import DESKTOP, DROP, FLAGS, OUTPUT, PHONE, Visit, say, shot
from fakedesk import ROOM, FakeDesk, clip
from playwright.async_api import Browser, BrowserContext, async_playwright, expect

from bots.web.adapter import WebAdapter
from core import media
from core.settings import Settings

pytestmark = pytest.mark.browser

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
if CHROMIUM is None:
    if os.environ.get("CI"):
        pytest.fail("chromium is not installed, and the browser tests must run here", pytrace=False)
    pytest.skip("chromium is not installed: the browser tests are left out", allow_module_level=True)


@pytest.fixture(scope="session")
async def chromium(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Browser]:
    OUTPUT.mkdir(exist_ok=True)
    sound = clip(tmp_path_factory.mktemp("sound") / "spoken.wav", 4.0, 40)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM, args=[*FLAGS, f"--use-file-for-fake-audio-capture={sound}"]
        )
        yield browser
        await browser.close()


@pytest.fixture
async def visitor(chromium: Browser) -> AsyncIterator[BrowserContext]:
    context = await chromium.new_context(viewport=DESKTOP, color_scheme="light", permissions=["microphone"])
    context.set_default_timeout(10_000)
    yield context
    await context.close()


@pytest.fixture
async def visit(visitor: BrowserContext, desk: FakeDesk) -> AsyncIterator[Visit]:
    visit = Visit(await visitor.new_page())
    yield visit
    await visit.page.close()  # before the server goes
    assert not visit.faults


async def test_type_and_see_the_answer(visit: Visit, desk: FakeDesk) -> None:
    page = await visit.go(desk)
    await expect(page.get_by_role("heading", name="Say it, or type it.")).to_be_visible()
    await expect(page.locator("#ideas button")).to_have_count(2)
    await shot(page, "page-welcome-light")
    await page.get_by_label("Message", exact=True).fill("First line")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("second line <b>not bold</b>")
    await page.keyboard.press("Enter")
    words = "First line\nsecond line <b>not bold</b>"
    await expect(page.locator(".mine .words")).to_have_text(words)
    await expect(page.locator(".bot .words")).to_have_text(f"You said: {words}")
    await expect(page.locator(".mine")).to_have_count(1)
    await expect(page.locator("#live")).to_have_text(f"AudioGPT: You said: {words} With sound.")
    await expect(page.locator("#welcome")).to_be_hidden()
    await expect(page.locator("#room-name")).to_have_text("First line second line <b>not bold</b>")
    assert desk.messages[0].text == words


async def test_a_typed_command_is_answered_with_the_picture_of_the_plan(visit: Visit, desk: FakeDesk) -> None:
    page = await visit.go(desk)
    await say(page, "Hello")
    await expect(page.locator(".bot .words")).to_have_text("You said: Hello")
    await say(page, "/why")
    answer = page.locator(".entry.bot").nth(1)
    await expect(answer.locator(".words")).to_contain_text("hibari, Apache-2.0")
    picture = answer.locator("a.plan img")
    await expect(picture).to_have_js_property("complete", True)
    await expect(picture).to_have_js_property("naturalWidth", 900)
    await expect(page.locator(".entry.bot")).to_have_count(2)
    await shot(page, "page-why-light")


async def test_the_answers_clip_plays_seeks_and_unfolds(visit: Visit, desk: FakeDesk) -> None:
    page = await visit.go(desk)
    await say(page, "Hello")
    player = page.locator(".bot .clip").first
    await expect(player).to_have_attribute("aria-label", "Voice message, 0:01")
    await player.get_by_role("button", name="Play").click()
    await expect(player.get_by_role("button", name="Pause")).to_be_visible()
    await expect(player.get_by_role("button", name="Play")).to_be_visible()  # it has come to its end
    slider = player.get_by_role("slider")
    await slider.focus()
    await page.keyboard.press("End")
    await expect(slider).to_have_attribute("aria-valuenow", "0.5")
    await page.keyboard.press("Home")
    await expect(slider).to_have_attribute("aria-valuenow", "0.0")
    await slider.click()
    await expect(slider).to_have_attribute("aria-valuenow", "0.3")
    speed = player.get_by_role("button", name="Speed")
    await speed.click()
    await expect(speed).to_have_text("1.25×")
    await player.get_by_role("button", name="Spectrogram").click()
    picture = player.locator(".spectrogram img")
    await expect(picture).to_have_js_property("complete", True)
    await expect(picture).to_have_js_property("naturalWidth", 1200)
    await page.locator(".made summary").click()
    await expect(page.locator(".made")).to_contain_text("by hibari, 790 ms in the model")
    await player.locator(".menu summary").click()
    await shot(page, "page-player-light")
    async with page.expect_download() as download:
        await player.get_by_role("link", name="MP3").click()
    saved = await (await download.value).path()
    assert (await download.value).suggested_filename == "speech.mp3"
    assert media.measure(saved, max_duration_s=10)[1].media_type == "audio/mpeg"
    await expect(player.locator(".menu")).not_to_have_attribute("open", "")


async def test_hold_the_button_to_record(visit: Visit, desk: FakeDesk, tmp_path: Path) -> None:
    page = await visit.go(desk)
    microphone = page.locator("#mic")
    await microphone.hover()
    await page.mouse.down()
    await expect(page.locator("#recording")).to_be_visible()
    await expect(page.locator("#timer")).to_have_text("0:02")
    await expect(page.locator("#hint")).to_have_text("Let go to send, slide off to cancel")
    await shot(page, "page-recording-light")
    await page.mouse.up()
    await expect(page.locator("#recording")).to_be_hidden()
    await expect(page.locator(".mine .clip.voice")).to_be_visible()
    await expect(page.locator(".mine .heard")).to_have_text("Please clean this up.")
    await expect(page.locator("#room-name")).to_have_text("Please clean this up.")
    await shot(page, "page-heard-light")
    (artifact,) = [a for a in await desk.store.artifacts(f"web/room/{ROOM}/", 10) if a.voice]
    assert artifact.facts.duration_s == pytest.approx(2.3, abs=0.6)
    assert artifact.facts.loudness_lufs is not None
    assert artifact.facts.loudness_lufs > -50
    assert b"webm" in desk.uploads[-1][:64]
    assert b"A_OPUS" in desk.uploads[-1][:4096]
    await page.locator(".mine").get_by_role("button", name="Play").click()  # through a form that can be sought in
    await expect(page.locator(".mine").get_by_role("button", name="Pause")).to_be_visible()


async def test_slide_off_or_escape_throws_a_recording_away(visit: Visit, desk: FakeDesk) -> None:
    page = await visit.go(desk)
    box = await page.locator("#mic").bounding_box()
    assert box is not None
    await page.locator("#mic").hover()
    await page.mouse.down()
    await expect(page.locator("#timer")).to_have_text("0:01")
    await page.mouse.move(box["x"] - 260, box["y"])
    await expect(page.locator("#hint")).to_have_text("Let go to throw it away")
    await page.mouse.up()
    await expect(page.locator("#recording")).to_be_hidden()
    await page.locator("#mic").click()  # a press: it goes on by itself
    await expect(page.locator("#hint")).to_have_text("Recording. Press to send.")
    await page.keyboard.press("Escape")
    await expect(page.locator("#recording")).to_be_hidden()
    await page.locator("#mic").click()
    await page.get_by_role("button", name="Cancel").click()
    await expect(page.locator("#recording")).to_be_hidden()
    assert not desk.messages


async def test_press_once_to_start_and_once_to_send(visit: Visit, desk: FakeDesk) -> None:
    page = await visit.go(desk)
    await page.locator("#mic").click()
    await expect(page.locator("#timer")).to_have_text("0:01")
    await page.locator("#mic").click()
    await expect(page.locator(".mine .clip.voice")).to_be_visible()
    assert [a.voice for a in desk.messages[0].attachments] == [True]


async def test_keyboard_alone_is_enough(visit: Visit, desk: FakeDesk) -> None:
    page = await visit.go(desk)
    await page.get_by_role("link", name="Go to the message field").focus()
    await page.keyboard.press("Enter")
    await expect(page.locator("#text")).to_be_focused()
    await page.keyboard.type("slowly")
    await page.keyboard.press("Enter")
    for _ in range(30):
        await page.keyboard.press("Shift+Tab")
        if await page.evaluate("document.activeElement.matches('.status .stop')"):
            break
    await page.keyboard.press("Enter")
    await expect(page.locator(".refusal")).to_have_text("Stopped.")
    await expect(page.locator("#text")).to_be_focused()
    for _ in range(10):
        await page.keyboard.press("Tab")
        if await page.evaluate("document.activeElement.id === 'mic'"):
            break
    await page.keyboard.down("Space")
    await expect(page.locator("#timer")).to_have_text("0:01")
    await page.keyboard.up("Space")
    await expect(page.locator(".mine .clip.voice")).to_be_visible()


async def test_an_answer_is_heard_while_it_is_made_and_its_player_goes_on(
    visit: Visit, desk: FakeDesk, tmp_path: Path
) -> None:
    key = await desk.bytes.put(clip(tmp_path / "long.wav", 25.0))
    desk.spoken = replace(desk.spoken, id=key, facts=replace(desk.spoken.facts, duration_s=25.0))
    page = await visit.go(desk)
    await say(page, "Say it aloud")
    line = page.locator(".status")
    await line.get_by_role("button", name="Listen while it is made").click()
    await expect(line.get_by_role("button", name="Pause")).to_be_visible()
    await shot(page, "page-live-light")
    await asyncio.sleep(2)  # somebody listens
    desk.made.set()
    await expect(line).to_have_count(0)
    player = page.locator(".bot .clip")
    await expect(player.get_by_role("button", name="Pause")).to_be_visible()
    at = float(await player.get_by_role("slider").get_attribute("aria-valuenow") or 0)
    assert 1 < at < 25
    await player.get_by_role("button", name="Pause").click()


async def test_listening_stops_what_else_plays_and_waits_where_it_is_paused(visit: Visit, desk: FakeDesk) -> None:
    page = await visit.go(desk)
    await say(page, "Say it aloud")
    line = page.locator(".status")
    await line.get_by_role("button", name="Listen while it is made").click()
    await line.get_by_role("button", name="Pause").click()
    await expect(line.get_by_role("button", name="Listen while it is made")).to_be_visible()
    desk.made.set()
    await expect(page.locator(".bot .clip").get_by_role("button", name="Play")).to_be_visible()
    desk.made.clear()
    await say(page, "Say that aloud")
    await line.get_by_role("button", name="Listen while it is made").click()
    await expect(line.get_by_role("button", name="Pause")).to_be_visible()
    await page.locator(".bot .clip").get_by_role("button", name="Play").click()
    await expect(line.get_by_role("button", name="Listen while it is made")).to_be_visible()


async def test_stop_ends_what_is_under_way(visit: Visit, desk: FakeDesk) -> None:
    page = await visit.go(desk)
    await say(page, "slowly please")
    await expect(page.locator(".status .what")).to_have_text("Clean up speech with deepfilternet3, 42 %")
    await expect(page.locator(".status progress")).to_have_js_property("value", 0.42)
    await shot(page, "page-progress-light")
    await page.get_by_role("button", name="Stop").click()
    await expect(page.locator(".refusal")).to_have_text("Stopped.")
    await expect(page.locator(".status")).to_have_count(0)


async def test_progress_is_there_again_after_a_reload(visit: Visit, desk: FakeDesk) -> None:
    page = await visit.go(desk)
    await say(page, "slowly please")
    await expect(page.locator(".status")).to_be_visible()
    await page.reload()
    await expect(page.locator(".status .what")).to_contain_text("42 %")
    await expect(page.locator(".mine")).to_have_count(1)


async def test_two_browsers_sit_in_one_room(visit: Visit, chromium: Browser, desk: FakeDesk) -> None:
    ada = await visit.go(desk)
    context = await chromium.new_context(viewport=DESKTOP)
    other = Visit(await context.new_page())
    ben = await other.go(desk)
    await ada.get_by_label("Your name").fill("Ada")
    await ada.keyboard.press("Tab")
    await say(ada, "Hello from here")
    await expect(ben.locator(".theirs .byline")).to_have_text("Ada")
    await expect(ben.locator(".theirs .words")).to_have_text("Hello from here")
    await say(ben, "And from there")
    await expect(ada.locator(".theirs .byline")).to_have_text("Guest")
    for page in (ada, ben):
        await expect(page.locator(".bot")).to_have_count(2)
    await context.close()
    assert not other.faults


async def test_files_are_attached_dropped_and_pasted(visit: Visit, desk: FakeDesk, tmp_path: Path) -> None:
    page = await visit.go(desk)
    sound = clip(tmp_path / "interview.wav", 1.5)
    await page.locator("#files").set_input_files(sound)
    await expect(page.locator(".draft")).to_have_count(1)
    await page.evaluate(DROP, "dragenter")
    await expect(page.locator("#drop")).to_be_visible()
    await page.evaluate(DROP, "drop")
    await expect(page.locator("#drop")).to_be_hidden()
    await page.evaluate(DROP, "paste")
    await expect(page.locator(".draft b")).to_have_text(["interview.wav", "drop.png", "paste.png"])
    await page.get_by_role("button", name="Remove paste.png").click()
    await page.get_by_label("Message", exact=True).fill("Clean this up")
    await shot(page, "page-drafts-light")
    await page.get_by_role("button", name="Send", exact=True).click()
    await expect(page.locator(".mine .clip.audio")).to_have_count(1)
    await expect(page.locator(".mine .picture img")).to_have_count(1)
    await expect(page.locator(".bot .clip")).to_have_count(2)
    await expect(page.locator(".draft")).to_have_count(0)
    await shot(page, "page-answer-light")


async def test_a_refusal_is_gentle_and_what_fails_can_be_tried_again(
    visit: Visit, desk: FakeDesk, settings: Settings
) -> None:
    page = await visit.go(desk)
    await say(page, "make music")
    await expect(page.locator(".refusal[data-kind=no_model]")).to_contain_text("I can't make music here yet")
    await page.route("**/messages", lambda route: route.abort())
    await say(page, "Hello?")
    await expect(page.locator(".failed .delivery")).to_contain_text("I cannot reach the server.")
    await page.unroute("**/messages")
    await page.get_by_role("button", name="Try again").click()
    await expect(page.locator(".bot")).to_have_count(2)
    await expect(page.locator(".failed")).to_have_count(0)
    assert all("ERR_FAILED" in f for f in visit.faults)
    visit.faults.clear()


async def test_a_restart_of_the_server_loses_nothing(visit: Visit, desk: FakeDesk, settings: Settings) -> None:
    page = await visit.go(desk)
    await say(page, "Before")
    await expect(page.locator(".bot")).to_have_count(1)
    port = int(desk.adapter.url.rsplit(":", 1)[1].strip("/"))
    await desk.adapter.stop()
    await expect(page.locator("#notice")).to_have_text("The connection is lost. I am trying again…")
    desk.adapter = WebAdapter(desk, settings.model_copy(update={"web_port": port}))
    await desk.adapter.start()
    await expect(page.locator("#notice")).to_be_hidden()
    await say(page, "After")
    await expect(page.locator(".bot")).to_have_count(2)
    await page.reload()
    await expect(page.locator(".mine .words")).to_have_text(["Before", "After"])
    await expect(page.locator(".bot .words")).to_have_text(["You said: Before", "You said: After"])
    assert all("ERR_" in f for f in visit.faults)
    visit.faults.clear()


async def test_a_hidden_page_gives_its_connection_back_and_catches_up(
    visit: Visit, desk: FakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk.adapter._rooms, "_heartbeat_s", 0.1)  # the server finds out when it writes
    await visit.page.clock.install()
    page = await visit.go(desk)
    turn = """(hidden) => {
        Object.defineProperty(document, "hidden", {value: hidden, configurable: true});
        document.dispatchEvent(new Event("visibilitychange"));
    }"""
    rooms = desk.adapter._rooms._rooms
    assert len(rooms) == 1
    await page.evaluate(turn, True)
    await page.clock.fast_forward(61_000)
    async with asyncio.timeout(10):
        while rooms:
            await asyncio.sleep(0.05)
    async with aiohttp.ClientSession(desk.adapter.url) as http:
        data = aiohttp.FormData({"text": "meanwhile"}, default_to_multipart=True)
        async with http.post(f"/api/rooms/{ROOM}/messages", data=data) as response:
            assert response.status == 202
    await page.evaluate(turn, False)
    await expect(page.locator(".bot .words")).to_have_text("You said: meanwhile")


async def test_rooms_are_made_named_shared_and_left(visit: Visit, visitor: BrowserContext, desk: FakeDesk) -> None:
    await visitor.grant_permissions(["microphone", "clipboard-read", "clipboard-write"])
    page = visit.page
    await page.goto(desk.adapter.url)
    await page.wait_for_url("**/r/*")
    first = page.url
    await say(page, "one")
    await expect(page.locator(".bot")).to_have_count(1)
    await page.get_by_role("button", name="New room").click()
    await expect(page.locator(".entry")).to_have_count(0)
    assert page.url != first
    await page.get_by_role("button", name="Rename this room").click()
    await page.get_by_label("Name", exact=True).fill("Studio")
    await page.keyboard.press("Enter")
    await expect(page.locator("#room-name")).to_have_text("Studio")
    await expect(page.locator("#rooms a")).to_have_text(["Studio", "one"])
    await page.get_by_role("button", name="Copy link").click()
    await expect(page.locator("#toast")).to_contain_text("Link copied.")
    assert await page.evaluate("navigator.clipboard.readText()") == page.url
    await page.go_back()
    await expect(page.locator(".mine .words")).to_have_text("one")
    await page.goto(f"{desk.adapter.url}#/room/{ROOM}")
    await page.wait_for_url(f"**/r/{ROOM}")
    await page.get_by_role("button", name="Take one off this list").click(force=True)
    await expect(page.locator("#rooms a")).to_have_text(["New room", "Studio"])


async def test_earlier_messages_come_when_asked_for(
    visit: Visit, desk: FakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bots.web.rooms.RECENT", 2)
    page = await visit.go(desk)
    for number in range(3):
        await say(page, f"number {number}")
        await expect(page.locator(".bot")).to_have_count(number + 1)
    await page.reload()
    await expect(page.locator(".entry")).to_have_count(2)
    await page.get_by_role("button", name="Earlier messages").click()
    await expect(page.locator(".mine .words")).to_have_text(["number 0", "number 1", "number 2"])
    await expect(page.locator("#earlier")).to_be_hidden()


async def test_dark_and_light(visit: Visit, visitor: BrowserContext, desk: FakeDesk) -> None:
    await visit.page.emulate_media(color_scheme="dark")
    page = await visit.go(desk)
    root = page.locator("html")
    await expect(root).to_have_attribute("data-theme", "dark")
    await page.emulate_media(color_scheme="light")
    await expect(root).to_have_attribute("data-theme", "light")
    theme = page.locator("#theme")
    await theme.click()
    await expect(theme).to_have_text("Theme: dark")
    await expect(root).to_have_attribute("data-theme", "dark")
    await page.reload()
    await expect(root).to_have_attribute("data-theme", "dark")
    await say(page, "Hello in the dark")
    await say(page, "make music")
    await expect(page.locator(".bot")).to_have_count(2)
    await page.get_by_role("button", name="Spectrogram").click()
    await expect(page.locator(".spectrogram img")).to_have_js_property("naturalWidth", 1200)
    await shot(page, "page-dark")


async def test_a_phone_shows_all_of_it(chromium: Browser, desk: FakeDesk) -> None:
    context = await chromium.new_context(
        viewport=PHONE, device_scale_factor=2, has_touch=True, is_mobile=True, color_scheme="light"
    )
    visit = Visit(await context.new_page())
    page = await visit.go(desk)
    await shot(page, "phone-welcome")
    await say(page, "A rather long message with averylongwordthatdoesnotendforaverylongtimeandthengoesonandonandon")
    await expect(page.locator(".bot .clip")).to_be_visible()
    await page.locator(".made summary").click()
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert await page.evaluate("document.getElementById('scroll').scrollWidth <= innerWidth")
    await shot(page, "phone-answer")
    small = await page.evaluate(
        """[...document.querySelectorAll('button, summary, textarea, .seek')]
        .filter((e) => e.checkVisibility({visibilityProperty: true}))
        .filter((e) => { const b = e.getBoundingClientRect(); return b.width < 44 || b.height < 44; })
        .map((e) => e.id || e.className)"""
    )
    assert small == []
    await page.get_by_role("button", name="Show the list of rooms").click()
    await expect(page.get_by_role("button", name="New room")).to_be_in_viewport(ratio=1)
    await shot(page, "phone-rooms")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("button", name="New room")).to_be_hidden()
    await context.close()
    assert not visit.faults
