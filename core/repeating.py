""" "Again, slower": a planner that does once more what a reply did, with what the words change."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from core.artifacts import Artifact, Kind
from core.changes import Past, another, changed
from core.embedded import replies
from core.embedded.retrying import ONCE_MORE, SMALL_WORDS
from core.errors import BadInput
from core.messages import Incoming, Outgoing, Ran
from core.plans import Decision, Planner, Request, Step, StepResult, Words
from core.registry import Registry
from core.sayings import saying
from core.store import Store

AGAIN = "again"
_WISH = re.compile(
    rf"^\W*(?:(?:{SMALL_WORDS})\W+)*(?:"
    rf"{ONCE_MORE}|the same(?: thing)?(?: again)?(?=\W*(?:but|$))|encore(?=\s*,)"
    r")(?![^\W\u3040-\u30ff\u4e00-\u9fff])[\s,.:;!、，。–—-]*"
    rf"(?:(?:but|and|aber|mais|pero|ma|mas|но)\b[\s,]*)?(?:(?:{SMALL_WORDS})\W*$)?(?P<change>.*?)\W*$",
    re.IGNORECASE | re.DOTALL,
)
_MOST_WORDS = 8
"""More is another request that begins like this one."""
_UNKNOWN = saying("again_unknown")


def wished(text: str) -> str | None:
    """What is to be changed when something is to be done again; empty for nothing; None where that is not asked."""
    found = _WISH.match(text.strip())
    return found["change"].strip() if found else None


class Repeating:
    """Plans one turn: the plan of an earlier reply where its words ask for it again, else as another planner does."""

    def __init__(self, planner: Planner, incoming: Incoming, store: Store, known: Registry, *, firm: bool) -> None:
        """`firm`: what cannot be changed is refused rather than left to the other planner."""
        self._planner, self._incoming, self._store, self._known, self._firm = planner, incoming, store, known, firm
        self._repeats = False

    async def decide(self, request: Request, results: Sequence[StepResult], words: Words) -> Decision:
        """See `Planner`."""
        if not results and (change := wished(request.text)) is not None and not self._brings_something:
            steps = await self._steps(change)
            if steps is not None:
                self._repeats = True
                return Decision(tuple(steps))
        if not results or not self._repeats:
            return await self._planner.decide(request, results, words)
        said = replies.after(results, self._known.capabilities, replies.language(request))
        await words(said)
        return Decision(text=said)

    @property
    def _brings_something(self) -> bool:
        return any(not artifact.voice for artifact in self._incoming.artifacts)

    async def _steps(self, change: str) -> list[Step] | None:
        before = await reply_meant(self._incoming, self._store)
        plan = planned(before) if before is not None else []
        if before is None or not plan:
            return None
        past = await self._past(before, plan)
        if not change:
            return another(past)
        steps = changed(past, change, self._known.capabilities)
        if steps is None and self._firm and len(change.split()) <= _MOST_WORDS:
            raise BadInput(_UNKNOWN)
        return steps

    async def _past(self, before: Outgoing, plan: Sequence[Ran]) -> Past:
        made: Mapping[str, Artifact] = await self._store.described([i for r in plan for i in r.made], str(before.key))
        gave = [[made[one] for one in ran.made if one in made] for ran in plan]
        return Past(
            steps=tuple(Step(r.capability, dict(r.planned), seed=r.seed, model=r.model) for r in plan),
            kinds=tuple(frozenset(a.kind for a in found) for found in gave),
            claims=tuple(found[0].recipe.claims if found else {} for found in gave),
            seconds=tuple(next((a.facts.duration_s for a in found if a.kind is Kind.AUDIO), None) for found in gave),
            voices={m.id: [voice.name for voice in m.voices] for m in self._known.models.values()},
        )


async def reply_meant(incoming: Incoming, store: Store) -> Outgoing | None:
    """The reply that a message is about: the one that it answers, else the last one here."""
    if not incoming.reply_to:
        return await store.last_outgoing(str(incoming.key))
    post = await store.post_as(incoming.key.platform, incoming.reply_to)
    if post is not None:
        return await store.outgoing(post.outgoing)
    return await store.outgoing(f"{incoming.key}#{incoming.reply_to}")


def planned(outgoing: Outgoing) -> list[Ran]:
    """The steps that a planner decided on, without listening and speaking; none where one is missing."""
    parts: list[list[Ran]] = []
    for ran in outgoing.reply.plan:
        if not parts or ran.number <= parts[-1][-1].number:  # each part counts from 1
            parts.append([])
        parts[-1].append(ran)
    if outgoing.reply.heard:
        parts = parts[1:]
    plan = parts[0] if parts else []
    return plan if [ran.number for ran in plan] == list(range(1, len(plan) + 1)) else []
