from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from core.artifacts import Kind
from core.embedded.head import WEIGHTS
from core.plans import Item
from training.router.templates import Utterance, utterances

HERE = Path(__file__).parent
SHARED = HERE.parents[2] / "shared" / "bench" / "routing_dev.jsonl"
TOO_ALIKE = 0.8
needs_shared = pytest.mark.skipif(not SHARED.exists(), reason="left out: ../shared/bench is not here")


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def tokens(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"[\u3040-\u30ff\u4e00-\u9fff]|[^\W_]+", text.lower()))


async def accuracy(ask: Any, path: Path) -> float:
    right = []
    for line in lines(path):
        items = [Item(a["name"], Kind(a["kind"]), a["name"], duration_s=12.0) for a in line["attachments"]]
        decision = await ask(line["text"], *items)
        right.append([s.capability for s in decision.steps] == line["gold"])
    return sum(right) / len(right)


@pytest.fixture(scope="session")
def grown() -> list[Utterance]:
    return utterances()


@needs_shared
async def test_the_public_set_is_routed(ask: Any) -> None:
    assert await accuracy(ask, SHARED) >= 0.92


async def test_our_own_set_is_routed(ask: Any) -> None:
    assert await accuracy(ask, HERE / "requests.jsonl") >= 0.92


@needs_shared
def test_no_training_sentence_is_taken_from_the_public_set(grown: list[Utterance]) -> None:
    public = [tokens(line["text"]) for line in lines(SHARED)]
    alike = [
        u.text
        for u in grown
        for other in public
        if len(mine := tokens(u.text)) and len(mine & other) / len(mine | other) > TOO_ALIKE
    ]
    assert alike == []


def test_templates_grow_the_same_way_each_time(grown: list[Utterance]) -> None:
    assert utterances() == grown
    assert not [u for u in grown if re.search(r"[{}()|]", u.text)]


def test_the_weights_stay_small() -> None:
    assert WEIGHTS.stat().st_size < 1_000_000
