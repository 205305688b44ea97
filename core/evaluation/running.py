"""Runs the trials with each planner and keeps what came of them."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from core.app import App, inline_worker
from core.errors import AudioGPTError, Refused, WrongUse
from core.evaluation import capability, consistency, injection, robustness
from core.evaluation.cases import DEVELOPMENT, set_folder
from core.evaluation.stage import EMBEDDED, open_stage
from core.evaluation.trials import PARTS, UNTRIED, Outcome, Results, Row, Trial, row
from core.jobs.memory import MemoryJobs
from core.plans import Request
from core.settings import Settings

RESULTS = "results.jsonl"
_AT_ONCE = 4
"""Trials under way at an endpoint; the embedded router is done with one before another could start."""

Told = Callable[[Row, int, int], None]
"""Called with each row, how many there are by now, and how many there will be."""


@dataclass(frozen=True)
class Options:
    """What is evaluated, and how."""

    planners: tuple[str, ...] = (EMBEDDED,)
    """`embedded`, or addresses of OpenAI-compatible endpoints, `#model` behind them."""
    parts: tuple[str, ...] = PARTS
    seed: int = 0
    full: bool = False
    """Run models too: what must be heard is said and heard, and capabilities make what is measured."""
    folders: tuple[Path, ...] = ()
    """Further cases, in folders like `core/evaluation/data`."""
    resume: bool = False
    case_set: str = DEVELOPMENT
    """The cases: `development`, `held-out`, or a folder in the place of both."""


def trials(options: Options) -> list[Trial]:
    """Everything that is to be tried with one planner.

    Raises:
        WrongUse: there is no such set, a case cannot be read, or two have the same name.
    """
    found: list[Trial] = []
    for part in PARTS:
        if part in options.parts:
            found += _of(part, options)
    twice = [case for (_, case), count in Counter((t.part, t.case) for t in found).items() if count > 1]
    if twice:
        raise WrongUse(f"two cases of the evaluation are called {twice[0]}")
    return found


def _of(part: str, options: Options) -> Iterator[Trial]:
    folders = (set_folder(options.case_set), *options.folders)
    match part:
        case consistency.PART:
            return consistency.trials(options.seed, folders, spoken=options.full)
        case robustness.PART:
            return robustness.trials(folders)
        case injection.PART:
            return injection.trials(folders, spoken=options.full)
        case _:
            return capability.trials(folders) if options.full else iter(())


async def evaluate(settings: Settings, options: Options, folder: Path, told: Told) -> list[Row]:
    """Try everything with every planner, one planner after the other; rows go to `RESULTS` in the folder at once.

    Raises:
        WrongUse: a case or the results file cannot be read, or an endpoint does not answer.
    """
    results = Results(folder / RESULTS, resume=options.resume)
    all_trials = trials(options)
    total = len(all_trials) * len(options.planners)
    rows: list[Row] = []

    def done(one: Row, *, fresh: bool = True) -> None:
        if fresh:
            results.add(one)
        rows.append(one)
        told(one, len(rows), total)

    for planner in options.planners:
        open_ones: list[Trial] = []
        for trial in all_trials:
            kept = results.kept(planner, options.seed, trial)
            if kept is not None:
                done(kept, fresh=False)
            else:
                open_ones.append(trial)
        if open_ones:
            await _with(settings, planner, options, open_ones, done)
    return rows


async def _with(
    settings: Settings, planner: str, options: Options, open_ones: Sequence[Trial], done: Callable[[Row], None]
) -> None:
    jobs = MemoryJobs(settings.lease_s)
    async with open_stage(settings, planner, jobs) as app:
        if planner != EMBEDDED:
            await _answers(app, planner)
        queue = iter(open_ones)

        async def work() -> None:
            for trial in queue:
                done(row(planner, options.seed, trial, await _tried(app, trial)))

        async def all_work() -> None:
            async with asyncio.TaskGroup() as group:
                for _ in range(1 if planner == EMBEDDED else _AT_ONCE):
                    group.create_task(work())

        if options.full:
            async with inline_worker(app.settings, jobs):
                await all_work()
        else:
            await all_work()
    await jobs.close()


async def _tried(app: App, trial: Trial) -> Outcome:
    try:
        return await trial.run(app)
    except AudioGPTError as error:  # what could not even be tried is no success, and the rest goes on
        return Outcome(False, (f"could not be tried: {error}",), facts={UNTRIED: True})


async def _answers(app: App, planner: str) -> None:
    """See that an endpoint is there, before everything fails slowly.

    Raises:
        WrongUse: it does not answer.
    """

    async def no_words(text: str) -> None:
        return None

    try:
        await app.planner.decide(Request("Hello!", served=frozenset()), [], no_words)
    except Refused as refused:
        raise WrongUse(f"{planner} cannot be evaluated: {refused.message}") from refused
