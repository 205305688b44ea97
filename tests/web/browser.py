"""What the browser tests share."""

from __future__ import annotations

from pathlib import Path

from fakedesk import ROOM, FakeDesk
from playwright.async_api import Page

OUTPUT = Path(__file__).parents[2] / "test-output"
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
)
SETTLED = """Promise.allSettled(document.getAnimations()
    .filter((a) => a.playState === "running" && a.effect.getTiming().iterations === 1)
    .map((a) => a.finished))"""
DROP = """(type) => {
    const canvas = document.createElement("canvas");
    canvas.width = 320;
    canvas.height = 200;
    const paint = canvas.getContext("2d");
    paint.fillStyle = "#35608a";
    paint.fillRect(0, 0, 320, 200);
    paint.fillStyle = "#e8b04b";
    paint.arc(230, 70, 34, 0, 7);
    paint.fill();
    const bytes = Uint8Array.from(atob(canvas.toDataURL("image/png").split(",")[1]), (c) => c.charCodeAt(0));
    const data = new DataTransfer();
    data.items.add(new File([bytes], `${type}.png`, {type: "image/png"}));
    const options = {bubbles: true, cancelable: true};
    const event = type === "paste"
        ? new ClipboardEvent("paste", {...options, clipboardData: data})
        : new DragEvent(type, {...options, dataTransfer: data});
    document.getElementById("text").dispatchEvent(event);
}"""
DESKTOP = {"width": 1280, "height": 860}
PHONE = {"width": 390, "height": 844}


class Visit:
    """A page in a room, and everything that went wrong on it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.faults: list[str] = []
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", lambda m: self.faults.append(m.text) if m.type in ("error", "warning") else None)

    async def go(self, desk: FakeDesk, room: str = ROOM) -> Page:
        await self.page.goto(f"{desk.adapter.url}r/{room}")
        await self.page.wait_for_selector(f"body[data-ready='{room}']")
        return self.page


async def say(page: Page, text: str) -> None:
    await page.get_by_label("Message", exact=True).fill(text)
    await page.keyboard.press("Enter")


async def shot(page: Page, name: str) -> None:
    await page.evaluate(SETTLED)
    await page.screenshot(path=OUTPUT / f"{name}.png")
