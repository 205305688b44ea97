"""Sentences of several parts, grown from those of one: what leads up to a request, what follows it, and two requests.

A request keeps its label with a context beside it. Two requests in one sentence are `SEVERAL`: the router cuts where
the parts are likelier than the whole.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from core.embedded.head import FRAGMENT, NONE, SEVERAL
from training.router.templates import Utterance

CONTEXTS = Path(__file__).parent / "contexts.txt"
"""A line each: language, `before` or `after`, words; between tabs."""
_IN_CONTEXT = 0.2
"""How many of the requests are grown into one more with words around."""
_TWICE = 0.25
"""How many get another request behind them."""
_BREAKS = (", ", ", ", ". ", " - ", "! ", "\n")
_JOINTS = {
    "en": (" and ", " and then ", ", then ", ", ", " and also ", ". then ", ", after that ", ". now "),
    "de": (" und ", " und dann ", ", dann ", ", ", " und danach ", ". dann "),
    "fr": (" et ", " puis ", ", puis ", ", ", " et ensuite ", " et après "),
    "es": (" y ", " y luego ", ", luego ", ", ", " y después "),
    "it": (" e ", " e poi ", ", poi ", ", ", " e dopo "),
    "pt": (" e ", " e depois ", ", depois ", ", ", " e em seguida "),
    "nl": (" en ", " en dan ", ", daarna ", ", ", " en daarna "),
    "pl": (" i ", " a potem ", ", potem ", ", ", " i potem "),
    "ru": (" и ", ", потом ", " а потом ", ", ", " затем "),
    "tr": (" ve ", " sonra ", ", ", " ve sonra ", ", ardından "),
    "ja": ("、それから", "。その後", "、次に", "。そして", "、"),
    "zh": ("，然后", "，再", "，最后", "，", "。接着"),
    "ko": (" 그리고 ", " 그 다음에 ", ", ", " 그러고 나서 "),
}
_NO_SPACE = ("ja", "zh")
_GIVEN = ":："


def language(row: Utterance) -> str:
    """The language of its family."""
    return row.family.partition("/")[2].partition("-")[0]


def contexts() -> dict[tuple[str, str], list[str]]:
    """What stands before and after a request, by language and place."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for line in CONTEXTS.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            tongue, place, words = line.split("\t")
            found[tongue, place].append(words)
    return found


def combined(rows: Sequence[Utterance], seed: int = 0) -> Iterator[Utterance]:
    """Requests with something around them, and requests with another behind."""
    around = contexts()
    asking = [r for r in rows if r.label not in (NONE, FRAGMENT)]
    followers: dict[str, list[Utterance]] = defaultdict(list)
    for row in asking:
        if row.state.follow or row.state.audio:
            followers[language(row)].append(row)
    for row in asking:
        chance = random.Random(f"{seed} {row.text} {row.state}")
        tongue = language(row)
        if chance.random() < _IN_CONTEXT and (tongue, "before") in around:
            yield _in_context(row, around, tongue, chance)
        if chance.random() < _TWICE and tongue in _JOINTS and followers[tongue] and not _open(row):
            yield _twice(row, chance.choice(followers[tongue]), tongue, chance)


def _open(row: Utterance) -> bool:
    """Whether its words go on to the end, so that what follows is part of them."""
    return any(mark in row.text for mark in _GIVEN)


def _in_context(
    row: Utterance, around: dict[tuple[str, str], list[str]], tongue: str, chance: random.Random
) -> Utterance:
    breaks = ("，", "。", " ") if tongue in _NO_SPACE else _BREAKS
    bare = row.text.rstrip(" .!。")
    if chance.random() < 0.6 or _open(row):
        text = chance.choice(around[tongue, "before"]) + chance.choice(breaks) + row.text
    else:
        text = bare + chance.choice(breaks) + chance.choice(around[tongue, "after"])
    return replace(row, text=text)


def _twice(row: Utterance, other: Utterance, tongue: str, chance: random.Random) -> Utterance:
    text = row.text.rstrip(" .!?。") + chance.choice(_JOINTS[tongue]) + other.text
    return replace(
        row, text=text, label=SEVERAL, kind="", family=f"several/{tongue}", template=f"{row.label} {other.label}"
    )
