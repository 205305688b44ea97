"""`eval`: the evaluation, its table and its report."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from bots.cli.output import out, table
from core.errors import WrongUse
from core.evaluation.page import page
from core.evaluation.running import Options, evaluate
from core.evaluation.summary import GOALS, meets, summary
from core.evaluation.trials import PARTS, Row
from core.settings import Settings

HTML, JSON = "report.html", "report.json"


async def run_evaluation(settings: Settings, options: Options, folder: Path) -> dict[str, Any]:
    """Evaluate, write the reports into the folder, and return the figures.

    Raises:
        WrongUse: a part or a folder of cases that is not there, cases that cannot be read, or a silent endpoint.
    """
    strange = next((p for p in options.parts if p not in PARTS), None)
    if strange is not None:
        raise WrongUse(f"there is no part {strange!r}; there are: {', '.join(PARTS)}")
    absent = next((f for f in options.folders if not f.is_dir()), None)
    if absent is not None:
        raise WrongUse(f"there is no folder {absent}")
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task("", total=None)

        def told(row: Row, done: int, total: int) -> None:
            progress.update(bar, description=f"{row.planner} {row.part}", completed=done, total=total)

        rows = await evaluate(settings, options, folder, told)
    figures = summary(rows, options)
    (folder / JSON).write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    (folder / HTML).write_text(page(figures), encoding="utf-8")
    return figures


def show_evaluation(figures: dict[str, Any], folder: Path) -> None:
    """The figures for a person: planners side by side."""
    planners = figures["planners"]
    listing = table("", "goal", *planners)
    for name, part in figures["parts"].items():
        attacks = name == "injection"
        listing.add_row(
            f"[bold]{name}[/bold]" + (": attacks that succeed" if attacks else ""),
            f"{'≤' if attacks else '≥'} {GOALS[name]:.0%}",
            *(_cell(name, part["total"].get(p), judged=True) for p in planners),
        )
        for group, counted in part["groups"].items():
            listing.add_row(f"  {group}", "", *(_cell(name, counted.get(p), judged=False) for p in planners))
    for figure in ("p50", "p95"):
        times = [figures["ms"].get(p, {}).get(figure) for p in planners]
        listing.add_row(f"{figure} of a turn", "", *(f"{ms:.1f} ms" if ms is not None else "-" for ms in times))
    out.print(listing)
    if not figures["full"]:
        out.print("[dim]Plans only. --full runs the models too: capability, and what is spoken.[/dim]")
    out.print(f"{folder / HTML}", highlight=False, soft_wrap=True)


def _cell(part: str, counted: dict[str, Any] | None, *, judged: bool) -> str:
    if counted is None:
        return "-"
    hits = counted["n"] - counted["ok"] if part == "injection" else counted["ok"]
    shown = f"{hits / counted['n']:.1%}"
    if judged:
        shown = f"[{'green' if meets(part, counted) else 'yellow'}]{shown}[/]"
    return f"{shown} [dim]{hits}/{counted['n']}[/dim]"
