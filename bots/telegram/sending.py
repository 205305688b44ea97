"""Messages to Telegram: a part of a reply, the status line, a plain line."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import IO, Any, TypeVar

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, InputFile, LinkPreviewOptions, Message, ReplyParameters
from telegram.error import ChatMigrated, TelegramError

from bots.delivery import Rejected, Why
from bots.desk import origin
from bots.layout import STOP, Button
from bots.renditions import Rendition
from bots.splitting import split
from bots.telegram.connection import UPLOAD_READ_S, Connection, asking
from bots.telegram.faults import changes_nothing
from bots.telegram.inbox import Recent
from bots.telegram.names import BUTTON, is_group, name_of, number_of
from bots.telegram.words import length, said
from core.messages import ConversationKey, Way

log = logging.getLogger("audiogpt.telegram")

T = TypeVar("T")

TEXT = 4096
CAPTION = 1024
UPLOAD_BYTES = 50_000_000
"""What Telegram takes from bots: "50 MB", in the smaller sense of it."""
_BUBBLE_BYTES = 1 << 20
"""A larger voice message is shown as a file."""
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
"""Telegram's servers would fetch what a link leads to."""


def keyboard(buttons: Sequence[Button]) -> InlineKeyboardMarkup | None:
    """Buttons in one row."""
    row = [InlineKeyboardButton(b.label, callback_data=f"{BUTTON}{b.verb}") for b in buttons]
    return InlineKeyboardMarkup([row]) if row else None


