"""The OpenAPI 3.1 description of the API, built from the routing table and the pydantic models."""

from __future__ import annotations

from functools import cache
from typing import Any, Literal

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from bots.web.routes import ROUTES, Parameter, Route
from bots.web.schemas import FaultBody, MessageEvent, ReadyEvent, ReplyEvent, SoundEvent, StatusEvent
from core import __version__

PATH = "/api/openapi.json"
_REF = "#/components/schemas/{model}"
_FAULTS = {
    400: "Something in the request is not as it should be.",
    403: "The request comes from another site's page.",
    404: "There is no such thing.",
    413: "Too much for one message.",
    415: "The body is not a multipart form.",
    503: "The server cannot serve just now; try again.",
}


@cache
def document() -> dict[str, Any]:
    """The whole description, JSON-ready."""
    paths: dict[str, dict[str, Any]] = {}
    for route in ROUTES:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "AudioGPT Bots",
            "version": __version__,
            "description": "Talk to the bot from a page or a script. A room's id is its key: keep it to yourselves.",
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {"schemas": _schemas()},
    }


def _schemas() -> dict[str, Any]:
    written = [r.gives for r in ROUTES if isinstance(r.gives, type)]
    written += [FaultBody, MessageEvent, ReplyEvent, StatusEvent, SoundEvent, ReadyEvent]
    wanted: list[tuple[type[BaseModel], Literal["serialization", "validation"]]]
    wanted = [(model, "serialization") for model in written]
    wanted += [(r.form, "validation") for r in ROUTES if r.form]
    _, schemas = models_json_schema(wanted, ref_template=_REF)
    return dict(schemas["$defs"])


def _operation(route: Route) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": route.name,
        "summary": route.says.split(". ")[0].rstrip("."),
        "description": " ".join(route.says.split()),
        "parameters": [_parameter(p) for p in route.parameters],
        "responses": {str(route.status): {"description": "As asked.", "content": _content(route)}},
    }
    for status in route.faults:
        content = {"application/json": {"schema": _ref(FaultBody)}}
        operation["responses"][str(status)] = {"description": _FAULTS[status], "content": content}
    if route.form:
        body = {"schema": _ref(route.form), "example": route.form_example}
        operation["requestBody"] = {"required": True, "content": {"multipart/form-data": body}}
    return operation


def _content(route: Route) -> dict[str, Any]:
    if isinstance(route.gives, tuple):
        return {media_type: {"schema": {"type": "string"}} for media_type in route.gives}
    return {"application/json": {"schema": _ref(route.gives)}}


def _parameter(parameter: Parameter) -> dict[str, Any]:
    found = {
        "name": parameter.name,
        "in": parameter.where,
        "required": parameter.where == "path",
        "description": parameter.says,
        "schema": parameter.schema,
    }
    return found if parameter.example is None else {**found, "example": parameter.example}


def _ref(model: type[BaseModel]) -> dict[str, str]:
    return {"$ref": _REF.format(model=model.__name__)}
