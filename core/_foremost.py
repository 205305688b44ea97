"""One line of progress for steps that are carried out at once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from core.messages import Stage, Status


class Foremost:
    """Shows how the foremost of several steps gets on: the one that runs, before those that wait; of those the first.

    Without it, a step that stands in line would hide every second what the running one has reached.
    """

    def __init__(self, show: Callable[[Status], Awaitable[None]]) -> None:
        self._show = show
        self._running: list[int] = []
        self._waiting: list[int] = []

    def of(self, step: int) -> Callable[[Status], Awaitable[None]]:
        """Takes the statuses of a step, by its index; what it shows of them depends on the others."""

        async def show(status: Status) -> None:
            among = self._running if status.stage is Stage.RUNNING else self._waiting
            if step not in among:
                self.end(step)
                among.append(step)
            if [*self._running, *self._waiting][0] == step:
                await self._show(status)

        return show

    def end(self, step: int) -> None:
        """The step is over: another may be the foremost."""
        for steps in (self._running, self._waiting):
            if step in steps:
                steps.remove(step)
