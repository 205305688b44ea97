"""Who speaks when: windows of speech become vectors, vectors are gathered into voices, voices into turns.

Windows are clustered by average linkage into small pure groups, and groups whose mean vectors are close are merged
until only different voices are left; then every tenth of a second goes to the nearest voice, with a price on changing
(Viterbi). Where two speak at once, only one of them is named.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.models.speech._speaker import SAMPLE_RATE, WINDOW_S, SpeakerEncoder, Vectors, shared, unit
from core.models.speech._vad import Span, speech_spans

_PAUSE_S, _PAD_S = 0.25, 0.06
_HOP_S = 0.4
_TELLING_S = 1.0
"""Shorter windows say too little of a voice to take part in the clustering; they are only given to one."""
_MOST = 3000
"""Windows that are clustered: the memory for it grows with the square."""
_PURE = 0.75
"""Mean cosine within the small groups."""
_FEWEST = 4
"""Windows that a voice must have, 2.8 s of speech on end: fewer are a cough, or two voices in one window."""
_SHARE = 6
"""In a short clip, where every group is small, one of so many windows is enough."""
_SAME = ((1, 4, 16), (0.66, 0.78, 0.84))
"""Cosine of two groups' means from which on they are one voice, where the smaller has so many windows: means of more
are surer. Found on voices that no benchmark uses."""
_CHANGE = 0.15
"""What a change of the voice costs, in cosine."""
_STEP_S = 0.1
_JOIN_S = 0.5
"""The same voice after a pause of up to this goes on with its turn."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A stretch of one voice."""

    start: float
    """Seconds from the start of the clip."""
    end: float
    speaker: int
    """From 1, in the order of their first words."""


