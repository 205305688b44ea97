"""One OpenAI-compatible endpoint: asked in the way that it understands, retried by the kind of error."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Collection
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar, cast

import openai
from openai import AsyncOpenAI, AsyncStream
from openai.types.chat import ChatCompletion, ChatCompletionChunk

from core.errors import ModelFailed, OverLimit, Refused, Unsafe
from core.llm.answers import Completion, cut_off, read, words_of, words_so_far, written_calls
from core.llm.dialect import Calls, Dialect, dialect_of, simpler, words_of_error
from core.plans import Words
from core.sayings import saying
from core.settings import Settings

log = logging.getLogger("audiogpt.llm")

T = TypeVar("T")

Compose = Callable[[Dialect], dict[str, Any]]
"""Makes the request, without the model's name, for an endpoint of that dialect."""

_RETRY_WAITS_S = (0.5, 2.0)
_LONGEST_WAIT_S = 20.0
_LONGEST_ANSWER = 60_000
"""Characters. A model that runs away, as small ones do in JSON, is stopped there."""
_WHOLE_ANSWER = 3
"""Times AUDIOGPT_LLM_TIMEOUT_S, which is the longest silence: what an answer may take from beginning to end."""
_BYTES_PER_TOKEN = 4
"""Of an endpoint that does not count: near enough for a budget, in any script."""

_NOT_REACHED = saying("llm_unreached")
_TOO_SLOW = saying("llm_slow")
_SET_UP_WRONGLY = saying("llm_misset")
_FILTERED = saying("llm_filtered")
_TOO_LONG = saying("llm_long")
_FILTER_WORDS = ("content_filter", "content filter", "content_policy", "moderation", "flagged", "responsible")
_LENGTH_WORDS = ("context length", "context_length", "context window", "context size", "maximum context", "too long")
_OWNERS = ("quota", "billing", "credit")
"""Words of a 429 that waiting does not help."""


class TooLong(OverLimit):
    """The endpoint cannot take a prompt of that length."""


class _Silent(Exception):
    """An answer to a streamed request that was no stream."""


class LanguageModel:
    """One endpoint. It remembers, as long as the process lives, how the endpoint wants to be asked."""

    def __init__(self, settings: Settings) -> None:
        self._model = settings.llm_model
        self._native = False
        self._whole_s = _WHOLE_ANSWER * settings.llm_timeout_s
        self.dialect = dialect_of(settings)
        self._client = AsyncOpenAI(
            base_url=settings.llm_base_url,
            api_key=settings.llm_api_key.get_secret_value() or "none",
            timeout=settings.llm_timeout_s,
            max_retries=0,  # decided here, by kind
        )

    async def close(self) -> None:
        """Let go of the connections."""
        await self._client.close()

    async def complete(self, compose: Compose, known: Collection[str], words: Words) -> Completion:
        """One completion; `words` hears what it says to the person so far. `known` are the tools there are.

        Raises:
            TooLong: the endpoint cannot take that much.
            Unsafe: its content filter stopped it.
            ModelFailed: the endpoint refused, or did not answer after its retries.
        """
        dialect = self.dialect
        while True:
            asked = compose(dialect)
            try:
                completion = await _retried(partial(self._ask, asked, dialect, words))
            except _Silent:
                dialect = replace(dialect, stream=False)
                continue
            except openai.APIStatusError as error:
                plainer = simpler(dialect, error)
                if plainer is None:
                    raise _told(error) from error
                log.info("language model: asked more simply after %s: %s", error.status_code, plainer)
                dialect = plainer
                continue
            if dialect != self.dialect:
                log.warning("language model: this endpoint is asked so from now on: %s", dialect)
                self.dialect = dialect
            if completion.finish == "content_filter":
                raise Unsafe(_FILTERED)
            completion.tokens = completion.tokens or _estimated(asked, completion)
            return self._understood(completion, dialect, known)

    def _understood(self, completion: Completion, dialect: Dialect, known: Collection[str]) -> Completion:
        """With the calls that it wrote as text."""
        if completion.calls:
            self._native = True
            return completion
        if dialect.calls is Calls.TOOLS:
            answer = written_calls(completion.text, known)
            if answer is not None and not self._native and not dialect.forced:
                log.warning("language model: it writes its calls as text, so it is given a schema from now on")
                self.dialect = replace(dialect, calls=Calls.SCHEMA)
            answer = answer or Completion(words_of(completion.text), broken=cut_off(completion.text))
        else:
            answer = read(completion.text, known)
        answer.refusal, answer.finish, answer.tokens = completion.refusal, completion.finish, completion.tokens
        return answer

    async def _ask(self, asked: dict[str, Any], dialect: Dialect, words: Words) -> Completion:
        async with asyncio.timeout(self._whole_s):
            return await self._answer(asked, dialect, words)

    async def _answer(self, asked: dict[str, Any], dialect: Dialect, words: Words) -> Completion:
        create: Any = self._client.chat.completions.create  # the request is built as a dict, in the shape of the API
        if not dialect.stream:
            completion = _whole(await create(model=self._model, stream=False, **asked))
            await words(words_so_far(completion.text))
            return completion
        options = {"stream_options": {"include_usage": True}} if dialect.usage else {}
        stream = cast(
            AsyncStream[ChatCompletionChunk], await create(model=self._model, stream=True, **options, **asked)
        )
        return await _streamed(stream, words)


