"""`core.plans.Planner` by a language model: the capabilities are its tools."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from core import media
from core.artifacts import ArtifactStore, Kind
from core.errors import AudioGPTError, ModelFailed, Refusal, RefusalKind
from core.llm.answers import Completion, ToolCall
from core.llm.client import LanguageModel, TooLong
from core.llm.handles import Handles
from core.llm.prompt import Attempt, Prompt
from core.llm.tools import about, offered
from core.plans import Decision, Request, Step, StepResult, Words
from core.registry import registry
from core.sayings import saying
from core.settings import Settings

log = logging.getLogger("audiogpt.llm")

_REPAIRS = 1
"""How often an answer that cannot be used, or a step that failed, may be tried again."""
_MOST_PICTURES = 3
_SIDE = 768
"""Pixels of the longer side of a picture that is shown: enough to plan with, and small enough to send."""
_FAULT_CHARS = 500
_EMPTY = "it holds neither a call nor words"
_NO_JSON = "it is not the JSON that was asked for"


class LanguageModelPlanner:
    """Plans step by step: it is asked again with the results until it has words.

    With `files` and AUDIOGPT_LLM_VISION it is shown the message's pictures too.
    """

    def __init__(self, settings: Settings, files: ArtifactStore | None = None) -> None:
        self._llm = LanguageModel(settings)
        self._registry = registry(settings)
        self._files = files
        self._most_steps = settings.turn_steps
        self._pace: dict[str, float] = {}

    async def close(self) -> None:
        """Let go of the connections."""
        await self._llm.close()

    async def decide(self, request: Request, results: Sequence[StepResult], words: Words) -> Decision:
        """The next decision. An answer that cannot be used is shown to the model once, to repair.

        Raises:
            ModelFailed: the endpoint does not answer, or the model's answers are of no use.
            OverLimit: the endpoint cannot take that much.
            Unsafe: its content filter stopped it.
        """
        prompt = await self._prompt(request, results)
        tokens = 0
        for repair in range(_REPAIRS + 1):
            completion = await self._complete(prompt, words)
            tokens += completion.tokens
            text = completion.text.strip()
            if completion.refusal:
                refusal = Refusal(RefusalKind.UNSAFE, completion.refusal.strip())
                return Decision(text=refusal.message, refusal=refusal, tokens=tokens)
            if completion.calls and not prompt.finished:
                steps, faults = self._steps(completion, prompt)
                if not faults:
                    return Decision(steps=tuple(steps), text=text, tokens=tokens)
                prompt.attempts.append(Attempt(completion, faults))
            elif text and not completion.broken:
                return Decision(text=text, tokens=tokens)
            else:
                prompt.attempts.append(Attempt(completion, {}, _NO_JSON if completion.broken else _EMPTY))
            log.info("language model: an answer of no use (try %d)", repair + 1)
        raise ModelFailed(saying("llm_planless"))

    async def _complete(self, prompt: Prompt, words: Words) -> Completion:
        """One answer; where the endpoint cannot read that much, once more without what was said before."""
        known = self._registry.capabilities.keys()
        try:
            return await self._llm.complete(prompt.compose, known, words)
        except TooLong:
            if not prompt.request.history:
                raise
            log.info("language model: the conversation is too long for it and left out")
            prompt.request = replace(prompt.request, history=())
            return await self._llm.complete(prompt.compose, known, words)

    async def _prompt(self, request: Request, results: Sequence[StepResult]) -> Prompt:
        self._learn(results)
        offer = offered(self._registry.capabilities.values(), request, results)
        failed = {result.round for result in results if result.refusal is not None}
        return Prompt(
            request,
            results,
            offer,
            Handles(request, results),
            self._most_steps,
            {c.id: about(c, self._registry, request, self._pace) for c in offer.tools},
            await self._pictures(request),
            finished=len(failed) > _REPAIRS,
        )

    def _learn(self, results: Sequence[StepResult]) -> None:
        """How long the models take here: a mean in which the last run counts for a third."""
        for result in results:
            if result.model and result.ms and result.round == results[-1].round:
                seconds = result.ms / 1e3
                before = self._pace.get(result.model, seconds)
                self._pace[result.model] = before + (seconds - before) / 3

    async def _pictures(self, request: Request) -> list[str]:
        if self._files is None or not self._llm.dialect.vision:
            return []
        shown = [item for item in request.items if item.kind is Kind.IMAGE and item.current][:_MOST_PICTURES]
        return [url for url in [await self._picture(item.id) for item in shown] if url]

    async def _picture(self, id: str) -> str | None:
        assert self._files is not None
        try:
            async with self._files.local(id) as path:
                picture = await asyncio.to_thread(media.picture, path)
            return await asyncio.to_thread(media.data_url, picture, _SIDE)
        except AudioGPTError as error:  # its facts are in the prompt all the same
            log.warning("a picture is not shown to the language model: %s", error)
            return None

    def _steps(self, completion: Completion, prompt: Prompt) -> tuple[list[Step], dict[str, str]]:
        steps: list[Step] = []
        faults: dict[str, str] = {}
        for number, call in enumerate(completion.calls):
            try:
                steps.append(self._step(call, number, prompt))
            except ValueError as error:  # pydantic's and the JSON decoder's faults are such too
                faults[call.id] = _fault(error)
        return steps, faults

    def _step(self, call: ToolCall, number: int, prompt: Prompt) -> Step:
        known = (*prompt.offer.tools, *prompt.offer.barred)  # what is barred is refused where steps are carried out
        capability = next((c for c in known if c.id == call.name), None)
        if capability is None:
            raise ValueError(f"there is no tool {call.name!r} now")
        given = json.loads(call.arguments or "{}", strict=False)
        if not isinstance(given, dict):
            raise ValueError("the arguments are not a JSON object")
        args: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
        capability.args.model_validate(args)
        args = prompt.handles.meant(capability, args, number)
        done = (n for n, r in enumerate(prompt.results, 1) if r.refusal is None and _same(r.step, capability.id, args))
        if (same := next(done, None)) is not None:
            raise ValueError(f"step {same} did exactly that already")
        return Step(capability.id, args, call.id)


def _same(step: Step, capability: str, args: dict[str, Any]) -> bool:
    return step.capability == capability and step.args == args


def _fault(error: ValueError) -> str:
    if isinstance(error, ValidationError):
        return "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())[:_FAULT_CHARS]
    return str(error)[:_FAULT_CHARS]
