from __future__ import annotations

import csv
import io

import numpy as np
import pytest
from tones import Say, other_voice, pink, tone

from core.capabilities import SeparateArgs
from core.errors import BadInput, Cancelled, NoModel
from core.media import Audio
from core.models.base import Call, File, Output
from core.models.speech import _speaker, _turns, diarization
from core.models.speech._speaker import SpeakerEncoder, mel
from core.models.speech._turns import Turn, find_turns
from core.models.speech._vad import prepared, speech_spans
from core.models.speech.diarization import Diarization, clock, who_spoke
from core.settings import Settings

RATE = 24_000
LINES = (
    "Good morning, and thank you for coming so early.",
    "I brought the numbers that you asked for last week.",
    "Then let us begin with the first of them, please.",
    "It is higher than we thought, and it still rises.",
)


@pytest.fixture(scope="session")
def diarizer(local: Settings) -> Diarization:
    model = Diarization(local)
    model.load("cpu")
    return model


@pytest.fixture(scope="session")
def lines(say: Say) -> list[Audio]:
    """Two people in turns: the first and the third line are one's, the others are the other's."""
    return [say(text) if n % 2 == 0 else other_voice(say(text)) for n, text in enumerate(LINES)]


@pytest.fixture(scope="session")
def dialogue(lines: list[Audio]) -> Audio:
    return Audio(np.concatenate([line.samples for line in lines], axis=1), RATE)


def tell(model: Diarization, clip: Audio, speakers: int | None = None) -> Output:
    return model.run(Call(SeparateArgs(audio="clip", speakers=speakers), {"audio": (clip,)}))


def test_the_front_end_is_that_of_the_training() -> None:
    from transformers.audio_utils import mel_filter_bank, spectrogram, window_function

    sound = pink(16_000, 0)
    bank = mel_filter_bank(201, 40, 0, 8000, 16_000, norm="slaney", mel_scale="slaney")
    window = window_function(400, "hann")
    expected = spectrogram(sound, window, 400, 160, 400, power=2.0, pad_mode="constant", mel_filters=bank).T
    assert np.allclose(mel(sound), expected, rtol=1e-4, atol=1e-5 * expected.max())


def test_the_same_voice_is_near_and_another_is_far(diarizer: Diarization, lines: list[Audio]) -> None:
    encoder = SpeakerEncoder()
    one, other, again, fourth = (encoder.embed(line.samples[0], RATE) for line in lines)
    assert one.shape == (256,)
    assert np.linalg.norm(one) == pytest.approx(1, abs=1e-5)
    assert one @ again > 0.85 and other @ fourth > 0.85
    assert max(one @ other, one @ fourth, again @ other) < 0.75
    assert one @ encoder.embed(0.05 * lines[0].samples[0], RATE) > 0.98


def test_says_who_spoke_when(diarizer: Diarization, dialogue: Audio, lines: list[Audio]) -> None:
    output = tell(diarizer, dialogue)
    assert output.facts["speakers"] == 2
    at = 0.0
    turns = output.facts["turns"]
    assert [t["speaker"] for t in turns] == [1, 2, 1, 2]
    for turn, line in zip(turns, lines, strict=True):
        assert turn["start"] == pytest.approx(at, abs=0.4)
        at += line.duration_s
        assert turn["end"] <= at + 0.3
    assert (output.text or "").startswith("I hear 2 people: Speaker 1 for 0:0")
    assert "0:00 to 0:03  Speaker 1" in (output.text or "")
    (table,) = output.media
    assert isinstance(table.media, File)
    rows = list(csv.DictReader(io.StringIO(table.media.content.decode())))
    assert [float(r["start_s"]) for r in rows] == [t["start"] for t in turns]
    assert [r["speaker"] for r in rows] == ["Speaker 1", "Speaker 2"] * 2


