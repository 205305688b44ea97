"""Whether made scenes are what was asked for: how often, in which order, how loud, how far, when, how long, over what.

Descriptions come from a grammar with known truth (`_scene_grammar`); what is heard is measured in the sound alone by
ears that know nothing of how it was made (`_scene_ears`): onsets by energy, classes and their times by the tagger.
"""

from __future__ import annotations

import time
from collections.abc import Iterable

import numpy as np

from bench import _scene_grammar as grammar
from bench._report import report
from bench._scene_ears import Ears
from bench._scene_grammar import Described
from core.capabilities import SoundArgs
from core.errors import BadInput
from core.media import Audio
from core.models.base import Call
from core.models.sound._sound_library import Sound, library
from core.models.sound.scene import SceneComposer
from core.settings import load_settings

SEED = 20_280
ORDERED = 40
LOUDER_DB, NEARER_DB = 3.0, 6.0
LATE_S, LENGTH_S = 0.3, 0.05
HEARD = 0.1
"""How sure the tagger must be of a sound for its time to be known."""
GOALS = {
    "counts_obeyed": ">= 0.9",
    "counts_obeyed_abroad": ">= 0.9",
    "order_obeyed": ">= 0.9",
    "loudness_words_obeyed": ">= 0.9",
    "distance_words_obeyed": ">= 0.9",
    "times_obeyed": ">= 0.9",
    "lengths_obeyed": ">= 0.95",
    "background_heard": ">= 0.8",
}


class Bench:
    """Makes the scenes and listens to them."""

    def __init__(self) -> None:
        self._composer = SceneComposer(load_settings())
        self._composer.load("cpu")
        self.scenes = 0

    def ears(self, described: Described, seed: int) -> Ears | None:
        """Ears for the scene of a description; None where it was refused."""
        self.scenes += 1
        try:
            output = self._composer.run(Call(SoundArgs(description=described.text), seed=seed))
        except BadInput as refusal:
            return missed(described, f"refused: {refusal}")
        clip = output.media[0].media
        assert isinstance(clip, Audio)
        return Ears(clip)

    def counts(self, scenes: Iterable[Described]) -> list[bool]:
        """Whether each is heard as often as was asked."""
        right = []
        for seed, described in enumerate(scenes):
            ears = self.ears(described, seed)
            heard = len(ears.onsets_s(apart(described.names[0]))) if ears else 0
            right.append(heard == described.count)
            if ears and not right[-1]:
                missed(described, f"{described.count} asked, {heard} heard")
        return right

    def under(self, scenes: Iterable[Described]) -> list[bool]:
        """Whether the tagger hears what goes on, beside what happens."""
        right = []
        for seed, described in enumerate(scenes):
            ears = self.ears(described, seed)
            right.append(ears is not None and ears.goes_on(library()[described.under]))
            if ears and not right[-1]:
                missed(described, f"{described.under} is not heard")
        return right

    def order(self, scenes: Iterable[Described]) -> dict[str, float]:
        """Whether the tagger is sure of each sound after it is of the one before."""
        right: list[bool] = []
        sure: list[bool] = []
        for seed, described in enumerate(scenes):
            ears = self.ears(described, seed)
            peaks = [ears.peak(library()[name]) for name in described.names] if ears else []
            sure.append(bool(peaks) and all(score >= HEARD for _, score in peaks))
            if sure[-1]:
                at = [when for when, _ in peaks]
                right.append(at == sorted(at) and len(set(at)) == len(at))
            if sure[-1] and not right[-1]:
                missed(described, f"heard at {[round(when, 1) for when, _ in peaks]} s")
        return {"order_obeyed": rate(right), "order_tagger_knows_all": rate(sure)}

    def levels(self, groups: Iterable[tuple[Described, ...]], least_db: float) -> list[bool]:
        """Whether each of a group, made with one seed, stands out by so much more than the next."""
        right = []
        for seed, group in enumerate(groups):
            ears = [self.ears(described, seed) for described in group]
            out = [one.stands_out_db if one else float("nan") for one in ears]
            right.append(bool((np.diff(out) <= -least_db).all()))
            if not right[-1]:
                missed(group[0], f"stands out by {[round(level, 1) for level in out]} dB")
        return right

    def lengths(self, scenes: Iterable[Described]) -> list[bool]:
        """Whether each is as long as was asked."""
        right = []
        for seed, described in enumerate(scenes):
            ears = self.ears(described, seed)
            right.append(ears is not None and abs(ears.clip.duration_s - described.seconds) <= LENGTH_S)
            if ears and not right[-1]:
                missed(described, f"{described.seconds} s asked, {ears.clip.duration_s:.2f} s made")
        return right

    def times(self, scenes: Iterable[Described]) -> list[bool]:
        """Whether each begins at its time, or comes again at the interval that was asked."""
        right = []
        for seed, described in enumerate(scenes):
            ears = self.ears(described, seed)
            at = ears.onsets_s(apart(described.names[0])) if ears else []
            if described.starts:
                right.append(bool(at) and abs(at[0] - described.starts[0]) <= LATE_S)
            else:
                steps = np.diff(at)
                right.append(len(at) == described.count and bool((abs(steps - described.seconds) <= LATE_S).all()))
            if ears and not right[-1]:
                missed(described, f"heard at {[round(when, 2) for when in at]} s")
        return right


def apart(name: str) -> float:
    """How near two onsets of a sound may be and still be one time of it: a call has several syllables."""
    sound: Sound = library()[name]
    return 0.7 * (sound.repeats_s or sound.seconds)


def missed(described: Described, why: str) -> None:
    print(f"“{described.text}”: {why}")


def rate(right: list[bool]) -> float:
    return float(np.mean(right))


def main() -> int:
    bench, rng, started = Bench(), np.random.default_rng(SEED), time.perf_counter()
    figures: dict[str, float] = {
        "seed": SEED,
        "counts_obeyed": rate(bench.counts(grammar.counted(rng))),
        "counts_obeyed_abroad": rate(bench.counts(grammar.counted_abroad(rng))),
        "background_heard": rate(bench.under(grammar.over(rng))),
        **bench.order(grammar.ordered(rng, ORDERED)),
        "loudness_words_obeyed": rate(bench.levels(grammar.louder(), LOUDER_DB)),
        "distance_words_obeyed": rate(bench.levels(grammar.nearer(), NEARER_DB)),
        "lengths_obeyed": rate(bench.lengths(grammar.lasting(rng))),
        "times_obeyed": rate(bench.times(grammar.timed(rng))),
    }
    figures["scenes"] = bench.scenes
    print(f"{bench.scenes} scenes in {time.perf_counter() - started:.0f} s")
    report("sound", figures, GOALS, part="scenes")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
