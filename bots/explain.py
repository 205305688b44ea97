"""`/why`: how a reply came to be, in words."""

from __future__ import annotations

import json
from collections.abc import Mapping

from core.messages import Outgoing, Ran
from core.registry import Registry

_VALUE_CHARS = 60


def explain(outgoing: Outgoing, known: Registry) -> str:
    """Each step with its model, that model's licence, its arguments and its time; how long the whole took."""
    reply = outgoing.reply
    if not reply.plan:
        why = "No model was run for that" + (": it was refused." if reply.refusal else ": the words are the router's.")
        return f"{why} It took {_seconds(reply.ms)}."
    names = {s.artifact.id: s.artifact.name for s in reply.shown}
    lines = [f"{n}. {_step(ran, known, names)}" for n, ran in enumerate(reply.plan, start=1)]
    heard = [f"I heard: “{reply.heard}”"] if reply.heard else []
    made = (
        [f"Made by AI: {', '.join(dict.fromkeys(names.values()))}."]
        if any(s.artifact.recipe.capability for s in reply.shown)
        else []
    )
    owed = dict.fromkeys(c for s in reply.shown for c in s.artifact.recipe.claims.get("credits", ()))
    named = [f"With recordings by others: {'; '.join(owed)}."] if owed else []
    return "\n".join([*heard, *lines, *made, *named, f"All in all {_seconds(reply.ms)}."])


def _step(ran: Ran, known: Registry, names: Mapping[str, str]) -> str:
    capability = known.capabilities.get(ran.capability)
    title = capability.title if capability else ran.capability
    model = known.models.get(ran.model)
    licence = f", {model.licence}" if model else ""
    args = "; ".join(f"{name}: {_value(value, names)}" for name, value in ran.args.items() if value is not None)
    return f"{title}: {ran.model}{licence}, {_seconds(ran.model_ms)}" + (f" ({args})" if args else "")


def _value(value: object, names: Mapping[str, str]) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(_value(v, names) for v in value)
    said = value if isinstance(value, str) else json.dumps(value, default=str)
    said = names.get(said, "your clip" if len(said) == 24 and set(said) <= set("0123456789abcdef") else said)
    return said if len(said) <= _VALUE_CHARS else said[: _VALUE_CHARS - 1] + "…"


def _seconds(ms: float) -> str:
    return f"{ms / 1000:.1f} s" if ms >= 100 else f"{ms:.0f} ms"
