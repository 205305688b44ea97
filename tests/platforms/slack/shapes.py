"""How Slack writes its things in JSON: the shapes of `../shared/specs/slack` and of recorded events."""

from __future__ import annotations

import re
from typing import Any

from platforms.slack.state import APP_ID, Channel, File, Member, Post, Team

_EXTERNAL = ("id", "created", "timestamp", "mode", "file_access")


def _slug(name: str) -> str:
    """A name as Slack puts it into an address."""
    return re.sub(r"[^a-z0-9._-]+", "_", name.lower()).strip(".")[-80:] or "file"


def user_json(member: Member) -> dict[str, Any]:
    """`users.info`."""
    return {
        "id": member.id,
        "team_id": member.team,
        "name": member.name.lower(),
        "deleted": False,
        "real_name": member.name,
        "tz": "Europe/London",
        "tz_label": "Greenwich Mean Time",
        "tz_offset": 0,
        "profile": {
            "real_name": member.name,
            "real_name_normalized": member.name,
            "display_name": member.name,
            "display_name_normalized": member.name,
            "team": member.team,
        },
        "is_admin": False,
        "is_owner": False,
        "is_bot": member.is_bot,
        "is_app_user": False,
        "updated": 1700000000,
        "locale": "en-GB",
    }


def channel_json(team: Team, channel: Channel) -> dict[str, Any]:
    """`conversations.info`."""
    shape: dict[str, Any] = {
        "id": channel.id,
        "created": 1700000000,
        "is_archived": channel.archived,
        "is_im": channel.kind == "im",
        "is_org_shared": False,
        "context_team_id": team.id,
        "updated": 1700000000,
    }
    if channel.kind == "im":
        return shape
    return shape | {
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": channel.kind == "channel",
        "is_group": channel.kind in ("group", "mpim"),
        "is_mpim": channel.kind == "mpim",
        "is_private": channel.kind != "channel",
        "is_member": team.bot.id in channel.members,
        "num_members": len(channel.members),
    }


def file_json(base: str, team: Team, file: File, *, whole: bool = True) -> dict[str, Any]:
    """A file; `whole=False` is how it comes in a message, where one of another organisation tells its id only."""
    path = f"{team.id}-{file.id}"
    original = f"{base}/files-pri/{path}/download/{_slug(file.name)}"
    shape: dict[str, Any] = {
        "id": file.id,
        "created": file.created,
        "timestamp": file.created,
        "name": file.name,
        "title": file.title,
        "mimetype": file.mimetype if file.ready else "",
        "filetype": file.filetype if file.ready else "",
        "pretty_type": file.filetype.upper() if file.ready else "",
        "user": file.user,
        "user_team": team.id,
        "editable": False,
        "size": len(file.content),
        "mode": "hosted",
        "is_external": False,
        "external_type": "",
        "is_public": any(c.startswith("C") for c in file.shares),
        "public_url_shared": False,
        "display_as_bot": False,
        "username": "",
        "url_private": original,
        "url_private_download": original,
        "permalink": f"{base}/{team.domain}/files/{file.user}/{file.id}/{_slug(file.name)}",
        "has_rich_preview": False,
        "file_access": "visible",
    }
    if file.clip:
        kind = file.clip.removeprefix("slack_")
        played = f"{base}/files-tmb/{path}/{file.name.rpartition('.')[0]}_{kind}.mp4"
        shape |= {
            "subtype": file.clip,
            "media_display_type": kind,
            "duration_ms": file.duration_ms,
            "url_private": played,
            "vtt": f"{base}/files-tmb/{path}/file.vtt?_xcb=0",
            "transcription": {"status": "processing", "locale": "en-GB"},
        }
        if kind == "audio":
            shape |= {"aac": played, "audio_wave_samples": file.waveform}
        else:
            shape |= {"mp4": played}
    if whole:
        channels = _shares(team, file)
        return shape | channels
    if file.external:
        return {k: shape[k] for k in _EXTERNAL} | {"mode": "file_access", "file_access": "check_file_info"}
    return shape


