"""`/why`: how a reply came to be, in words."""

from __future__ import annotations

from collections.abc import Mapping

from bots.plan_graph import Action, Graph, plan_graph, seconds
from core.artifacts import Artifact
from core.messages import Outgoing
from core.registry import Registry

_WAITED_MS = 1000.0
"""From which on it is told that a step waited: for a worker, for its weights."""


def explain(outgoing: Outgoing, known: Registry, artifacts: Mapping[str, Artifact]) -> str:
    """Each step with its model, that model's licence, what it was made from, its arguments, times and device.

    `artifacts` are those that `plan_graph.kept_of` gives.
    """
    reply = outgoing.reply
    if not reply.plan:
        why = "No model was run for that" + (": it was refused." if reply.refusal else ": the words are the router's.")
        return f"{why} It took {seconds(reply.ms)}."
    graph = plan_graph(outgoing, known, artifacts)
    lines = [f"{n}. {_step(action, graph)}" for n, action in enumerate(graph.actions, start=1)]
    heard = [f"I heard: “{reply.heard}”"] if reply.heard else []
    made = {s.artifact.id: s.artifact.name for s in reply.shown if s.artifact.recipe.capability}
    marked = [f"Made by AI: {', '.join(f'{name} ({one})' for one, name in made.items())}."] if made else []
    owed = dict.fromkeys(c for s in reply.shown for c in s.artifact.recipe.claims.get("credits", ()))
    named = [f"With recordings by others: {'; '.join(owed)}."] if owed else []
    return "\n".join([*heard, *lines, *marked, *named, f"All in all {seconds(reply.ms)}."])


def _step(action: Action, graph: Graph) -> str:
    licence = f", {action.licence}" if action.licence else ""
    device = f" on {action.device}" if action.device else ""
    waited = f", {seconds(action.ms)} with waiting" if action.ms - action.model_ms > _WAITED_MS else ""
    args = [f"{name}: {value}" for name, value in action.args]
    parents = [_called(one, graph) for one in action.took]
    told = "; ".join([*([f"from {', '.join(parents)}"] if parents else []), *args])
    gave = ", ".join(_called(one, graph, n=False) for one in action.gave)
    words = f"{action.title}: {action.model}{licence}, {seconds(action.model_ms)}{device}{waited}"
    return words + (f" ({told})" if told else "") + (f" → {gave}" if gave else "")


def _called(id: str, graph: Graph, *, n: bool = True) -> str:
    """A thing by its name; where a step of this plan gave it, with that step's number."""
    number = next((k for k, action in enumerate(graph.actions, start=1) if id in action.gave), None)
    thing = graph.things[id]
    name = thing.name if thing.kept else f"{thing.name} that is no longer kept"
    return f"{name} of step {number}" if n and number else name
