""" "How did you make that?": a planner that tells how a result was made, and leaves all else to another one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bots.explain import explain
from bots.plan_graph import kept_of
from core.messages import Incoming
from core.plans import Decision, Planner, Request, StepResult, Words
from core.registry import Registry
from core.repeating import reply_meant
from core.store import Store

_MOST_WORDS = 10
_IT = r"(?:that|this|it|these|those|them|the (?:\w+ )?(?:one|clip|song|sound|music|video|picture|file|voice|last one))"
_HOW = re.compile(
    r"^\W*(?:(?:hey|and|so|ok(?:ay)?|wow|cool|nice|und|et|y|e|и)\W+)*(?:"
    rf"how (?:did|do) you (?:make|do|create|generate|produce) {_IT}"
    rf"|(?:tell me )?how (?:was|were) {_IT} (?:made|done|created|generated)"
    rf"|(?:explain|tell me) how (?:you (?:made|did) {_IT}|{_IT} was made)|what did you do(?: to {_IT}| there)?"
    rf"|(?:which|what) (?:\w+ )?models? (?:did you use|(?:made|was|is|are|were) (?:used(?: for)? )?{_IT})"
    r"|(?:which|what) (?:\w+ )?models? (?:was|were) used"
    r"|wie hast du (?:das|es|die\w*|den\w*) (?:\w+ )?(?:gemacht|erzeugt|hinbekommen)"
    r"|wie (?:wurde|ist) das (?:gemacht|entstanden)"
    r"|welche[sn]? modelle? (?:war das|hast du (?:benutzt|verwendet|genommen))"
    r"|comment (?:as-tu|t'as|tu as) fait(?: ça| cela)?|quel modèle (?:as-tu|tu as) utilisé"
    r"|cómo (?:lo |la )?(?:hiciste|has hecho)(?: eso)?|qué modelo (?:usaste|has usado)"
    r"|come (?:l['’]hai|hai) fatto|(?:che|quale) modello hai usato|como (?:fizeste|você fez|fez) (?:isso|isto)"
    r"|(?:que|qual) modelo (?:usou|usaste|você usou)|как ты (?:это|его|её) сделал\w*|какую модель ты использовал\w*"
    r"|(?:你)?(?:这个?|那个?)?(?:是)?怎么做(?:出来)?的|(?:你)?用(?:的|了)?(?:是)?(?:什么|哪个)模型"
    r"|(?:これ|それ)?(?:は)?どうやって作(?:った|りました)(?:の|か|んですか)*|(?:これ|それ)?(?:は)?(?:何|どの)モデル(?:を使|で|です).*"
    r")\W*$",
    re.IGNORECASE,
)


def asks_how(text: str) -> bool:
    """Whether all that a message asks is how the last result came to be."""
    return len(text.split()) <= _MOST_WORDS and bool(_HOW.match(text.strip()))


class Explaining:
    """Plans one turn."""

    def __init__(self, planner: Planner, incoming: Incoming, store: Store, known: Registry) -> None:
        self._planner, self._incoming, self._store, self._known = planner, incoming, store, known

    async def decide(self, request: Request, results: Sequence[StepResult], words: Words) -> Decision:
        """See `Planner`."""
        if not results and not self._incoming.artifacts and asks_how(request.text):
            before = await reply_meant(self._incoming, self._store)
            if before is not None and before.reply.plan:
                told = explain(before, self._known, await kept_of(before, self._store))
                await words(told)
                return Decision(text=told)
        return await self._planner.decide(request, results, words)
