"""What somebody takes back is not done, and a share of the speed is told from a change of it."""

from __future__ import annotations

from typing import Any

import pytest

from core.artifacts import Kind
from core.embedded.clauses import corrected
from core.embedded.editing import edits
from core.plans import Item

CLIP = Item("a", Kind.AUDIO, "a.wav", duration_s=30.0)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("louder, I mean quieter", "quieter"),
        ("mach es lauter, nein, lieber leiser", "leiser"),
        ("plus fort, ou plutôt moins fort", "moins fort"),
        ('say "louder, I mean quieter"', 'say "louder, I mean quieter"'),
        ("make it louder", "make it louder"),
    ],
)
def test_only_what_is_meant_in_the_end_is_kept(text: str, kept: str) -> None:
    assert corrected(text)[1] == kept


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("forget the denoising, just transcribe it", "speech_recognition"),
        ("transcribe it, no wait, make it slower", "audio_editing"),
        ("it is so noisy in there, clean it up", "speech_enhancement"),
    ],
)
async def test_one_thing_is_done(ask: Any, text: str, wanted: str) -> None:
    decision = await ask(text, CLIP)
    assert ([s.capability for s in decision.steps], decision.refusal) == ([wanted], None)


@pytest.mark.parametrize(
    ("text", "factor"),
    [
        ("slower, 85 percent", 0.85),
        ("15 percent slower", 0.85),
        ("at 60% of the speed", 0.6),
        ("30% faster", 1.3),
        ("etwas langsamer, auf 95 Prozent", 0.95),
        ("un poco más lento, al 85 por ciento", 0.85),
        ("slower by a quarter", 0.75),
    ],
)
def test_percentages_of_the_speed(text: str, factor: float) -> None:
    assert edits(text, 30.0) == [{"operation": "speed", "factor": factor}]
