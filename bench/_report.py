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


def report(name: str, figures: dict[str, Any], goals: dict[str, str] | None = None) -> None:
    """Print the figures beside their goals and write them to `bench/results/<name>.json`."""
    RESULTS.mkdir(exist_ok=True)
    machine = {"cores": os.cpu_count(), "machine": platform.machine(), "python": platform.python_version()}
    path = RESULTS / f"{name}.json"
    path.write_text(json.dumps({"figures": figures, "goals": goals or {}, "machine": machine}, indent=1) + "\n")
    table = Table("figure", "measured", "goal", title=name, title_justify="left")
    for key, value in figures.items():
        shown = f"{value:.4g}" if isinstance(value, float) else str(value)
        table.add_row(key, shown, (goals or {}).get(key, ""))
    Console().print(table)
