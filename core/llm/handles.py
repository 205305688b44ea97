"""Short names for artifacts in a prompt: a model copies `item2` without a slip and names nothing it was not shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from core.artifacts import Artifact
from core.capabilities import Capability
from core.plans import Request, StepResult, pointed


class Handles:
    """The media of one request and of its results so far, by short name. The order is theirs, so names stay."""

    def __init__(self, request: Request, results: Sequence[StepResult]) -> None:
        made: Iterable[Artifact] = (artifact for result in results for artifact in result.artifacts)
        ids = dict.fromkeys([item.id for item in request.items] + [artifact.id for artifact in made])
        self._names = {key: f"item{number}" for number, key in enumerate(ids, start=1)}
        self._ids = {name: key for key, name in self._names.items()}
        self._steps = len(results)

    def name(self, id: str) -> str | None:
        """The short name of an artifact; None where it is not among them."""
        return self._names.get(id)

    def shown(self, args: Mapping[str, Any]) -> dict[str, Any]:
        """Arguments of a step as the model knows them."""
        return {key: self._each(value, lambda v: self._names.get(v, v)) for key, value in args.items()}

    def meant(self, capability: Capability, args: Mapping[str, Any], calls: int) -> dict[str, Any]:
        """Arguments of a step as the router knows them; `calls` is how many calls of this answer come before it.

        Raises:
            ValueError: an argument names media that are not there, or a step that comes later.
        """
        refs = {ref.name for ref in capability.refs}

        def found(value: str) -> str:
            pointer = pointed(value)
            if pointer is not None:
                if pointer[0] > self._steps + calls:
                    raise ValueError(f"there is no step {pointer[0]} before this one")
                return value
            if value not in self._ids and value not in self._names:
                there = ", ".join(self._ids) or "none"
                raise ValueError(f"there is no item {value!r}; there are: {there}")
            return self._ids.get(value, value)

        return {key: self._each(value, found) if key in refs else value for key, value in args.items()}

    @staticmethod
    def _each(value: Any, change: Any) -> Any:
        if isinstance(value, list | tuple):
            return [change(part) if isinstance(part, str) else part for part in value]
        return change(value) if isinstance(value, str) else value