async def _streamed(stream: AsyncStream[ChatCompletionChunk], words: Words) -> Completion:
    completion = Completion()
    heard, chunks = "", 0
    async with stream:
        async for chunk in stream:
            chunks += 1
            completion.tokens = chunk.usage.total_tokens if chunk.usage else completion.tokens
            for choice in (chunk.choices or ())[:1]:
                completion.finish = choice.finish_reason or completion.finish
                if choice.delta is not None:
                    _add(completion, choice.delta)
            said = words_so_far(completion.text)
            if said and said != heard:
                heard = said
                await words(said)
            if completion.size > _LONGEST_ANSWER or completion.repeats:
                log.warning("language model: stopped after %d characters, as it runs away", completion.size)
                break
    if not chunks:
        raise _Silent
    return completion


def _add(completion: Completion, message: Any) -> None:
    """Take in a delta, or a whole message."""
    completion.text += _text(message.content)
    completion.refusal += getattr(message, "refusal", None) or ""
    for fragment in message.tool_calls or ():
        completion.take(getattr(fragment, "index", None), fragment.id, fragment.function)


def _text(content: Any) -> str:
    """Words, which some endpoints give in parts."""
    if isinstance(content, list):
        return "".join(str(part.get("text") or "") for part in content if isinstance(part, dict))
    return content if isinstance(content, str) else ""


def _whole(answer: ChatCompletion) -> Completion:
    """An answer that did not stream.

    Raises:
        ValueError: it holds none.
    """
    if not answer.choices:
        raise ValueError("an answer without choices")
    completion = Completion(
        finish=answer.choices[0].finish_reason or "", tokens=answer.usage.total_tokens if answer.usage else 0
    )
    _add(completion, answer.choices[0].message)
    return completion


def _estimated(asked: dict[str, Any], completion: Completion) -> int:
    text = [{**m, "content": m["content"] if isinstance(m.get("content"), str) else ""} for m in asked["messages"]]
    prompt = json.dumps([text, asked.get("tools"), asked.get("response_format")], ensure_ascii=False)
    return (len(prompt.encode()) + completion.size) // _BYTES_PER_TOKEN


async def _retried(attempt: Callable[[], Awaitable[T]]) -> T:
    """Try again what may pass by itself; slowness only once, as somebody waits.

    Raises:
        ModelFailed: it did not pass.
        openai.APIStatusError: an answer that will not change by itself.
    """
    slow = 0
    for wait in (*_RETRY_WAITS_S, None):
        fault = _NOT_REACHED
        try:
            return await attempt()
        except openai.APIStatusError as error:
            wait = _wait_of(error, wait)
        except TimeoutError as error:  # it went on and on, and would again
            raise ModelFailed(_TOO_SLOW) from error
        except openai.APITimeoutError:
            slow += 1
            fault = _TOO_SLOW
            log.warning("language model: no answer in time")
        except (openai.APIError, ValueError) as error:  # ValueError: what it sent does not parse
            log.warning("language model: %s: %s", type(error).__name__, error)
        if wait is None or slow > 1:
            raise ModelFailed(fault)
        await asyncio.sleep(wait)
    raise AssertionError("the last try returns or raises")


def _wait_of(error: openai.APIStatusError, default: float | None) -> float | None:
    """Seconds until a refused request may be tried again; None where it was the last try.

    Raises:
        openai.APIStatusError: trying again does not help.
        ModelFailed: the endpoint wants to be left alone for longer than anybody waits.
    """
    said = words_of_error(error)
    passing = error.status_code in (408, 409, 429) or error.status_code >= 500
    if not passing or error.status_code == 501 or any(w in said for w in _OWNERS) or "jinja" in said:
        raise error
    log.warning("language model: %s", error.status_code)
    asked = error.response.headers.get("retry-after", "")
    seconds = float(asked) if asked.replace(".", "", 1).isdigit() else default
    if seconds is not None and seconds > _LONGEST_WAIT_S:
        raise ModelFailed(saying("llm_busy", wait=_rounded(seconds))) from error
    return None if default is None else seconds


def _rounded(seconds: float) -> int:
    """Whole seconds; from one and a half minutes on, whole minutes of them."""
    return round(seconds) if seconds < 90 else 60 * round(seconds / 60)


def _told(error: openai.APIStatusError) -> Refused:
    """What the person hears of a refusal that nothing simpler gets around."""
    said = words_of_error(error)
    if any(word in said for word in _FILTER_WORDS):
        return Unsafe(_FILTERED)
    if error.status_code == 413 or any(word in said for word in _LENGTH_WORDS):
        return TooLong(_TOO_LONG)
    log.error("language model refused: %s %s", error.status_code, error.message)
    return ModelFailed(_SET_UP_WRONGLY)
