"""What people do on Telegram, told to the desk: messages, edits, commands, buttons, reactions."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import TYPE_CHECKING

from telegram import CallbackQuery, ChatMemberUpdated, Message, MessageReactionUpdated, ReactionTypeEmoji, Update
from telegram.error import TelegramError

from bots.adapter import Gone, Unclear
from bots.admission import Heard, Verdict
from bots.commands import Call, Said
from bots.desk import origin
from bots.layout import Verb
from bots.telegram.connection import Connection
from bots.telegram.inbox import Recent
from bots.telegram.names import BUTTON, PLATFORM, key_from, name_of
from bots.telegram.reading import Read, key_for, read, unreadable
from bots.telegram.sending import Sender
from bots.wording import KEEPING, NOT_FOR_YOU, UNSURE
from core.errors import Broken, StoreLost
from core.messages import ConversationKey, Person
from core.messages import Message as Asked

if TYPE_CHECKING:
    from bots.chat import Chat

log = logging.getLogger("audiogpt.telegram")

WANTED = ("message", "edited_message", "callback_query", "message_reaction", "my_chat_member")
"""The updates that Telegram is asked for."""

UNREADABLE = "I cannot use that kind of message. Please write, or send a voice message, audio, a video or a picture."
_BROKE = "Something on my side broke, and I have noted it. Please try again."
_NOT_NOW = "That did not work just now. Please try again in a moment."

_CANCELS = frozenset({"stop", "cancel"})
"""What a message is edited to by who wants it no more."""
_REACTIONS = {
    **dict.fromkeys(("👎", "🛑", "❌", "✋"), Verb.STOP),
    "🔁": Verb.AGAIN,
    **dict.fromkeys(("❓", "🤔"), Verb.WHY),
}
_TOAST_CHARS = 200
_TOAST_WAIT_S = 1.0
"""How long the answer to a press waits for something to say in it."""


class Events:
    """Hands updates on. Nothing here raises: what goes wrong is logged, and told to its person where there is one."""

    def __init__(self, chat: Chat, connection: Connection, sender: Sender) -> None:
        self._chat = chat
        self._connection = connection
        self._sender = sender
        self._places = Recent()
        """Conversations of recent messages: a reaction does not tell its topic."""
        self._albums = Recent()
        self._words = Recent()
        """What recent messages say: Telegram tells of edits that change nothing that the bot can see."""
        self._pressing: set[tuple[str, str]] = set()
        self._loose: set[asyncio.Task[None]] = set()

    @property
    def busy(self) -> bool:
        """Whether answers to commands and presses are on their way."""
        return bool(self._loose)

    async def close(self) -> None:
        """Drop answers to commands and presses that are still on their way."""
        tasks = list(self._loose)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def take(self, messages: Sequence[Message]) -> None:
        """A new message, or the messages of an album."""
        if messages[0].media_group_id:
            self._albums.note((messages[0].chat.id, messages[0].media_group_id), list(messages))
        await self._guarded(messages[0], lambda: self._new(messages))

    async def handle(self, update: Update) -> None:
        """Anything else."""
        if update.edited_message is not None:
            message = update.edited_message
            await self._guarded(message, lambda: self._edited(message, str(update.update_id)))
        elif update.callback_query is not None:
            self._apart(self._pressed(update.callback_query))
        elif update.message_reaction is not None:
            self._apart(self._reacted(update.message_reaction))
        elif update.my_chat_member is not None:
            _membership(update.my_chat_member)

    # Messages

    async def _new(self, messages: Sequence[Message]) -> None:
        found = read(messages, self._connection.me)
        if found is None:
            await self._nothing(messages[0])
            return
        if found.for_another or not await self._admitted(found):
            return
        for message in messages:
            self._places.note(name_of(message.chat.id, message.message_id), found.key)
        self._words.note(found.id, found.text)
        if found.command:
            said = await self._chat.commands.run(found.command, self._call(found))
            self._apart(self._show(found.key, found.id, said))
        else:
            await self._chat.take(self._asked(found))

    async def _nothing(self, message: Message) -> None:
        """A message that holds nothing for the bot: said so where somebody waits for an answer."""
        who = message.from_user
        if who is None or message.chat.type != "private" or not unreadable(message):
            return
        heard = Heard(key_for(message), str(who.id), private=True)
        if await self._chat.verdict(heard) is Verdict.ANSWER:
            name = name_of(message.chat.id, message.message_id)
            self._apart(self._show(heard.key, name, Said(UNREADABLE)))

    async def _edited(self, message: Message, stamp: str) -> None:
        messages = [message]
        album = self._albums.get((message.chat.id, message.media_group_id))
        if isinstance(album, list):
            messages = [message if part.message_id == message.message_id else part for part in album]
            self._albums.note((message.chat.id, message.media_group_id), messages)
        found = read(messages, self._connection.me)
        if found is None or found.for_another or self._words.get(found.id) == found.text:
            return
        self._words.note(found.id, found.text)
        words = found.text.strip().lower()
        if words in _CANCELS or not (words or found.sources or found.quoted):
            await self._chat.desk.withdraw(found.key, found.id)
        elif found.command in ("", "ask") and await self._admitted(found):
            await self._chat.take(self._asked(found), stamp)

    async def _admitted(self, found: Read) -> bool:
        verdict = await self._chat.verdict(Heard(found.key, found.author.id, found.private, found.addressed))
        if verdict is Verdict.REFUSE:
            self._apart(self._show(found.key, found.id, Said(NOT_FOR_YOU)))
        return verdict is Verdict.ANSWER

    def _asked(self, found: Read) -> Asked:
        return Asked(
            key=found.key,
            id=found.id,
            author=found.author,
            text=found.text,
            attachments=tuple(self._chat.open(s) for s in found.sources),
            quoted=tuple(self._chat.open(s) for s in found.quoted),
            quoted_text=found.quoted_text,
            reply_to=found.reply_to,
            locale=found.locale,
            sent_at=found.sent_at,
        )

    def _call(self, found: Read) -> Call:
        return Call(
            key=found.key,
            person=found.author,
            id=found.id,
            text=found.text,
            private=found.private,
            about=found.reply_to or "",
            attachments=tuple(self._chat.open(s) for s in found.sources),
            quoted=tuple(self._chat.open(s) for s in found.quoted),
            quoted_text=found.quoted_text,
            locale=found.locale,
        )

    # Buttons and reactions

    async def _pressed(self, query: CallbackQuery) -> None:
        message, verb = query.message, (query.data or "").removeprefix(BUTTON)
        if message is None or not (query.data or "").startswith(BUTTON):
            await self._acknowledge(query, "")
            return
        about = name_of(message.chat.id, message.message_id)
        key = key_for(message) if isinstance(message, Message) else await self._key_of(about)
        person = Person(str(query.from_user.id), query.from_user.full_name)
        if key is None or (about, verb) in self._pressing:
            await self._acknowledge(query, "")
        elif not self._chat.admission.allowed(key, person.id):
            await self._acknowledge(query, NOT_FOR_YOU)
        else:
            locale = query.from_user.language_code or ""
            private = message.chat.type == "private"
            call = Call(key, person, f"{message.chat.id}:press/{query.id}", private=private, about=about, locale=locale)
            self._pressing.add((about, verb))
            try:
                await self._press(query, verb, call)
            finally:
                self._pressing.discard((about, verb))

    async def _press(self, query: CallbackQuery, verb: str, call: Call) -> None:
        work = asyncio.create_task(self._answered(self._chat.commands.press(verb, call)))
        await asyncio.wait([work], timeout=_TOAST_WAIT_S)  # the press itself is answered in time, whatever it sets off
        said = work.result() if work.done() else None
        asked = verb in (Verb.FORGET, Verb.KEEP)
        toast = "" if said is None or verb == Verb.WHY or asked or len(said.text) > _TOAST_CHARS else said.text
        await self._acknowledge(query, toast)
        said = await work
        if asked and not said.buttons:
            await self._sender.edit(call.about, said.text, ())
        elif said.text and not toast:
            await self._show(call.key, call.about, said)
        if verb == Verb.RESEND and not said.buttons and said.text not in (_NOT_NOW, UNSURE):
            await self._sender.strip(call.about)

    @staticmethod
    async def _answered(press: Awaitable[Said]) -> Said:
        """What a press says, its faults in words."""
        try:
            return await press
        except StoreLost as lost:
            log.error("a press could not be served: %s", lost)
            return Said(_NOT_NOW)
        except Unclear:
            return Said(UNSURE)
        except (Broken, Gone) as fault:
            log.warning("a press did not work: %s", fault)
            return Said(_NOT_NOW)

    async def _acknowledge(self, query: CallbackQuery, toast: str) -> None:
        """Answer a press: its button shows a clock until then."""
        try:
            await query.answer(toast or None)
        except TelegramError as error:
            log.info("a press is answered too late: %s", type(error).__name__)

    async def _reacted(self, reaction: MessageReactionUpdated) -> None:
        verb = _verb(reaction)
        if verb is None or reaction.user is None:
            return
        about = name_of(reaction.chat.id, reaction.message_id)
        person = Person(str(reaction.user.id), reaction.user.full_name)
        post = await self._chat.desk.store.post_as(PLATFORM, about)
        key, request = await self._key_of(about), about
        if post is not None:
            request = post.outgoing.partition("#")[2]
        if key is None or not self._chat.admission.allowed(key, person.id):
            return
        if verb is Verb.STOP:
            for name in self._chat.desk.under_way(key, person.id):
                if origin(name) == origin(request):
                    await self._chat.desk.stop_turn(key, name)
            return
        turn = await self._chat.desk.store.turn(key, request)
        if turn is not None and turn.person is not None and turn.person.id == person.id:
            private = reaction.chat.type == "private"
            number = f"{reaction.date.timestamp():.0f}{reaction.message_id}"
            call = Call(key, person, f"{reaction.chat.id}:reaction/{number}", private=private, about=about)
            await self._show(key, about, await self._chat.commands.press(verb, call))

    async def _key_of(self, name: str) -> ConversationKey | None:
        """The conversation of a message that is told without its topic."""
        post = await self._chat.desk.store.post_as(PLATFORM, name)
        if post is not None:
            return key_from(post.outgoing.partition("#")[0])
        known = self._places.get(name)
        return known if isinstance(known, ConversationKey) else None

    # Answers at once

    async def _show(self, key: ConversationKey, about: str, said: Said) -> None:
        """Say what a command says. Only for one person is not to be had here."""
        if said.text:
            await self._chat.slot(key)
            await self._sender.lines(key, about, said.text, said.buttons)
        await self._chat.illustrate(said.drawing)

    async def _guarded(self, message: Message, work: Callable[[], Awaitable[None]]) -> None:
        """Carry a handler out; whatever goes wrong is one line in the chat and one in the log."""
        sorry = ""
        try:
            await work()
        except StoreLost as lost:
            log.error("a message could not be handled: %s", lost)
            sorry = KEEPING
        except Exception:  # one message must not stop the others
            log.exception("a message could not be handled")
            sorry = _BROKE
        if sorry and (message.chat.type == "private" or self._meant(message)):
            self._apart(self._show(key_for(message), name_of(message.chat.id, message.message_id), Said(sorry)))

    def _meant(self, message: Message) -> bool:
        found = read([message], self._connection.me)
        return found is not None and found.addressed and not found.for_another

    def _apart(self, work: Coroutine[None, None, None]) -> None:
        """Do what no update has to wait for."""
        task = asyncio.create_task(self._quietly(work))
        self._loose.add(task)
        task.add_done_callback(self._loose.discard)

    @staticmethod
    async def _quietly(work: Coroutine[None, None, None]) -> None:
        try:
            await work
        except (Broken, Gone) as fault:
            log.warning("something could not be said: %s", type(fault).__name__)
        except Exception:  # nobody waits for it: the log must have it
            log.exception("something could not be said")


def _verb(reaction: MessageReactionUpdated) -> Verb | None:
    """What a new reaction asks for."""
    before = {r.emoji for r in reaction.old_reaction if isinstance(r, ReactionTypeEmoji)}
    new = [r.emoji for r in reaction.new_reaction if isinstance(r, ReactionTypeEmoji) and r.emoji not in before]
    return next((_REACTIONS[e.rstrip("\ufe0f")] for e in new if e.rstrip("\ufe0f") in _REACTIONS), None)


def _membership(change: ChatMemberUpdated) -> None:
    status = change.new_chat_member.status
    if status in ("left", "kicked"):
        log.info("the bot was removed from a chat, or blocked in it")
