"""Rights on Discord, by discord.py: a person's, who calls themselves what they like, and a channel's."""

from __future__ import annotations

from platforms.discord.play import Town

from core.settings import Settings


async def test_rights_are_those_of_ids_and_channels(town: Town, settings: Settings) -> None:
    bob = town.server.person("Ann", town.studio)
    quiet = await town.server.text_channel(town.studio, "quiet")
    space = f"discord/{town.studio.id}"
    rights = f"{space}/{quiet.id} may not paint; discord:{bob.id} may not film; {space} may not sleep"
    async with town.product(settings, rights=rights) as play:
        await town.ann.say(town.general, "paint", mention=True)
        assert (await play.hears(town.general, "done: paint")).by_bot
        await town.ann.say(quiet, "paint", mention=True)
        await play.hears(quiet, "I am not allowed to paint for you here.")
        await bob.say(town.general, "film 1", mention=True)
        await play.hears(town.general, "I am not allowed to film for you here. Whoever runs me can change that.")
        await town.ann.say(town.dm, "sleep 0.1")
        await play.hears(town.dm, "slept")
        await bob.command(bob.dm, "models")
        await play.hears(bob.dm, "Not for you here, as whoever runs me decided: film.")
        assert [f for s in await play.all(quiet) for f in s.files] == []
