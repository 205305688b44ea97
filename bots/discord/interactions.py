"""Slash commands, commands on messages, buttons and reactions: acknowledged at once, then carried out."""

from __future__ import annotations

import asyncio
import io
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import aiohttp
import discord
from discord import app_commands

from bots.admission import Heard, Verdict
from bots.chat import DRAWING
from bots.commands import COMMANDS, SHORTCUTS, Call, Said
from bots.desk import origin
from bots.discord.attachments import source
from bots.discord.incoming import person, quoted
from bots.discord.places import DIRECT
from bots.discord.sending import PREFIX, view
from bots.layout import Verb
from bots.splitting import split
from bots.wording import KEEPING, NOT_FOR_YOU
from core.errors import StoreLost
from core.messages import ConversationKey, Person

if TYPE_CHECKING:
    from bots.discord.adapter import DiscordAdapter

log = logging.getLogger("audiogpt.discord")

_OFF_HERE = "I am switched off in this channel."
_OLD = "That command is from another version of me. Please try again in a minute."
_BROKEN = "Something on my side broke, and I have noted it. Please try again."
_MOST_SHOWN = 2000
_TEXT = 2000
_QUOTED = 1800
_ENTRY_WAITS_S = (0.05, 0.2, 0.5)
_SWITCHES = frozenset({"", "on", "off", "auto"})
"""What `/voice` sets or asks about; anything else is read aloud."""
_LOST = (discord.HTTPException, aiohttp.ClientError, OSError, TimeoutError)
"""An answer to an interaction that did not get through: too late, or the network."""

Work = Callable[[Call], Awaitable[Said]]


@dataclass
class _Begun:
    """A command that began a turn."""

    interaction: discord.Interaction
    shown: int | None = None
    """The message that says what was asked, once it is known."""


