"""Edits in words that no rule knows are told to the rules in words that they know."""

from __future__ import annotations

from typing import Any

import pytest

from core.artifacts import Kind
from core.embedded.edit_kinds import WEIGHTS, plainly
from core.embedded.edit_words import PLAIN, operation_told, told
from core.embedded.editing import edits, operation
from core.embedded.grams import grams
from core.encoder import shared_encoder
from core.plans import Item

LEVELS = {"gain_up": 6.0, "gain_down": -6.0}
CLIP = Item("a", Kind.AUDIO, "a.wav", duration_s=300.0, current=True)


@pytest.mark.parametrize("kind", sorted(PLAIN))
def test_each_kind_is_told_in_words_that_the_rules_understand(kind: str) -> None:
    meant, words = PLAIN[kind]
    assert operation(words) == meant
    assert operation_told(told("whatever", kind)) == meant


@pytest.mark.parametrize(("kind", "level"), LEVELS.items())
def test_a_direction_comes_from_the_plain_words(kind: str, level: float) -> None:
    assert edits(told("så där", kind), 60.0) == [{"operation": "gain", "gain_db": level}]


@pytest.mark.parametrize(
    ("text", "args"),
    [
        ("laat het einde langzaam wegsterven", {"operation": "fade", "fade_out_s": 2.0}),
        ("laat het aan het eind zachtjes wegsterven", {"operation": "fade", "fade_out_s": 2.0}),
        ("get that thing to run from its end to its start", {"operation": "reverse"}),
        ("everything onto the left side only", {"operation": "pan", "pan": -1.0}),
    ],
)
async def test_edits_in_words_of_ones_own(ask: Any, text: str, args: dict[str, Any]) -> None:
    (step,) = (await ask(text, CLIP)).steps
    assert dict(step.args) == {**args, "audios": ("a",)}


async def test_a_rule_that_reads_a_word_wrong_is_overruled(ask: Any) -> None:
    text = "ponlo a -14 lufs"
    assert operation(text) == "join"  # by "ponlo", as in "ponlo al final"
    (step,) = (await ask(text, CLIP)).steps
    assert dict(step.args) == {"operation": "normalise", "loudness_lufs": -14.0, "audios": ("a",)}


def test_what_is_sure_by_its_words_stays_as_it_is() -> None:
    for text in ("fade out over 2 seconds", "reverse it", "make it 5 db louder"):
        assert plainly(text, shared_encoder()) == text


def test_the_weights_of_the_kinds_stay_small() -> None:
    assert WEIGHTS.stat().st_size < 500_000


def test_grams_are_words_stems_pairs_and_signs() -> None:
    whole = ["^", "^ translate", "^ _ it", "translate", "trans*", "translate it", "translate _ $", "it", "it $", "$"]
    assert grams("Translate it") == whole
    assert "#" in grams("cut 5 seconds")
    assert "5" not in grams("cut 5 seconds")
    assert {"剪", "剪掉", "剪 掉", "剪 掉 前"} & set(grams("剪掉前面")) == {"剪", "剪 掉", "剪 掉 前"}