def find_turns(
    audio: NDArray[np.float32],
    encoder: SpeakerEncoder,
    speakers: int | None = None,
    progress: Callable[[float], None] = lambda fraction: None,
) -> list[Turn]:
    """The turns in a prepared clip at 16 kHz, in order; none when nobody speaks.

    `speakers` is how many there are, when that is known: never more are told apart, fewer only when there is too
    little speech.
    """
    spans = speech_spans(audio, pause_s=_PAUSE_S, pad_s=_PAD_S, progress=lambda f: progress(0.3 * f))
    if not spans:
        return []
    windows = _windows(spans)
    vectors = encoder.windows(audio, windows, progress=lambda f: progress(0.3 + 0.65 * f))
    telling = [i for i, (a, b) in enumerate(windows) if b - a >= _TELLING_S * SAMPLE_RATE] or range(len(windows))
    step = -(-len(telling) // _MOST)
    voices = _voices(vectors[list(telling)[::step]], speakers)
    turns = tidied(_assigned(spans, windows, vectors @ voices.T))
    progress(1.0)
    return turns


def speaker_turns(
    audio: NDArray[np.float32], speakers: int | None, progress: Callable[[float], None] = lambda fraction: None
) -> list[Turn]:
    """The turns in a prepared clip, for a recogniser that is asked who says what.

    Raises:
        NoModel: the speaker encoder is not installed.
    """
    return find_turns(audio, shared(), speakers, progress)


def _windows(spans: Sequence[Span]) -> list[Span]:
    """Windows of 1.6 s over every span, one of its length over a short one; further apart in a very long clip."""
    width = round(WINDOW_S * SAMPLE_RATE)
    total = sum(b - a for a, b in spans)
    hop = max(round(_HOP_S * SAMPLE_RATE), total // _MOST)
    found: list[Span] = []
    for start, end in spans:
        if end - start <= width:
            found.append((start, end))
        else:
            found += [(at, at + width) for at in (*range(start, end - width, hop), end - width)]
    return found


def _voices(vectors: Vectors, speakers: int | None) -> Vectors:
    """The mean vector of each voice, shape (voices, 256)."""
    if len(vectors) == 1:
        return vectors
    from scipy.cluster.hierarchy import fcluster, linkage

    tree = linkage(vectors, "average", metric="cosine")
    labels = _dense(fcluster(tree, 1 - _PURE, "distance"))
    if speakers is not None and labels.max() + 1 < speakers:
        labels = _dense(fcluster(tree, speakers, "maxclust"))
    labels = _merged(vectors, labels, speakers)
    for _ in range(3):
        labels = _merged(vectors, _nearest(vectors, _nearest(vectors, labels)), speakers)
    return _means(vectors, _nearest(vectors, labels))


def _merged(vectors: Vectors, labels: NDArray[Any], speakers: int | None) -> NDArray[Any]:
    """Groups put together until they are different voices, or as many as asked for."""
    while int(labels.max()) + 1 > (speakers or 1):
        means, sizes = _means(vectors, labels), np.bincount(labels)
        cosines = means @ means.T
        np.fill_diagonal(cosines, -1)
        smallest = int(sizes.argmin())
        tiny = sizes[smallest] < min(_FEWEST, len(vectors) // _SHARE)
        surplus = cosines if speakers else cosines - _needed(sizes)
        one, other = (int(i) for i in np.unravel_index(int(surplus.argmax()), surplus.shape))
        if tiny and (speakers or surplus[one, other] < 0):
            one, other = smallest, int(cosines[smallest].argmax())
        elif not speakers and surplus[one, other] < 0:
            break
        labels = _dense(np.where(labels == one, other, labels))
    return labels


def _needed(sizes: NDArray[Any]) -> NDArray[np.float64]:
    """The cosine from which on each two groups are one voice, shape (groups, groups)."""
    return np.asarray(np.interp(np.minimum(sizes[:, None], sizes[None, :]), *_SAME))


def _nearest(vectors: Vectors, labels: NDArray[Any]) -> NDArray[Any]:
    """Every window with the group whose mean is nearest."""
    return _dense((vectors @ _means(vectors, labels).T).argmax(axis=1))


def _means(vectors: Vectors, labels: NDArray[Any]) -> Vectors:
    return unit(np.stack([vectors[labels == label].mean(axis=0) for label in range(int(labels.max()) + 1)]))


def _dense(labels: NDArray[Any]) -> NDArray[Any]:
    """The same groups, numbered from 0 without holes."""
    return np.unique(labels, return_inverse=True)[1]


def _assigned(spans: Sequence[Span], windows: Sequence[Span], scores: NDArray[np.float32]) -> list[Turn]:
    """Each tenth of a second of each span to a voice, by the windows over it, the nearer their middle the more."""
    turns: list[Turn] = []
    first = 0
    for start, end in spans:
        last = first
        while last < len(windows) and windows[last][1] <= end:
            last += 1
        path = _path(_scored(start, end, windows[first:last], scores[first:last]))
        first = last
        edges = [0, *(np.flatnonzero(np.diff(path)) + 1).tolist(), len(path)]
        for a, b in zip(edges, edges[1:], strict=False):
            begin = start / SAMPLE_RATE + a * _STEP_S
            turns.append(Turn(begin, min(end / SAMPLE_RATE, start / SAMPLE_RATE + b * _STEP_S), int(path[a])))
    return turns


def _scored(start: int, end: int, windows: Sequence[Span], scores: NDArray[np.float32]) -> NDArray[np.float64]:
    """Shape (steps, voices): the mean score of the windows over each step."""
    step = round(_STEP_S * SAMPLE_RATE)
    steps = -(-(end - start) // step)
    total, weight = np.zeros((steps, scores.shape[1])), np.zeros((steps, 1))
    for (begin, stop), score in zip(windows, scores, strict=True):
        covered = np.arange((begin - start) // step, min(steps, -(-(stop - start) // step)))
        middles = start + (covered + 0.5) * step
        near = np.maximum(0.05, 1 - np.abs(middles - (begin + stop) / 2) / ((stop - begin) / 2))[:, None]
        total[covered] += near * score
        weight[covered] += near
    return np.asarray(total / np.maximum(weight, 1e-9))


def _path(scores: NDArray[np.float64]) -> NDArray[Any]:
    """The best voice at each step when every change costs `_CHANGE`."""
    best, came = scores[0], np.zeros(scores.shape, int)
    for at in range(1, len(scores)):
        changed = best.max() - _CHANGE
        came[at] = np.where(best >= changed, np.arange(scores.shape[1]), best.argmax())
        best = np.maximum(best, changed) + scores[at]
    path = [int(best.argmax())]
    for row in came[:0:-1]:
        path.append(int(row[path[-1]]))
    return np.array(path[::-1])


def tidied(turns: Sequence[Turn]) -> list[Turn]:
    """Turns of any numbering: those of one voice joined over short pauses, voices numbered as they come in."""
    joined: list[Turn] = []
    for turn in turns:
        before = joined[-1] if joined else None
        if before and before.speaker == turn.speaker and turn.start - before.end <= _JOIN_S:
            joined[-1] = Turn(before.start, turn.end, turn.speaker)
        else:
            joined.append(turn)
    order = {label: number for number, label in enumerate(dict.fromkeys(t.speaker for t in joined), start=1)}
    return [Turn(round(t.start, 2), round(t.end, 2), order[t.speaker]) for t in joined]
