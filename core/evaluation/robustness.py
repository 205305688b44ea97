"""Robustness: scripted conversations that go on, go wrong, and go elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from core.app import App
from core.evaluation.cases import Dialogue, digest, read
from core.evaluation.judging import faults, speaks_of
from core.evaluation.stage import play
from core.evaluation.trials import Outcome, Trial

PART = "robustness"


def trials(folders: Iterable[Path]) -> Iterator[Trial]:
    """A trial for each dialogue; its category is the file that it is in."""
    for category, dialogue in read(PART, Dialogue, folders):
        yield _trial(category, dialogue)


def _trial(category: str, dialogue: Dialogue) -> Trial:
    case = f"{category}/{dialogue.id}"
    staged = dialogue.model_copy(update={"id": case})

    async def run(app: App) -> Outcome:
        played = await play(app, staged)
        found = faults(played, app.registry.capabilities)
        wrong = {fault.partition(":")[0] for fault in found}
        facts = {"rounds": len(played), "rounds_ok": len(played) - len(wrong)}
        return Outcome(not found, tuple(found), max(p.ms for p in played), facts)

    said = "\n".join(f"{n}. {speaks_of(one)}" for n, one in enumerate(dialogue.rounds, start=1))
    return Trial(PART, category, case, digest(dialogue), said, run)
