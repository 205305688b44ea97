"""Rights on Telegram, by python-telegram-bot: refused in the language of who asks, whatever they call themselves."""

from __future__ import annotations

from platforms.telegram.play import on_stage, words
from platforms.telegram.server import TelegramServer

from core.settings import Settings


async def test_rights_are_those_of_ids_and_groups(settings: Settings, telegram: TelegramServer) -> None:
    ann, bea = telegram.person("Ann"), telegram.person("Ann", language="es")
    group = telegram.group("Band", ann, bea)
    rights = f"everybody may not film\ntelegram:{ann.id} may also film\ntelegram/{group.chat} may not paint"
    async with on_stage(settings, telegram, rights=rights):
        await telegram.say(telegram.dm(ann), "film 1")
        assert await words(telegram, telegram.dm(ann)) == ["done: film"]
        await telegram.say(telegram.dm(bea), "film 1 para mí, por favor")
        (refused,) = await words(telegram, telegram.dm(bea))
        assert refused.startswith("Eso no te está permitido aquí: film. Quien me administra puede permitirlo.")
        await telegram.say(group, telegram.mention("paint"), by=ann)
        (refused,) = await words(telegram, group)
        assert refused.startswith("I am not allowed to paint for you here.")
