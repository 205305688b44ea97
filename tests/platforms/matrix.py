"""The conformance matrix: what a person does, where, on which platform, and what must come of it.

`python -m platforms.matrix` (with `tests` and the root on PYTHONPATH) writes its table into docs/platforms.md.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from paths import ROOT
from platforms import media
from platforms.discord.driver import DRIVERS as DISCORD
from platforms.driver import Driver, Place
from platforms.seen import Seen
from platforms.slack.driver import DRIVERS as SLACK
from platforms.telegram.driver import DRIVERS as TELEGRAM
from platforms.webdriver import DRIVERS as WEB

from core.artifacts import Kind

DRIVERS: tuple[type[Driver], ...] = (*DISCORD, *SLACK, *TELEGRAM, *WEB)
DOCS = ROOT / "docs" / "platforms.md"
BEGIN, END = "<!-- the matrix, written by tests/platforms/matrix.py -->", "<!-- end of the matrix -->"


class Scene:
    """One place of one driver, from now on."""

    def __init__(self, driver: Driver, place: Place, before: list[Seen]) -> None:
        self.driver = driver
        self.place = place
        self._before = [seen.id for seen in before]

    def _new(self, found: list[Seen]) -> list[Seen]:
        left = list(self._before)
        new = []
        for seen in found:
            if seen.id in left:
                left.remove(seen.id)
            else:
                new.append(seen)
        return new

    async def answers(self, count: int) -> list[Seen]:
        """The first `count` new messages of the bot."""
        found = await self.driver.answers(self.place, len(self._before) + count, 60.0)
        return self._new(found)

    async def all(self) -> list[Seen]:
        """Every new message of the bot, once nothing is under way."""
        return self._new(await self.driver.settled(self.place))

    async def say(self, text: str, file: tuple[str, bytes] | None = None, **more: object) -> str:
        return await self.driver.say(self.place, text, file, **more)  # type: ignore[arg-type]


async def _until_words(scene: Scene, words: str) -> list[Seen]:
    """New messages until one of them holds the words: a spoken answer is a voice message and words."""
    found: list[Seen] = []
    while not any(words in seen.text for seen in found):
        found = await scene.answers(len(found) + 1)
    return found


async def text(scene: Scene) -> None:
    await scene.say("hello")
    await _until_words(scene, "you said: hello")
    (only,) = await scene.all()
    assert only.text.count("you said: hello") == 1


async def voice(scene: Scene) -> None:
    await scene.say("", ("voice.ogg", media.opus(1.0)), voice=True)
    await _until_words(scene, "you said: say 1.0 seconds")
    found = await scene.all()
    (heard,) = [file for seen in found for file in seen.files]
    kind, facts = media.facts(heard.content)
    assert kind is Kind.AUDIO
    assert facts.duration_s and 0.9 < facts.duration_s < 3.0
    assert heard.shown_as in ("voice", "audio")
    assert sum("you said: say 1.0 seconds" in seen.text for seen in found) == 1


async def audio(scene: Scene) -> None:
    await scene.say("halve", ("tune.mp3", media.mp3(2.0)))
    await _until_words(scene, "done: halve")
    (made,) = [file for seen in await scene.all() for file in seen.files]
    assert 0.4 < media.rms(made.content) / media.rms(media.mp3(2.0)) < 0.6
    assert abs((media.facts(made.content)[1].duration_s or 0) - 2.0) < 0.2


async def video(scene: Scene) -> None:
    await scene.say("transcribe", ("clip.mp4", media.film(1.0)))
    (only,) = await _until_words(scene, "say 1.0 seconds")
    assert (await scene.all()) == [only]


async def picture(scene: Scene) -> None:
    await scene.say("look", ("photo.png", media.png()))
    await _until_words(scene, "you said: look (image)")
    assert len(await scene.all()) == 1


async def reply(scene: Scene) -> None:
    await scene.say("speak one two three four")
    await _until_words(scene, "done: text_to_speech")
    spoken = next(seen for seen in await scene.all() if seen.files)
    before = len(await scene.all())
    await scene.say("speak one")
    await scene.answers(before + 1)
    await scene.all()
    await scene.say("transcribe", reply_to=spoken.id)
    await _until_words(scene, "say 1.0 seconds")


async def edit(scene: Scene) -> None:
    message = await scene.say("sleep 60")
    await scene.driver.edit(scene.place, message, "hello again")
    await _until_words(scene, "you said: hello again")
    (only,) = await scene.all()
    assert "slept" not in only.text


async def delete(scene: Scene) -> None:
    message = await scene.say("sleep 60")
    await scene.driver.delete(scene.place, message)
    assert await scene.all() == []


async def command(scene: Scene) -> None:
    await scene.driver.command(scene.place, "help")
    found = await _until_words(scene, "I can:")
    assert any("read text aloud" in seen.text for seen in found)


async def button(scene: Scene) -> None:
    await scene.say("speak good morning")
    await _until_words(scene, "done: text_to_speech")
    under = next(seen for seen in await scene.all() if any(b.label == "Why?" for b in seen.buttons))
    await scene.driver.press(scene.place, under.id, "Why?")
    found = await _until_words(scene, "toy-mouth")
    while not any(file.shown_as == "image" for seen in found for file in seen.files):
        found = await scene.answers(len(found) + 1)
    (plan,) = [file for seen in await scene.all() for file in seen.files if file.shown_as == "image"]
    kind, facts = media.facts(plan.content)
    assert kind is Kind.IMAGE
    assert facts.width == 900


@dataclass(frozen=True)
class Row:
    """One thing that a person does."""

    what: str
    does: str
    comes: str
    play: Callable[[Scene], Awaitable[None]]


ROWS = (
    Row("text", "writes", "an answer in words", text),
    Row("voice", "sends a voice note", "a spoken answer, and its words", voice),
    Row("audio", "sends an audio file and asks for an edit", "the edited clip", audio),
    Row("video", "sends a video and asks what is said", "the words", video),
    Row("picture", "sends a picture", "an answer that takes it into account", picture),
    Row("reply", "replies to a clip", "an answer about that clip", reply),
    Row("edit", "edits a request that is under way", "one answer, to the new words", edit),
    Row("delete", "deletes a request that is under way", "no answer, and no status line", delete),
    Row("command", "runs a command", "what it says, for who asked where the platform can", command),
    Row("button", "presses a button under an answer", "what it does", button),
)


def why_not(driver: type[Driver] | Driver, row: Row, place: Place) -> str:
    """Why a platform has no such cell; empty when it has."""
    return driver.not_offered.get((row.what, place)) or driver.not_offered.get((row.what, None)) or ""


def table() -> str:
    """The matrix as Markdown: a row for what a person does, a column for each platform, each cell for its places."""
    lines = ["| a person | gets | " + " | ".join(d.name for d in DRIVERS) + " |", "|---" * (len(DRIVERS) + 2) + "|"]
    notes: dict[str, int] = {}

    def cell(driver: type[Driver], row: Row) -> str:
        said = []
        for place in Place:
            reason = why_not(driver, row, place)
            mark = f"–[{notes.setdefault(reason, len(notes) + 1)}]" if reason else "✓"
            said.append(f"{mark}")
        return " ".join(said)

    for row in ROWS:
        cells = " | ".join(cell(driver, row) for driver in DRIVERS)
        lines.append(f"| {row.does} | {row.comes} | {cells} |")
    lines += ["", f"In each cell: {', '.join(Place)}. ✓ is tested; – is not offered there:", ""]
    lines += [f"{number}. {reason}" for reason, number in notes.items()]
    return "\n".join(lines)


def documented() -> str:
    """docs/platforms.md with the table as it should be."""
    head, _, rest = DOCS.read_text().partition(BEGIN)
    return f"{head}{BEGIN}\n\n{table()}\n\n{END}{rest.partition(END)[2]}"


if __name__ == "__main__":
    DOCS.write_text(documented())
