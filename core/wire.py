"""The vocabulary as JSON: every dataclass of `core.messages` and `core.artifacts` that is pure data, both ways.

`Message` has no wire form, as its attachments are not downloaded yet; `Incoming` is what it becomes.
"""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from core.errors import Broken

T = TypeVar("T")


_adapters: dict[type, TypeAdapter[Any]] = {}


def _adapter(form: type) -> TypeAdapter[Any]:
    """The adapter of a dataclass; built once, as that takes some milliseconds."""
    if form not in _adapters:
        _adapters[form] = TypeAdapter(form)
    return _adapters[form]


def to_json(value: Any) -> Any:
    """A JSON-ready form of a dataclass: dicts, lists, text, numbers; times in ISO 8601 with their offset."""
    return _adapter(type(value)).dump_python(value, mode="json")


def from_json(form: type[T], data: Any) -> T:
    """The `form` that `to_json` wrote.

    Raises:
        Broken: the data are none.
    """
    try:
        value: T = _adapter(form).validate_python(data)
    except ValidationError as error:
        raise Broken(f"not a {form.__name__}: {error.error_count()} faults") from error
    return value


def dump(value: Any) -> bytes:
    """A dataclass as JSON text, for a wire."""
    return _adapter(type(value)).dump_json(value)


def load(form: type[T], data: bytes) -> T:
    """The `form` that `dump` wrote.

    Raises:
        Broken: the data are none.
    """
    try:
        value: T = _adapter(form).validate_json(data)
    except ValidationError as error:
        raise Broken(f"not a {form.__name__}: {error.error_count()} faults") from error
    return value
