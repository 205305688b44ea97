"""The HTTP side of the server: the Web API, uploads, downloads, response URLs, the OAuth pages."""

from __future__ import annotations

import base64
import json
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from aiohttp import web
from platforms.slack import rules, spec
from platforms.slack.api import Api, SlackError
from platforms.slack.faults import LOGIN_PAGE, Script, after, before
from platforms.slack.limits import Limits
from platforms.slack.sniff import ALIKE, sniffed, type_of
from platforms.slack.sockets import Sockets
from platforms.slack.state import APP_ID, Post, Team, new_id, timestamp
from platforms.slack.world import World

Json = dict[str, Any]

MOST_UPLOAD = 1 << 30


@dataclass
class Call:
    """One request that came in."""

    endpoint: str
    args: Json
    token: str
    at: float
    answer: Json = field(default_factory=dict)


@dataclass
class ResponseUrl:
    """Where an app may answer an interaction: five times within half an hour."""

    team: str
    channel: str
    user: str
    ts: str = ""
    """The message that the interaction was with."""
    thread_ts: str = ""
    used: int = 0


class Routes:
    """Serves everything that the app asks for."""

    def __init__(self, world: World, sockets: Sockets, faults: Script, limits: Limits) -> None:
        self.calls: list[Call] = []
        self.app_token = f"xapp-1-{APP_ID}-secret"
        self.client_id, self.client_secret = "111.222", "client-secret"
        self.codes: dict[str, str] = {}
        """OAuth codes that were given out, with their workspace."""
        self.triggers: set[str] = set()
        self.response_urls: dict[str, ResponseUrl] = {}
        self.api = Api(world, self.triggers)
        self._world = world
        self._sockets = sockets
        self._faults = faults
        self._limits = limits

    def app(self) -> web.Application:
        """The routes."""
        app = web.Application(client_max_size=MOST_UPLOAD)
        app.router.add_post("/api/{method}", self._call)
        app.router.add_get("/api/{method}", self._call)
        app.router.add_post("/upload/v1/{ticket}", self._upload)
        app.router.add_get("/{kind:files-pri|files-tmb}/{file}/{tail:.*}", self._download)
        app.router.add_post("/response/{ticket}", self._respond)
        app.router.add_get("/link", self._link)
        app.router.add_get("/signin", self._sign_in)
        return app

    # -- the Web API --

    async def _call(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        args: Json = dict(request.query) | await _body(request)
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        team = self._world.team_of(token)
        fault = self._faults.next(method, args, team.id if team else "")
        call = Call(method, args, token, time.monotonic())
        self.calls.append(call)
        self._world.changed()
        early = await before(fault, request)
        if early is not None:
            return early
        response = self._answer(request, call, fault)
        self._world.changed()
        return await after(fault, request, response)

    def _answer(self, request: web.Request, call: Call, fault: Any) -> web.Response:
        method, args = call.endpoint, call.args
        if "token" in args:
            self._world.violate(f"{method}: the token goes into the Authorization header")
        faults = list(rules.faults_of_call(method, args))
        for fault_of_call in faults:
            self._world.violate(f"{method}: {fault_of_call}")
        if faults:
            known = method in rules.METHODS
            messages = [f"[ERROR] {f}" for f in faults]
            error = "invalid_arguments" if known else "unknown_method"
            return web.json_response({"ok": False, "error": error, "response_metadata": {"messages": messages}})
        try:
            call.answer, headers = self._allowed(request, call, fault)
        except SlackError as error:
            call.answer, headers = error.answer, {}
            if call.answer["error"] == "ratelimited":
                headers = {"Retry-After": str(call.answer.pop("retry_after"))}
                self._world.violate(f"{method}: called more often than Slack allows")
                return web.json_response(call.answer, status=429, headers=headers)
        for difference in spec.faults_of_answer(method, call.answer):
            self._world.violate(f"this server is wrong: {difference}")
        return web.json_response(call.answer, headers=headers)

    def _allowed(self, request: web.Request, call: Call, fault: Any) -> tuple[Json, dict[str, str]]:
        if call.endpoint == "oauth.v2.access":
            return self._exchange(request, call.args), {}
        if call.endpoint == "apps.connections.open":
            if call.token != self.app_token:
                raise SlackError("invalid_auth" if not call.token.startswith("xoxb-") else "not_allowed_token_type")
            self._limit(call, "app")
            address = f"{self._world.base.replace('http', 'ws', 1)}/link"
            return {
                "ok": True,
                "url": f"{address}?{urlencode({'ticket': self._sockets.ticket(), 'app_id': APP_ID})}",
            }, {}
        team = self._world.team_of(call.token)
        if team is None:
            known = any(t.token == call.token for t in self._world.teams.values())
            raise SlackError("token_revoked" if known else "invalid_auth" if call.token else "not_authed")
        self._scope(team, call)
        self._limit(call, team.id)
        answer = self.api.call(call.endpoint, team, call.args, fault)
        return answer, {"x-oauth-scopes": ",".join(sorted(team.scopes))}

    def _scope(self, team: Team, call: Call) -> None:
        needed = rules.METHODS[call.endpoint].scope
        if needed in ("read", "history"):
            kind = self.api.channel(team, call.args["channel"]).kind
            needed = f"{ {'channel': 'channels', 'group': 'groups'}.get(kind, kind) }:{needed}"
        if needed and needed not in team.scopes:
            raise SlackError("missing_scope", needed=needed, provided=",".join(sorted(team.scopes)))

    def _limit(self, call: Call, team: str) -> None:
        wait = self._limits.retry_after(call.endpoint, team, call.args)
        if wait:
            raise SlackError("ratelimited", retry_after=wait)

    def _exchange(self, request: web.Request, args: Json) -> Json:
        expected = base64.b64encode(f"{self.client_id}:{self.client_secret}".encode()).decode()
        if request.headers.get("Authorization") != f"Basic {expected}":
            raise SlackError("bad_client_secret")
        team = self._world.teams.get(self.codes.pop(str(args.get("code")), ""))
        if team is None:
            raise SlackError("invalid_code")
        team.installed = True
        return {
            "ok": True,
            "app_id": APP_ID,
            "authed_user": {"id": next(m.id for m in team.members.values() if not m.is_bot)},
            "scope": ",".join(sorted(team.scopes)),
            "token_type": "bot",
            "access_token": team.token,
            "bot_user_id": team.bot.id,
            "team": {"id": team.id, "name": team.domain},
            "enterprise": None,
            "is_enterprise_install": False,
        }

    # -- files --

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        team_id, _, file_id = request.match_info["ticket"].partition("-")
        file = self._world.teams[team_id].files[file_id]
        self.calls.append(Call("upload", {"file": file.name}, "", time.monotonic()))
        fault = self._faults.next("upload", {"filename": file.name})
        early = await before(fault, request)
        if early is not None:
            return early
        content = await request.read()
        if len(content) != file.length:
            self._world.violate(f"upload: {len(content)} bytes came, {file.length} were announced")
            return web.Response(status=400, text="length mismatch")
        kind = sniffed(content)
        extension = file.name.rpartition(".")[2].lower()
        if kind and extension not in ALIKE.get(kind, {kind}):
            self._world.violate(f"upload: {file.name} holds {kind}: phones play by the extension")
        file.content, file.uploaded = content, True
        file.mimetype, file.filetype = type_of(file.name, content)
        self._world.changed()
        return await after(fault, request, web.Response(text=f"OK - {len(content)}"))

    async def _download(self, request: web.Request) -> web.StreamResponse:
        team_id, _, file_id = request.match_info["file"].partition("-")
        team = self._world.teams.get(team_id)
        file = team.files.get(file_id) if team is not None else None
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        self.calls.append(Call("download", {"file": file_id, "path": request.path}, token, time.monotonic()))
        self._world.changed()
        fault = self._faults.next("download", {"file": file_id})
        early = await before(fault, request)
        if early is not None:
            return early
        if team is None or file is None or file.deleted:
            return web.Response(status=404, text=LOGIN_PAGE, content_type="text/html")
        if token != team.token or not team.installed or "files:read" not in team.scopes:
            return web.Response(text=LOGIN_PAGE, content_type="text/html")
        if request.match_info["kind"] == "files-tmb":
            self._world.violate(f"download: {file.name} was read as Slack re-encoded it, not as it was sent")
        response = web.StreamResponse(headers={"Content-Type": file.mimetype, "Content-Length": str(len(file.content))})
        await response.prepare(request)
        half = len(file.content) // 2
        await response.write(file.content[:half])
        if fault is not None and fault.what == "cut_after":
            assert request.transport is not None
            request.transport.abort()
            return response
        await response.write(file.content[half:])
        return await after(fault, request, response)

    # -- answers to interactions --

    async def _respond(self, request: web.Request) -> web.StreamResponse:
        url = self.response_urls.get(request.match_info["ticket"])
        args = await _body(request)
        self.calls.append(Call("response_url", args, "", time.monotonic()))
        fault = self._faults.next("response_url", args)
        early = await before(fault, request)
        if early is not None:
            return early
        if url is None or url.used >= 5:
            self._world.violate("response_url: used more than five times, or unknown")
            return web.Response(status=404, text="used_url")
        url.used += 1
        self._world.changed()
        response = web.Response(text="ok")
        if not args.get("delete_original") or args.get("text"):
            for wrong in rules.faults_of_call("chat.postMessage", _as_message(url, args)):
                self._world.violate(f"response_url: {wrong}")
        self.show_response(url, args)
        return await after(fault, request, response)

    def show_response(self, url: ResponseUrl, args: Json) -> None:
        """Show what an app answered to an interaction, by its acknowledgement or by the response URL."""
        team = self._world.teams[url.team]
        channel = team.channels[url.channel]
        original = channel.posts.get(url.ts)
        if args.get("delete_original") and original is not None and original.by_bot:
            self._world.delete(team, channel, original)
        elif args.get("replace_original") and original is not None and original.by_bot:
            self._world.edit(
                team, channel, original, str(args.get("text", "")), rules.decoded(args.get("blocks")) or []
            )
        elif args.get("text") or args.get("blocks"):
            public = args.get("response_type") == "in_channel"
            blocks = rules.decoded(args.get("blocks")) or []
            thread = str(args.get("thread_ts") or url.thread_ts)
            post = Post(timestamp(), team.bot.id, str(args.get("text", "")), True, thread, [], blocks)
            if public:
                self._world.add(team, channel, post)
            else:
                post.ephemeral_to = url.user
                channel.posts[post.ts] = post
                self._world.changed()

    def new_response_url(self, url: ResponseUrl) -> str:
        """An address for an interaction."""
        ticket = new_id("hook")
        self.response_urls[ticket] = url
        return f"{self._world.base}/response/{ticket}"

    # -- sockets and pages --

    async def _link(self, request: web.Request) -> web.StreamResponse:
        fault = self._faults.next("link", {})
        early = await before(fault, request)
        if early is not None:
            self._sockets.forget(request)
            return early
        return await self._sockets.serve(request)

    async def _sign_in(self, request: web.Request) -> web.Response:
        if request.headers.get("Authorization"):
            self._world.violate("a token was sent along a redirect to another host")
        return web.Response(text=LOGIN_PAGE, content_type="text/html")


def _as_message(url: ResponseUrl, args: Json) -> Json:
    kept = {k: v for k, v in args.items() if k in ("text", "blocks", "thread_ts", "mrkdwn", "unfurl_links")}
    return {"channel": url.channel, **kept}


async def _body(request: web.Request) -> Json:
    if request.content_type == "application/json":
        text = await request.text()
        return dict(json.loads(text)) if text else {}
    return dict(await request.post())
