"""The embedded router on messages that it was not made from: exact plans, arguments, latency, cold start and memory."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from bench._report import percentile, report

PUBLIC = Path(__file__).parents[2] / "shared" / "bench" / "routing_dev.jsonl"
OWN = sorted((Path(__file__).parents[1] / "tests" / "embedded").glob("*.jsonl"))
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


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


async def measure(messages: list[dict[str, Any]]) -> dict[str, Any]:
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
        for line in messages:
            items = tuple(
                Item(a["name"], Kind(a["kind"]), a["name"], duration_s=12.0, current=a.get("current", True))
                for a in line["attachments"]
            )
            started = time.perf_counter()
            decision = await planner.decide(Request(line["text"], items, served=frozenset(capabilities)), [], hush)
            times.append((time.perf_counter() - started) * 1e3)
            if number == 0:
                right = [s.capability for s in decision.steps] == line["gold"]
                hits.setdefault(group(line), []).append(right)
                hits.setdefault("all", []).append(right)
                if right and "args" in line:
                    filled = zip(line["args"], decision.steps, strict=False)
                    hits.setdefault("arguments", []).append(all(w.items() <= s.args.items() for w, s in filled))
    figures: dict[str, Any] = {f"exact_{name}": sum(h) / len(h) for name, h in hits.items()}
    warm = times[len(messages) :]
    return {**figures, "p50_ms": percentile(warm, 50), "p95_ms": percentile(warm, 95), "messages": len(messages)}


def main() -> None:
    # Before anything is loaded here: a child counts its parent's memory as its own peak.
    cold = subprocess.run([sys.executable, "-c", _COLD], capture_output=True, text=True, check=True).stdout.split()
    own = asyncio.run(measure([line for path in OWN for line in lines(path)]))
    figures: dict[str, Any] = {f"own_{key}" if key.startswith("exact") else key: value for key, value in own.items()}
    if PUBLIC.exists():
        public = asyncio.run(measure(lines(PUBLIC)))
        figures |= {key: value for key, value in public.items() if key.startswith("exact")}
    else:
        print("routing: the public set is left out, ../shared/bench/routing_dev.jsonl is not here")
    figures |= {"cold_start_s": float(cold[0]), "rss_mb": float(cold[1])}
    goals = {
        "exact_all": ">= 0.92",
        "own_exact_all": ">= 0.92",
        "own_exact_none": ">= 0.95",
        "p50_ms": "<= 15",
        "rss_mb": "<= 200",
    }
    report("routing", figures, goals)


if __name__ == "__main__":
    main()
