"""The router: a message in, a reply out.

It listens (a voice note becomes words), asks the planner what to do, carries the steps out, asks again with their
results, and speaks the answer to a person who spoke.
"""

from __future__ import annotations

import asyncio
import logging
import math
import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from core.artifacts import Artifact, Kind
from core.claims import denies, evidence, untrue
from core.conversation import Conversation
from core.embedded import replies
from core.errors import BadInput, Broken, ModelFailed, OverLimit, Refusal, RefusalKind, Refused
from core.library import Library
from core.messages import Incoming, Message, Ran, Reply, Shown, Stage, Status, Way
from core.plans import Decision, Objection, Planner, Request, Step, StepResult, Words, pointed_at
from core.sayings import in_language, saying
from core.settings import Settings
from core.steps import Show, Steps
from core.wording import worded

log = logging.getLogger("audiogpt.router")

MAX_ROUNDS = 8
"""Decisions of one turn: a planner that never comes to an end is stopped."""
SPOKEN_CHARS = 600
"""The most that is read aloud; the rest stays text."""

_VIDEO_NOTE = re.compile(
    r"\b(?:video ?note|round video|video message|video circle|videonota|nota de v[ií]deo|vid[ée]o ronde|videonachricht"
    r"|videomessaggio)\b|видео ?сообщени|кружоч?к",
    re.IGNORECASE,
)
_SPOKEN = ("text_to_speech", "style_transfer_tts", "speech_translation")
"""What gives a voice message."""
_LASTING = (RefusalKind.CONSENT_NEEDED, RefusalKind.NOT_ALLOWED, RefusalKind.UNSAFE, RefusalKind.CANCELLED)
"""What a later step of the same turn does not make good."""
_ENDS = (". ", "! ", "? ", "\n", "。", "！", "？")
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

    def planned_by(self, around: Callable[[Planner], Planner]) -> Router:
        """The same with another planner, put around its own."""
        return Router(self._settings, around(self._planner), self._steps, self._conversation, self._library)

    async def answer(self, incoming: Incoming, show: Show) -> Reply:
        """One turn. Every refusal and fault becomes a reply; only cancellation passes through."""
        started = time.perf_counter()
        turn = _Turn(self._settings, self._planner, self._steps, self._library, incoming, show)
        try:
            reply = await self._turn(turn)
        except Refused as refused:
            reply = await self._refused(turn, refused)
        except Broken as broken:
            log.error("turn %s broke: %s", incoming.id, broken)
            reply = await self._refused(turn, ModelFailed(saying("unreachable")))
        if turn.spoken if incoming.speak is None else incoming.speak:
            reply = await turn.voiced(reply)
        owner = str(incoming.key)
        kept = [self._library.keep(artifact, owner) for artifact in turn.made]
        await asyncio.gather(*kept, self._conversation.said(incoming, reply))
        return replace(reply, ms=round((time.perf_counter() - started) * 1e3, 1))

    async def refusal(self, refused: Refused, asked: Incoming | Message) -> Reply:
        """The reply that says a refusal in the language of who asked."""
        refusal = worded(refused.refusal, await self._conversation.language(asked))
        return Reply(refusal.message, refusal=refusal)

    async def _refused(self, turn: _Turn, refused: Refused) -> Reply:
        """What a turn came to that ends with a refusal."""
        if not turn.language:
            turn.language = await self._conversation.language(turn.incoming, turn.heard)
        refusal = worded(refused.refusal, turn.language)
        return turn.reply(refusal.message, refusal)

    async def _turn(self, turn: _Turn) -> Reply:
        incoming = turn.incoming
        if incoming.fault is not None:
            await self._conversation.heard(incoming, incoming.text)
            raise incoming.fault.error
        if len(incoming.text) > self._settings.max_text_chars:
            raise OverLimit(saying("text_long", most=self._settings.max_text_chars))
        text = await turn.listen()
        granted = await self._steps.granted(turn.person, incoming.key.place)
        served = granted.capabilities
        request = await self._conversation.request(incoming, text, spoken=turn.spoken, served=served)
        request = replace(request, models=granted.models, barred=granted.barred)
        turn.language = replies.language(request)
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
        self.heard = ""
        """What was recognised in the voice notes."""
        self.language = ""
        """In which the person is answered; empty until it is known."""
        self._tokens = 0
        self._until = asyncio.get_running_loop().time() + settings.turn_s
        self._read = 0
        """Characters of the streaming words that were found true."""
        self.made: list[Artifact] = []
        """Everything that this turn's steps made, shown or not: later turns and recipes refer to it."""

    @property
    def spoken(self) -> bool:
        """Whether the person spoke to us."""
        return any(a.voice for a in self.incoming.artifacts)

    @property
    def person(self) -> str:
        """Who asks, `platform:id`."""
        return f"{self.incoming.key.platform}:{self.incoming.author.id}"

    @property
    def _id(self) -> str:
        return f"{self.incoming.key}#{self.incoming.id}"

    async def _find(self, artifact_id: str) -> Artifact | None:
        mine = [*self.incoming.artifacts, *self.incoming.quoted, *(a for r in self._results for a in r.artifacts)]
        return next((a for a in mine if a.id == artifact_id), None) or await self._library.artifact(artifact_id)

    def _words(self, name: str) -> str:
        """A sentence of the turn's own, in the language of the person."""
        return in_language(self.language, name, {}) or saying(name)

    def _left(self) -> float:
        """Seconds that the turn may still take.

        Raises:
            OverLimit: none.
        """
        left = self._until - asyncio.get_running_loop().time()
        if left <= 0:
            raise OverLimit(saying("seconds"))
        return left

    async def _run(
        self, steps: Sequence[Step], before: Sequence[StepResult], part: str, deadline_s: float = math.inf
    ) -> list[StepResult]:
        outcome = await self._steps.run(
            steps,
            before,
            turn=f"{self._id}/{part}",
            person=self.person,
            place=self.incoming.key.place,
            find=self._find,
            show=self._show,
            deadline_s=deadline_s,
            live=self.incoming.live,
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
            self.heard = "\n".join(r.text or "" for r in results)
        return "\n".join(part for part in (self.incoming.text, self.heard) if part)

    async def decide(self, request: Request) -> Reply:
        """Ask the planner, carry out, ask again, until it has words, and those are true.

        Raises:
            OverLimit: it takes more steps, seconds or tokens than one message may.
            BadInput: it comes to no end.
        """
        await self._show(Status(Stage.THINKING))
        objected = False
        for number in range(1, MAX_ROUNDS + 1):
            decision = await self._decision(request)
            if decision.steps and decision.refusal is None:
                await self._carry_out(decision, number)
                request = replace(request, objection=None)
                continue
            words = decision.text or (decision.refusal.message if decision.refusal else "")
            why = self._objection(words, request, decision.refusal)
            if why is None:
                return self.reply(words, decision.refusal)
            log.warning("turn %s: the planner said what is not so: %s", self.incoming.id, why)
            if objected or decision.refusal is not None:
                return self._corrected(words, request, decision.refusal)
            objected = True
            request = replace(request, objection=Objection(words, why))
        raise BadInput(saying("endless"))

    async def _decision(self, request: Request) -> Decision:
        self._read = 0
        try:
            async with asyncio.timeout(self._left()):
                decision = await self._planner.decide(request, self._told(), self._streamed(request))
        except TimeoutError as error:
            raise OverLimit(saying("seconds")) from error
        self._tokens += decision.tokens
        if decision.steps and self._tokens > self._settings.turn_tokens:
            raise OverLimit(saying("tokens"))
        return decision

    def _told(self) -> list[StepResult]:
        """The results so far, their refusals in the language of the person."""
        return [replace(r, refusal=worded(r.refusal, self.language)) if r.refusal else r for r in self._results]

    async def _carry_out(self, decision: Decision, number: int) -> None:
        most = self._settings.turn_steps
        if len(self._results) + len(decision.steps) > most:
            raise OverLimit(saying("steps", most=most))
        results = await self._run(decision.steps, self._results, "plan", self._left())
        self._results += [replace(result, round=number) for result in results]

    def _streamed(self, request: Request) -> Words:
        """Shows words while they stream, but no untrue ones: from the first such on, what was shown last stays."""
        there, known = self._there(), self._known(request)
        lying = False

        async def show(text: str) -> None:
            nonlocal lying
            lying = lying or untrue(text[self._read :], there, known) is not None
            if lying:
                return
            self._read = max(self._read, *(text.rfind(end) + 1 for end in _ENDS))
            await self._show(Status(Stage.WORDS, text=text))

        return show

    def _there(self) -> frozenset[Kind]:
        return evidence(artifact for result in self._results for artifact in result.artifacts)

    def _known(self, request: Request) -> list[str]:
        """Words of others that a reply may repeat: they claim nothing."""
        given = [request.text, request.quoted, *(i.text for i in request.items), *(i.caption for i in request.items)]
        return [*given, *(result.text or "" for result in self._results)]

    def _objection(self, words: str, request: Request, refusal: Refusal | None) -> str | None:
        """Why the words that would end the turn are not true, in English, for the planner; None where they are."""
        false = untrue(words, self._there(), self._known(request))
        if false is not None:
            return (
                f"it says {false!r}, but no result of this turn holds that. Call the tool that makes it, or say that "
                "there is none; put what you quote between quotation marks."
            )
        failed = next(self._failures(), None)
        if failed is not None and refusal is None and failed.message not in words and not denies(words):
            return f"a step failed ({failed.kind}: {failed.message}) and it does not say so."
        return None

    def _corrected(self, words: str, request: Request, refusal: Refusal | None) -> Reply:
        """The reply in place of words that are not true."""
        refusal = refusal or next(self._failures(), None)
        there = self._there()
        if untrue(words, there, self._known(request)) is None and refusal is not None:
            return self.reply(f"{words} {refusal.message}", refusal)
        if there:
            return self.reply(" ".join([self._words("no_more"), *([refusal.message] if refusal else [])]), refusal)
        told = refusal or Refusal(RefusalKind.MODEL_FAILED, self._words("nothing"))
        return self.reply(told.message, told)

    def _failures(self) -> Iterator[Refusal]:
        """The failures of steps that no later steps made good."""
        last = self._results[-1].round if self._results else 0
        for result in self._results:
            if result.refusal is not None and (result.round == last or result.refusal.kind in _LASTING):
                yield worded(result.refusal, self.language)

    def reply(self, text: str, refusal: Refusal | None = None) -> Reply:
        """The reply so far: the words, and what the last steps of each chain made."""
        failed = next(self._failures(), None)
        making = [result.step.args for result in self._results if result.artifacts]
        steps = {number for args in making for number in pointed_at(args)}
        used = {  # what was made into something else; what was only read or heard still stands
            value
            for args in making
            for given in args.values()
            for value in (given if isinstance(given, list | tuple) else [given])
            if isinstance(value, str)
        }
        shown = [
            Shown(artifact, self._way(artifact, result.step.capability))
            for number, result in enumerate(self._results, start=1)
            if number not in steps
            for artifact in result.artifacts
            if artifact.id not in used
        ]
        return Reply(text, tuple(shown), refusal or failed, tuple(self._ran), self.heard)

    def _way(self, artifact: Artifact, capability: str) -> Way:
        if capability in _SPOKEN and artifact.kind is Kind.AUDIO:
            return Way.VOICE
        if artifact.kind is Kind.VIDEO and _VIDEO_NOTE.search(f"{self.incoming.text}\n{self.heard}"):
            return Way.VIDEO_NOTE
        return _WAYS.get(artifact.kind, Way.FILE)

    async def voiced(self, reply: Reply) -> Reply:
        """The same reply with its words spoken too, unless speech is what was made, or nothing can say them."""
        granted = await self._steps.granted(self.person, self.incoming.key.place)
        if any(s.way is Way.VOICE for s in reply.shown) or "text_to_speech" not in granted.capabilities:
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
    """What of a written answer is read aloud: no markup, no addresses, whole sentences up to `SPOKEN_CHARS`.

    A line in brackets is none of it: it stands there in another language (`core/wording.py`).
    """
    text = re.sub(r"```.*?```", " ", text, flags=re.DOTALL)
    text = re.sub(r"^\(.*\)$", " ", text, flags=re.MULTILINE)
    text = re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"https?://\S+", " ", text)
    text = re.sub(r"^[#>\-*•\s]+|[*_`|]+", " ", text, flags=re.MULTILINE)
    text = re.sub(r"\s+", " ", text).strip()
    if len(text) <= SPOKEN_CHARS:
        return text
    head = text[:SPOKEN_CHARS]
    end = max(head.rfind(mark) for mark in (". ", "! ", "? ", "。", "！", "？"))
    return head[: end + 1] if end > 0 else head.rsplit(" ", 1)[0]
