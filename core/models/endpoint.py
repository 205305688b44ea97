"""What models ask of the connected language model: any OpenAI-compatible endpoint."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from core.errors import Broken, ModelFailed
from core.sayings import saying
from core.settings import Settings

if TYPE_CHECKING:
    from openai import OpenAI


def unconnected(settings: Settings) -> str | None:
    """None, or what to set so that a language model is connected."""
    if settings.llm_base_url and settings.llm_model:
        return None
    return "connect a language model: set AUDIOGPT_LLM_BASE_URL and AUDIOGPT_LLM_MODEL"


def client(settings: Settings) -> OpenAI:
    """The connection to the endpoint; a context manager that closes it."""
    from openai import OpenAI

    return OpenAI(
        base_url=settings.llm_base_url,
        api_key=settings.llm_api_key.get_secret_value() or "none",
        timeout=settings.llm_timeout_s,
        max_retries=1,
    )


def answered(
    asked: OpenAI, settings: Settings, system: str, content: Any, heard: Callable[[str], None], refused: str
) -> str:
    """The endpoint's words about `content` (a text, or parts with pictures); `heard` gets all of them so far.

    Raises:
        ModelFailed: the endpoint refuses, told by `refused`, or gives no words.
        Broken: it cannot be reached, or fails.
    """
    from openai import APIStatusError, OpenAIError

    messages: list[Any] = [{"role": "system", "content": system}, {"role": "user", "content": content}]
    words = ""
    try:
        with asked.chat.completions.create(
            model=settings.llm_model, messages=messages, temperature=0.0, stream=True
        ) as stream:
            for chunk in stream:
                words += (chunk.choices[0].delta.content or "") if chunk.choices else ""
                heard(words)
    except (OpenAIError, ValueError) as error:  # ValueError: a stream that breaks within a line
        if isinstance(error, APIStatusError) and 400 <= error.status_code < 500 and error.status_code != 429:
            raise ModelFailed(refused) from error
        raise Broken(f"language model: {type(error).__name__}") from error
    if not words.strip():
        raise ModelFailed(saying("llm_wordless"))
    return words.strip()
