"""One trial of the evaluation and what came of it: the rows of the results file, from which a run can be resumed."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from core.app import App
from core.errors import WrongUse

PARTS = ("consistency", "capability", "robustness", "injection")
UNTRIED = "untried"
"""A fact of a trial that something broke before it could be judged: a resumed run tries it again."""


@dataclass(frozen=True)
class Outcome:
    """What came of a trial."""

    ok: bool
    faults: tuple[str, ...] = ()
    """What is wrong, a line each."""
    ms: float = 0.0
    """Of the slowest decision or turn."""
    facts: dict[str, Any] = field(default_factory=dict)
    """JSON-ready; what they are depends on the part."""


@dataclass(frozen=True)
class Trial:
    """Something to try with a planner."""

    part: str
    group: str
    """What it is counted under: a capability, a category of dialogues, a place of attacks."""
    case: str
    """Unique in its part."""
    digest: str
    said: str
    """The messages, for whoever reads of a failure."""
    run: Callable[[App], Awaitable[Outcome]]


@dataclass(frozen=True)
class Row:
    """A line of the results file."""

    planner: str
    part: str
    group: str
    case: str
    seed: int
    digest: str
    said: str
    ok: bool
    faults: tuple[str, ...]
    ms: float
    facts: dict[str, Any]

    @property
    def key(self) -> tuple[str, str, str, int, str]:
        """What makes it the same trial in another run."""
        return self.planner, self.part, self.case, self.seed, self.digest


def row(planner: str, seed: int, trial: Trial, outcome: Outcome) -> Row:
    """The line of a trial's outcome."""
    return Row(
        planner, trial.part, trial.group, trial.case, seed, trial.digest, trial.said,
        outcome.ok, outcome.faults, outcome.ms, outcome.facts,
    )  # fmt: skip


class Results:
    """The results file: JSON lines, each written as soon as its trial is over."""

    def __init__(self, path: Path, *, resume: bool) -> None:
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        rows = _rows(path) if resume and path.exists() else ()
        self._kept = {row.key: row for row in rows if not row.facts.get(UNTRIED)}
        path.write_text("".join(_line(row) for row in self._kept.values()), encoding="utf-8")

    def kept(self, planner: str, seed: int, trial: Trial) -> Row | None:
        """The row of an earlier run of the same trial."""
        return self._kept.get((planner, trial.part, trial.case, seed, trial.digest))

    def add(self, row: Row) -> None:
        """Write a row down."""
        with self._path.open("a", encoding="utf-8") as file:
            file.write(_line(row))


def _line(row: Row) -> str:
    return json.dumps(asdict(row), ensure_ascii=False) + "\n"


def _rows(path: Path) -> Iterable[Row]:
    lines = path.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines, start=1):
        try:
            data = json.loads(line)
            yield Row(**{**data, "faults": tuple(data["faults"])})
        except (ValueError, KeyError, TypeError) as error:
            if number == len(lines):
                return  # the line that an interruption cut
            raise WrongUse(f"{path}, line {number}, is no result: {error}") from error
