"""How an endpoint wants to be asked: found out by its own refusals, or forced by a setting."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

import openai

from core.settings import Settings


class Calls(StrEnum):
    """How capabilities are called."""

    TOOLS = "tools"
    """By the API's own tools."""
    SCHEMA = "schema"
    """As JSON that the endpoint holds to a schema (`response_format`)."""
    TEXT = "text"
    """As JSON that the prompt asks for."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """What an endpoint is asked with."""

    calls: Calls = Calls.TOOLS
    forced: bool = False
    """The operator chose `calls`: they are not changed."""
    strict: bool = True
    """Schemas are marked `strict`."""
    usage: bool = True
    """The stream is asked to end with the number of tokens."""
    stream: bool = True
    vision: bool = False
    """Pictures are shown."""


_NOT_ABOUT_THE_FORM = (
    "context length", "context_length", "context window", "context size", "maximum context", "too many tokens",
    "content_filter", "content filter", "content_policy", "moderation", "api key", "api_key", "quota", "billing",
    "model_not_found",
)  # fmt: skip
_ABOUT_TOOLS = ("tool", "function", "jinja")
_ABOUT_PICTURES = ("image", "vision", "multimodal", "multi-modal")
_ABOUT_SCHEMAS = ("response_format", "json_schema", "schema", "grammar")
_OF_FORM = (400, 405, 415, 422)
"""HTTP statuses of a request that the endpoint does not take as it is."""


def dialect_of(settings: Settings) -> Dialect:
    """What is tried first."""
    if settings.llm_calls == "auto":
        return Dialect(vision=settings.llm_vision)
    return Dialect(Calls(settings.llm_calls), forced=True, vision=settings.llm_vision)


def words_of_error(error: openai.APIStatusError) -> str:
    """Everything that an endpoint says about its refusal, in lower case."""
    return f"{error.message} {error.body} {error.code}".lower()


def simpler(dialect: Dialect, error: openai.APIStatusError) -> Dialect | None:
    """The next dialect to try after a refusal; None where the refusal is about something else, or nothing is left."""
    said = words_of_error(error)
    named = any(word in said for word in (*_ABOUT_TOOLS, *_ABOUT_SCHEMAS))
    if any(word in said for word in _NOT_ABOUT_THE_FORM):
        return None
    if error.status_code not in _OF_FORM and not (error.status_code in (404, 500, 501) and named):
        return None
    if dialect.usage and ("stream_options" in said or "include_usage" in said):
        return replace(dialect, usage=False)
    if dialect.stream and "stream" in said and not named:
        return replace(dialect, stream=False)
    if dialect.vision and any(word in said for word in _ABOUT_PICTURES):
        return replace(dialect, vision=False)
    if dialect.strict and "strict" in said:
        return replace(dialect, strict=False)
    return _plainer(dialect)


def _plainer(dialect: Dialect) -> Dialect | None:
    if dialect.forced or dialect.calls is Calls.TEXT:
        return None
    if dialect.calls is Calls.TOOLS:
        return replace(dialect, calls=Calls.SCHEMA)
    return replace(dialect, calls=Calls.TEXT, usage=False)
