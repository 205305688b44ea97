"""Capabilities as tools: which of them are offered now, with a strict schema and what is known of their models."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.artifacts import Artifact, Kind
from core.capabilities import Capability
from core.languages import named
from core.models.base import Tier
from core.models.choosing import told
from core.plans import Request, StepResult
from core.registry import ModelClass, Registry

_DROPPED = ("title", "default", "minLength", "maxLength", "description")
"""Keywords that strict schemas do not take, or that say nothing; descriptions of arguments are put back."""
_FEW = 12
"""Languages that are named one by one."""
_TIERS = {Tier.BUNDLED: "runs on the CPU", Tier.HUB: "a large model", Tier.ENDPOINT: "asks a language model"}


@dataclass(frozen=True, slots=True)
class Offer:
    """What a planner may call now, and why it may not call the rest."""

    tools: tuple[Capability, ...]
    waiting: tuple[tuple[Capability, Kind], ...] = ()
    """Served, but the conversation holds no such piece of media."""
    unserved: tuple[Capability, ...] = ()
    barred: tuple[Capability, ...] = ()
    """Not for who asks."""


def offered(capabilities: Iterable[Capability], request: Request, results: Sequence[StepResult]) -> Offer:
    """Those that are served, for who asks too, and whose media are there: sent, made before, or made in this turn."""
    made = [artifact for result in results for artifact in result.artifacts]
    kinds = {item.kind for item in request.items} | {kind for artifact in made for kind in _kinds(artifact)}
    tools: list[Capability] = []
    waiting: list[tuple[Capability, Kind]] = []
    unserved: list[Capability] = []
    barred: list[Capability] = []
    for capability in capabilities:
        lacking = next((ref.kind for ref in capability.refs if ref.required and ref.kind not in kinds), None)
        if capability.id in request.barred:
            barred.append(capability)
        elif capability.id not in request.served:
            unserved.append(capability)
        elif lacking is not None:
            waiting.append((capability, lacking))
        else:
            tools.append(capability)
    return Offer(tuple(tools), tuple(waiting), tuple(unserved), tuple(barred))


def _kinds(artifact: Artifact) -> tuple[Kind, ...]:
    """A video with sound is heard too."""
    heard = artifact.kind is Kind.VIDEO and artifact.facts.has_audio
    return (Kind.VIDEO, Kind.AUDIO) if heard else (artifact.kind,)


def tool(capability: Capability, about: str = "", strict: bool = True) -> dict[str, Any]:
    """A capability as a tool of the chat completions API; `about` tells of its models."""
    description = f"{capability.summary} {about}".strip()
    function = {"name": capability.id, "description": description, "parameters": parameters(capability)}
    return {"type": "function", "function": {**function, "strict": True} if strict else function}


def parameters(capability: Capability) -> dict[str, Any]:
    """The JSON schema of the arguments: every one is required, and null where it may be left out."""
    schema = capability.args.model_json_schema()
    needed = schema.get("required", ())
    properties = {name: _argument(spec, name in needed) for name, spec in schema["properties"].items()}
    for ref in capability.refs:
        said = properties[ref.name].get("description")
        what = f"{'ids' if ref.many else 'id'} of {ref.kind.value} items, or $n"
        properties[ref.name]["description"] = f"{said}: {what}" if said else what
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def _argument(spec: Mapping[str, Any], needed: bool) -> dict[str, Any]:
    given = dict(spec)
    choices = [c for c in given.pop("anyOf", ()) if c.get("type") != "null"]
    given |= choices[0] if choices else {}
    kept = {k: v for k, v in given.items() if k not in _DROPPED}
    if isinstance(kept.get("items"), dict):
        kept["items"] = {k: v for k, v in kept["items"].items() if k not in _DROPPED}
    if not needed and "type" in kept:
        kept["type"] = [kept["type"], "null"]
        if "enum" in kept:
            kept["enum"] = [*kept["enum"], None]
    said = str(spec.get("description", ""))
    standard = given.get("default")
    if standard is not None:
        said = f"{said}; {standard} unless said".removeprefix("; ")
    return {**kept, "description": said} if said else kept


def answer_schema(tools: Sequence[Capability]) -> dict[str, Any]:
    """The schema of `{"calls": [{"tool": ..., "arguments": ...}], "say": ...}` for these tools."""
    calls: dict[str, Any] = {"type": "array", "items": {"anyOf": [_call(c) for c in tools]}}
    if not tools:
        calls = {"type": "array", "items": {"type": "string"}, "maxItems": 0}
    return _object({"calls": calls, "say": {"type": "string"}})


def _call(capability: Capability) -> dict[str, Any]:
    return _object({"tool": {"type": "string", "enum": [capability.id]}, "arguments": parameters(capability)})


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def listed(capability: Capability, about: str = "") -> str:
    """A capability as a line of a prompt, for a model that is not given tools: `name(argument: type, ...): what`."""
    arguments = []
    for name, spec in parameters(capability)["properties"].items():
        kinds = spec.get("type", "string")
        optional = isinstance(kinds, list)
        kind = kinds[0] if optional else kinds
        kind = "|".join(str(v) for v in spec["enum"] if v is not None) if "enum" in spec else kind
        hint = f" ({spec['description']})" if "description" in spec else ""
        arguments.append(f"{name}{'?' if optional else ''}: {kind}{hint}")
    return f"- {capability.id}({', '.join(arguments)}): {capability.summary} {about}".rstrip()


def about(capability: Capability, known: Registry, request: Request, pace: Mapping[str, float]) -> str:
    """What its models that run now know and how long they took here, in a sentence each."""
    models = [m for m in known.of(capability.id) if not request.models or m.id in request.models]
    return " ".join(_model(m, pace.get(m.id)) for m in models)


def _model(model: ModelClass, seconds: float | None) -> str:
    facts = [_TIERS[model.tier]]
    if model.pairs:
        facts.append(told(model.pairs))
    elif model.languages:
        few = len(model.languages) <= _FEW
        facts.append(named(model.languages) if few else f"{len(model.languages)} languages")
    if model.voices:
        facts.append(f"voices {', '.join(v.name for v in model.voices)}")
    if seconds is not None:
        facts.append(f"takes {seconds:.1f} s")
    return f"[{model.id}: {'; '.join(facts)}]"
