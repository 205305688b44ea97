"""When each sound of a scene is heard: one group after another, what goes on beside what happens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from core.models.sound._scene_reading import Layer, Scene

TEXTURE_S = 8.0
"""How long a scene of what goes on is, where nothing says it."""
_AGAIN_S = 6.0
_PASSING_S = 3.0
"""How long what comes again, and what goes on, is heard before the next that is told."""
_LEAD_S, _LEAD_OVER_S = 0.05, 0.6
_GAP_S = 0.35
TAIL_S = 0.8
_UNIT_S = {"clock": 0.5, "dripping": 0.75, "snoring": 3.4, "sawing": 0.53, "sea waves": 5.0, "passing car": 2.6}
"""Of what goes on: how long one time of it is, so that it can be counted."""
_OTHER_UNIT_S = 1.5
_USUAL = {"dog": 2, "pig": 2, "duck": 3, "frog": 3, "sheep": 2, "knock": 3}
"""How often it comes where nothing is said of it."""
_EVEN = 0.08
"""By how much the time from one to the next changes, at most."""
_LONG_S, _SELDOM_S, _SELDOM_EVEN = 30.0, 12.0, 0.5
_MOST = 2000


@dataclass(frozen=True)
class Placed:
    """One sound where it came to lie."""

    layer: Layer
    start_s: float
    seconds: float
    lasting: bool = False
    """It goes on for all of this time; else it happens, and this is how long it usually takes."""


class Plan:
    """Lays a scene out, given how long each event is by nature."""

    def __init__(self, scene: Scene, asked: float | None, rng: np.random.Generator) -> None:
        self._layers = _filling(scene, asked)
        self._rng = rng
        self._asked = asked
        self._last = max(layer.group for layer in self._layers)
        self._steady = any(layer.goes_on for layer in self._layers)
        self.placed: list[Placed] = []
        self._lay()
        self.seconds = asked or max(self._natural_end(), 1.0)
        self.placed = [self._until_the_end(where) for where in self.placed if where.start_s < self.seconds]

    def _lay(self) -> None:
        now = begun = _LEAD_OVER_S if self._steady else _LEAD_S
        for group in range(self._last + 1):
            layers = [layer for layer in self._layers if layer.group == group]
            start = 0.0 if group == 0 else now + _GAP_S
            now = max(now, start)
            for layer in layers:
                if layer.goes_on:
                    end = self._lay_lasting(layer, start if layer.start_s is None else self._from(layer, begun))
                    own = layer.seconds is not None or all(other.goes_on for other in layers)
                    now = max(now, end if own and group < self._last else now)
                    continue
                begun = now if layer.start_s is None else self._from(layer, begun)
                begun, end = self._lay_events(layer, max(begun, _LEAD_S))
                now = max(now, begun + 0.0 if layer.again and group == self._last else end + 0.2)

    def _from(self, layer: Layer, begun: float) -> float:
        """When a layer begins whose time is said."""
        return (layer.start_s or 0.0) + (begun if layer.relative else 0.0)

    def _lay_lasting(self, layer: Layer, start: float) -> float:
        """Where it ends as far as the next group is concerned."""
        followed = any(other.goes_on for other in self._layers if other.group > layer.group)
        seconds = layer.seconds or (_PASSING_S + 2.0 if followed else 0.0)
        self.placed.append(Placed(layer, start, seconds, lasting=True))
        return start + (seconds or _PASSING_S)

    def _lay_events(self, layer: Layer, start: float) -> tuple[float, float]:
        """The beginning of the last of them, and the end of all."""
        texture = layer.sound.kind == "texture"
        if texture:
            one = _UNIT_S.get(layer.sound.name, _OTHER_UNIT_S) / layer.pace
            whole = Placed(layer, start, one * (layer.times or 1))
            self.placed.append(whole)
            return start, start + whole.seconds
        every, even = layer.every_s or self._apart(layer), _EVEN
        if layer.times is None and not layer.again and self._is_long():
            every, even = max(_SELDOM_S, 3 * layer.sound.seconds), _SELDOM_EVEN
            layer = replace(layer, again=True)
        until = self._until(layer, start)
        count = layer.times or (_MOST if layer.again else _USUAL.get(layer.sound.name, 1))
        last = at = start
        for _ in range(count):
            if layer.again and at > until - 0.3:
                break
            last = at
            self.placed.append(Placed(layer, at, layer.sound.seconds))
            at += every * (1.0 if layer.every_s else self._rng.uniform(1 - even, 1 + even))
        return last, last + layer.sound.seconds

    def _apart(self, layer: Layer) -> float:
        """From one to the next: a bell rings on into the next, an animal has one throat."""
        usual = layer.sound.repeats_s or 0.9 * layer.sound.seconds
        return max(usual, layer.sound.seconds + 0.1 if layer.sound.recording else 0.0) / layer.pace

    def _is_long(self) -> bool:
        """Whether what happens once would be forgotten by the end: then it happens now and then."""
        return self._steady and self._last == 0 and (self._asked or 0.0) >= _LONG_S

    def _until(self, layer: Layer, start: float) -> float:
        if layer.seconds is not None:
            return start + layer.seconds
        if layer.group < self._last:
            return start + _PASSING_S
        return self._asked if self._asked is not None else start + (TEXTURE_S if self._steady else _AGAIN_S)

    def _natural_end(self) -> float:
        ends = [where.start_s + where.seconds + TAIL_S for where in self.placed if not where.lasting]
        ends += [where.start_s + (where.seconds or TEXTURE_S) for where in self.placed if where.lasting]
        return max(ends)

    def _until_the_end(self, where: Placed) -> Placed:
        left = self.seconds - where.start_s
        return replace(where, seconds=min(where.seconds or left, left)) if where.lasting else where


def _filling(scene: Scene, asked: float | None) -> Sequence[Layer]:
    """One event alone, in a scene whose length is said, comes again and again."""
    if asked is None or len(scene.layers) > 1:
        return scene.layers
    (only,) = scene.layers
    alone = not only.goes_on and only.times is None and only.start_s is None
    return (replace(only, again=True),) if alone else scene.layers