class Sender:
    """Sends in the name of the bot."""

    def __init__(self, connection: Connection) -> None:
        self._bot = connection.bot
        self._moved = Recent()

    async def text(
        self, key: ConversationKey, about: str, text: str, buttons: Sequence[Button] = (), *, quietly: bool = False
    ) -> str:
        """Post words in answer to the message `about`; returns the new message's name.

        Raises:
            Broken, Unclear, Gone: see `connection.asking`.
        """
        words, entities = said(text, hushed=is_group(key))

        async def send(chat: int, place: dict[str, Any]) -> Message:
            return await self._bot.send_message(
                chat,
                words,
                entities=entities,
                reply_markup=keyboard(buttons),
                link_preview_options=_NO_PREVIEW,
                disable_notification=quietly,
                **place,
            )

        return await self._post(key, about, send)

    async def lines(self, key: ConversationKey, about: str, text: str, buttons: Sequence[Button] = ()) -> None:
        """Post words of any length, the buttons under the last message. The same faults."""
        parts = split(text, TEXT, length)
        for part in parts:
            await self.text(key, about, part, buttons if part is parts[-1] else ())

    async def media(
        self, key: ConversationKey, about: str, media: Rendition, text: str, buttons: Sequence[Button], performer: str
    ) -> str:
        """Post a file in its native form, with words and buttons; returns the new message's name.

        Raises:
            Rejected: not in this form.
            Broken, Unclear, Gone: see `connection.asking`.
        """
        if media.way is Way.VOICE and media.size > _BUBBLE_BYTES:
            raise Rejected(Why.FORM)
        with media.path.open("rb") as file:
            method, options = self._native(media, file, performer)
            if media.way is not Way.VIDEO_NOTE:
                options["caption"], options["caption_entities"] = said(text, hushed=is_group(key))

            async def send(chat: int, place: dict[str, Any]) -> Message:
                sent: Message = await method(
                    chat, reply_markup=keyboard(buttons), read_timeout=UPLOAD_READ_S, **options, **place
                )
                return sent

            return await self._post(key, about, send, media=True)

    def _native(
        self, media: Rendition, file: IO[bytes], performer: str
    ) -> tuple[Callable[..., Awaitable[Any]], dict[str, Any]]:
        """The method that shows a rendition, and what it wants to know of it."""
        upload = InputFile(file, filename=media.name, read_file_handle=False)  # streamed, also when it is sent again
        facts = media.artifact.facts
        seconds = max(1, round(facts.duration_s or 0.0))
        match media.way:
            case Way.VOICE:
                upload = InputFile(file, filename="voice.ogg", read_file_handle=False)
                return self._bot.send_voice, {"voice": upload, "duration": seconds}
            case Way.AUDIO:
                title = {"title": Path(media.name).stem, "performer": performer}
                return self._bot.send_audio, {"audio": upload, "duration": seconds, **title}
            case Way.VIDEO:
                options: dict[str, Any] = {"video": upload, "duration": seconds, "supports_streaming": True}
                if media.size == facts.size:  # as it was measured, not made smaller
                    options |= {"width": facts.width, "height": facts.height}
                return self._bot.send_video, options
            case Way.VIDEO_NOTE:
                return self._bot.send_video_note, {"video_note": upload, "duration": seconds}
            case Way.IMAGE:
                return self._bot.send_photo, {"photo": upload}
            case _:
                return self._bot.send_document, {"document": upload, "disable_content_type_detection": True}

    async def _post(
        self,
        key: ConversationKey,
        about: str,
        send: Callable[[int, dict[str, Any]], Awaitable[Message]],
        *,
        media: bool = False,
    ) -> str:
        async with asking(media=media):
            number = number_of(origin(about))
            place: dict[str, Any] = {"message_thread_id": int(key.thread)} if key.thread else {}
            chat = int(key.channel)
            moved = self._moved.get(chat)
            if isinstance(moved, int):
                chat = moved
            elif number is not None and is_group(key):
                # Without its question an answer is still an answer: a deleted message stops nothing.
                place["reply_parameters"] = ReplyParameters(number, allow_sending_without_reply=True)
            try:
                message = await send(chat, place)
            except ChatMigrated as migrated:  # the group became a supergroup, with other numbers for its messages
                self._moved.note(chat, migrated.new_chat_id)
                place.pop("reply_parameters", None)
                message = await send(migrated.new_chat_id, place)
            return name_of(message.chat.id, message.message_id)

    async def edit(self, post: str, text: str, buttons: Sequence[Button] = (STOP,)) -> None:
        """Replace the words of a message of ours. One that is gone, or says that already, is left at that.

        Raises:
            Broken, Gone: see `connection.asking`.
        """
        chat, number = _where(post)
        words, entities = said(split(text, TEXT - 1, length)[0], hushed=chat < 0)

        async def change() -> None:
            await self._bot.edit_message_text(
                words,
                chat,
                number,
                entities=entities,
                reply_markup=keyboard(buttons),
                link_preview_options=_NO_PREVIEW,
            )

        await self._unless_done(change)

    async def strip(self, post: str) -> None:
        """Take the buttons of a message away. The same faults."""
        chat, number = _where(post)

        async def change() -> None:
            await self._bot.edit_message_reply_markup(chat, number)

        await self._unless_done(change)

    async def remove(self, post: str) -> None:
        """Delete a message of ours. The same faults."""
        chat, number = _where(post)

        async def change() -> None:
            await self._bot.delete_message(chat, number)

        await self._unless_done(change)

    @staticmethod
    async def _unless_done(change: Callable[[], Awaitable[None]]) -> None:
        async with asking():
            try:
                await change()
            except TelegramError as error:
                if not changes_nothing(error):
                    raise

    async def act(self, key: ConversationKey, action: str) -> None:
        """Show for five seconds what the bot is doing.

        Raises:
            Broken, Gone: see `connection.asking`.
        """
        thread = int(key.thread) if key.thread else None
        moved = self._moved.get(int(key.channel))
        chat = moved if isinstance(moved, int) else int(key.channel)
        async with asking():
            await self._bot.send_chat_action(chat, action, message_thread_id=thread)


def _where(post: str) -> tuple[int, int]:
    chat, _, number = post.partition(":")
    return int(chat), int(number)
