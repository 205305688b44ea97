"""What the handlers share."""

from __future__ import annotations

import re
from dataclasses import dataclass

from aiohttp import web
from pydantic import BaseModel

from bots.commands import Commands
from bots.desk import Desk
from bots.links import Links
from bots.web.derived import Derived
from bots.web.faults import bad_input
from bots.web.rooms import Rooms
from bots.web.schemas import TOKEN
from core.capabilities import Capability
from core.messages import ConversationKey
from core.settings import Settings

PLATFORM = "web"


@dataclass(frozen=True)
class Context:
    """The parts that a request may need."""

    desk: Desk
    commands: Commands
    settings: Settings
    rooms: Rooms
    derived: Derived
    capabilities: dict[str, Capability]
    links: Links

    @property
    def titles(self) -> dict[str, str]:
        """What each capability is called."""
        return {c.id: c.title for c in self.capabilities.values()}


CONTEXT: web.AppKey[Context] = web.AppKey("context", Context)


def room_key(room: str) -> ConversationKey:
    """The conversation of a room."""
    return ConversationKey(PLATFORM, "room", room)


def asked_room(request: web.Request) -> ConversationKey:
    """The conversation of the room in the address.

    Raises:
        ApiFault: that is no room id.
    """
    room = request.match_info["room"]
    if not re.fullmatch(TOKEN, room):
        raise bad_input("A room's id is 22 to 64 letters, digits, - or _.")
    return room_key(room)


def answer(model: BaseModel, status: int = 200) -> web.Response:
    """A JSON answer."""
    return web.Response(status=status, text=model.model_dump_json(), content_type="application/json")
