"""faster-whisper, without the second pass over the first window.

`WhisperModel.transcribe` runs the encoder once to detect the language and again to decode. Both see the same 30 s
window, so the second run is spared here: about a third of the time of a short voice note. Imported by `load` alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from faster_whisper import WhisperModel


class OneEncoding(WhisperModel):  # type: ignore[misc]  # faster-whisper ships no types
    """A `WhisperModel` that decodes the first window from the encoding in which the language was detected."""

    _first: Any = None

    def encode(self, features: Any) -> Any:
        """Encode log-mel features, shape (mels, 3000), and remember the outcome."""
        self._first = super().encode(features)
        return self._first

    def transcribe(self, audio: Any, language: str | None = None, **options: Any) -> tuple[Iterable[Any], Any]:
        """As in `WhisperModel`, with float32 samples at 16 kHz, shape (frames,)."""
        self._first = None
        return super().transcribe(audio, language, **options)  # type: ignore[no-any-return]

    def generate_segments(self, features: Any, tokenizer: Any, options: Any, log_progress: bool, _: Any) -> Any:
        """Decode. Only detection, which stops at one window by default, has run the encoder so far."""
        return super().generate_segments(features, tokenizer, options, log_progress, self._first)
