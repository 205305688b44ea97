from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest

from core.artifacts import Kind
from core.embedded.head import WEIGHTS
from core.plans import Item
from training.router.templates import Utterance, utterances

HERE = Path(__file__).parent
SHARED = HERE.parents[2] / "shared" / "bench" / "routing_dev.jsonl"
OWN = ("requests.jsonl", "messages.jsonl", "unseen.jsonl", "fresh.jsonl")
TOO_ALIKE = 0.8
FEW_WORDS = 5
"""Shorter requests ("who spoke when?") have hardly another wording."""
needs_shared = pytest.mark.skipif(not SHARED.exists(), reason="left out: ../shared/bench is not here")


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def tokens(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"[\u3040-\u30ff\u4e00-\u9fff]|[^\W_]+", text.lower()))


async def hits(ask: Any, path: Path) -> list[tuple[dict[str, Any], bool]]:
    """Each line of a set, and whether its capabilities were planned exactly."""
    found = []
    for line in lines(path):
        items = [
            Item(a["name"], Kind(a["kind"]), a["name"], duration_s=12.0, current=a.get("current", True))
            for a in line["attachments"]
        ]
        decision = await ask(line["text"], *items)
        found.append((line, [s.capability for s in decision.steps] == line["gold"]))
    return found


async def accuracy(ask: Any, path: Path) -> float:
    right = [hit for _, hit in await hits(ask, path)]
    return sum(right) / len(right)


def near(held: list[str], others: list[str], fewest: int = FEW_WORDS) -> list[tuple[str, str]]:
    """Sentences of `fewest` words or more that share nearly all their words with another."""
    words = [tokens(other) for other in others]
    having: dict[str, list[int]] = defaultdict(list)
    for index, found in enumerate(words):
        for word in found:
            having[word].append(index)
    pairs = []
    for sentence in held:
        mine = tokens(sentence)
        shared = Counter(index for word in mine for index in having[word]) if len(mine) >= fewest else Counter()
        pairs += [(sentence, others[i]) for i, n in shared.items() if n / len(mine | words[i]) > TOO_ALIKE]
    return pairs


def messages(path: Path) -> list[str]:
    return [line["text"] for line in lines(path)]


@pytest.fixture(scope="session")
def grown() -> list[Utterance]:
    return utterances()


@needs_shared
async def test_the_public_set_is_routed(ask: Any) -> None:
    assert await accuracy(ask, SHARED) >= 0.92


@pytest.mark.parametrize("name", OWN)
async def test_our_own_sets_are_routed(ask: Any, name: str) -> None:
    assert await accuracy(ask, HERE / name) >= 0.92


async def test_talk_is_no_request(ask: Any) -> None:
    talk = [hit for name in OWN for line, hit in await hits(ask, HERE / name) if not line["gold"]]
    assert sum(talk) / len(talk) >= 0.95


@pytest.mark.parametrize("name", OWN)
def test_no_training_sentence_is_taken_from_our_own_sets(grown: list[Utterance], name: str) -> None:
    assert near(messages(HERE / name), [u.text for u in grown]) == []


@needs_shared
def test_no_training_sentence_is_taken_from_the_public_set(grown: list[Utterance]) -> None:
    assert near(messages(SHARED), [u.text for u in grown], fewest=1) == []


def test_templates_grow_the_same_way_each_time(grown: list[Utterance]) -> None:
    assert utterances() == grown
    assert not [u for u in grown if re.search(r"[{}()|]", u.text)]


def test_the_weights_stay_small() -> None:
    assert WEIGHTS.stat().st_size < 2_000_000
