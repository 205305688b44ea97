"""The Bot API's JSON of what `state` holds, as core.telegram.org/bots/api gives it."""

from __future__ import annotations

from platforms.telegram.state import Chat, Json, Msg, StoredFile, User, World


def user(who: User) -> Json:
    """`User`."""
    found: Json = {"id": who.id, "is_bot": who.is_bot, "first_name": who.first_name}
    if who.username:
        found["username"] = who.username
    if not who.is_bot:
        found["language_code"] = who.language_code
    return found


def chat(where: Chat) -> Json:
    """`Chat`."""
    if where.type == "private":
        person = where.person
        return {"id": where.id, "type": "private", "first_name": person.first_name, "username": person.username}
    found: Json = {"id": where.id, "type": where.type, "title": where.title}
    if where.is_forum:
        found["is_forum"] = True
    return found


def chat_full(where: Chat) -> Json:
    """`ChatFullInfo`."""
    found = chat(where) | {
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(
            ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), False
        ),
    }
    if where.type == "private":
        if where.person.voice_forbidden:
            found["has_restricted_voice_and_video_messages"] = True
    else:
        found["permissions"] = permissions(where)
    return found


def permissions(where: Chat) -> Json:
    """`ChatPermissions`."""
    names = (
        *("can_send_messages", "can_send_audios", "can_send_documents", "can_send_photos", "can_send_videos"),
        *("can_send_video_notes", "can_send_voice_notes", "can_send_polls", "can_send_other_messages"),
        *("can_add_web_page_previews", "can_change_info", "can_invite_users", "can_pin_messages", "can_manage_topics"),
    )
    return {name: name not in where.forbidden for name in names}


def member(who: User, status: str) -> Json:
    """`ChatMember` of one of its kinds."""
    found: Json = {"status": status, "user": user(who)}
    if status == "kicked":
        found["until_date"] = 0
    if status == "administrator":
        found |= dict.fromkeys(
            (
                *("can_be_edited", "is_anonymous", "can_promote_members", "can_post_stories", "can_edit_stories"),
                *("can_delete_stories", "can_manage_video_chats", "can_restrict_members", "can_change_info"),
                "can_invite_users",
            ),
            False,
        )
        found |= {"can_manage_chat": True, "can_delete_messages": True}
    return found


def _file(file: StoredFile) -> Json:
    found: Json = {"file_id": file.file_id, "file_unique_id": file.unique_id, "file_size": file.size}
    if file.kind in ("voice", "audio", "video", "video_note", "animation"):
        found["duration"] = file.duration
    if file.kind in ("video", "animation"):
        found |= {"width": file.width, "height": file.height}
    if file.kind == "video_note":
        found["length"] = file.width
    elif file.mime and file.kind != "photo":
        found["mime_type"] = file.mime
    if file.name and file.kind in ("audio", "video", "animation", "document"):
        found["file_name"] = file.name
    if file.kind == "audio":
        found |= {k: v for k, v in (("title", file.title), ("performer", file.performer)) if v}
    return found


def content(message: Msg) -> Json:
    """The fields of `Message` that hold what was said."""
    if message.service:
        return message.service
    if message.file is None:
        found: Json = {"text": message.text}
        return found | ({"entities": message.entities} if message.entities else {})
    found = {message.kind: _file(message.file)}
    if message.kind == "photo":
        size = {"width": message.file.width, "height": message.file.height}
        small = {"width": max(1, message.file.width // 4), "height": max(1, message.file.height // 4)}
        thumbnail = small | {"file_id": f"{message.file.file_id}s", "file_unique_id": f"{message.file.unique_id}s"}
        found = {"photo": [thumbnail | {"file_size": 900}, _file(message.file) | size]}
    if message.kind == "animation":  # told as a document too, for clients from before there were animations
        told = ("file_id", "file_unique_id", "file_size", "mime_type", "file_name")
        found["document"] = {k: v for k, v in found["animation"].items() if k in told}
    if message.text:
        found["caption"] = message.text
    if message.text and message.entities:
        found["caption_entities"] = message.entities
    return found


def message(world: World, told: Msg, *, nested: bool = False) -> Json:
    """`Message`; one that is shown inside another shows no further one itself."""
    where = told.chat
    found: Json = {"message_id": told.id, "from": user(told.sender), "chat": chat(where), "date": told.date}
    if told.edit_date:
        found["edit_date"] = told.edit_date
    if told.thread is not None:
        found["message_thread_id"] = told.thread
        if where.is_forum:
            found["is_topic_message"] = True
    if told.album:
        found["media_group_id"] = told.album
    if told.forwarded_from is not None:
        origin = {"type": "user", "date": told.date, "sender_user": user(told.forwarded_from)}
        found |= {"forward_origin": origin}
    if not nested:
        # In a topic, what answers nothing "answers" the message that opened the topic.
        above = told.reply_to if told.reply_to is not None else told.thread
        parent = where.messages.get(above) if above is not None else None
        if parent is not None and parent.id != told.id:
            found["reply_to_message"] = message(world, parent, nested=True)
    found |= content(told)
    if told.buttons:
        found["reply_markup"] = {"inline_keyboard": told.buttons}
    return found
