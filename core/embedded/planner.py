"""The planner that needs no language model: `core.plans.Planner` by encoder, head and rules."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from core.artifacts import Kind
from core.capabilities import Capability
from core.changes import Past, changed
from core.embedded import followups, likewise, replies
from core.embedded.amending import amended, may_amend
from core.embedded.at_hand import AtHand
from core.embedded.clauses import MOST_READ, quotations, too_long
from core.embedded.contents import settled_by_content
from core.embedded.edit_words import without_told
from core.embedded.editing import operation
from core.embedded.files import kinds_named
from core.embedded.framing import framing
from core.embedded.head import State, load_head
from core.embedded.languages import into, target_language
from core.embedded.lineage import settled_by_lineage
from core.embedded.mentions import named_by_content
from core.embedded.people import speaks_to_somebody
from core.embedded.questions import answer, answered, pending
from core.embedded.recall import names_earlier, settled
from core.embedded.references import points_at_media
from core.embedded.retrying import asks_again, corrects, wants_only
from core.embedded.slots import fill, followed, meant
from core.embedded.telling import Lack
from core.embedded.understanding import Clause, Understanding
from core.embedded.voices import refuses_a_voice
from core.embedded.wording import quoted_or_given as own_words
from core.encoder import shared_encoder
from core.errors import BadInput, NoModel, OverLimit, Refusal, RefusalKind
from core.plans import Decision, Request, Step, StepResult, Words, pointed_at
from core.sayings import saying
from core.wording import worded

_MEND, _VIDEO = "audio_inpainting", "audiogram"
_ASIDE = 2
"""Words."""
_DEEPEST = 3
"""Corrections of corrections that are followed."""
_OPEN = (RefusalKind.MISSING_INPUT, RefusalKind.AMBIGUOUS)
"""What the next message may settle."""


class EmbeddedPlanner:
    """Plans once, from the words of one message; with results it has only the words that they allow."""

    def __init__(self, capabilities: Mapping[str, Capability]) -> None:
        self._capabilities = dict(capabilities)
        self._understanding: Understanding | None = None

    async def decide(self, request: Request, results: Sequence[StepResult], words: Words) -> Decision:
        """The whole plan when there are no results, else the words that end the turn.

        What is missing or not served comes as a refusal beside the plan as far as it is known.

        Raises:
            OverLimit: the words are longer than a request can be.
            WrongUse: the trained head does not fit the capabilities.
        """
        if results:
            said = replies.introduced(replies.after(results, self._capabilities, replies.language(request)), request)
            await words(said)
            return Decision(text=said)
        if too_long(request.text):
            raise OverLimit(saying("text_long", most=MOST_READ))
        decision = await asyncio.to_thread(self._decided, request)
        if decision.refusal is not None:
            return Decision(decision.steps, replies.introduced(decision.refusal.message, request), decision.refusal)
        if not decision.steps:
            await words(decision.text)
        return decision

    def _decided(self, request: Request, depth: int = 0) -> Decision:
        """What the words ask for, with what they leave unsaid taken from the messages before."""
        request = followups.without_praise(request)
        known = self._told(request) or self._going_on(request)
        if known is not None:
            return known
        own = self._own(request)
        return (
            self._likewise(request, own, depth)
            or self._answering(request, own)
            or self._framing(request, depth)
            or self._amending(request, own, depth)
            or self._correcting(request, own)
            or self._only(request, own)
            or self._specifying(request, own)
            or self._changing(request, own, depth)
            or own
        )

    def _own(self, request: Request) -> Decision:
        """What a message asks for by itself."""
        request = followups.without_praise(request)
        if not request.text.strip():
            return self._without_words(request)
        if speaks_to_somebody(request):
            return Decision(text=replies.small_talk(request, self._served(request)))
        request, unclear = settled_by_lineage(request)
        request, lack = settled(settled_by_content(request))
        lack = lack or unclear
        clauses = self._understand(request)
        if clauses and lack:
            return _lacking(lack, request)
        if not clauses and (name := followups.names_missing_file(request)):
            return _lacking(Lack(RefusalKind.MISSING_INPUT, "no_such_file", file=name), request)
        if not clauses:
            return Decision(text=replies.small_talk(request, self._served(request)))
        return self._of_each(clauses, request) or self._plan(clauses, request)

    def _of_each(self, clauses: Sequence[Clause], request: Request) -> Decision | None:
        """The same with each of several attached things, where words mean that and the task takes but one."""
        if len(clauses) != 1 or not followups.means_each(request.text):
            return None
        refusal = self._plan(clauses, request).refusal
        unclear = refusal is not None and refusal.kind is RefusalKind.AMBIGUOUS
        if not unclear and not followups.says_each(request.text):
            return None
        refs = [r for r in self._capabilities[meant(clauses[0].label, clauses[0].text)].refs if r.required]
        among = [i for i in request.items if refs and i.kind is refs[0].kind and i.current and not i.voice]
        others = tuple(i for i in request.items if i not in among)
        plans = [self._plan(clauses, replace(request, items=(item, *others))) for item in among]
        if len(refs) != 1 or any(_sound(plan) is None or len(plan.steps) != 1 for plan in plans):
            return None
        several = len(plans) > 1
        return Decision(tuple(step for plan in plans for step in plan.steps)) if several else None

    def _told(self, request: Request) -> Decision | None:
        """The request before with what a model asked about it."""
        question, asked = pending(request), followups.last_message(request)
        told = answer(question, request.text) if question else None
        if question is None or told is None or asked is None or followups.brings_media(request):
            return None
        if not followups.only_points(request) and _sound(self._own(request)):
            return None
        whole = answered(self._decided(asked), question, told)
        return _sound(whole) if whole else None

    def _going_on(self, request: Request) -> Decision | None:
        """The request before once more, about what a message points at or names without a verb of its own."""
        points, earlier = followups.only_points(request), followups.before(request)
        if asks_again(request.text) and not followups.brings_media(request):
            return next((self._own(asked) for asked in self._asked_before(request)), None)
        if not points and not (earlier and followups.may_name_another(request.text)):
            return None
        for number, line in earlier:
            asked = followups.as_it_was(request, number, line)
            clauses = self._understand(asked)
            if not clauses:
                continue
            if followups.names_another(request.text, clauses[-1].label):
                return _sound(self._plan([Clause(request.text, clauses[-1].label, 1.0)], asked))
            again = followups.carried(request, asked) if points else None
            return _sound(self._own(again)) if again else None
        return None

    def _likewise(self, request: Request, own: Decision, depth: int) -> Decision | None:
        """What was done before, with another clip or with one thing changed: "the same with this one"."""
        if depth >= _DEEPEST:
            return None
        if (how := likewise.otherwise(request.text)) and (asked := followups.last_message(request)):
            was = _sound(self._decided(asked, depth + 1))
            made = was is not None and "description" in was.steps[-1].args
            return self._changed(was, how, described=True) if was and made else None
        mine = not _sound(own) and likewise.mine_too(request.text)
        if not mine and not likewise.means_the_same(request.text):
            return None
        clip, change = likewise.another_clip(request), likewise.change_to_the_same(request.text)
        for number, line in followups.before(request):
            was = _sound(self._decided(followups.as_it_was(request, number, line), depth + 1))
            if was is None:
                continue
            if clip is not None and (steps := likewise.with_another(was.steps, clip)):
                return Decision(steps)
            last = was.steps[-1].capability
            alike = not _sound(own) or [step.capability for step in own.steps] == [last]
            if clip is None and alike and (otherwise := self._changed(was, change)):
                return followups.only_the_end(request, number, was, otherwise)
        return None

    def _changed(self, was: Decision, words: str, *, described: bool = False) -> Decision | None:
        """A plan with what some words change of it; None where they change nothing."""
        try:
            steps = changed(self._past(was), words, self._capabilities, described=described) if words else None
        except BadInput:
            return None
        return Decision(tuple(steps)) if steps and tuple(steps) != was.steps else None

    def _amending(self, request: Request, own: Decision, depth: int) -> Decision | None:
        """The step before once more with a number that this message corrects, or the other way round."""
        asked = followups.last_message(request)
        if asked is None or depth >= _DEEPEST or followups.brings_media(request) or not may_amend(request.text):
            return None
        was = _sound(self._decided(asked, depth + 1))
        last = amended(was.steps[-1], request.text) if was else None
        another = last and _sound(own) and {s.capability for s in own.steps} != {last.capability}
        if was is None or last is None or (another and not followups.is_short(request.text)):
            return None
        if operation(request.text) not in (None, last.args.get("operation")) and _sound(own):
            return None  # "make that one 10 % slower" corrects no pitch
        now = replace(was, steps=(*was.steps[:-1], last))
        return followups.only_the_end(request, len(asked.history), was, now)

    def _changing(self, request: Request, own: Decision, depth: int) -> Decision | None:
        """The request before with one thing changed that is no number: "as a choir", "in a man's voice"."""
        if not request.history or own.steps or own.refusal or depth >= _DEEPEST or followups.brings_media(request):
            return None
        if replies.is_talk(request.text) or not followups.is_brief(request, lacked=True):
            return None
        if not followups.goes_on(request.text) and not refuses_a_voice(request.text):
            return None
        for number, line in followups.before(request):
            was = self._decided(followups.as_it_was(request, number, line), depth + 1)
            if was.steps or was.refusal:  # what was said in between may be talk
                return self._changed(was, request.text, described=followups.adds(request.text)) if _sound(was) else None
        return None

    def _framing(self, request: Request, depth: int) -> Decision | None:
        """The sound video before in another shape, or without captions: "the subtitles away" asks for none."""
        asked = followups.last_message(request) if framing(request.text) else None
        if asked is None or depth >= _DEEPEST or followups.brings_media(request):
            return None
        was = _sound(self._decided(asked, depth + 1)) if followups.is_brief(request, lacked=True) else None
        otherwise = self._changed(was, request.text) if was and was.steps[-1].capability == _VIDEO else None
        return followups.only_the_end(request, len(asked.history), was, otherwise) if was and otherwise else None

    def _past(self, was: Decision) -> Past:
        """A plan as far as it is known before it is carried out."""
        known = [self._capabilities[step.capability] for step in was.steps]
        seconds = tuple(step.args.get("seconds") for step in was.steps)
        return Past(was.steps, tuple(frozenset(c.gives) for c in known), ({},) * len(known), seconds)

    def _correcting(self, request: Request, own: Decision) -> Decision | None:
        """The request before with what this message changes of it, about what that one was about."""
        asked = next(self._asked_before(request), None) if corrects(request.text) else None
        if asked is None or followups.brings_media(request):
            return None
        was, changed = self._own(asked), self._own(replace(asked, text=f"{asked.text}, {request.text}"))
        names = [step.capability for step in was.steps]
        if not names or not followups.TOLD_IN_WORDS.isdisjoint(names):
            return None
        if [s.capability for s in changed.steps] == names and changed.steps != was.steps and _sound(changed):
            return followups.only_the_end(request, len(asked.history), was, changed)
        if own.refusal is None and [s.capability for s in own.steps] == names:
            return _sound(self._own(replace(asked, text=request.text)))
        return None

    def _only(self, request: Request, own: Decision) -> Decision | None:
        """What a message alone wants, about what the request before was about: "just transcribe it then"."""
        asked = next(self._asked_before(request), None) if wants_only(request.text) else None
        if asked is None or own.steps or followups.brings_media(request):
            return None
        alone = _sound(self._own(replace(asked, text=request.text)))
        was = self._own(asked) if alone is None else None
        if was is None or len({step.capability for step in was.steps}) < 2 or self._understanding is None:
            return alone
        name = self._understanding.closest(request.text, _state(asked), [step.capability for step in was.steps])
        step = next(step for step in was.steps if step.capability == name)
        return Decision((step,)) if not pointed_at(step.args) else None

    def _specifying(self, request: Request, own: Decision) -> Decision | None:
        """The request before with what this message but says more exactly: "from 2 to 4 seconds", "a bit slower"."""
        asked = followups.last_message(request)
        if asked is None or followups.brings_media(request) or replies.is_talk(request.text):
            return None
        was = self._own(asked)
        names = {step.capability for step in was.steps}
        lacked = was.refusal is not None and was.refusal.kind in _OPEN
        if not names or not followups.TOLD_IN_WORDS.isdisjoint(names) or (_sound(own) and not lacked):
            return None
        if not followups.is_brief(request, lacked=lacked):
            return None
        refused = own.refusal is not None and own.refusal.kind not in _OPEN
        if refused and own.steps and not followups.goes_on(request.text):
            return None  # a wish of its own, though it cannot be had here
        told = self._own(replace(asked, text=f"{asked.text}, {request.text}"))
        if names == {_MEND}:  # the times that were said first are not meant any more
            told = self._plan([Clause(request.text, _MEND, 1.0)], asked)
            told = told if _numbers(told) else was
        changed = {step.capability for step in told.steps} == names and told.steps != was.steps
        return _sound(told) if changed else None

    def _asked_before(self, request: Request) -> Iterator[Request]:
        """The messages before that asked for something of their own, the newest first."""
        for number, line in followups.before(request):
            asked = followups.as_it_was(request, number, line)
            if not asks_again(line.text) and self._understand(asked):
                yield asked

    def _answering(self, request: Request, own: Decision) -> Decision | None:
        """The request before, where it lacked something that this message brings."""
        found = self._open_before(request)
        if found is None:
            return None
        asked, was = found
        assert was.refusal is not None
        if followups.brings_media(request):
            without = followups.hands_over(request) or not own.steps
            return _sound(self._own(followups.supplied(request, asked))) if without else None
        if was.refusal.kind is RefusalKind.AMBIGUOUS:
            one = followups.picked(request, asked)
            return _sound(self._own(one)) if one and (not own.steps or followups.is_short(request.text)) else None
        wanted = [step.capability for step in was.steps]
        code = target_language(request.text) if wanted == ["text_translation"] and not own_words(request.text) else None
        if code and (told := _sound(self._own(replace(asked, text=into(asked.text, code))))):
            return told
        talk = replies.is_talk(request.text) and not quotations(request.text)
        if talk or any(step.capability != "text_to_speech" for step in own.steps):
            return None
        if len(wanted) == 1 and wanted[0] in followups.NAMED and not own.steps and followups.names_thing(request.text):
            return _sound(self._plan([Clause(request.text, wanted[0], 1.0)], asked))
        if wanted != ["text_translation"] and not followups.gives_words(request.text):
            return None  # whoever just goes on talking is not spoken, sung or drawn
        again = _sound(self._own(followups.worded(request, asked)))
        return again if again and [step.capability for step in again.steps] == wanted else None

    def _open_before(self, request: Request) -> tuple[Request, Decision] | None:
        """The request that lacked something, and its plan; there may be talk between it and this message."""
        for number, line in followups.before(request):
            if any(later.artifacts for later in request.history[number + 1 :]):
                return None
            asked = followups.as_it_was(request, number, line)
            was = self._own(asked)
            if was.refusal is not None or was.steps:
                return (asked, was) if was.refusal is not None and was.refusal.kind in _OPEN else None
        return None

    def _understand(self, request: Request) -> list[Clause]:
        if self._understanding is None:
            head = load_head(frozenset(self._capabilities))
            self._understanding = Understanding(shared_encoder(), head, self._capabilities)
        return self._understanding.clauses(request.text, _state(request))

    def _plan(self, clauses: Sequence[Clause], request: Request) -> Decision:
        hand = AtHand(request)
        lack: Lack | None = None
        for clause in clauses:
            capability = self._capabilities[meant(clause.label, clause.text)]
            try:
                filled = fill(capability, clause.text, hand)
            except Lack as fault:
                if clause is not clauses[-1] and (_only_says_why(capability, hand) or _is_aside(clause)):
                    continue
                lack, filled = lack or fault, [{}]
            for args in filled:
                hand.add(Step(capability.id, args), capability, clause.text)
                if args and (more := followed(capability, clause.text, args, len(hand.steps))):
                    hand.add(Step(*more), self._capabilities[more[0]], clause.text)
        steps = tuple(hand.steps)
        refusal = _barred(steps, request) or (lack.told(replies.language(request)) if lack else None)
        return Decision(steps, refusal=refusal or self._unserved(steps, request))

    def _unserved(self, steps: Sequence[Step], request: Request) -> Refusal | None:
        for step in steps:
            if step.capability not in request.served:
                capability = self._capabilities[step.capability]
                lack = NoModel(saying("unserved", task=capability.title, enable=capability.enable))
                return worded(lack.refusal, replies.language(request))
        return None

    def _without_words(self, request: Request) -> Decision:
        """A message of attachments only, or of nothing."""
        hand = AtHand(request)
        audio, images = hand.items(Kind.AUDIO, current=True), hand.items(Kind.IMAGE, current=True)
        if len(audio) == 1 and not images:
            steps = (Step("speech_recognition", {"audio": audio[0].id}),)
            return Decision(steps, refusal=_barred(steps, request) or self._unserved(steps, request))
        if audio:
            names = ", ".join(i.name or i.kind.value for i in (*audio, *images))
            return _lacking(Lack(RefusalKind.AMBIGUOUS, "what_with", names=names), request)
        if images:
            question = replies.picture_question(len(images) > 1, self._served(request), replies.language(request))
            return Decision(refusal=Refusal(RefusalKind.MISSING_INPUT, question))
        return _lacking(Lack(RefusalKind.MISSING_INPUT, "empty"), request)

    def _served(self, request: Request) -> list[Capability]:
        return [c for c in self._capabilities.values() if c.id in request.served]


def _barred(steps: Sequence[Step], request: Request) -> Refusal | None:
    """Why a plan is not for who asks: told before what it lacks, as nothing that they send would help."""
    refusal = next((request.barred[step.capability] for step in steps if step.capability in request.barred), None)
    return worded(refusal, replies.language(request)) if refusal else None


def _only_says_why(capability: Capability, hand: AtHand) -> bool:
    """Whether a first clause without words of its own says why: "I want to sing it myself, take her voice out"."""
    return not hand.steps and not any(ref.required for ref in capability.refs)


def _is_aside(clause: Clause) -> bool:
    """Whether a clause before another one is a word or two that cannot be carried out: "ok, shorter"."""
    return len(without_told(clause.text).split()) <= _ASIDE and not quotations(clause.text)


def _sound(decision: Decision) -> Decision | None:
    """A decision that can be carried out; None for any other."""
    return decision if decision.steps and decision.refusal is None else None


def _numbers(decision: Decision) -> int:
    return sum(isinstance(value, float) for step in decision.steps for value in step.args.values())


def _lacking(lack: Lack, request: Request) -> Decision:
    return Decision(refusal=lack.told(replies.language(request)))


def _state(request: Request) -> State:
    """What is at hand before the first step.

    The voice note that says the request is not what it is about, and earlier media only where the words point at it.
    """
    named = kinds_named(request.text)
    attached = any(i.current and not (i.voice or i.made) for i in request.items)  # a work may be what words settled on
    points = points_at_media(request.text) or bool(named) or named_by_content(request.items, request.text)
    back = names_earlier(request.text) or (not attached and points)
    items = [i for i in request.items if (i.current or back or i.kind in named) and not i.voice]
    if request.quoted and not named and not any(i.current for i in items):
        return State(text=True)  # "this" is what the message says that is replied to
    audio = [i for i in items if i.kind is Kind.AUDIO]
    return State(
        bool(audio) or Kind.AUDIO in named,
        any(i.kind is Kind.IMAGE for i in items) or Kind.IMAGE in named,
        several=sum(i.current for i in audio) > 1,
    )
