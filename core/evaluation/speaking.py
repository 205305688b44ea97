"""Speech for the evaluation: said by our own text to speech, heard by our own recogniser, both through the queue."""

from __future__ import annotations

from core.app import App
from core.artifacts import Artifact
from core.evaluation.stage import PLATFORM, quiet
from core.plans import Step, StepResult


async def run_step(app: App, step: Step, *inputs: Artifact) -> StepResult:
    """Carry out one step on some artifacts.

    Raises:
        Refused: it failed.
    """

    async def find(id: str) -> Artifact | None:
        return next((a for a in inputs if a.id == id), None)

    outcome = await app.steps.run(
        [step], [], turn=f"{PLATFORM}/{step.args}", person=PLATFORM, place=PLATFORM, find=find, show=quiet
    )
    (result,) = outcome.results
    if result.refusal is not None:
        raise result.refusal.error
    return result


async def say(app: App, text: str, **how: str) -> Artifact:
    """A recording of a text; `how` are further arguments of text to speech."""
    return (await run_step(app, Step("text_to_speech", {"text": text, **how}))).artifacts[0]


async def hear(app: App, clip: Artifact) -> str:
    """What is said in a recording, by our recogniser; empty where nothing is."""
    return (await run_step(app, Step("speech_recognition", {"audio": clip.id}), clip)).text or ""
