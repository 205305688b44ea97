"""Capability: a sentence through the router and the models to an artifact that is measured."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from core.evaluation.trials import Trial

PART = "capability"


def trials(folders: Iterable[Path] = ()) -> Iterator[Trial]:
    """A trial for each task."""
    return iter(())
