"""Rights in Slack, by slack_bolt: a channel's hold in its threads too, a person's wherever they are."""

from __future__ import annotations

from platforms.slack.product import answer, product, settled
from platforms.slack.server import Slack

from core.settings import Settings


async def test_rights_are_those_of_channels_with_their_threads_and_of_ids(slack: Slack, settings: Settings) -> None:
    ann, bob = slack.member("Ann"), slack.member("Bob")
    room = slack.channel("talk", [ann, bob])
    rights = f"slack/{slack.team.id}/{room.channel} may not paint; slack:{bob.id} may only sleep, text_to_speech"
    async with product(slack, settings, rights=rights) as stage:
        asked = await slack.say(room, f"{slack.mention} paint")
        thread = room.in_thread(asked)
        assert (await answer(slack, thread)).text.startswith("I am not allowed to paint for you here.")
        await slack.say(thread, "paint")
        assert (await answer(slack, thread, 2)).text.startswith("I am not allowed to paint for you here.")
        await slack.say(slack.dm(ann), "paint")
        await answer(slack, slack.dm(ann))
        assert "done: paint" in [s.text for s in await settled(slack, stage, slack.dm(ann))]
        await slack.say(slack.dm(bob), "paint")
        told = (await answer(slack, slack.dm(bob))).text
        assert told == (
            "I am not allowed to paint for you here. Whoever runs me can change that. "
            "What I can do for you: read text aloud, sleep."
        )
