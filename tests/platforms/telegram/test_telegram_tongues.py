"""A refusal is in the language of who asks, also where it is made before, around or without a planner."""

from __future__ import annotations

from platforms import media
from platforms.telegram.people import Upload
from platforms.telegram.play import idle, known, on_stage, status_line, words
from platforms.telegram.server import TelegramServer

from core.sayings import language
from core.settings import Settings

BROKEN = Upload("song.mp3", b"\x01\x02 nonsense" * 50, "document")


async def test_a_file_that_cannot_be_read(settings: Settings, telegram: TelegramServer) -> None:
    dm = telegram.dm(telegram.person("Ann"))
    async with on_stage(settings, telegram):
        await telegram.say(dm, "Entferne bitte das Rauschen aus der Aufnahme", files=[BROKEN])
        assert await words(telegram, dm) == [language("de").said["file_unreadable"]]
        await telegram.say(dm, files=[BROKEN])
        assert (await words(telegram, dm, 2))[1] == language("de").said["file_unreadable"]
        await telegram.say(dm, "убери шум из записи", files=[BROKEN])
        assert (await words(telegram, dm, 3))[2] == language("ru").said["file_unreadable"]
        await telegram.say(dm, "Please clean up this recording", files=[BROKEN])
        assert (await words(telegram, dm, 4))[3] == "That file is not audio, a picture or a video I can read."


async def test_without_a_word_it_is_the_language_of_the_persons_telegram(
    settings: Settings, telegram: TelegramServer
) -> None:
    ann = telegram.person("Ann")
    ann.language_code = "pt-br"
    async with on_stage(settings, telegram):
        await telegram.say(telegram.dm(ann), files=[BROKEN])
        assert await words(telegram, telegram.dm(ann)) == [language("pt").said["file_unreadable"]]


async def test_a_voice_note_in_which_nobody_speaks(settings: Settings, telegram: TelegramServer) -> None:
    """What a model says of its own stands, in English, behind a sentence of its kind."""
    ann = telegram.person("Ann")
    ann.language_code = "fr"
    async with on_stage(settings, telegram):
        await telegram.say(telegram.dm(ann), voice=media.opus(1.0, 0.0))
        kind = language("fr").kinds["bad_input"]
        assert await words(telegram, telegram.dm(ann)) == [f"{kind}\n(I hear nobody speaking in that.)"]


async def test_a_stop(settings: Settings, telegram: TelegramServer, status_lines: None) -> None:
    dm = telegram.dm(telegram.person("Ann"))
    async with on_stage(settings, telegram) as stage:
        await telegram.say(dm, "Entferne bitte das Rauschen aus der Aufnahme", files=[BROKEN])
        await words(telegram, dm)
        await idle(stage, telegram)  # a line of that turn that was on its way is gone, too
        await telegram.say(dm, "sleep 60")
        line = await known(stage, dm, await status_line(telegram, dm))
        await telegram.press(dm, line.id, "Stop")
        assert (await words(telegram, dm, 2))[-1] == language("de").said["stopped"]
