"""Answers and signs of life share a chat's budget; virtual time."""

from __future__ import annotations

import asyncio

from bots.budget import Budget, Rate

SLOW = Rate(per_s=1.0, burst=3, kept=1)


class Clock:
    """Time that passes only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds
        await asyncio.sleep(0)


async def test_answers_go_at_once_while_there_is_room_then_as_fast_as_allowed() -> None:
    clock = Clock()
    budget = Budget(clock, clock.sleep)
    sent: list[float] = []
    for _ in range(6):
        await budget.answer("chat", SLOW)
        sent.append(round(clock.now, 6))
    assert sent == [0, 0, 0, 1, 2, 3]


async def test_signs_of_life_leave_what_is_kept_for_answers() -> None:
    clock = Clock()
    budget = Budget(clock, clock.sleep)
    assert [budget.spare("chat", SLOW) for _ in range(4)] == [True, True, False, False]
    await budget.answer("chat", SLOW)
    assert clock.now == 0, "an answer had to wait for signs of life"
    clock.now += 1.0
    assert not budget.spare("chat", SLOW), "the first place that comes back is an answer's"
    clock.now += 1.0
    assert budget.spare("chat", SLOW)


async def test_no_sign_of_life_while_an_answer_waits() -> None:
    clock = Clock()
    waiting = asyncio.Event()
    go_on = asyncio.Event()

    async def sleep(seconds: float) -> None:
        waiting.set()
        await go_on.wait()
        clock.now += seconds

    budget = Budget(clock, sleep)
    for _ in range(3):
        await budget.answer("chat", SLOW)
    late = asyncio.create_task(budget.answer("chat", SLOW))
    await waiting.wait()
    clock.now += 10.0
    assert not budget.spare("chat", SLOW)
    go_on.set()
    await late
    assert budget.spare("chat", SLOW)


async def test_chats_do_not_wait_for_each_other_and_idle_ones_are_forgotten() -> None:
    clock = Clock()
    budget = Budget(clock, clock.sleep)
    budget._MOST_CHATS = 50
    for n in range(200):
        await budget.answer(f"chat {n}", SLOW)
        clock.now += 0.1
    assert clock.now < 20.1
    assert len(budget._chats) <= 50
