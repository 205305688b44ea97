"""What the commands print: JSON for programs, rich text for people; and how a failure ends them."""

from __future__ import annotations

import asyncio
import json
import shutil
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

import typer
from rich.console import Console
from rich.table import Table

from core.artifacts import Artifact, ArtifactStore
from core.errors import AudioGPTError, Refusal, WrongUse
from core.messages import Ran
from core.settings import Settings

T = TypeVar("T")

BROKEN = 1
WRONG_USE = 2

out = Console()
err = Console(stderr=True)


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run a command's work; our errors become one line and an exit code."""
    try:
        return asyncio.run(work)
    except WrongUse as error:
        err.print(f"[red]{error}[/red]", highlight=False)
        raise typer.Exit(WRONG_USE) from error
    except AudioGPTError as error:
        err.print(f"[red]{error}[/red]", highlight=False)
        raise typer.Exit(BROKEN) from error


def dump(data: Any) -> None:
    """One line of JSON."""
    sys.stdout.write(json.dumps(data, ensure_ascii=False) + "\n")
    sys.stdout.flush()


async def export(artifacts: list[Artifact], store: ArtifactStore, folder: Path) -> list[Path]:
    """Copy artifacts into a folder under readable names; a name that is taken gets a number."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for artifact in artifacts:
        target = folder / artifact.name
        number = 2
        while target.exists():
            target = folder / f"{Path(artifact.name).stem}-{number}{Path(artifact.name).suffix}"
            number += 1
        async with store.local(artifact.id) as source:
            await asyncio.to_thread(shutil.copyfile, source, target)
        paths.append(target)
    return paths


def answer_json(
    text: str, artifacts: list[Artifact], paths: list[Path], refusal: Refusal | None, plan: list[Ran], ms: float
) -> dict[str, Any]:
    """The JSON of `ask` and `do`."""
    return {
        "text": text,
        "artifacts": [_artifact_json(a, p) for a, p in zip(artifacts, paths, strict=True)],
        "refusal": refusal_json(refusal),
        "plan": [{"capability": r.capability, "model": r.model, "args": r.args, "ms": r.ms} for r in plan],
        "ms": round(ms, 1),
    }


def refusal_json(refusal: Refusal | None) -> dict[str, str] | None:
    """A refusal as JSON."""
    return {"kind": refusal.kind.value, "message": refusal.message} if refusal else None


def _artifact_json(artifact: Artifact, path: Path) -> dict[str, Any]:
    facts = artifact.facts
    return {
        "id": artifact.id,
        "path": str(path),
        "kind": artifact.kind.value,
        "media_type": facts.media_type,
        "duration_s": facts.duration_s,
        "sample_rate_hz": facts.sample_rate_hz,
        "channels": facts.channels,
        "capability": artifact.recipe.capability,
        "model": artifact.recipe.model,
    }


def show_answer(answer: dict[str, Any]) -> None:
    """The answer of `ask` and `do` for a person."""
    if answer["refusal"]:
        out.print(f"[yellow]{answer['text'] or answer['refusal']['message']}[/yellow]", highlight=False)
    elif answer["text"]:
        out.print(answer["text"], highlight=False, markup=False)
    for artifact in answer["artifacts"]:
        length = f"  {artifact['duration_s']:.1f} s" if artifact["duration_s"] else ""
        out.print(f"[bold]{artifact['path']}[/bold]{length}", highlight=False, soft_wrap=True)
    if answer["plan"]:
        steps = " → ".join(f"{s['capability']} ({s['model']}, {s['ms']:.0f} ms)" for s in answer["plan"])
        out.print(f"[dim]{steps}[/dim]", highlight=False)


def table(*columns: str, last_folds: bool = False) -> Table:
    """An empty table with these columns; what is too wide is folded in the last one, or in all."""
    made = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        made.add_column(column, overflow="fold", no_wrap=last_folds and column != columns[-1])
    return made


def show_manifest(name: str, settings: Settings) -> None:
    """Print the manifest of a platform, as it is, so that it can be piped."""
    from bots.platforms import PLATFORMS

    found = next((p for p in PLATFORMS if p.name == name.lower()), None)
    if found is None:
        err.print(f"[red]there is no platform {name!r}; there are: {', '.join(p.name for p in PLATFORMS)}[/red]")
        raise typer.Exit(WRONG_USE)
    sys.stdout.write(found.manifest(settings).rstrip() + "\n")
