"""Consistency: the same wish in many words must give the same plan."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from core.app import App
from core.errors import RefusalKind, Refused
from core.evaluation.cases import TYPO, Attached, Wording, Wordings, digest, read
from core.evaluation.speaking import hear, say
from core.evaluation.trials import Outcome, Trial
from core.evaluation.typos import hasty
from core.plans import Item, Request

PART = "consistency"
SPOKEN = "spoken"
_GENERATED = 2
"""English wordings of each capability that are also tried with slips of the fingers."""
_SPOKEN = 3
"""English wordings of each capability that are also spoken."""


def trials(seed: int, folders: Iterable[Path], *, spoken: bool) -> Iterator[Trial]:
    """A trial for each wording; with `spoken` some are also said by our voice and heard by our recogniser."""
    for _, wordings in read(PART, Wordings, folders):
        for number, wording in enumerate(wordings.wordings, start=1):
            yield _trial(wordings, wording, f"{wordings.capability}/{wording.language}-{number}")
        english = [w for w in wordings.wordings if w.language == "en"]
        for number, wording in enumerate(english[:_GENERATED], start=1):
            slipped = wording.model_copy(update={"text": hasty(wording.text, seed), "language": TYPO})
            yield _trial(wordings, slipped, f"{wordings.capability}/slips-{number}")
        for number, wording in enumerate(english[-_SPOKEN:] if spoken else (), start=1):
            said = wording.model_copy(update={"language": SPOKEN})
            yield _trial(wordings, said, f"{wordings.capability}/{SPOKEN}-{number}")


def _trial(wordings: Wordings, wording: Wording, case: str) -> Trial:
    attached = wordings.attach if wording.attach is None else wording.attach

    async def run(app: App) -> Outcome:
        text = await hear(app, await say(app, wording.text)) if wording.language == SPOKEN else wording.text
        return await _planned(app, wordings.capability, text, wording, attached)

    files = ", ".join(a.name for a in attached)
    said = f"{wording.text} [{files}]" if files else wording.text
    whole = Wordings(capability=wordings.capability, attach=attached, wordings=(wording,))
    return Trial(PART, wordings.capability, case, digest(whole), said, run)


async def _planned(app: App, wanted: str, text: str, wording: Wording, attached: Sequence[Attached]) -> Outcome:
    items = tuple(Item(a.name, a.kind, a.name, a.caption, a.seconds, mine=True) for a in attached)
    request = Request(text, items, served=frozenset(app.registry.capabilities), spoken=wording.language == SPOKEN)
    started = time.perf_counter()
    try:
        decision = await app.planner.decide(request, [], _no_words)
        plan, refusal = [step.capability for step in decision.steps], decision.refusal
    except Refused as refused:
        if refused.kind is RefusalKind.MODEL_FAILED:
            raise  # the planner itself does not answer
        plan, refusal = [], refused.refusal
    ms = (time.perf_counter() - started) * 1e3
    match = plan == [wanted]
    found = [] if match else [f"planned {' → '.join(plan) or 'none'}, not {wanted}"]
    if refusal is not None:
        found.append(f"refusal {refusal.kind.value}: {refusal.message}")
    facts = {"language": wording.language, "plan": plan, "asked_back": match and refusal is not None}
    if wording.language == SPOKEN:
        facts["heard"] = text
        found = [f"heard {text!r}", *found] if found else []
    return Outcome(match, tuple(found), round(ms, 2), facts)


async def _no_words(text: str) -> None:
    """Nobody reads along."""
