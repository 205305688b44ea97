"""The embedded router on the public dev set: exact list of capabilities, latency, cold start and memory."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from bench._report import percentile, report

SET = Path(__file__).parents[2] / "shared" / "bench" / "routing_dev.jsonl"
ROUNDS = 5
_COLD = """
import asyncio, resource, time
started = time.perf_counter()
from core.capabilities import BUILT_IN
from core.embedded.planner import EmbeddedPlanner
from core.plans import Request
async def hush(text): pass
planner = EmbeddedPlanner({c.id: c for c in BUILT_IN})
asyncio.run(planner.decide(Request("draw a cat"), [], hush))
print(time.perf_counter() - started, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def group(line: dict[str, Any]) -> str:
    if not line["text"].isascii() and not line["text"].startswith(("I'd", "a ")):
        return "non-English"
    return {0: "none", 1: "single"}.get(len(line["gold"]), "chain")


async def measure(lines: list[dict[str, Any]]) -> dict[str, Any]:
    from core.artifacts import Kind
    from core.capabilities import BUILT_IN
    from core.embedded.planner import EmbeddedPlanner
    from core.plans import Item, Request

    async def hush(text: str) -> None:
        return None

    capabilities = {c.id: c for c in BUILT_IN}
    planner = EmbeddedPlanner(capabilities)
    hits: dict[str, list[bool]] = {}
    times: list[float] = []
    for number in range(ROUNDS):
        for line in lines:
            items = tuple(Item(a["name"], Kind(a["kind"]), a["name"]) for a in line["attachments"])
            started = time.perf_counter()
            decision = await planner.decide(Request(line["text"], items, served=frozenset(capabilities)), [], hush)
            times.append((time.perf_counter() - started) * 1e3)
            if number == 0:
                right = [s.capability for s in decision.steps] == line["gold"]
                hits.setdefault(group(line), []).append(right)
                hits.setdefault("all", []).append(right)
    figures: dict[str, Any] = {f"exact_{name}": sum(h) / len(h) for name, h in hits.items()}
    warm = times[len(lines) :]
    return {**figures, "p50_ms": percentile(warm, 50), "p95_ms": percentile(warm, 95), "messages": len(lines)}


def main() -> None:
    if not SET.exists():
        print("routing: left out, ../shared/bench/routing_dev.jsonl is not here")
        return
    lines = [json.loads(line) for line in SET.read_text(encoding="utf-8").splitlines() if line.strip()]
    figures = asyncio.run(measure(lines))
    cold = subprocess.run([sys.executable, "-c", _COLD], capture_output=True, text=True, check=True).stdout.split()
    figures |= {"cold_start_s": float(cold[0]), "rss_mb": float(cold[1])}
    goals = {"exact_all": ">= 0.85", "p50_ms": "<= 15", "rss_mb": "<= 200"}
    report("routing", figures, goals)


if __name__ == "__main__":
    main()
