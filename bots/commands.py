"""What the slash commands and the buttons do, on every platform alike. Adapters say how they look."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from bots.desk import VERSION, Desk, origin
from bots.explain import explain
from bots.help import help_text, models_text, privacy_text
from bots.layout import Button, Verb
from bots.plan_graph import kept_of, plan_graph
from bots.plan_picture import plan_picture
from bots.wording import ALLOWED, NOT_YOUR_VOICE, NOT_YOURS
from core.messages import Attachment, ConversationKey, Message, Outgoing, Person
from core.policy import Granted
from core.registry import registry
from core.store import PersonSettings

COMMANDS: dict[str, str] = {
    "ask": "Ask for anything: speech, a transcript, an edited clip",
    "voice": "Answer in speech: on, off or auto; or a text to read aloud",
    "models": "What I can do here, and which models do it",
    "stop": "Stop what I am doing for you here",
    "why": "How the last result was made",
    "again": "The last result once more; with a change, such as: slower, in French, 20 seconds long",
    "privacy": "What I keep, and for how long",
    "forget": "Erase what I remember of you here",
    "help": "How to use me",
}
"""Name and description, at most 100 characters, in the order in which they are offered."""

SHORTCUTS: dict[str, str] = {"Transcribe": "Transcribe this", "Clean up": "Clean up this recording"}
"""Commands on a message, where the platform has such: what it is called and what it asks for."""


@dataclass(frozen=True, slots=True)
class Call:
    """A command or a press of a button."""

    key: ConversationKey
    person: Person
    id: str
    """Unique on the platform, and the same when the platform tells it twice. A request made of it takes this id, so it
    follows the rules of `Message.id`."""
    text: str = ""
    private: bool = False
    """In a direct message."""
    about: str = ""
    """The platform's id of the message that it is used on or replies to."""
    attachments: tuple[Attachment, ...] = ()
    quoted: tuple[Attachment, ...] = ()
    quoted_text: str = ""
    locale: str = ""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture about a reply. It may be shown to all who see the reply, where one person alone cannot be shown one."""

    png: bytes
    key: ConversationKey
    """Where the reply is."""
    message_id: str
    """The message that the reply answers."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a command answers at once."""

    text: str = ""
    """Empty: nothing but the answer of the turn that it began."""
    buttons: tuple[Button, ...] = ()
    private: bool = True
    """Only for who asked, where the platform can do that."""
    began: str = ""
    """The message id of the turn that it began, whose answer is delivered as always."""
    drawing: Drawing | None = None
    """A picture that goes with the words."""


_KEEP = Button(Verb.KEEP, "No, keep it")
_FORGET = Button(Verb.FORGET, "Yes, erase it")