class Interactions:
    """Carries out what people press and choose."""

    def __init__(self, chat: DiscordAdapter) -> None:
        self._chat = chat
        self._seen: OrderedDict[int, None] = OrderedDict()
        self._begun: OrderedDict[str, _Begun] = OrderedDict()

    def shown_as(self, message_id: str) -> int:
        """The message that shows a request: itself, or for a command the one that says what was asked."""
        begun = self._begun.get(message_id)
        return begun.shown if begun is not None and begun.shown is not None else int(message_id)

    def through(self, message_id: str) -> discord.Webhook | None:
        """How a command can be answered where the bot may not write: as long as Discord lets it."""
        begun = self._begun.get(message_id)
        return None if begun is None or begun.interaction.is_expired() else begun.interaction.followup

    def tree(self, client: discord.Client) -> app_commands.CommandTree[discord.Client]:
        """The commands, as they are registered with Discord and dispatched by the library."""
        tree = app_commands.CommandTree(
            client,
            allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=False),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
        )

        @app_commands.describe(
            text="What you want", file="A clip, video or picture", file2="Another one", file3="A third one"
        )
        async def ask(
            interaction: discord.Interaction,
            text: app_commands.Range[str, 1, _TEXT],
            file: discord.Attachment | None = None,
            file2: discord.Attachment | None = None,
            file3: discord.Attachment | None = None,
        ) -> None:
            files = [f for f in (file, file2, file3) if f is not None]
            await self._chat.events.during(self._request, interaction, text, "ask", files)

        @app_commands.describe(text="on, off, auto, or words to read aloud")
        async def voice(interaction: discord.Interaction, text: app_commands.Range[str, 1, _TEXT] = "") -> None:
            if text.strip().lower() in _SWITCHES:
                await self._chat.events.during(self._question, interaction, "voice", text)
            else:
                await self._chat.events.during(self._request, interaction, text, "voice")

        @app_commands.describe(change="What to change: slower, in French, in a woman's voice, 20 seconds long")
        async def again(interaction: discord.Interaction, change: app_commands.Range[str, 1, _TEXT] = "") -> None:
            await self._chat.events.during(self._question, interaction, "again", change)

        for name, described in COMMANDS.items():
            run: Any = {"ask": ask, "voice": voice, "again": again}.get(name) or self._plain(name)
            tree.add_command(app_commands.Command(name=name, description=described, callback=run))
        for name in SHORTCUTS:
            tree.add_command(app_commands.ContextMenu(name=name, callback=self._on_a_message(name)))
        tree.error(self._failed)
        return tree

    def _plain(self, name: str) -> Callable[[discord.Interaction], Coroutine[Any, Any, None]]:
        async def run(interaction: discord.Interaction) -> None:
            await self._chat.events.during(self._question, interaction, name, "")

        return run

    def _on_a_message(self, name: str) -> Callable[[discord.Interaction, discord.Message], Coroutine[Any, Any, None]]:
        async def run(interaction: discord.Interaction, message: discord.Message) -> None:
            await self._chat.events.during(self._request, interaction, SHORTCUTS[name], name, (), message)

        return run

    async def _failed(self, interaction: discord.Interaction, error: app_commands.AppCommandError) -> None:
        """A command that Discord still offers and this version does not know."""
        log.warning("a command could not be carried out: %s", type(error).__name__)
        await self._acknowledged(interaction.response.send_message(_OLD, ephemeral=True))

    async def _request(
        self,
        interaction: discord.Interaction,
        text: str,
        name: str,
        files: Sequence[discord.Attachment] = (),
        about: discord.Message | None = None,
    ) -> None:
        """A command that begins a turn: what is asked is shown to all, for the answer is for all."""
        call = await self._admitted(interaction, text)
        if call is None:
            return
        names = ", ".join(file.filename for file in files)
        asked = "\n".join(f"> {line}" for line in text[:_QUOTED].splitlines())
        shown = (f"{asked}\n📎 {names}" if names else asked)[:_TEXT]
        self._begun[call.id] = begun = _Begun(interaction)
        while len(self._begun) > _MOST_SHOWN:
            self._begun.popitem(last=False)
        there = await self._acknowledged(self._show(begun, shown))
        work = self._chat.commands.shortcut if name in SHORTCUTS else self._chat.commands.run
        said = await self._carried_out(partial(work, name), self._whole(call, files, about))
        if said.text:
            await self._tell(interaction, call, said, there)

    @staticmethod
    async def _show(begun: _Begun, text: str) -> None:
        nobody = discord.AllowedMentions.none()
        begun.shown = (await begun.interaction.response.send_message(text, allowed_mentions=nobody)).message_id

    def _whole(self, call: Call, files: Sequence[discord.Attachment], about: discord.Message | None) -> Call:
        """With the files that came along, and those of the message that it is about; ours the ledger knows."""
        ours = about is None or about.author.id == self._chat.me
        answered, said = ((), "") if about is None or ours else quoted(about, self._chat.me, self._chat.open)
        return replace(
            call,
            about=str(about.id) if about else "",
            attachments=tuple(self._chat.open(source(file)) for file in files),
            quoted=answered,
            quoted_text=said,
        )

    async def _question(self, interaction: discord.Interaction, name: str, text: str) -> None:
        """A command that is answered at once, for who asks only."""
        call = await self._admitted(interaction, text)
        if call is None:
            return
        there = await self._acknowledged(interaction.response.defer(ephemeral=not call.private, thinking=True))
        said = await self._carried_out(partial(self._chat.commands.run, name), call)
        if said.began and not said.text and there:
            await self._acknowledged(interaction.delete_original_response())
        await self._tell(interaction, call, said, there, instead=there)

    async def press(self, interaction: discord.Interaction) -> None:
        """A button. Commands are dispatched by the library."""
        pressed = str(interaction.custom_id)
        if interaction.type is not discord.InteractionType.component or not pressed.startswith(PREFIX):
            return
        message, verb = interaction.message, pressed.removeprefix(PREFIX)
        call = await self._admitted(interaction, "", about=str(message.id) if message else "")
        if call is None:
            return
        there = await self._acknowledged(interaction.response.defer())
        said = await self._carried_out(partial(self._pressed, verb), call)
        if said.text:
            await self._tell(interaction, call, said, there, instead=there and verb in (Verb.FORGET, Verb.KEEP))

    async def _pressed(self, verb: str, call: Call) -> Said:
        await self._entered(call.about)
        return await self._chat.commands.press(verb, call)

    async def _entered(self, message_id: str) -> None:
        """Wait a moment for the ledger: who sees a message can be quicker than its entry."""
        for wait in _ENTRY_WAITS_S:
            if await self._chat.desk.store.post_as(self._chat.platform, message_id) is not None:
                return
            await asyncio.sleep(wait)

    async def react(self, verb: Verb, key: ConversationKey, payload: discord.RawReactionActionEvent) -> None:
        """A reaction of who asked, on their request, on its status line or on its answer."""
        about, who = str(payload.message_id), str(payload.user_id)
        if payload.message_author_id == self._chat.me:
            await self._entered(about)
        post = await self._chat.desk.store.post_as(self._chat.platform, about)
        asked = post.outgoing.removeprefix(f"{key}#") if post else about
        turn = await self._chat.desk.store.turn(key, asked)
        author = self._chat.desk.author_of(key, asked) or (turn.person.id if turn and turn.person else None)
        if verb is Verb.STOP:
            for message_id in self._chat.desk.under_way(key, who):
                if origin(message_id) == origin(asked):
                    await self._chat.desk.stop_turn(key, message_id)
            return
        if author != who:
            return
        name = payload.member.display_name if payload.member else turn.person.name if turn and turn.person else ""
        call = Call(key, Person(who, name), f"{about}-{verb}", private=key.space == DIRECT, about=about)
        said = await self._carried_out(partial(self._chat.commands.press, verb), call)
        for text in split(said.text, _TEXT):
            await self._chat.say_quietly(key, about, text)
        await self._chat.illustrate(said.drawing)

    async def _admitted(self, interaction: discord.Interaction, text: str, about: str = "") -> Call | None:
        """The call, once and from who may; others are told."""
        if interaction.id in self._seen or interaction.channel_id is None:
            return None
        self._seen[interaction.id] = None
        while len(self._seen) > _MOST_SHOWN:
            self._seen.popitem(last=False)
        key = await self._chat.places.key(interaction.channel_id, interaction.guild_id, interaction.channel)
        who, private = person(interaction.user), key.space == DIRECT
        verdict = await self._chat.verdict(Heard(key, who.id, private, addressed=True))
        if verdict is not Verdict.ANSWER:
            why = NOT_FOR_YOU if verdict is Verdict.REFUSE else _OFF_HERE
            await self._acknowledged(interaction.response.send_message(why, ephemeral=not private))
            return None
        return Call(key, who, str(interaction.id), text, private, about, locale=str(interaction.locale))

    @staticmethod
    async def _acknowledged(answer: Awaitable[Any]) -> bool:
        """Whether the first answer may be there. Where it surely is not, the work is told of in the channel."""
        try:
            await answer
        except _LOST as error:
            log.info("an interaction could not be acknowledged: %s", type(error).__name__)
            return not isinstance(error, discord.NotFound)
        return True

    @staticmethod
    async def _carried_out(work: Work, call: Call) -> Said:
        try:
            return await work(call)
        except StoreLost as lost:
            log.error("a command is lost with the database: %s", lost)
            return Said(KEEPING)
        except Exception:
            log.exception("a command broke")
            return Said(_BROKEN)

    async def _tell(
        self, interaction: discord.Interaction, call: Call, said: Said, there: bool, *, instead: bool = False
    ) -> None:
        """Say what a command answers: in place of the acknowledgement, beside it, or as a plain line."""
        nobody = discord.AllowedMentions.none()
        texts = split(said.text, _TEXT)
        for n, text in enumerate(texts, start=1):
            last = n == len(texts)
            buttons = view(said.buttons) if last and said.buttons else None
            files = [discord.File(io.BytesIO(said.drawing.png), DRAWING)] if last and said.drawing else []
            try:
                if not there:
                    await self._chat.say_quietly(call.key, call.id, text)
                    await self._chat.illustrate(said.drawing if last else None)
                elif instead and n == 1:
                    await interaction.edit_original_response(
                        content=text, view=buttons, allowed_mentions=nobody, attachments=files
                    )
                else:
                    await interaction.followup.send(
                        text,
                        ephemeral=said.private and not call.private,
                        allowed_mentions=nobody,
                        view=buttons or discord.utils.MISSING,
                        files=files,
                    )
            except _LOST as error:
                log.warning("a command's answer did not get through: %s", type(error).__name__)
                await self._chat.say_quietly(call.key, call.id, text)
