"""Prints figures as a table and keeps them as JSON in `bench/results`."""

from __future__ import annotations

import json
import os
import platform
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

RESULTS = Path(__file__).parent / "results"


def percentile(values: list[float], percent: float) -> float:
    """The nearest-rank percentile."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def report(name: str, figures: dict[str, Any], goals: dict[str, str] | None = None, part: str = "") -> None:
    """Print the figures beside their goals and write them to `bench/results/<name>.json`.

    Several benchmarks may share a file: a `part` puts its figures there as `part.figure` and leaves the others alone.
    """
    RESULTS.mkdir(exist_ok=True)
    machine = {"cores": os.cpu_count(), "machine": platform.machine(), "python": platform.python_version()}
    path = RESULTS / f"{name}.json"
    kept = json.loads(path.read_text()) if path.exists() else {}
    made: dict[str, Any] = {}
    for kind, given in (("figures", figures), ("goals", goals or {})):
        others = {
            k: v for k, v in kept.get(kind, {}).items() if ("." in k if not part else not k.startswith(f"{part}."))
        }
        own = {f"{part}.{key}" if part else key: value for key, value in given.items()}
        made[kind] = {**own, **others} if not part else {**others, **own}
    path.write_text(json.dumps({**made, "machine": machine}, indent=1) + "\n")
    table = Table("figure", "measured", "goal", title=f"{name} {part}".strip(), title_justify="left")
    for key, value in figures.items():
        shown = f"{value:.4g}" if isinstance(value, float) else str(value)
        table.add_row(key, shown, (goals or {}).get(key, ""))
    Console().print(table)
