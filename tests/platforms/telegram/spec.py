"""Checks requests, results and updates against the published description of the Bot API, where it is at hand."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Collection, Mapping
from typing import Any

from paths import SHARED

_PATH = SHARED / "specs" / "telegram-bot-api.json"
LEFT_OUT = "" if _PATH.exists() else f"telegram: {_PATH.name} is not here; requests are checked by the hand rules alone"
"""Empty, or the line that says that the description is left out."""


@functools.cache
def _api() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(_PATH.read_text())
    return found


def knows(method: str) -> bool:
    """Whether the description has the method (True where there is no description)."""
    return bool(LEFT_OUT) or method in _api()["methods"]


def request_faults(method: str, params: Mapping[str, str], files: Collection[str]) -> list[str]:
    """What is wrong with a request's parameters: unknown, missing, or not of the described type."""
    if LEFT_OUT or not knows(method):
        return []
    fields = {f["name"]: f for f in _api()["methods"][method].get("fields", [])}
    attached = {name for value in params.values() for name in re.findall(r'attach://([^"]+)', value)}
    faults = [f"{method}: unknown parameter {n}" for n in (*params, *files) if n not in fields and n not in attached]
    faults += [f"{method}: {n} is not attached" for n in attached - set(files)]
    for name, field in fields.items():
        if name in params:
            faults += _text_faults(params[name], field["types"], f"{method}.{name}")
        elif field["required"] and name not in files:
            faults.append(f"{method}: {name} is missing")
    return faults


def _text_faults(text: str, types: list[str], where: str) -> list[str]:
    """Whether one of the types reads a parameter, which comes as text."""
    if any(t in ("String", "InputFile") for t in types):
        return []
    try:
        value = json.loads(text)
    except ValueError:
        return [f"{where}: {text[:60]!r} is no {' or '.join(types)}"]
    return value_faults(value, types, where)


def result_faults(method: str, result: Any) -> list[str]:
    """What is wrong with what this server answers."""
    if LEFT_OUT or not knows(method):
        return []
    return value_faults(result, _api()["methods"][method]["returns"], f"result of {method}")


def update_faults(update: Any) -> list[str]:
    """What is wrong with an update that this server makes."""
    return [] if LEFT_OUT else value_faults(update, ["Update"], "update")


def value_faults(value: Any, types: list[str], where: str) -> list[str]:
    """What is wrong with a JSON value that must be of one of some types; the fewest faults of them all."""
    return min((_one(value, t, where) for t in types), key=len)


def _one(value: Any, kind: str, where: str) -> list[str]:
    if kind.startswith("Array of "):
        if not isinstance(value, list):
            return [f"{where}: no list"]
        inner = kind.removeprefix("Array of ")
        return [fault for n, item in enumerate(value) for fault in _one(item, inner, f"{where}[{n}]")]
    plain: dict[str, Any] = {
        "Integer": int,
        "String": str,
        "Boolean": bool,
        "Float": (int, float),
        "Float number": (int, float),
    }
    if kind in plain:
        fits = isinstance(value, plain[kind]) and isinstance(value, bool) == (kind == "Boolean")
        return [] if fits else [f"{where}: {value!r:.60} is no {kind}"]
    described = _api()["types"].get(kind)
    if described is None:
        return [] if kind in ("InputFile", "True") else [f"{where}: unknown type {kind}"]
    if described.get("subtypes"):
        return min((_one(value, t, where) for t in described["subtypes"]), key=len)
    if not isinstance(value, dict):
        return [f"{where}: no {kind}"]
    fields = {f["name"]: f for f in described.get("fields", [])}
    faults = [f"{where}: {kind} has no {name}" for name in value if name not in fields]
    for name, field in fields.items():
        if name in value:
            faults += value_faults(value[name], field["types"], f"{where}.{name}")
            faults += _constant_faults(value[name], field["description"], f"{where}.{name}")
        elif field["required"]:
            faults.append(f"{where}: {kind} lacks {name}")
    return faults


def _constant_faults(value: Any, description: str, where: str) -> list[str]:
    """A field whose description says that it is always one word."""
    must = re.search(r"(?:must be|always) [\"“]?([a-z_]+)[\"”]?$", description)
    return [f"{where}: {value!r} is not {must[1]!r}"] if must and isinstance(value, str) and value != must[1] else []
