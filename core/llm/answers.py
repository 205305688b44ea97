"""What an endpoint answers: words and calls, put together from fragments or read out of JSON that it wrote as text."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

_DECODER = json.JSONDecoder(strict=False)
_TAIL, _NEWS = 2400, 0.07
"""Characters at the end of an answer, and the least share of them that packing must leave; plans leave more."""
_MOST_TRIES = 50
"""Brackets at which JSON is looked for in one text."""
_THINKING = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|$)", re.DOTALL)
_MARKS = re.compile(r"```(?:json|tool_call)?|</?tool_calls?>|<\|[\w ]+\|>|\[/?TOOL_CALLS\]")
"""What models put around a call that they write as text."""
_NOT_WORDS = ("{", "[", "```", "<tool", "<|")
"""Beginnings of an answer that is probably a call."""
_SAID = re.compile(r'"say"\s*:\s*"((?:[^"\\]|\\.)*)', re.DOTALL)


@dataclass
class ToolCall:
    """A tool call put together from its fragments."""

    id: str = ""
    name: str = ""
    arguments: str = ""
    """JSON."""

    def wire(self) -> dict[str, Any]:
        """As a part of an assistant message."""
        return {"id": self.id, "type": "function", "function": {"name": self.name, "arguments": self.arguments or "{}"}}


@dataclass
class Completion:
    """What the endpoint answered."""

    text: str = ""
    calls: list[ToolCall] = field(default_factory=list)
    refusal: str = ""
    """The model's own words of refusal, where the endpoint tells them apart."""
    finish: str = ""
    """Why it ended: `stop`, `tool_calls`, `length`, `content_filter`."""
    tokens: int = 0
    """Prompt and answer together."""
    broken: bool = False
    """It was to be JSON and is none."""

    def take(self, index: int | None, call_id: str | None, function: Any) -> None:
        """Take in one fragment of a tool call.

        Some endpoints number every call 0, or not at all: a new id, or a name after whole arguments, begins a new one.
        """
        name, arguments = _parts(function)
        call = self._of(index)
        if call is None or (call_id and call.id and call_id != call.id) or (name and call.name and _whole(call)):
            call = ToolCall()
            self.calls.append(call)
        call.id = call_id or call.id or f"call{len(self.calls):05d}"
        call.name += name
        call.arguments += arguments

    def _of(self, index: int | None) -> ToolCall | None:
        if index is None or index == len(self.calls) - 1:
            return self.calls[-1] if self.calls else None
        if 0 <= index < len(self.calls) - 1:
            return self.calls[-1] if index == 0 and not self.calls[0].id else self.calls[index]
        return None

    @property
    def size(self) -> int:
        """Characters so far."""
        return len(self.text) + len(self.refusal) + sum(len(c.arguments) for c in self.calls)

    @property
    def repeats(self) -> bool:
        """Whether what came last goes on and on."""
        return runs_away(self.calls[-1].arguments if self.calls else self.text)


def _parts(function: Any) -> tuple[str, str]:
    """Name and arguments of a fragment; some endpoints give the arguments as an object and not as its text."""
    arguments = getattr(function, "arguments", None) or ""
    return getattr(function, "name", None) or "", arguments if isinstance(arguments, str) else json.dumps(arguments)


def _whole(call: ToolCall) -> bool:
    try:
        json.loads(call.arguments)
    except ValueError:
        return False
    return True


def runs_away(text: str) -> bool:
    """Whether an answer only repeats itself by now: small models do, in JSON mostly, until their context is full."""
    tail = text[-_TAIL:].encode()
    return len(text) >= _TAIL and len(zlib.compress(tail)) < _NEWS * len(tail)


def words_of(text: str) -> str:
    """What of an answer is for the person: not what the model says to itself first."""
    return _THINKING.sub("", text).strip()


def words_so_far(text: str) -> str:
    """What of an answer that still streams can be shown: of JSON, only what it says to the person."""
    words = words_of(text)
    if not words.startswith(_NOT_WORDS):
        return words
    said = _SAID.search(words)
    if said is None:
        return ""
    whole = re.sub(r"\\(?:u[0-9a-fA-F]{0,3})?$|(?:\\u[dD][89abAB][0-9a-fA-F]{2})$", "", said[1])
    try:
        return str(json.loads(f'"{whole}"', strict=False))
    except ValueError:  # an escape that JSON does not have
        return ""


def read(text: str, known: Collection[str]) -> Completion:
    """An answer in JSON: `{"calls": [{"tool": ..., "arguments": {...}}], "say": ...}`, or what models make of it.

    Plain words stay words. `broken` is set where it begins as JSON and is not such.
    """
    words = words_of(text)
    found = list(_values(words))
    calls = [call for value, _, _ in found for call in _calls(value)]
    said = next((v["say"] for v, _, _ in found if isinstance(v, dict) and isinstance(v.get("say"), str)), None)
    if said is None and not any(name in known for name, _ in calls):
        plain = _MARKS.sub("", words).strip()
        return Completion(words, broken=plain.startswith(("{", "[{")))
    if said is None:
        said = _around(words, found)
    return Completion(said.strip(), [_call(n, name, given) for n, (name, given) in enumerate(calls, start=1)])


def written_calls(text: str, known: Collection[str]) -> Completion | None:
    """Calls of known tools that a model wrote as text although it was given tools; None where it wrote but words."""
    answer = read(text, known)
    return answer if answer.calls and all(call.name in known for call in answer.calls) else None


def cut_off(text: str) -> bool:
    """Whether words are really a call, or other JSON, that broke off."""
    plain = _MARKS.sub("", words_of(text)).strip()
    if not plain.startswith(("{", "[{")):
        return False
    try:
        _DECODER.raw_decode(plain)
    except (ValueError, RecursionError):
        return True
    return False


def _call(number: int, name: str, given: Any) -> ToolCall:
    arguments = given if isinstance(given, str) else json.dumps(given, ensure_ascii=False)
    return ToolCall(f"call{number:05d}", name, arguments)


def _values(text: str) -> Iterator[tuple[Any, int, int]]:
    """The JSON objects and lists in a text, each with where it begins and ends."""
    position = 0
    for _ in range(_MOST_TRIES):
        match = re.compile(r"[\[{]").search(text, position)
        if match is None:
            return
        try:
            value, position = _DECODER.raw_decode(text, match.start())
        except (ValueError, RecursionError):  # a bracket among words
            position = match.end()
            continue
        yield value, match.start(), position


def _calls(value: Any) -> list[tuple[str, Any]]:
    """Name and arguments of the calls in a JSON value, in any of the forms that models were trained on."""
    if isinstance(value, list):
        return [call for part in value for call in _calls(part)]
    if not isinstance(value, dict):
        return []
    for several in ("calls", "tool_calls"):
        if isinstance(value.get(several), list):
            return _calls(value[several])
    if isinstance(value.get("function"), dict):
        return _calls(value["function"])
    name = next((value[key] for key in ("tool", "name", "function") if isinstance(value.get(key), str)), None)
    given: Any = next((value[key] for key in ("arguments", "parameters", "args") if key in value), {})
    return [(name, given)] if name else []


def _around(words: str, found: list[tuple[Any, int, int]]) -> str:
    """The words around JSON values."""
    kept, position = "", 0
    for _, start, end in found:
        kept += words[position:start]
        position = end
    return _MARKS.sub("", kept + words[position:]).strip()