def _shares(team: Team, file: File) -> dict[str, Any]:
    found: dict[str, dict[str, list[dict[str, Any]]]] = {}
    lists: dict[str, list[str]] = {"channels": [], "groups": [], "ims": []}
    for channel, posts in file.shares.items() if file.ready else ():
        kind = team.channels[channel].kind
        of = {"reply_users": [], "reply_users_count": 0, "reply_count": 0, "team_id": team.id, "channel_name": ""}
        entries = [of | {"ts": ts} | ({"thread_ts": thread} if thread else {}) for ts, thread in posts]
        found.setdefault("public" if kind == "channel" else "private", {})[channel] = entries
        lists[{"channel": "channels", "im": "ims"}.get(kind, "groups")].append(channel)
    return {**lists, "shares": found}


def bot_profile(team: Team) -> dict[str, Any]:
    """Who the bot is, in each of its messages."""
    icon = "https://a.slack-edge.com/bot_48.png"
    return {
        "id": team.bot_id,
        "deleted": False,
        "name": team.bot.name,
        "updated": 1700000000,
        "app_id": APP_ID,
        "icons": {"image_36": icon, "image_48": icon, "image_72": icon},
        "team_id": team.id,
    }


def post_json(base: str, team: Team, channel: Channel, post: Post, *, metadata: bool = True) -> dict[str, Any]:
    """A message, without the channel that it is in."""
    shape: dict[str, Any] = {"type": "message", "user": post.user, "text": post.text, "ts": post.ts, "team": team.id}
    if post.client_msg_id:
        shape["client_msg_id"] = post.client_msg_id
    if post.by_bot and not post.files:  # as recorded: a file of the bot is told as a file of its user
        shape |= {"bot_id": team.bot_id, "app_id": APP_ID, "bot_profile": bot_profile(team)}
    if post.subtype:
        shape["subtype"] = post.subtype
    if post.blocks:
        shape["blocks"] = post.blocks
    if post.files:
        files = [team.files[f] for f in post.files]
        shape |= {
            "files": [file_json(base, team, f, whole=False) if not f.deleted else _gone(f) for f in files],
            "upload": False,
            "display_as_bot": False,
        }
    if post.shared:
        shape["attachments"] = [post.shared]
    if post.edited_ts:
        shape["edited"] = {"user": post.user, "ts": post.edited_ts}
    if post.reactions:
        shape["reactions"] = [{"name": n, "users": u, "count": len(u)} for n, u in post.reactions.items()]
    if metadata and post.metadata:
        shape["metadata"] = post.metadata
    replies = channel.replies(post.ts)
    if post.thread_ts:
        shape["thread_ts"] = post.thread_ts
        root = channel.posts.get(post.thread_ts)
        if root is not None and post.ts != post.thread_ts:
            shape["parent_user_id"] = root.user
    if replies:
        users = list(dict.fromkeys(p.user for p in replies))
        shape |= {
            "thread_ts": post.ts,
            "reply_count": len(replies),
            "reply_users_count": len(users),
            "latest_reply": replies[-1].ts,
            "reply_users": users,
            "subscribed": False,
            "is_locked": False,
        }
    return shape


def shared_json(base: str, team: Team, channel: Channel, post: Post) -> dict[str, Any]:
    """A message as it is attached to the one that forwards it."""
    shape: dict[str, Any] = {
        "id": 1,
        "ts": post.ts,
        "author_id": post.user,
        "author_name": team.members[post.user].name,
        "channel_id": channel.id,
        "channel_team": team.id,
        "is_msg_unfurl": True,
        "is_share": True,
        "text": post.text,
        "fallback": f"[{post.ts}] {post.text}",
        "from_url": f"https://{team.domain}.slack.com/archives/{channel.id}/p{post.ts.replace('.', '')}",
        "mrkdwn_in": ["text"],
    }
    files = [file_json(base, team, team.files[f], whole=False) for f in post.files]
    return shape | ({"files": files} if files else {})


def _gone(file: File) -> dict[str, Any]:
    return {"id": file.id, "mode": "tombstone"}


def rich_text(text: str) -> list[dict[str, Any]]:
    """The blocks that Slack's own composer sends along with what a person types."""
    elements: list[dict[str, Any]] = []
    rest = text
    while "<@" in rest:
        before, _, rest = rest.partition("<@")
        user, _, rest = rest.partition(">")
        if before:
            elements.append({"type": "text", "text": before})
        elements.append({"type": "user", "user_id": user})
    if rest:
        elements.append({"type": "text", "text": rest})
    section = {"type": "rich_text_section", "elements": elements}
    return [{"type": "rich_text", "block_id": "b1c2d", "elements": [section]}] if elements else []
