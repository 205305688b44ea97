"""No reply says that media exist which its turn did not make, whatever the planner says; and a turn has its limits."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest
from router.turns import ANN, KEY, Heard, opened, step, turn

from core.app import App
from core.claims import untrue
from core.conversation import Conversation
from core.errors import Refusal, RefusalKind
from core.messages import Incoming
from core.plans import Decision, Request, StepResult, Words
from core.router import Router
from core.settings import Settings

LIE = "Here is your song, enjoy!"
NOTHING = "I have made nothing here"


@pytest.fixture
async def app(settings: Settings) -> AsyncIterator[App]:
    async with opened(settings) as made:
        yield made


async def test_a_planner_that_lies_may_say_it_right(app: App) -> None:
    reply, script, heard = await turn(app, "sing", Decision(text=LIE), Decision(text="I can't sing here."))
    assert (reply.text, reply.refusal) == ("I can't sing here.", None)
    objection = script.asked[1].objection
    assert objection is not None
    assert objection.said == LIE
    assert "Here is your song" in objection.why
    assert not any("song" in words for words in heard.words)


async def test_a_planner_that_lies_may_do_it_after_all(app: App) -> None:
    lines = (Decision(text=LIE), Decision((step("stems"),)), Decision(text=LIE))
    reply, script, heard = await turn(app, "sing", *lines)
    assert reply.text == LIE
    assert reply.shown
    assert script.asked[2].objection is None
    assert heard.words[-1] == LIE


async def test_a_planner_that_goes_on_lying_is_not_heard(app: App) -> None:
    reply, _, heard = await turn(app, "sing", Decision(text=LIE), Decision(text=f"But I did! {LIE}"))
    assert reply.text.startswith(NOTHING)
    assert reply.refusal is not None
    assert reply.refusal.kind is RefusalKind.MODEL_FAILED
    assert all(untrue(words, ()) is None for words in heard.words)


@pytest.mark.parametrize(
    ("asked", "told"),
    [("Sing mir bitte ein Lied", "Ich habe hier nichts gemacht"), ("Canta una canción, por favor", "No he hecho nada")],
)
async def test_the_truth_is_told_in_the_persons_language(app: App, asked: str, told: str) -> None:
    reply, _, _ = await turn(app, asked, Decision(text=LIE), Decision(text=LIE))
    assert reply.text.startswith(told)


async def test_a_claim_of_another_kind_than_was_made_is_untrue(app: App) -> None:
    lie = "Here is the sound, and I drew a picture of it."
    reply, _, _ = await turn(app, "both", Decision((step("stems"),)), Decision(text=lie), Decision(text=lie))
    assert reply.text == "What you see here is all that I made."
    assert len(reply.shown) == 2


async def test_success_is_not_claimed_where_a_step_failed(app: App) -> None:
    lines = (Decision((step("sing"),)), Decision(text="All done, have fun."), Decision(text="All done, have fun."))
    reply, script, _ = await turn(app, "sing", *lines)
    assert "a step failed (model_failed" in (script.asked[2].objection or pytest.fail()).why
    assert reply.refusal is not None
    assert reply.text == f"All done, have fun. {reply.refusal.message}"


async def test_a_failure_that_was_made_good_is_no_refusal(app: App) -> None:
    lines = (Decision((step("sing"),)), Decision((step("stems"),)), Decision(text="Here are your stems."))
    reply, _, _ = await turn(app, "stems", *lines)
    assert (reply.text, reply.refusal) == ("Here are your stems.", None)
    assert reply.shown


async def test_agreement_that_is_wanted_stays_wanted_whatever_else_was_done(app: App) -> None:
    app.steps._consented = _unagreed  # type: ignore[method-assign]  # whose voice it is does not matter here
    lines = (Decision((step("stems"),)), Decision((step("whisper"),)), Decision(text="Not without a yes."))
    reply, _, _ = await turn(app, "go", *lines)
    assert reply.refusal == Refusal(RefusalKind.CONSENT_NEEDED, "Somebody must agree.", "test:ben")


async def _unagreed(capability: object, *rest: object) -> None:
    if getattr(capability, "id", "") == "stems":
        raise Refusal(RefusalKind.CONSENT_NEEDED, "Somebody must agree.", "test:ben").error


async def test_words_of_the_person_may_be_repeated(app: App) -> None:
    said = "Here is the song that I recorded."
    reply, _, _ = await turn(app, said, Decision(text=f"You wrote: {said}"))
    assert reply.refusal is None
    assert said in reply.text


async def test_too_many_steps_end_the_turn_with_what_was_made(app: App) -> None:
    lines = (Decision((step("stems"),)), Decision((step("whisper"), step("whisper"))))
    reply, _, _ = await turn(app, "more", *lines, turn_steps=2)
    assert reply.refusal is not None
    assert reply.refusal.kind is RefusalKind.OVER_LIMIT
    assert "more than 2 steps" in reply.text
    assert len(reply.shown) == 2


async def test_too_many_tokens_end_the_turn_with_what_was_made(app: App) -> None:
    lines = (Decision((step("stems"),), tokens=900), Decision((step("whisper"),), tokens=200))
    reply, _, _ = await turn(app, "more", *lines, turn_tokens=1000)
    assert reply.refusal is not None
    assert reply.refusal.kind is RefusalKind.OVER_LIMIT
    assert len(reply.shown) == 2
    lines = (Decision((step("stems"),), tokens=900), Decision(text="Here they are, both stems.", tokens=200))
    assert (await turn(app, "more", *lines, turn_tokens=1000))[0].refusal is None


async def test_a_planner_that_takes_too_long_ends_the_turn(app: App) -> None:
    class Slow:
        async def decide(self, request: Request, results: Sequence[StepResult], words: Words) -> Decision:
            await asyncio.Event().wait()
            raise AssertionError

    settings = app.settings.model_copy(update={"turn_s": 1.0})
    router = Router(settings, Slow(), app.steps, Conversation(app.store), app.library)
    reply = await router.answer(Incoming(KEY, "1", ANN, "go"), Heard().show)
    assert reply.refusal is not None
    assert reply.refusal.kind is RefusalKind.OVER_LIMIT


async def test_a_turn_that_is_over_shows_what_was_made(app: App) -> None:
    class Slow:
        async def decide(self, request: Request, results: Sequence[StepResult], words: Words) -> Decision:
            if results:
                raise TimeoutError  # as the end of the turn's time ends it
            return Decision((step("stems"),))

    router = Router(app.settings, Slow(), app.steps, Conversation(app.store), app.library)
    reply = await router.answer(Incoming(KEY, "1", ANN, "go"), Heard().show)
    assert reply.refusal is not None
    assert (reply.refusal.kind, len(reply.shown)) == (RefusalKind.OVER_LIMIT, 2)


async def test_a_step_that_takes_longer_than_the_turn_is_stopped(app: App) -> None:
    async def sleepy(*_: object) -> str:
        return "sleepy"

    app.steps.pick = sleepy  # type: ignore[method-assign]  # the model is what matters here
    lines = (Decision((step("toy", seconds=60),)), Decision(text="never"))
    reply, script, _ = await turn(app, "sleep", *lines, turn_s=3.0)
    assert reply.refusal is not None
    assert reply.refusal.kind is RefusalKind.OVER_LIMIT
    assert len(script.asked) == 1
