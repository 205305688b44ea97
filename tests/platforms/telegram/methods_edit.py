"""Methods that change or remove messages, and answers to button presses."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from platforms.telegram import rules, shapes
from platforms.telegram.call import Call
from platforms.telegram.errors import NOT_MODIFIED, bad
from platforms.telegram.methods import method, open_chat, words
from platforms.telegram.methods_send import stored
from platforms.telegram.state import Json, Msg, now
from platforms.telegram.textparse import parsed

if TYPE_CHECKING:
    from platforms.telegram.server import TelegramServer

_MEDIA = {"audio", "document", "photo", "video", "animation"}


def _own(server: TelegramServer, call: Call) -> Msg:
    """The bot's message that a call edits."""
    chat = open_chat(server, call)
    message = chat.messages.get(call.number("message_id") or 0)
    if message is None or message.service:
        raise bad("message to edit not found")
    if message.sender is not server.world.bot:
        raise bad("message can't be edited")
    if error := server.limits.check(chat.id, time.monotonic()):
        raise error
    return message


def _changed(server: TelegramServer, message: Msg, **new: Any) -> Json:
    """Apply an edit.

    Raises:
        ApiError: it changes nothing.
    """
    if all(getattr(message, name) == value for name, value in new.items()):
        raise bad(NOT_MODIFIED)
    if any(getattr(message, name) != value for name, value in new.items() if name != "buttons"):
        message.edit_date = now()  # a new keyboard alone is no edit that anybody is told of
    for name, value in new.items():
        setattr(message, name, value)
    message.edits += 1
    return shapes.message(server.world, message)


@method("editMessageText")
async def _edit_message_text(server: TelegramServer, call: Call) -> Any:
    message = _own(server, call)
    text, entities = words(server, call, "text")
    if message.kind != "text":
        raise bad("there is no text in the message to edit")
    buttons = rules.buttons(call.json("reply_markup"))
    return _changed(server, message, text=text, entities=entities, buttons=buttons)


@method("editMessageCaption")
async def _edit_message_caption(server: TelegramServer, call: Call) -> Any:
    message = _own(server, call)
    text, entities = words(server, call, "caption")
    if message.kind not in rules.CAPTIONED:
        raise bad("there is no caption in the message to edit")
    buttons = rules.buttons(call.json("reply_markup"))
    return _changed(server, message, text=text, entities=entities, buttons=buttons)


@method("editMessageReplyMarkup")
async def _edit_message_reply_markup(server: TelegramServer, call: Call) -> Any:
    return _changed(server, _own(server, call), buttons=rules.buttons(call.json("reply_markup")))


@method("editMessageMedia")
async def _edit_message_media(server: TelegramServer, call: Call) -> Any:
    message = _own(server, call)
    item = call.json("media")
    if item["type"] not in _MEDIA:
        raise bad("can't parse InputMedia: type must be one of animation, document, audio, photo, video")
    if message.kind not in _MEDIA | {"text"}:
        raise bad("there is no media in the message to edit")
    text, entities = parsed(item.get("caption", ""), item.get("parse_mode", ""), "")
    server.violate(*(f"{call.method}: {f}" for f in rules.text(text, caption=True)))
    file = await stored(server, call, item["type"], item["media"], item)
    if message.file is not None and message.file.content == file.content:
        file = message.file
    buttons = rules.buttons(call.json("reply_markup"))
    return _changed(server, message, kind=item["type"], text=text, entities=entities, file=file, buttons=buttons)


def _remove(server: TelegramServer, call: Call, number: int) -> None:
    chat = open_chat(server, call)
    message = chat.messages.get(number)
    if message is None:
        raise bad("message to delete not found")
    others = message.sender is not server.world.bot
    if message.service.get("forum_topic_created") or (
        others and chat.type != "private" and chat.bot != "administrator"
    ):
        raise bad("message can't be deleted")
    del chat.messages[number]


@method("deleteMessage")
async def _delete_message(server: TelegramServer, call: Call) -> Any:
    _remove(server, call, call.number("message_id") or 0)
    return True


@method("deleteMessages")
async def _delete_messages(server: TelegramServer, call: Call) -> Any:
    chat = open_chat(server, call)
    for number in call.json("message_ids"):
        if number in chat.messages:
            _remove(server, call, number)
    return True


@method("setMessageReaction")
async def _set_message_reaction(server: TelegramServer, call: Call) -> Any:
    message = open_chat(server, call).messages.get(call.number("message_id") or 0)
    if message is None:
        raise bad("message to react not found")
    given = call.json("reaction") or []
    if len(given) > 1:
        raise bad("REACTIONS_TOO_MANY")
    if any(r.get("emoji") not in rules.REACTIONS for r in given):
        raise bad("REACTION_INVALID")
    message.reactions.pop(server.world.bot.id, None)
    if given:
        message.reactions[server.world.bot.id] = given[0]["emoji"]
    return True


@method("answerCallbackQuery")
async def _answer_callback_query(server: TelegramServer, call: Call) -> Any:
    press = server.presses.get(call.text("callback_query_id"))
    if press is None:
        raise bad("query is too old and response timeout expired or query ID is invalid")
    if len(call.text("text")) > rules.ANSWER_LENGTH:
        raise bad("MESSAGE_TOO_LONG")
    press.answer = call.text("text")
    press.alert = call.flag("show_alert")
    return True