class Commands:
    """Carries commands out."""

    def __init__(self, desk: Desk, resend: Callable[[Outgoing, str], Awaitable[None]]) -> None:
        self._desk = desk
        self._resend = resend
        self._capabilities = registry(desk.settings).capabilities

    async def run(self, name: str, call: Call) -> Said:
        """Carry a command out.

        Raises:
            StoreLost: the database cannot be reached.
        """
        match name.lower():
            case "ask":
                return await self._ask(call)
            case "voice":
                return await self._voice(call)
            case "models":
                return Said(models_text(self._desk.settings, await self._granted(call)))
            case "stop":
                return await self._stop(call)
            case "why":
                return await self._why(call)
            case "again":
                return await self._again(call)
            case "privacy":
                return Said(privacy_text(self._desk.settings))
            case "forget":
                whose = "this conversation" if call.private else "what you said, sent and got in this channel"
                return Said(f"Shall I erase {whose}? It cannot be undone.", (_FORGET, _KEEP))
            case _:
                served = [self._capabilities[i] for i in (await self._granted(call)).capabilities]
                return Said(help_text(served, COMMANDS))

    async def _granted(self, call: Call) -> Granted:
        return await self._desk.granted(f"{call.key.platform}:{call.person.id}", call.key.place)

    async def shortcut(self, name: str, call: Call) -> Said:
        """Carry out a command on a message: one of `SHORTCUTS`."""
        return await self._ask(replace(call, text=SHORTCUTS[name]))

    async def press(self, verb: str, call: Call) -> Said:
        """Carry out what a button says; `call.about` is the message that it is under.

        Raises:
            StoreLost: the database cannot be reached.
            Broken, Gone: a message that is sent again could not be.
        """
        match verb:
            case Verb.STOP:
                return await self._stop_one(call)
            case Verb.AGAIN:
                return await self._again(call)
            case Verb.WHY:
                return await self._why(call)
            case Verb.FORGET:
                return await self._forget(call)
            case Verb.KEEP:
                return Said("Nothing is erased.")
            case Verb.RESEND:
                return await self._send_again(call)
            case Verb.ALLOW:
                return await self._allow(call)
            case _:
                return Said("That button is from another version of me. Please ask in words.")

    async def _ask(self, call: Call) -> Said:
        if not call.text.strip() and not call.attachments:
            return Said("What shall I do? For example: /ask read this aloud: The train leaves at nine.")
        message = Message(
            call.key,
            call.id,
            call.person,
            call.text,
            call.attachments,
            call.quoted,
            call.quoted_text,
            call.about or None,
            call.locale,
        )
        await self._desk.receive(message)
        return Said(began=call.id)

    async def _voice(self, call: Call) -> Said:
        person, wish = f"{call.key.platform}:{call.person.id}", call.text.strip()
        words = {
            "on": "I will answer you in speech too, from now on.",
            "off": "I will answer you in writing only, from now on.",
            "auto": "I will answer in speech when you speak, and in writing when you write.",
        }
        if wish.lower() in words:
            await self._desk.store.set_person(person, PersonSettings(voice=wish.lower()))
            return Said(words[wish.lower()])
        if wish:
            return await self._ask(replace(call, text=f"Read this aloud: {wish}"))
        now = (await self._desk.store.person_settings(person)).voice
        return Said(f"Spoken answers: {now}. Change it with /voice on, /voice off or /voice auto.")

    async def _stop(self, call: Call) -> Said:
        stopped = [await self._desk.stop_turn(call.key, i) for i in self._desk.under_way(call.key, call.person.id)]
        return Said("Stopping." if any(stopped) else "There is nothing of yours under way here.")

    async def _stop_one(self, call: Call) -> Said:
        post = await self._desk.store.post_as(call.key.platform, call.about)
        message_id = post.outgoing.removeprefix(f"{call.key}#") if post else ""
        author = self._desk.author_of(call.key, message_id)
        if author is not None and author != call.person.id:
            return Said(NOT_YOURS)
        stopped = await self._desk.stop_turn(call.key, message_id)
        return Said("" if stopped else "That is finished already.")

    async def _reply(self, call: Call) -> Outgoing | None:
        """The reply that is meant: that of the message it is used on, else the last one here."""
        if call.about:
            post = await self._desk.store.post_as(call.key.platform, call.about)
            if post is not None:
                return await self._desk.store.outgoing(post.outgoing)
            return await self._desk.store.outgoing(f"{call.key}#{call.about}")
        last = await self._desk.store.last_outgoing(str(call.key))
        if last is None and not call.key.thread:  # a channel whose requests each have a thread
            last = await self._desk.store.last_outgoing(str(call.key), threads=True)
        return last

    async def _why(self, call: Call) -> Said:
        reply = await self._reply(call)
        if reply is None:
            return Said("There is no result of mine that you could mean. Reply to one with /why.")
        known = registry(self._desk.settings)
        artifacts = await kept_of(reply, self._desk.store)
        text = explain(reply, known, artifacts)
        if not reply.reply.plan:
            return Said(text)
        png = await asyncio.to_thread(plan_picture, plan_graph(reply, known, artifacts))
        return Said(text, drawing=Drawing(png, reply.key, reply.message_id))

    async def _again(self, call: Call) -> Said:
        reply = await self._reply(call)
        if reply is None:
            return Said("I don't remember that any more. Please ask in words.")
        again = f"{origin(reply.message_id)}{VERSION}{hashlib.sha256(call.id.encode()).hexdigest()[:12]}"
        if not await self._desk.again(reply, again, call.person, call.text):
            return Said("I don't remember that any more. Please ask in words.")
        return Said(began=again)

    async def _allow(self, call: Call) -> Said:
        """Who speaks lets who asked have their voice imitated here; the request goes on by itself, once."""
        reply = await self._reply(call)
        turn = await self._desk.store.turn(reply.key, reply.message_id) if reply else None
        if reply is None or reply.reply.refusal is None or turn is None or turn.person is None:
            return Said("I don't remember that any more. Please ask in words.")
        speaker, asker = f"{call.key.platform}:{call.person.id}", turn.person
        if reply.reply.refusal.who != speaker:
            return Said(NOT_YOUR_VOICE)
        await self._desk.store.allow(speaker, f"{call.key.platform}:{asker.id}", reply.key.place)
        again = f"{origin(reply.message_id)}{VERSION}{hashlib.sha256(reply.id.encode()).hexdigest()[:12]}"
        if not await self._desk.again(reply, again, asker):
            return Said("I don't remember that any more. Please ask in words.")
        return Said(ALLOWED, began=again)

    async def _send_again(self, call: Call) -> Said:
        post = await self._desk.store.post_as(call.key.platform, call.about)
        outgoing = await self._desk.store.outgoing(post.outgoing) if post else None
        if post is None or outgoing is None:
            return Said("I don't remember that any more. Please ask in words.")
        await self._resend(outgoing, post.part)
        return Said("Sent again.")

    async def _forget(self, call: Call) -> Said:
        person = f"{call.key.platform}:{call.person.id}"
        await self._desk.store.revoke(person, "" if call.private else call.key.place)
        for owner in await self._desk.store.conversations(call.key.place):
            if call.private:
                await self._desk.library.forget(owner)
            else:
                await self._desk.library.forget_person(owner, call.key.platform, call.person.id)
        if call.private:
            await self._desk.store.forget_person(person)
        return Said("Erased.")
