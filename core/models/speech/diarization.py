"""Who spoke when: Silero VAD finds the speech, Resemblyzer's network tells voices apart, clustering gathers them."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from importlib.util import find_spec

from core.capabilities import SPEAKER_DIARIZATION, SeparateArgs
from core.errors import BadInput, NoModel
from core.models.base import Call, File, Made, Model, Output, Tier
from core.models.speech import _speaker
from core.models.speech._transcript import NO_SPEECH
from core.models.speech._turns import Turn, find_turns
from core.models.speech._vad import prepared
from core.settings import Settings

_MOST_LINES = 40
"""Turns that are told in words; the table has them all."""


class Diarization(Model[SeparateArgs]):
    """Finds the turns of any number of voices. It knows no names: they are Speaker 1, 2, ... as they come in.

    Where two speak at once only one is named. Voices that sound alike may be taken for one, unless the number of
    speakers is given.
    """

    id = "resemblyzer"
    capability = SPEAKER_DIARIZATION
    tier = Tier.BUNDLED
    licence = _speaker.LICENCE
    memory_bytes = 128 << 20
    source = _speaker.SOURCE

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._encoder: _speaker.SpeakerEncoder | None = None

    @classmethod
    def missing(cls, settings: Settings) -> str | None:
        """None, or which packages to install."""
        if find_spec("faster_whisper") is None:
            return "run `make setup`: faster-whisper not installed"
        return _speaker.missing()

    @property
    def weights_sha256(self) -> str:
        """SHA-256 of the speaker encoder's weights file."""
        return _speaker.WEIGHTS_SHA256 if self._encoder is not None else ""

    def load(self, device: str) -> None:
        """Read the speaker encoder. It runs on the CPU whatever the device.

        Raises:
            NoModel: a package is missing, or its weights are not the known ones.
        """
        if reason := self.missing(self.settings):
            raise NoModel(f"Telling speakers apart is not installed here: {reason}.")
        self._encoder = _speaker.shared()

    def run(self, call: Call[SeparateArgs]) -> Output:
        """Who speaks when, in words and in `facts`; with several voices also as a table, in CSV.

        Raises:
            BadInput: nobody speaks in the clip.
        """
        assert self._encoder is not None
        clip = call.audio()
        audio = prepared(clip.mono(), clip.sample_rate)
        call.progress(0.0)
        turns = find_turns(audio, self._encoder, call.args.speakers, call.progress)
        if not turns:
            raise BadInput(NO_SPEECH)
        return who_spoke(turns, clip.duration_s, call.args.speakers)


def who_spoke(turns: Sequence[Turn], duration_s: float, asked: int | None) -> Output:
    """The answer: words for a person, a table where there are several voices, and facts."""
    totals: dict[int, float] = {}
    for turn in turns:
        totals[turn.speaker] = totals.get(turn.speaker, 0.0) + turn.end - turn.start
    facts = {
        "speakers": len(totals),
        "turns": [{"speaker": t.speaker, "start": t.start, "end": t.end} for t in turns],
        "seconds": {str(speaker): round(totals[speaker], 2) for speaker in sorted(totals)},
        "duration": round(duration_s, 3),
    }
    if len(totals) == 1:
        lacking = f", although you asked for {asked}" if asked else ""
        text = f"I hear one person{lacking}, from {clock(turns[0].start)} to {clock(turns[-1].end)}."
        return Output(text=text, facts=facts)
    table = Made(File(_table(turns).encode(), "text/csv", ".csv"), "turns", "Who spoke when, in seconds")
    return Output(text=_told(turns, totals, asked), media=(table,), facts=facts)


def _told(turns: Sequence[Turn], totals: dict[int, float], asked: int | None) -> str:
    whole = sum(totals.values())
    heard = f"I hear {len(totals)} people" + (
        f" where you asked for {asked}:" if asked not in (None, len(totals)) else ":"
    )
    shares = [f"Speaker {s} for {clock(totals[s])} ({totals[s] / whole:.0%})" for s in sorted(totals)]
    lines = [f"{clock(t.start)} to {clock(t.end)}  Speaker {t.speaker}" for t in turns[:_MOST_LINES]]
    if len(turns) > _MOST_LINES:
        lines.append(f"... and {len(turns) - _MOST_LINES} more turns, which are in the table.")
    return f"{heard} {', '.join(shares)}.\n\n" + "\n".join(lines)


def _table(turns: Sequence[Turn]) -> str:
    """RFC 4180."""
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(("speaker", "start_s", "end_s"))
    rows.writerows((f"Speaker {t.speaker}", f"{t.start:.2f}", f"{t.end:.2f}") for t in turns)
    return out.getvalue()


def clock(seconds: float) -> str:
    """Minutes and seconds as a person reads them: 1:05, or 1:02:05 from an hour on."""
    whole = round(seconds)
    minutes = f"{whole // 60 % 60:02}" if whole >= 3600 else f"{whole // 60}"
    return (f"{whole // 3600}:" if whole >= 3600 else "") + f"{minutes}:{whole % 60:02}"
