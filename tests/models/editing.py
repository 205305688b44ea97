"""Runs the editor on noise."""

from __future__ import annotations

import numpy as np
from tones import pink

from core.capabilities import EditArgs
from core.media import Audio
from core.models.base import Call, Output
from core.models.sound.editor import Editor

RATE = 48_000
NOISE = Audio((0.1 * np.stack([pink(2 * RATE, 0), pink(2 * RATE, 1)])).astype(np.float32), RATE)


def run(editor: Editor, operation: str, *clips: Audio, **args: object) -> Output:
    names = tuple(str(i) for i in range(len(clips)))
    return editor.run(Call(EditArgs(operation=operation, audios=names, **args), {"audios": clips}))  # type: ignore[arg-type]


def edit(editor: Editor, operation: str, *clips: Audio, **args: object) -> Audio:
    media = run(editor, operation, *clips, **args).media[0].media
    assert isinstance(media, Audio)
    assert media.samples.dtype == np.float32
    assert np.isfinite(media.samples).all()
    return media
