"""Listening for what free words name: which classes they mean, how probable those are, and when they are heard."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.errors import BadInput
from core.media import Audio
from core.models.sound import _matching
from core.models.sound._events import events, spans
from core.models.sound._finding import Time
from core.models.sound._hearing import SURE, checked
from core.models.sound._presence import present
from core.models.sound._sounds import short_name
from core.models.sound._yamnet import Heard, YamNet
from core.sayings import saying


@dataclass(frozen=True, slots=True, eq=False)
class Listened:
    """What came of listening for a sound."""

    meant: dict[int, float]
    """The classes that the words mean, the likeliest first, with weights up to 1."""
    names: list[str]
    """What was listened for."""
    heard: Heard
    scores: NDArray[np.float32]
    """How probable the sound is in each window, shape (windows,)."""
    times: list[Time]
    instead: tuple[str, ...]
    """What else is heard for certain, where the sound is not."""


def listen(
    network: YamNet, matcher: _matching.Matcher, target: str, clip: Audio, progress: Callable[[float], None]
) -> Listened:
    """Raises BadInput: the clip is empty or silent, or the words mean no sound that is known; it names the nearest."""
    meant = matcher.meant(target)
    if not meant:
        near = ", ".join(matcher.near(target))
        raise BadInput(saying("sound_unknown", sound=target, near=near))
    heard = network.hear(checked(clip), progress)
    scores = probable(heard, meant)
    times = list(spans(scores, heard))
    instead = () if times else tuple(dict.fromkeys(e.label for e in events(heard) if e.confidence >= SURE))
    names = list(dict.fromkeys(short_name(index) for index in meant))
    return Listened(meant, names, heard, scores, times, instead)


def probable(heard: Heard, meant: dict[int, float]) -> NDArray[np.float32]:
    """How probable a sound of these classes is in each window, shape (windows,)."""
    return present(heard.scores, meant)
