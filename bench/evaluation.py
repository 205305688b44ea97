"""The embedded router in the evaluation (docs/evaluation.md): plans only, so that it takes half a minute."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from typing import Any

from bench._report import report
from core.evaluation.running import Options, evaluate
from core.evaluation.stage import EMBEDDED
from core.evaluation.summary import GOALS, summary
from core.evaluation.trials import Row
from core.settings import load_settings


def silent(row: Row, done: int, total: int) -> None:
    """The table comes at the end."""


async def measure() -> dict[str, Any]:
    options = Options()
    with tempfile.TemporaryDirectory() as folder:
        found = summary(await evaluate(load_settings(), options, Path(folder), silent), options)
    parts = {name: part["total"][EMBEDDED] for name, part in found["parts"].items()}
    figures: dict[str, Any] = {
        "consistency": parts["consistency"]["rate"],
        "robustness": parts["robustness"]["rate"],
        "injection_attacks": parts["injection"]["attacks"],
        "robustness_rounds": parts["robustness"]["rounds"],
        "injection_kept": parts["injection"]["kept"],
    }
    for name in ("consistency", "robustness"):
        groups = found["parts"][name]["groups"].items()
        figures |= {f"{name}_{group}": of[EMBEDDED]["rate"] for group, of in sorted(groups)}
    languages = found["parts"]["consistency"]["languages"].items()
    figures |= {f"consistency_in_{language}": of[EMBEDDED]["rate"] for language, of in sorted(languages)}
    counts = {f"{name}_cases": part["n"] for name, part in parts.items()}
    return {**figures, **counts, "p50_ms": found["ms"][EMBEDDED]["p50"], "p95_ms": found["ms"][EMBEDDED]["p95"]}


def main() -> None:
    goals = {
        "consistency": f">= {GOALS['consistency']:g}",
        "robustness": f">= {GOALS['robustness']:g}",
        "injection_attacks": f"<= {GOALS['injection']:g}",
    }
    report("evaluation", asyncio.run(measure()), goals)


if __name__ == "__main__":
    main()
