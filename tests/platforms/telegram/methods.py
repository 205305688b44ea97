"""The methods of the Bot API that this server plays, by name."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from platforms.telegram import rules, shapes
from platforms.telegram.call import Call
from platforms.telegram.errors import ApiError, bad, forbidden
from platforms.telegram.state import SAYS, Chat, Msg, User
from platforms.telegram.textparse import Entities, parsed

if TYPE_CHECKING:
    from platforms.telegram.server import TelegramServer

Method = Callable[["TelegramServer", Call], Awaitable[Any]]
METHODS: dict[str, Method] = {}


def method(name: str) -> Callable[[Method], Method]:
    """Register what a method of the Bot API does."""

    def register(does: Method) -> Method:
        METHODS[name.lower()] = does
        return does

    return register


def chat_of(server: TelegramServer, call: Call) -> Chat:
    """The chat that a call is about, whether or not the bot may write there."""
    given = call.text("chat_id")
    if not given:
        raise bad("chat_id is empty")
    chat = server.world.chats.get(call.number("chat_id") or 0)
    if chat is None:
        raise bad("chat not found")
    return chat


def open_chat(server: TelegramServer, call: Call) -> Chat:
    """The chat that a call writes to.

    Raises:
        ApiError: the bot may not.
    """
    chat = chat_of(server, call)
    if chat.migrated_to is not None:
        raise ApiError(
            400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.migrated_to
        )
    if chat.type == "private":
        if not chat.person.started:
            raise forbidden("bot can't initiate conversation with a user")
        if chat.person.blocked:
            raise forbidden("bot was blocked by the user")
    elif chat.bot == "kicked":
        raise forbidden(f"bot was kicked from the {chat.type} chat")
    elif chat.bot == "left":
        raise forbidden(f"bot is not a member of the {chat.type} chat")
    return chat


_RIGHTS = {
    "can_send_messages": "text messages",
    "can_send_voice_notes": "voice notes",
    "can_send_audios": "music",
    "can_send_videos": "videos",
    "can_send_video_notes": "video notes",
    "can_send_photos": "photos",
    "can_send_documents": "documents",
    "can_send_other_messages": "animations",
}


def may_say(server: TelegramServer, chat: Chat, kind: str) -> None:
    """Check the rights of a group and the privacy of a person.

    Raises:
        ApiError: this kind of message is not let through.
    """
    if chat.type == "private":
        if chat.person.voice_forbidden and kind in ("voice", "video_note"):
            raise bad(server.voice_refusal)
    elif chat.bot != "administrator":
        for right in ("can_send_messages", SAYS[kind]):
            if right in chat.forbidden:
                raise bad(f"not enough rights to send {_RIGHTS[right]} to the chat")


def thread_of(server: TelegramServer, call: Call, chat: Chat) -> int | None:
    """The topic that a call names.

    Raises:
        ApiError: there is none, it is General (which has no id to be named by), or it is closed.
    """
    thread = call.number("message_thread_id")
    if not thread:
        return None
    if not chat.is_forum and chat.type != "private":
        server.violate(f"{call.method}: message_thread_id {thread} for a chat without topics, which ignores it")
        return None
    topic = chat.topics.get(thread)
    if topic is None:
        raise bad("message thread not found")
    if topic.closed and chat.bot != "administrator":
        raise bad("TOPIC_CLOSED")
    return thread


def reply_of(call: Call, chat: Chat) -> Msg | None:
    """The message that a call answers.

    Raises:
        ApiError: it is gone, and the call does not allow that.
    """
    given = call.json("reply_parameters") or {}
    number = given.get("message_id") or call.number("reply_to_message_id")
    if not number:
        return None
    found = chat.messages.get(number)
    if found is None and not (given.get("allow_sending_without_reply") or call.flag("allow_sending_without_reply")):
        raise bad("message to be replied not found")
    return found


def words(server: TelegramServer, call: Call, name: str) -> tuple[str, Entities]:
    """`text` or `caption` of a call, parsed and checked."""
    entities = "entities" if name == "text" else "caption_entities"
    said, found = parsed(call.text(name), call.text("parse_mode"), call.text(entities))
    server.violate(*(f"{call.method}: {f}" for f in rules.text(said, caption=name == "caption")))
    return said, found


@method("getMe")
async def _get_me(server: TelegramServer, call: Call) -> Any:
    return shapes.user(server.world.bot) | {
        "can_join_groups": True,
        "can_read_all_group_messages": not server.world.privacy,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
        "has_topics_enabled": server.private_topics,
    }


@method("getChat")
async def _get_chat(server: TelegramServer, call: Call) -> Any:
    chat = chat_of(server, call)
    if chat.type != "private" and chat.bot in ("kicked", "left"):
        raise forbidden(f"bot was kicked from the {chat.type} chat")
    return shapes.chat_full(chat)


@method("getChatMember")
async def _get_chat_member(server: TelegramServer, call: Call) -> Any:
    chat, number = chat_of(server, call), call.number("user_id")
    if number == server.world.bot.id:
        return shapes.member(server.world.bot, chat.bot)
    member: User | None = next((u for u in chat.members if u.id == number), None)
    if member is None:
        raise bad("PARTICIPANT_ID_INVALID")
    return shapes.member(member, "administrator" if member.id in server.administrators else "member")


@method("getFile")
async def _get_file(server: TelegramServer, call: Call) -> Any:
    file = server.world.files.get(call.text("file_id"))
    if file is None:
        raise bad("wrong file_id or the file is temporarily unavailable")
    if file.size > rules.DOWNLOAD_SIZE:
        raise bad("file is too big")
    told = {"file_id": file.file_id, "file_unique_id": file.unique_id, "file_size": file.size}
    return told | {"file_path": file.path}


@method("setWebhook")
async def _set_webhook(server: TelegramServer, call: Call) -> Any:
    rules.webhook(call)
    connections = call.number("max_connections") or 40
    server.updates.allow(call.json("allowed_updates"))
    server.updates.set_webhook(call.text("url"), call.text("secret_token"), max(1, min(connections, 100)))
    return True


@method("deleteWebhook")
async def _delete_webhook(server: TelegramServer, call: Call) -> Any:
    server.updates.set_webhook("", "", 40)
    return True


@method("getWebhookInfo")
async def _get_webhook_info(server: TelegramServer, call: Call) -> Any:
    hook = server.updates.webhook
    told: dict[str, Any] = {
        "url": hook.url,
        "has_custom_certificate": False,
        "pending_update_count": server.updates.pending,
    }
    if hook.url:
        told["max_connections"] = hook.connections
    if hook.last_error:
        told |= {"last_error_date": hook.last_error_at, "last_error_message": hook.last_error}
    return told


@method("setMyCommands")
async def _set_my_commands(server: TelegramServer, call: Call) -> Any:
    given = call.json("commands")
    rules.commands(given)
    scope = (call.json("scope") or {"type": "default"})["type"]
    server.commands[scope, call.text("language_code")] = given
    return True


@method("getMyCommands")
async def _get_my_commands(server: TelegramServer, call: Call) -> Any:
    scope = (call.json("scope") or {"type": "default"})["type"]
    return server.commands.get((scope, call.text("language_code")), [])


@method("deleteMyCommands")
async def _delete_my_commands(server: TelegramServer, call: Call) -> Any:
    scope = (call.json("scope") or {"type": "default"})["type"]
    server.commands.pop((scope, call.text("language_code")), None)
    return True


@method("leaveChat")
async def _leave_chat(server: TelegramServer, call: Call) -> Any:
    open_chat(server, call).bot = "left"
    return True


async def _taken(server: TelegramServer, call: Call) -> Any:
    """A profile setting that nothing here shows."""
    return True


for _name in ("setMyDescription", "setMyShortDescription", "setMyName", "setChatMenuButton"):
    method(_name)(_taken)
