"""The methods of the Web API, as they change and tell the workspace."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from platforms.slack import shapes
from platforms.slack.faults import Fault
from platforms.slack.rules import decoded
from platforms.slack.state import APP_ID, Channel, File, Post, Team, new_id, timestamp
from platforms.slack.world import World

Json = dict[str, Any]


class SlackError(Exception):
    """`ok: false` with this error."""

    def __init__(self, error: str, **more: Any) -> None:
        super().__init__(error)
        self.answer = {"ok": False, "error": error, **more}


class Api:
    """Carries out calls that have passed the rules and the limits."""

    def __init__(self, world: World, triggers: set[str]) -> None:
        self._world = world
        self._triggers = triggers
        self.views: dict[str, Json] = {}
        """Modals that were opened, by id."""
        self.ephemeral_seen: list[tuple[str, Post]] = []
        self._methods: dict[str, Callable[[Team, Json, Fault | None], Json]] = {
            "api.test": lambda team, args, fault: {},
            "auth.test": self._auth_test,
            "auth.revoke": self._auth_revoke,
            "bots.info": self._bots_info,
            "chat.delete": self._delete,
            "chat.getPermalink": self._permalink,
            "chat.postEphemeral": self._post_ephemeral,
            "chat.postMessage": self._post_message,
            "chat.update": self._update,
            "conversations.history": self._history,
            "conversations.info": self._info,
            "conversations.open": self._open,
            "conversations.replies": self._replies,
            "files.completeUploadExternal": self._complete,
            "files.delete": self._file_delete,
            "files.getUploadURLExternal": self._upload_url,
            "files.info": self._file_info,
            "reactions.add": self._react,
            "reactions.remove": self._react_not,
            "team.info": self._team_info,
            "users.info": self._user_info,
            "views.open": self._views_open,
            "views.update": self._views_update,
        }

    def call(self, method: str, team: Team, args: Json, fault: Fault | None) -> Json:
        """Carry a call out.

        Raises:
            SlackError: the workspace does not allow it.
        """
        return {"ok": True, **self._methods[method](team, args, fault)}

    def channel(self, team: Team, channel: str) -> Channel:
        """A conversation that the bot can see.

        Raises:
            SlackError: there is none.
        """
        found = team.channels.get(channel)
        if found is None or (found.kind != "channel" and team.bot.id not in found.members):
            raise SlackError("channel_not_found")
        return found

    def _writable(self, team: Team, channel: str) -> Channel:
        found = self.channel(team, channel)
        if found.archived:
            raise SlackError("is_archived")
        if team.bot.id not in found.members:
            raise SlackError("not_in_channel")
        return found

    def _own(self, team: Team, args: Json, error: str) -> tuple[Channel, Post]:
        channel = self.channel(team, args["channel"])
        post = channel.posts.get(str(args["ts"]))
        if post is None or post.ephemeral_to:
            raise SlackError("message_not_found")
        if not post.by_bot:
            raise SlackError(error)
        return channel, post

    def _auth_test(self, team: Team, args: Json, fault: Fault | None) -> Json:
        return {
            "url": f"https://{team.domain}.slack.com/",
            "team": team.domain,
            "user": team.bot.name,
            "team_id": team.id,
            "user_id": team.bot.id,
            "bot_id": team.bot_id,
            "is_enterprise_install": False,
        }

    def _auth_revoke(self, team: Team, args: Json, fault: Fault | None) -> Json:
        team.installed = False
        return {"revoked": True}

    def _bots_info(self, team: Team, args: Json, fault: Fault | None) -> Json:
        profile = shapes.bot_profile(team)
        return {"bot": {k: v for k, v in profile.items() if k != "team_id"} | {"user_id": team.bot.id}}

    def _message(self, team: Team, channel: Channel, args: Json) -> Post:
        text, blocks = str(args.get("text") or ""), decoded(args.get("blocks")) or []
        thread = str(args.get("thread_ts") or "")
        root = channel.posts.get(thread)
        if root is not None and root.thread_ts not in ("", root.ts):
            self._world.violate("chat.postMessage: thread_ts is a reply's ts; it must be its parent's")
            thread = root.thread_ts
        elif root is None:
            thread = ""  # Slack un-threads without a word what answers a deleted message (slack-go/slack issue 1571)
        metadata = decoded(args.get("metadata")) or {}
        mrkdwn = args.get("mrkdwn", True) not in (False, "0", "false", 0)
        if not text and blocks:
            text = "This content can't be displayed."
        return Post(timestamp(), team.bot.id, text, True, thread, [], blocks, metadata, mrkdwn)

    def _post_message(self, team: Team, args: Json, fault: Fault | None) -> Json:
        channel = self._writable(team, args["channel"])
        post = self._message(team, channel, args)
        if post.thread_ts and args.get("reply_broadcast"):
            post.subtype = "thread_broadcast"
        self._world.add(team, channel, post)
        message = shapes.post_json(self._world.base, team, channel, post)
        return {"channel": channel.id, "ts": post.ts, "message": message}

    def _post_ephemeral(self, team: Team, args: Json, fault: Fault | None) -> Json:
        channel = self._writable(team, args["channel"])
        if args["user"] not in channel.members:
            raise SlackError("user_not_in_channel")
        post = self._message(team, channel, args)
        post.ephemeral_to = args["user"]
        channel.posts[post.ts] = post
        self._world.changed()
        return {"message_ts": post.ts}

    def _update(self, team: Team, args: Json, fault: Fault | None) -> Json:
        channel, post = self._own(team, args, "cant_update_message")
        text = str(args["text"]) if args.get("text") is not None else None
        blocks = decoded(args["blocks"]) if args.get("blocks") is not None else None
        if args.get("metadata") is not None:
            post.metadata = decoded(args["metadata"])
        self._world.edit(team, channel, post, text, blocks)
        message = shapes.post_json(self._world.base, team, channel, post)
        message.pop("ts")
        return {"channel": channel.id, "ts": post.ts, "text": post.text, "message": message}

    def _delete(self, team: Team, args: Json, fault: Fault | None) -> Json:
        channel, post = self._own(team, args, "cant_delete_message")
        self._world.delete(team, channel, post)
        return {"channel": channel.id, "ts": post.ts}

    def _permalink(self, team: Team, args: Json, fault: Fault | None) -> Json:
        channel = self.channel(team, args["channel"])
        if args["message_ts"] not in channel.posts:
            raise SlackError("message_not_found")
        link = f"https://{team.domain}.slack.com/archives/{channel.id}/p{args['message_ts'].replace('.', '')}"
        return {"channel": channel.id, "permalink": link}

    def _info(self, team: Team, args: Json, fault: Fault | None) -> Json:
        return {"channel": shapes.channel_json(team, self.channel(team, args["channel"]))}

    def _open(self, team: Team, args: Json, fault: Fault | None) -> Json:
        users = [u for u in str(args.get("users") or "").split(",") if u]
        if not users:
            raise SlackError("users_list_not_supplied")
        if any(u not in team.members for u in users):
            raise SlackError("user_not_found")
        members = {*users, team.bot.id}
        kind = "im" if len(users) == 1 else "mpim"
        there = next((c for c in team.channels.values() if c.kind == kind and c.members == members), None)
        found = there or team.add_channel(kind, "", members)
        return {"no_op": there is not None, "already_open": there is not None, "channel": {"id": found.id}}

    def _page(self, team: Team, channel: Channel, posts: list[Post], args: Json) -> Json:
        whole = args.get("include_all_metadata") in (True, "1", "true", 1)
        most = int(args.get("limit", 100))
        oldest, latest = float(args.get("oldest", 0)), float(args.get("latest", "inf"))
        inside = [p for p in posts if oldest <= float(p.ts) <= latest and not p.ephemeral_to]
        page = [shapes.post_json(self._world.base, team, channel, p, metadata=whole) for p in inside[:most]]
        return {"messages": page, "has_more": len(inside) > most}

    def _history(self, team: Team, args: Json, fault: Fault | None) -> Json:
        channel = self._member_of(team, args["channel"])
        posts = [p for p in channel.posts.values() if p.thread_ts in ("", p.ts) or p.subtype == "thread_broadcast"]
        return self._page(team, channel, sorted(posts, key=lambda p: p.ts, reverse=True), args)

    def _replies(self, team: Team, args: Json, fault: Fault | None) -> Json:
        channel = self._member_of(team, args["channel"])
        root = channel.posts.get(str(args["ts"]))
        if root is None:
            raise SlackError("thread_not_found")
        if root.thread_ts not in ("", root.ts):
            root = channel.posts.get(root.thread_ts, root)
        return self._page(team, channel, [root, *sorted(channel.replies(root.ts), key=lambda p: p.ts)], args)

    def _member_of(self, team: Team, channel: str) -> Channel:
        found = self.channel(team, channel)
        if team.bot.id not in found.members:
            raise SlackError("not_in_channel")
        return found

    def _upload_url(self, team: Team, args: Json, fault: Fault | None) -> Json:
        name = str(args["filename"])
        file = File(new_id("F"), name, name, team.bot.id, length=int(args["length"]))
        team.files[file.id] = file
        return {"upload_url": f"{self._world.base}/upload/v1/{team.id}-{file.id}", "file_id": file.id}

    def _complete(self, team: Team, args: Json, fault: Fault | None) -> Json:
        channel = self._writable(team, args["channel_id"])
        files = []
        for entry in decoded(args["files"]):
            file = team.files.get(entry["id"])
            if file is None or not file.uploaded:
                raise SlackError("file_not_found")
            if file.completed:
                self._world.violate(
                    f"files.completeUploadExternal: {file.name} was completed before: it is shown twice"
                )
            file.title = entry.get("title") or file.name
            files.append(file)
        thread = str(args.get("thread_ts") or "")
        root = channel.posts.get(thread)
        if root is not None and root.thread_ts not in ("", root.ts):
            self._world.violate("files.completeUploadExternal: thread_ts is a reply's ts; it must be its parent's")
        for file in files:
            file.completed = True
        what = fault.what if fault is not None else ""
        if what != "never_shared":
            polls = fault.retry_after_s if fault is not None and what == "not_ready" else 0
            self._world.share_later(team, channel, files, str(args.get("initial_comment") or ""), thread, polls)
        return {"files": [{"id": f.id, "title": f.title} for f in files]}

    def _file(self, team: Team, args: Json) -> File:
        file = team.files.get(str(args["file"]))
        if file is None:
            raise SlackError("file_not_found")
        if file.deleted:
            raise SlackError("file_deleted")
        return file

    def _file_info(self, team: Team, args: Json, fault: Fault | None) -> Json:
        file = self._file(team, args)
        file.polls -= 1
        shape = shapes.file_json(self._world.base, team, file)
        return {"file": shape, "comments": [], "response_metadata": {"next_cursor": ""}}

    def _file_delete(self, team: Team, args: Json, fault: Fault | None) -> Json:
        file = self._file(team, args)
        if file.user != team.bot.id:
            raise SlackError("cant_delete_file")
        file.deleted = True
        self._world.changed()
        return {}

    def _reaction(self, team: Team, args: Json) -> tuple[Channel, Post]:
        channel = self.channel(team, args["channel"])
        post = channel.posts.get(str(args["timestamp"]))
        if post is None or post.tombstone:
            raise SlackError("message_not_found")
        return channel, post

    def _react(self, team: Team, args: Json, fault: Fault | None) -> Json:
        channel, post = self._reaction(team, args)
        if team.bot.id in post.reactions.get(args["name"], ()):
            raise SlackError("already_reacted")
        self._world.react(team, channel, post, team.bot.id, args["name"])
        return {}

    def _react_not(self, team: Team, args: Json, fault: Fault | None) -> Json:
        channel, post = self._reaction(team, args)
        if team.bot.id not in post.reactions.get(args["name"], ()):
            raise SlackError("no_reaction")
        self._world.react(team, channel, post, team.bot.id, args["name"], added=False)
        return {}

    def _team_info(self, team: Team, args: Json, fault: Fault | None) -> Json:
        return {"team": {"id": team.id, "name": team.domain, "domain": team.domain, "email_domain": ""}}

    def _user_info(self, team: Team, args: Json, fault: Fault | None) -> Json:
        member = team.members.get(args["user"])
        if member is None:
            raise SlackError("user_not_found")
        return {"user": shapes.user_json(member)}

    def _views_open(self, team: Team, args: Json, fault: Fault | None) -> Json:
        if args["trigger_id"] not in self._triggers:
            raise SlackError("expired_trigger_id")
        self._triggers.discard(args["trigger_id"])
        return self._view(team, new_id("V"), decoded(args["view"]))

    def _views_update(self, team: Team, args: Json, fault: Fault | None) -> Json:
        if args.get("view_id") not in self.views:
            raise SlackError("not_found")
        return self._view(team, args["view_id"], decoded(args["view"]))

    def _view(self, team: Team, view_id: str, view: Json) -> Json:
        defaults = {"private_metadata": "", "callback_id": "", "state": {"values": {}}, "hash": new_id("hash")}
        of = {"id": view_id, "team_id": team.id, "app_id": APP_ID, "bot_id": team.bot_id, "root_view_id": view_id}
        self.views[view_id] = defaults | view | of
        self._world.changed()
        return {"view": json.loads(json.dumps(self.views[view_id]))}