def test_one_person_is_said_to_be_one(diarizer: Diarization, say: Say) -> None:
    output = tell(diarizer, say(" ".join(LINES)))
    assert output.facts["speakers"] == 1
    assert (output.text or "").startswith("I hear one person, from 0:00 to 0:1")
    assert output.media == ()


def test_as_many_as_are_asked_for(diarizer: Diarization, dialogue: Audio, say: Say) -> None:
    assert tell(diarizer, dialogue, 2).facts["speakers"] == 2
    assert tell(diarizer, dialogue, 3).facts["speakers"] <= 3
    short = tell(diarizer, say("Good morning."), 2)
    assert "one person, although you asked for 2" in (short.text or "")


def test_is_the_same_again_and_tells_how_far_it_is(diarizer: Diarization, dialogue: Audio) -> None:
    fractions: list[float] = []
    call = Call(SeparateArgs(audio="clip"), {"audio": (dialogue,)}, progress=fractions.append)
    first = diarizer.run(call)
    assert fractions == sorted(fractions)
    assert (fractions[0], fractions[-1]) == (0, 1)
    assert diarizer.run(call).facts == first.facts


def test_speech_on_the_border_of_two_blocks_is_whole(say: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    audio = prepared(say(" ".join(LINES)).mono(), RATE)
    whole = speech_spans(audio, pause_s=0.25, pad_s=0.06)
    monkeypatch.setattr("core.models.speech._vad._BLOCK_S", 2)
    cut = speech_spans(audio, pause_s=0.25, pad_s=0.06)
    assert sum(b - a for a, b in cut) == pytest.approx(sum(b - a for a, b in whole), rel=0.1)
    assert abs(len(cut) - len(whole)) <= 1
    assert all(a < b for a, b in cut) and cut == sorted(cut)


def test_a_very_long_clip_takes_bounded_memory(dialogue: Audio, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_turns, "_MOST", 12)
    turns = find_turns(prepared(np.tile(dialogue.mono(), 3), RATE), _speaker.shared())
    assert {t.speaker for t in turns} == {1, 2}
    assert len(turns) == 12


@pytest.mark.parametrize(
    "sound",
    [np.zeros(0), np.zeros(32_000), 0.1 * pink(160_000, 1), tone(440, 10, 16_000).samples[0]],
    ids=["empty", "silence", "noise", "tone"],
)
def test_nobody_is_nobody(diarizer: Diarization, sound: np.ndarray) -> None:
    with pytest.raises(BadInput, match="no speech"):
        tell(diarizer, Audio(sound.astype(np.float32)[None], 16_000))


def test_a_long_talk_is_told_in_a_readable_length() -> None:
    turns = [Turn(10.0 * n, 10.0 * n + 9, 1 + n % 2) for n in range(500)]
    output = who_spoke(turns, 5000, None)
    lines = (output.text or "").splitlines()
    assert len(lines) == 43
    assert lines[-1] == "... and 460 more turns, which are in the table."
    assert lines[0] == "I hear 2 people: Speaker 1 for 37:30 (50%), Speaker 2 for 37:30 (50%)."
    assert clock(3725) == "1:02:05"


def test_stops_when_the_person_says_so(diarizer: Diarization, dialogue: Audio) -> None:
    def stop(fraction: float) -> None:
        raise Cancelled("Stopped.")

    with pytest.raises(Cancelled):
        diarizer.run(Call(SeparateArgs(audio="clip"), {"audio": (dialogue,)}, progress=stop))


def test_says_what_is_missing_or_damaged(local: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    assert Diarization.missing(local) is None
    monkeypatch.setattr(_speaker, "WEIGHTS_SHA256", "0" * 64)
    with pytest.raises(NoModel, match="damaged"):
        SpeakerEncoder()
    monkeypatch.setattr(_speaker, "find_spec", lambda name: None)
    with pytest.raises(NoModel, match="make setup"):
        Diarization(local).load("cpu")
    monkeypatch.setattr(diarization, "find_spec", lambda name: None)
    assert "faster-whisper" in (Diarization.missing(local) or "")
