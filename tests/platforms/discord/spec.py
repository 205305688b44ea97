"""Discord's own OpenAPI description as a judge of what is asked and of what we answer."""

from __future__ import annotations

import copy
import json
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator
from paths import SHARED

PATH = SHARED / "specs" / "discord-openapi.json"
_FROM_THE_LIBRARY = {"tts"}
"""discord.py sends it with edits too."""
LEFT_OUT = f"left out: {PATH.name} is not here; requests are held against the hand-written rules alone"


@cache
def _description() -> dict[str, Any] | None:
    return json.loads(PATH.read_text()) if PATH.exists() else None


@cache
def _validator(schema: str) -> Draft202012Validator:
    description = _description()
    assert description is not None
    return Draft202012Validator({**json.loads(schema), "components": description["components"]})


class Spec:
    """The description, or nothing where it is not there."""

    def __init__(self) -> None:
        self._spec = _description()

    @property
    def there(self) -> bool:
        return self._spec is not None

    def request(self, method: str, route: str, content: Any) -> list[str]:
        """Faults of a request's JSON."""
        found = self._operation(method, route).get("requestBody", {}).get("content", {}).get("application/json")
        if found is None:
            return []
        return self._faults(f"request {method} {route}", found["schema"], _as_described(content)) + self._unknown(
            found["schema"], content
        )

    def response(self, method: str, route: str, status: int, content: Any) -> list[str]:
        """Faults of our own answer."""
        found = self._operation(method, route).get("responses", {}).get(str(status), {}).get("content", {})
        schema = found.get("application/json", {}).get("schema")
        what = f"response {method} {route} {status}"
        return [] if schema is None else self._faults(what, schema, _without_forwards(content))

    def _operation(self, method: str, route: str) -> dict[str, Any]:
        operation: dict[str, Any] = (self._spec or {"paths": {}})["paths"].get(route, {}).get(method.lower(), {})
        return operation

    def _faults(self, what: str, schema: dict[str, Any], content: Any) -> list[str]:
        errors = _validator(json.dumps(schema)).iter_errors(content)
        return [f"{what}: {'.'.join(map(str, e.path))}: {e.message[:300]}" for e in errors]

    def _unknown(self, schema: dict[str, Any], content: Any) -> list[str]:
        """Fields that are not described: the schemas let them pass, Discord ignores them, their sender is mistaken."""
        assert self._spec is not None
        name = schema.get("$ref", "").rpartition("/")[2]
        described = self._spec["components"]["schemas"].get(name, {}).get("properties")
        if not described or not isinstance(content, dict):
            return []
        return [f"field {key!r} is not in {name}" for key in content.keys() - described.keys() - _FROM_THE_LIBRARY]


def _as_described(content: Any) -> Any:
    """Every library sends ids as numbers where the description has text; Discord takes both."""
    content = copy.deepcopy(content)
    if not isinstance(content, dict):
        return content
    for message in (content, content.get("data"), content.get("message")):
        if not isinstance(message, dict):
            continue
        for attachment in message.get("attachments") or []:
            _stringify(attachment, "id")
        _stringify(message.get("message_reference"), "message_id", "channel_id", "guild_id")
    _stringify(content, "recipient_id")
    return content


def _without_forwards(content: Any) -> Any:
    """Forwards (a `message_reference` of type 1) are in Discord's documents and not in the description yet."""
    if isinstance(content, list):
        return [_without_forwards(part) for part in content]
    if not isinstance(content, dict):
        return content
    known = {name: _without_forwards(part) for name, part in content.items()}
    if isinstance(reference := known.get("message_reference"), dict):
        known["message_reference"] = reference | {"type": 0}
    return known


def _stringify(content: Any, *names: str) -> None:
    for name in names:
        if isinstance(content, dict) and isinstance(content.get(name), int):
            content[name] = str(content[name])
