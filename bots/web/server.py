"""The aiohttp application: the API of `routes.py`, the page and its static files."""

from __future__ import annotations

from pathlib import Path

from aiohttp import web

from bots import links
from bots.web import openapi
from bots.web.context import CONTEXT, Context
from bots.web.files import read_linked
from bots.web.guard import add_headers, errors_as_json, only_own_pages
from bots.web.routes import ROUTES
from bots.web.schemas import TOKEN

STATIC = Path(__file__).parent / "static"
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".json": "application/manifest+json",
}
"""Said by us: with `nosniff` a page runs only what has the right type, and a system's own table may be wrong."""
_FILES = {p.relative_to(STATIC).as_posix(): p for p in STATIC.rglob("*") if p.suffix in _TYPES}


def make_app(context: Context) -> web.Application:
    """The application over its parts. It starts nothing and owns nothing."""
    app = web.Application(
        middlewares=[errors_as_json, only_own_pages(context.settings)],
        client_max_size=(context.settings.max_upload_mb + 1) << 20,
    )
    app[CONTEXT] = context
    app.on_response_prepare.append(add_headers)
    for route in ROUTES:
        app.router.add_route(route.method, route.path, route.handler)
    app.router.add_get(openapi.PATH, _openapi)
    app.router.add_get("/", _page)
    app.router.add_get(f"/r/{{room:{TOKEN.strip('^$')}}}", _page)
    app.router.add_get(f"{links.PATH}/{{artifact}}/{{until}}/{{signature}}/{{name}}", read_linked)
    app.router.add_get("/favicon.ico", _icon)
    app.router.add_get("/static/{name:.+}", _static)
    return app


async def _openapi(request: web.Request) -> web.Response:
    return web.json_response(openapi.document())


async def _page(request: web.Request) -> web.FileResponse:
    return _file("index.html")


async def _icon(request: web.Request) -> web.FileResponse:
    return _file("icon.svg")


async def _static(request: web.Request) -> web.FileResponse:
    name = request.match_info["name"]
    if name not in _FILES:
        raise web.HTTPNotFound
    return _file(name)


def _file(name: str) -> web.FileResponse:
    path = _FILES[name]
    return web.FileResponse(path, headers={"Content-Type": _TYPES[path.suffix]})
