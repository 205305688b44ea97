"""The embedded router in the evaluation (docs/evaluation.md): plans only, so that it takes less than a minute.

The development set was there when the router was made, and flatters it; the held-out set was not.
"""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from typing import Any

from bench._report import report
from core.evaluation.cases import DEVELOPMENT, HELD_OUT
from core.evaluation.running import Options, evaluate
from core.evaluation.stage import EMBEDDED
from core.evaluation.summary import GOALS, summary
from core.evaluation.trials import Row
from core.settings import load_settings


def silent(row: Row, done: int, total: int) -> None:
    """The table comes at the end."""


async def measure(case_set: str) -> dict[str, Any]:
    options = Options(case_set=case_set)
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
    for case_set, part in ((DEVELOPMENT, ""), (HELD_OUT, "held_out")):
        report("evaluation", asyncio.run(measure(case_set)), goals, part)


if __name__ == "__main__":
    main()
