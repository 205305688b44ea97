"""The router: a message in, a reply out.

It listens (a voice note becomes words), asks the planner what to do, carries the steps out, asks again with their
results, and speaks the answer to a person who spoke.
"""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections.abc import Sequence
from dataclasses import replace

from core.artifacts import Artifact, Kind
from core.conversation import Conversation
from core.errors import BadInput, Broken, ModelFailed, OverLimit, Refusal, Refused
from core.library import Library
from core.messages import Incoming, Ran, Reply, Shown, Stage, Status, Way
from core.plans import STEP_PREFIX, Planner, Request, Step, StepResult
from core.settings import Settings
from core.steps import Show, Steps

log = logging.getLogger("audiogpt.router")

MAX_ROUNDS = 6
"""Decisions of one turn: a planner that never comes to an end is stopped."""
MAX_STEPS = 12
SPOKEN_CHARS = 600
"""The most that is read aloud; the rest stays text."""

_VIDEO_NOTE = re.compile(
    r"\b(?:video ?note|round video|video message|video circle|videonota|nota de v[ií]deo|vid[ée]o ronde|videonachricht"
    r"|videomessaggio)\b|видео ?сообщени|кружоч?к",
    re.IGNORECASE,
)
_SPOKEN = ("text_to_speech", "style_transfer_tts", "speech_translation")
"""What gives a voice message."""
_WAYS = {Kind.AUDIO: Way.AUDIO, Kind.IMAGE: Way.IMAGE, Kind.VIDEO: Way.VIDEO}


class Router:
    """Answers messages. Holds no state of its own: memory is in the conversation, work in the queue."""

    def __init__(
        self, settings: Settings, planner: Planner, steps: Steps, conversation: Conversation, library: Library
    ) -> None:
        self._settings = settings
        self._planner = planner
        self._steps = steps
        self._conversation = conversation
        self._library = library

    async def answer(self, incoming: Incoming, show: Show) -> Reply:
        """One turn. Every refusal and fault becomes a reply; only cancellation passes through."""
        started = time.perf_counter()
        turn = _Turn(self._settings, self._planner, self._steps, self._library, incoming, show)
        try:
            reply = await self._turn(turn)
        except Refused as refused:
            reply = turn.reply(refused.message, refusal=refused.refusal)
        except Broken as broken:
            log.error("turn %s broke: %s", incoming.id, broken)
            failed = ModelFailed("Something on my side is not reachable just now. Please try again in a moment.")
            reply = turn.reply(failed.message, refusal=failed.refusal)
        if turn.spoken if incoming.speak is None else incoming.speak:
            reply = await turn.voiced(reply)
        owner = str(incoming.key)
        kept = [self._library.keep(artifact, owner) for artifact in turn.made]
        await asyncio.gather(*kept, self._conversation.said(incoming, reply))
        return replace(reply, ms=round((time.perf_counter() - started) * 1e3, 1))

    async def _turn(self, turn: _Turn) -> Reply:
        incoming = turn.incoming
        if incoming.fault is not None:
            await self._conversation.heard(incoming, incoming.text)
            raise incoming.fault.error
        if len(incoming.text) > self._settings.max_text_chars:
            raise OverLimit(
                f"That text is longer than {self._settings.max_text_chars:,} characters, which is my limit."
            )
        text = await turn.listen()
        request = await self._conversation.request(
            incoming, text, spoken=turn.spoken, served=await self._steps.served()
        )
        reply, _ = await asyncio.gather(turn.decide(request), self._conversation.heard(incoming, text))
        return reply


