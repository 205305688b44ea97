"""A clip in one sentence: every clause rests on a detection, and goes when the detection goes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from tones import pink, tone

from core.capabilities import AudioArgs
from core.errors import BadInput
from core.media import Audio
from core.models.base import Call, Output
from core.models.sound._caption import Clause, Evidence, agreed, called, caption, tempo_bpm
from core.models.sound._events import Event
from core.models.sound._sounds import short_name
from core.models.sound._voices_music import VoicesAndMusic
from core.models.sound._yamnet import class_names
from core.models.sound.yamnet_caption import YamNetCaption
from core.settings import Settings

RATE = 24_000


@pytest.fixture(scope="module")
def captioner(local: Settings) -> YamNetCaption:
    model = YamNetCaption(local)
    model.load("cpu")
    return model


def describe(model: YamNetCaption, clip: Audio) -> Output:
    return model.run(Call(AudioArgs(audio="clip"), {"audio": (clip,)}))


def event(label: str, start_s: float, end_s: float, confidence: float = 0.9) -> Event:
    index = next(i for i in range(len(class_names())) if short_name(i) == label)
    return Event(index, label, start_s, end_s, confidence)


RICH = Evidence(
    20.0,
    (
        event("speech", 0, 18),
        event("barking", 5, 6),
        event("barking", 9, 10),
        event("rain", 15.5, 19, 0.4),
        event("guitar", 0, 2),
    ),
    {"singing": ((4.0, 7.5),), "speech": ()},
    "Inside, small room",
    -40.0,
    120.0,
)


def test_everything_that_is_known_is_said_in_one_sentence() -> None:
    text, clauses = caption(RICH)
    assert text == (
        "In a quiet recording of 20.0 s, made in a small room, I hear speech throughout, "
        "a guitar at the start (0.0–2.0 s), singing in the middle (4.0–7.5 s), barking twice (first at 5.0–6.0 s), "
        "perhaps rain at the end (15.5–19.0 s) and a beat of about 120 a minute."
    )
    assert len(clauses) == 8
    assert all(clause.text in text and clause.because for clause in clauses)


def without(evidence: Evidence, clause: Clause) -> Evidence:
    """The evidence without the detections that a clause names."""
    gone = [(w.get("label"), w.get("start_s")) for w in clause.because]
    detectors = {why["detector"] for why in clause.because}
    return replace(
        evidence,
        events=tuple(e for e in evidence.events if (e.label, e.start_s) not in gone),
        voices={k: tuple(s for s in spans if (k, s[0]) not in gone) for k, spans in evidence.voices.items()},
        place=None if (evidence.place, None) in gone else evidence.place,
        loudness_lufs=None if "loudness" in detectors else evidence.loudness_lufs,
        tempo_bpm=None if "tempo" in detectors else evidence.tempo_bpm,
    )


@pytest.mark.parametrize("number", range(8))
def test_a_clause_goes_with_its_detection(number: int) -> None:
    _, clauses = caption(RICH)
    gone = clauses[number]
    text, rest = caption(without(RICH, gone))
    assert gone.text not in text
    assert [c.text for c in rest] == [c.text for c in clauses if c is not gone]


def test_without_any_detection_nothing_is_claimed() -> None:
    text, clauses = caption(Evidence(3.0))
    assert text == "In a recording of 3.0 s I hear nothing that I can name with any certainty."
    assert clauses == []


def test_the_second_detector_is_believed_only_where_the_first_does_not_speak_against_it() -> None:
    voices = {"speech": ((0.0, 1.0),), "singing": ((1.0, 2.0),), "music": ((2.0, 3.0),)}
    assert agreed(voices, [], []) == voices
    assert agreed(voices, [], ["speech", "music"]) == {"singing": ((1.0, 2.0),)}
    assert set(agreed(voices, [event("guitar", 0, 1), event("speech", 0, 1)], [])) == {"singing"}


def test_names_take_the_article_that_they_want() -> None:
    said = {
        label: called(label)
        for label in ("dog", "owl", "speech", "barking", "fireworks", "rock music", "a pet", "glass")
    }
    assert said == {
        "dog": "a dog", "owl": "an owl", "speech": "speech", "barking": "barking", "fireworks": "fireworks",
        "rock music": "rock music", "a pet": "a pet", "glass": "glass",
    }  # fmt: skip


@pytest.mark.parametrize("bpm", [75, 100, 140])
def test_a_clear_beat_is_counted(bpm: int) -> None:
    level = np.full(1000, -60, np.float32)
    for beat in np.arange(0, 10, 60 / bpm):
        level[round(beat * 100) : round(beat * 100) + 8] = -20
    assert tempo_bpm(level) == pytest.approx(bpm, rel=0.03)


def test_no_beat_is_made_up() -> None:
    rng = np.random.default_rng(0)
    assert tempo_bpm((-30 + rng.standard_normal(2000)).astype(np.float32)) is None
    assert tempo_bpm(np.full(2000, -30, np.float32)) is None
    assert tempo_bpm(np.zeros(100, np.float32)) is None


def test_speech_is_described_and_every_clause_is_in_the_facts(captioner: YamNetCaption, speech: Audio) -> None:
    output = describe(captioner, speech)
    assert output.text is not None
    assert "speech throughout" in output.text
    clauses: list[dict[str, Any]] = output.facts["clauses"]
    assert any(c["text"] == "speech throughout" and c["because"] for c in clauses)
    assert all(c["text"] in output.text for c in clauses)


def test_loud_and_quiet_are_measured(captioner: YamNetCaption) -> None:
    noise = pink(3 * RATE, 0)
    loud = describe(captioner, Audio((0.3 * noise).astype(np.float32)[None], RATE)).text
    quiet = describe(captioner, Audio((0.003 * noise).astype(np.float32)[None], RATE)).text
    assert loud is not None and loud.startswith("In a loud recording of 3.0 s")
    assert quiet is not None and quiet.startswith("In a quiet recording of 3.0 s")
    assert "speech" not in loud + quiet and "music" not in loud + quiet


def test_the_second_detector_works_in_blocks(speech: Audio, monkeypatch: pytest.MonkeyPatch) -> None:
    detector = VoicesAndMusic()
    (first, *_) = detector.spans(speech)["speech"]
    quiet = np.zeros((1, 65 * speech.sample_rate), np.float32)
    late = Audio(np.concatenate([quiet, speech.samples], axis=1), speech.sample_rate)
    (found, *_) = detector.spans(late)["speech"]
    assert found[0] == pytest.approx(first[0] + 65, abs=0.3)


def test_silence_and_nothing_are_refused(captioner: YamNetCaption) -> None:
    with pytest.raises(BadInput, match="silent"):
        describe(captioner, Audio(np.zeros((1, RATE), np.float32), RATE))
    with pytest.raises(BadInput, match="empty"):
        describe(captioner, Audio(np.zeros((1, 0), np.float32), RATE))


def test_very_short_and_many_channels(captioner: YamNetCaption) -> None:
    short = describe(captioner, tone(440, 0.05, RATE)).text
    assert short is not None and short.startswith("In a recording of 0.1 s")
    wide = Audio(np.repeat(tone(440, 1, RATE, 0.1).samples, 6, axis=0), RATE)
    assert describe(captioner, wide).text
