"""Slash commands, buttons and message shortcuts: acknowledged at once, then carried out."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import aiohttp
from slack_bolt.context.respond.async_respond import AsyncRespond

from bots.adapter import Gone
from bots.admission import Heard, Verdict
from bots.commands import SHORTCUTS, Call, Said
from bots.layout import Verb
from bots.slack.events import Once
from bots.slack.places import PLATFORM, is_private, key_from, message_id, thread_of
from bots.slack.texts import ACTION, MOST, blocks_of, fallback, unescaped
from bots.splitting import split
from bots.wording import KEEPING, NOT_FOR_YOU
from core.errors import Broken, StoreLost
from core.messages import ConversationKey, Person

if TYPE_CHECKING:
    from bots.slack.adapter import SlackAdapter

log = logging.getLogger("audiogpt.slack")

Json = dict[str, Any]
Work = Callable[[Call], Awaitable[Said]]

_OFF_HERE = "I am switched off in this channel."
_BROKEN = "Something on my side broke, and I have noted it. Please try again."
_NOT_HERE = "I am not in this channel. Invite me with /invite, then try again."
_NO_ANSWER = "Slack does not take my answer here just now. Please try again in a moment."
_SWITCHES = frozenset({"", "on", "off", "auto"})
"""What `/voice` sets or asks about; anything else is read aloud."""
_MOST_ANSWERS = 5
"""So often an interaction may be answered."""

CALLBACKS = {name.lower().replace(" ", "_"): name for name in SHORTCUTS}
"""Callback ids of the message shortcuts."""


class Interactions:
    """Carries out what people press and choose."""

    def __init__(self, chat: SlackAdapter) -> None:
        self._chat = chat
        self._seen = Once()

    async def command(self, body: Json, respond: AsyncRespond) -> None:
        """A slash command. Slack has none in threads, so it is for the whole channel."""
        name, text = str(body["command"]).removeprefix("/"), unescaped(str(body.get("text") or ""))
        team, channel = str(body["team_id"]), str(body["channel_id"])
        key = ConversationKey(PLATFORM, team, channel)
        who = (await self._chat.people.who(team, str(body["user_id"]))).person
        call = await self._admitted(body, key, who, respond)
        if call is None:
            return
        call = replace(call, text=text)
        if text.strip() and (name == "ask" or name == "voice" and text.strip().lower() not in _SWITCHES):
            await self._begin(partial(self._chat.commands.run, name), call, f"/{name} {text}", respond)
        elif name == "stop":
            await self._answer(respond, await self.carried_out(self._stop_all, call))
        else:
            await self._answer(respond, await self.carried_out(partial(self._chat.commands.run, name), call))

    async def _stop_all(self, call: Call) -> Said:
        """Each request in a channel has a thread of its own: all of this person's there are meant."""
        said = Said()
        here = (call.key.space, call.key.channel)
        for key in self._chat.desk.at_work(PLATFORM, call.person.id):
            if (key.space, key.channel) == here:
                said = await self._chat.commands.run("stop", replace(call, key=key))
        return said if said.text else await self._chat.commands.run("stop", call)

    async def shortcut(self, body: Json, respond: AsyncRespond) -> None:
        """A shortcut in a message's menu: that message is what is meant; the answer comes into its thread."""
        name = CALLBACKS[str(body["callback_id"])]
        team, channel, about = str(body["team"]["id"]), str(body["channel"]["id"]), body["message"]
        thread = thread_of(about) or ("" if is_private(channel) else str(about["ts"]))
        who = (await self._chat.people.who(team, str(body["user"]["id"]))).person
        call = await self._admitted(body, ConversationKey(PLATFORM, team, channel, thread), who, respond)
        if call is None:
            return
        workspace = await self._chat.workspaces.of(team)
        quoted = await self._chat.reading.quoted(workspace, channel, about)
        call = replace(
            call,
            about=quoted.reply_to or "",
            quoted=tuple(self._chat.open(s) for s in quoted.sources),
            quoted_text=quoted.text,
        )
        await self._begin(partial(self._chat.commands.shortcut, name), call, name, respond)

    async def press(self, body: Json, respond: AsyncRespond) -> None:
        """A button."""
        container, verb = body["container"], str(body["actions"][0]["action_id"]).removeprefix(ACTION)
        team, channel, ts = str(body["team"]["id"]), str(container["channel_id"]), str(container["message_ts"])
        about = message_id(channel, ts)
        post = None if container.get("is_ephemeral") else await self._chat.ledger(about)
        thread = "" if container.get("thread_ts") == ts else str(container.get("thread_ts") or "")
        key = key_from(post.outgoing) if post is not None else ConversationKey(PLATFORM, team, channel, thread)
        who = (await self._chat.people.who(team, str(body["user"]["id"]))).person
        call = await self._admitted(body, key, who, respond)
        if call is None:
            return
        said = await self.carried_out(partial(self._chat.commands.press, verb), replace(call, about=about))
        if container.get("is_ephemeral"):
            await self._answer(respond, said, instead=verb in (Verb.FORGET, Verb.KEEP))
        else:
            await self.whisper(key, who.id, said)

    async def _admitted(self, body: Json, key: ConversationKey, who: Person, respond: AsyncRespond) -> Call | None:
        """The call, once and from who may; others are told."""
        trigger = str(body["trigger_id"])
        if not self._seen.first(trigger):
            return None
        private = is_private(key.channel)
        verdict = await self._chat.verdict(Heard(key, who.id, private, addressed=True))
        if verdict is not Verdict.ANSWER:
            await self._answer(respond, Said(NOT_FOR_YOU if verdict is Verdict.REFUSE else _OFF_HERE))
            return None
        locale = (await self._chat.people.who(key.space, who.id)).locale
        return Call(key, who, message_id(key.channel, trigger), private=private, locale=locale)

    async def _begin(self, work: Work, call: Call, asked: str, respond: AsyncRespond) -> None:
        """Show in the channel what was asked, which else nobody sees; the answer is given there."""
        try:
            await self._chat.slot(call.key)
            ts = await self._chat.sending.plainly(call.key, f"{call.person.name}: {asked}"[:MOST])
        except Gone:
            await self._answer(respond, Said(_NOT_HERE))
            return
        except Broken as broken:
            log.warning("a command cannot be shown: %s", broken)
            await self._answer(respond, Said(_NO_ANSWER))
            return
        key = call.key if call.key.thread or call.private else replace(call.key, thread=ts)
        said = await self.carried_out(work, replace(call, key=key))
        if said.text:
            await self._answer(respond, said)

    async def carried_out(self, work: Work, call: Call) -> Said:
        """What a command says; a fault of ours in one sentence."""
        try:
            return await work(call)
        except StoreLost as lost:
            log.error("a command is lost with the database: %s", lost)
            return Said(KEEPING)
        except (Broken, Gone) as fault:
            log.warning("a command could not be carried out: %s", fault)
            return Said(_NO_ANSWER)
        except Exception:
            log.exception("a command broke")
            return Said(_BROKEN)

    async def _answer(self, respond: AsyncRespond, said: Said, *, instead: bool = False) -> None:
        """Say something to who asked, and to nobody else."""
        texts = split(said.text, MOST)[:_MOST_ANSWERS]
        for n, text in enumerate(texts, start=1):
            try:
                answer = await respond(
                    text=fallback(text),
                    blocks=blocks_of(text, said.buttons if n == len(texts) else ()),
                    response_type="ephemeral",
                    replace_original=instead and n == 1,
                )
            except (aiohttp.ClientError, OSError, TimeoutError) as error:
                log.warning("an answer to a command did not get through: %s", type(error).__name__)
                return
            if answer.status_code != 200:
                log.warning("an answer to a command was not taken: %s", answer.status_code)
                return
        await self._chat.illustrate(said.drawing)

    async def whisper(self, key: ConversationKey, user: str, said: Said) -> None:
        """Say something to one person where everybody's messages are."""
        for text in split(said.text, MOST):
            try:
                async with self._chat.workspaces.calling(key.space) as workspace:
                    await workspace.client.chat_postEphemeral(
                        channel=key.channel,
                        user=user,
                        thread_ts=key.thread or None,
                        text=fallback(text),
                        blocks=blocks_of(text, said.buttons),
                    )
            except (Broken, Gone) as fault:
                log.warning("a whisper did not get through: %s", fault)
                return
        await self._chat.illustrate(said.drawing)