class _Turn:
    """What is known while one message is answered."""

    def __init__(
        self,
        settings: Settings,
        planner: Planner,
        steps: Steps,
        library: Library,
        incoming: Incoming,
        show: Show,
    ) -> None:
        self._settings, self._planner, self._steps, self._library = settings, planner, steps, library
        self.incoming = incoming
        self._show = show
        self._results: list[StepResult] = []
        self._ran: list[Ran] = []
        self._heard = ""
        self.made: list[Artifact] = []
        """Everything that this turn's steps made, shown or not: later turns and recipes refer to it."""

    @property
    def spoken(self) -> bool:
        """Whether the person spoke to us."""
        return any(a.voice for a in self.incoming.artifacts)

    @property
    def _id(self) -> str:
        return f"{self.incoming.key}#{self.incoming.id}"

    async def _find(self, artifact_id: str) -> Artifact | None:
        mine = [*self.incoming.artifacts, *self.incoming.quoted, *(a for r in self._results for a in r.artifacts)]
        return next((a for a in mine if a.id == artifact_id), None) or await self._library.artifact(artifact_id)

    async def _run(self, steps: Sequence[Step], before: Sequence[StepResult], part: str) -> list[StepResult]:
        outcome = await self._steps.run(
            steps,
            before,
            turn=f"{self._id}/{part}",
            person=f"{self.incoming.key.platform}:{self.incoming.author.id}",
            place=self.incoming.key.place,
            find=self._find,
            show=self._show,
        )
        self._ran += outcome.ran
        self.made += [artifact for result in outcome.results for artifact in result.artifacts]
        return outcome.results

    async def listen(self) -> str:
        """The person's words: typed, or recognised from the voice notes.

        Raises:
            Refused: nothing was said.
        """
        notes = [a for a in self.incoming.artifacts if a.voice]
        if notes:
            await self._show(Status(Stage.LISTENING))
            steps = [Step("speech_recognition", {"audio": note.id}) for note in notes]
            results = await self._run(steps, [], "listen")
            for result in results:
                if result.refusal is not None:
                    raise result.refusal.error
            self._heard = "\n".join(r.text or "" for r in results)
        return "\n".join(part for part in (self.incoming.text, self._heard) if part)

    async def decide(self, request: Request) -> Reply:
        """Ask the planner, carry out, ask again, until it has words."""
        await self._show(Status(Stage.THINKING))
        for _ in range(MAX_ROUNDS):
            decision = await self._planner.decide(request, self._results, self._words)
            if decision.refusal is not None or not decision.steps:
                words = decision.text or (decision.refusal.message if decision.refusal else "")
                return self.reply(words, decision.refusal)
            if len(self._results) + len(decision.steps) > MAX_STEPS:
                raise OverLimit("That takes more steps than I may do for one message. Please ask for less at a time.")
            self._results += await self._run(decision.steps, self._results, "plan")
        raise BadInput("I could not find an end to that. Please ask in smaller steps.")

    async def _words(self, text: str) -> None:
        await self._show(Status(Stage.WORDS, text=text))

    def reply(self, text: str, refusal: Refusal | None = None) -> Reply:
        """The reply so far: the words, and what the last steps of each chain made."""
        failed = next((r.refusal for r in self._results if r.refusal is not None), None)
        used = {  # what was made into something else; what was only read or heard still stands
            value
            for result in self._results
            if result.artifacts
            for given in result.step.args.values()
            for value in (given if isinstance(given, list | tuple) else [given])
            if isinstance(value, str)
        }
        shown = [
            Shown(artifact, self._way(artifact, result.step.capability))
            for number, result in enumerate(self._results, start=1)
            if f"{STEP_PREFIX}{number}" not in used
            for artifact in result.artifacts
            if artifact.id not in used
        ]
        return Reply(text, tuple(shown), refusal or failed, tuple(self._ran), self._heard)

    def _way(self, artifact: Artifact, capability: str) -> Way:
        if capability in _SPOKEN and artifact.kind is Kind.AUDIO:
            return Way.VOICE
        if artifact.kind is Kind.VIDEO and _VIDEO_NOTE.search(f"{self.incoming.text}\n{self._heard}"):
            return Way.VIDEO_NOTE
        return _WAYS.get(artifact.kind, Way.FILE)

    async def voiced(self, reply: Reply) -> Reply:
        """The same reply with its words spoken too, unless speech is what was made, or nothing can say them."""
        if any(s.way is Way.VOICE for s in reply.shown) or "text_to_speech" not in await self._steps.served():
            return reply
        words = speakable(reply.text)
        if not words:
            return reply
        (result,) = await self._run([Step("text_to_speech", {"text": words})], [], "speak")
        if result.refusal is not None:
            log.info("turn %s is answered in text: %s", self.incoming.id, result.refusal.message)
            return replace(reply, plan=tuple(self._ran))
        voice = tuple(Shown(a, Way.VOICE) for a in result.artifacts)
        return replace(reply, shown=(*voice, *reply.shown), plan=tuple(self._ran))


def speakable(text: str) -> str:
    """What of a written answer is read aloud: no markup, no addresses, whole sentences up to `SPOKEN_CHARS`."""
    text = re.sub(r"```.*?```", " ", text, flags=re.DOTALL)
    text = re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"https?://\S+", " ", text)
    text = re.sub(r"^[#>\-*•\s]+|[*_`|]+", " ", text, flags=re.MULTILINE)
    text = re.sub(r"\s+", " ", text).strip()
    if len(text) <= SPOKEN_CHARS:
        return text
    head = text[:SPOKEN_CHARS]
    end = max(head.rfind(mark) for mark in (". ", "! ", "? ", "。", "！", "？"))
    return head[: end + 1] if end > 0 else head.rsplit(" ", 1)[0]
