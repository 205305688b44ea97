"""What a generator is, and how one is declared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from core.models.sound.generators._dsp import RATE, Rng, Wave, finished, seamless


@dataclass(frozen=True)
class Take:
    """What is asked of a generator."""

    rng: Rng
    seconds: float = 4.0
    """Of a texture; an event is as long as it is."""
    size: float = 1.0
    """0.5 is small and high, 2 is big and deep."""
    force: float = 1.0
    """0.4 is gentle, 1.8 is violent: a drizzle, a downpour."""
    pace: float = 1.0
    """How fast it goes: 2 is twice as fast."""
    variant: str = ""
    """One of the generator's own; empty is its usual one."""


Make = Callable[[Take], Wave]


@dataclass(frozen=True)
class Generator:
    """One named sound that is computed."""

    name: str
    make: Make
    kind: Literal["event", "texture"]
    words: tuple[str, ...]
    """What people call it, in English, beside its name."""
    labels: tuple[str, ...]
    """AudioSet's names for it: what an independent tagger should say."""
    variants: tuple[str, ...] = ()
    repeats_s: float = 0.0
    """Of an event that usually comes again and again (steps, ticks): from one to the next, in seconds."""

    def sound(self, take: Take) -> NDArray[np.float32]:
        """The sound: mono at `RATE`, shape (frames,), peak 1. The same rng state gives the same samples."""
        return finished(self.make(take))

    def loop(self, take: Take) -> NDArray[np.float32]:
        """A texture whose end runs on into its beginning."""
        extra = min(1.0, take.seconds / 2)
        longer = Take(take.rng, take.seconds + extra, take.size, take.force, take.pace, take.variant)
        made = seamless(np.asarray(self.make(longer)), take.seconds)
        made = made - made.mean()
        return np.asarray(made / max(float(np.abs(made).max()), 1e-9), np.float32)


@dataclass
class Family:
    """Collects the generators of a module."""

    all: list[Generator] = field(default_factory=list)

    def event(
        self, name: str, words: str, labels: str, *, variants: str = "", repeats_s: float = 0.0
    ) -> Callable[[Make], Make]:
        """Declare a sound that happens. `words` and `labels` are set apart by bars."""
        return self._declare(name, "event", words, labels, variants, repeats_s)

    def texture(self, name: str, words: str, labels: str, *, variants: str = "") -> Callable[[Make], Make]:
        """Declare a sound that goes on."""
        return self._declare(name, "texture", words, labels, variants, 0.0)

    def _declare(
        self, name: str, kind: Literal["event", "texture"], words: str, labels: str, variants: str, repeats_s: float
    ) -> Callable[[Make], Make]:
        def declared(make: Make) -> Make:
            found = (
                tuple(part.strip() for part in text.split("|") if part.strip()) for text in (words, labels, variants)
            )
            said, heard, ways = found
            self.all.append(Generator(name, make, kind, said, heard, ways, repeats_s))
            return make

        return declared


__all__ = ["RATE", "Family", "Generator", "Take"]
