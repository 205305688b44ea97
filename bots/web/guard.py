"""What every request passes: who may call, what an error looks like, which headers go with each answer."""

from __future__ import annotations

import ipaddress
import logging
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from bots import links
from bots.web.context import answer
from bots.web.faults import STATUS_OF, ApiFault
from bots.web.schemas import Fault, FaultBody
from core.errors import Broken, Refused
from core.settings import Settings

log = logging.getLogger("audiogpt.web")

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_BUSY = "I cannot do that just now. Please try again in a moment."
_PAGE_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob:",
        "media-src 'self' blob:",
        "connect-src 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
_HEADERS = {
    "Content-Security-Policy": _PAGE_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "microphone=(self), camera=(), geolocation=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-cache",
}


async def add_headers(request: web.BaseRequest, response: web.StreamResponse) -> None:
    """Signal handler: headers that an answer does not set for itself."""
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)


def only_own_pages(settings: Settings) -> Middleware:
    """Refuse what another site's page can make a browser send: rebound host names and foreign origins."""
    more = {name.strip().lower() for name in settings.web_names.split(",") if name.strip()}
    names = _LOOPBACK | {settings.web_host.lower()} | more
    linked = _name(urlsplit(settings.public_url).netloc)
    any_address = settings.web_host in ("0.0.0.0", "::")

    def known(host: str) -> bool:
        return host in names or (any_address and _is_address(host))

    @web.middleware
    async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
        name = _name(request.host)
        if not known(name) and not (linked and name == linked and request.path.startswith(f"{links.PATH}/")):
            raise ApiFault(403, "not_allowed", "This server is not known by that name.")
        if request.method not in _SAFE_METHODS:
            origin = request.headers.get("Origin")
            if origin is not None and urlsplit(origin).netloc.lower() != request.host.lower():
                raise ApiFault(403, "not_allowed", "Only this server's own page may do that.")
            if request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none"):
                raise ApiFault(403, "not_allowed", "Only this server's own page may do that.")
        return await handler(request)

    return check


def _route(request: web.Request) -> str:
    """The pattern of the address, for the log: a room's id is its secret."""
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else "no route"


def _name(host: str) -> str:
    """The host without its port: `[::1]:80` is `::1`."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _is_address(host: str) -> bool:
    """A browser that was given an address and no name cannot have been sent here by a name server."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


@web.middleware
async def errors_as_json(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Every error is `{"error": {"kind", "message"}}`; what is unexpected is logged and told without detail."""
    try:
        return await handler(request)
    except ApiFault as fault:
        return _fault(fault.status, fault.kind, fault.message)
    except Refused as refused:
        return _fault(STATUS_OF[refused.kind], str(refused.kind), refused.message)
    except Broken as broken:
        log.error("%s %s: %s", request.method, _route(request), broken)
        return _fault(503, "broken", _BUSY)
    except web.HTTPNotFound:
        return _fault(404, "not_found", "There is nothing at this address.")
    except web.HTTPMethodNotAllowed as error:
        response = _fault(405, "bad_input", f"This address takes {', '.join(sorted(error.allowed_methods))}.")
        response.headers["Allow"] = error.headers["Allow"]
        return response
    except web.HTTPException:
        raise
    except ConnectionError:
        raise  # nobody is there to be told
    except Exception:
        log.exception("%s %s", request.method, _route(request))
        return _fault(500, "broken", "Something on my side broke, and I have noted it.")


def _fault(status: int, kind: str, message: str) -> web.Response:
    return answer(FaultBody(error=Fault(kind=kind, message=message)), status)
