"""What is heard when: the network's scores, the events that are made of them, the sentence, the table, the picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from tones import pink, tone

from core.capabilities import AudioArgs
from core.errors import BadInput, Cancelled, NoModel
from core.media import Audio, Picture
from core.models.base import Call, File, Output
from core.models.sound import _yamnet
from core.models.sound._events import Event, events, spans, tags
from core.models.sound._hearing import sentence, span
from core.models.sound._sounds import ancestors, short_name
from core.models.sound._timeline import ROWS, timeline
from core.models.sound._yamnet import STEP_S, Heard, class_names
from core.models.sound.yamnet import YamNet
from core.settings import Settings

RATE = 16_000


@pytest.fixture(scope="module")
def yamnet(local: Settings) -> YamNet:
    model = YamNet(local)
    model.load("cpu")
    return model


def detect(model: YamNet, clip: Audio, **more: Any) -> Output:
    return model.run(Call(AudioArgs(audio="clip"), {"audio": (clip,)}, **more))


def scene(speech: Audio, sample_rate: int = 24_000) -> Audio:
    """Two seconds of quiet, two of speech, two of quiet, two of beeps."""
    quiet = 1e-3 * pink(8 * sample_rate, 3)
    quiet[2 * sample_rate : 4 * sample_rate] += speech.samples[0, : 2 * sample_rate]
    beeps = tone(1000, 2, sample_rate, 0.4).samples[0] * (np.arange(2 * sample_rate) // (sample_rate // 4) % 2 == 0)
    quiet[6 * sample_rate :] += beeps
    return Audio(quiet.astype(np.float32)[None], sample_rate)


def heard(seconds: float = 10, **rows: Sequence[float]) -> Heard:
    """What the network would have heard: its scores for some classes, given window by window."""
    scores = np.zeros((round(seconds / STEP_S) + 1, len(class_names())), np.float32)
    for name, row in rows.items():
        index = next(i for i, full in enumerate(class_names()) if full.lower().startswith(name.replace("_", " ")))
        scores[: len(row), index] = row
    return Heard(scores, np.zeros((100, 64), np.float32), np.zeros(1000, np.float32), seconds)


def labels(found: Sequence[Event]) -> list[str]:
    return [event.label for event in found]


def test_speech_and_beeps_are_found_where_they_are(yamnet: YamNet, speech: Audio) -> None:
    output = detect(yamnet, scene(speech))
    found = {e["label"]: e for e in output.facts["events"]}
    assert found["speech"]["start_s"] == pytest.approx(2, abs=0.5)
    assert found["speech"]["end_s"] == pytest.approx(4, abs=0.5)
    assert found["speech"]["confidence"] > 0.9
    late = {label for label, e in found.items() if e["start_s"] > 5}
    assert late & {"beeping", "busy signal", "alarm", "reversing beeps", "buzzer", "smoke detector", "telephone"}
    assert output.text is not None
    assert output.text.startswith("In these 8.0 s I hear ")
    assert "speech" in output.text.splitlines()[0]
    assert any(line.endswith(f"speech ({found['speech']['confidence']:.0%})") for line in output.text.splitlines()[2:])


def test_rate_channels_and_level_change_little(yamnet: YamNet, speech: Audio) -> None:
    import soxr

    clip = scene(speech)
    wide = soxr.resample(clip.samples[0], clip.sample_rate, 44_100).astype(np.float32)
    for other in (Audio(np.stack([wide, wide]), 44_100), Audio(0.003 * clip.samples, clip.sample_rate)):
        output = detect(yamnet, other)
        found = {e["label"]: e for e in output.facts["events"]}
        assert found["speech"]["start_s"] == pytest.approx(2, abs=0.5)
        assert found["speech"]["confidence"] > 0.9


@pytest.mark.parametrize("rate", [8000, 16_000, 44_100])
@pytest.mark.parametrize("frames", [1, 300, 3839, 3841, 50_000, 170_001])
def test_every_length_has_its_windows_and_columns(rate: int, frames: int) -> None:
    clip = Audio(np.random.default_rng(0).standard_normal((2, frames)).astype(np.float32) * 0.1, rate)
    found = _yamnet.shared().hear(clip)
    assert abs((len(found.scores) - 1) * STEP_S - clip.duration_s) <= STEP_S + 0.05
    assert abs(len(found.level_db) / 100 - clip.duration_s) <= 0.011
    assert len(found.mel) >= 1
    assert np.isfinite(found.mel).all()
    assert ((found.scores >= 0) & (found.scores <= 1)).all()


def test_blocks_change_nothing(monkeypatch: pytest.MonkeyPatch, speech: Audio) -> None:
    whole = _yamnet.shared().hear(scene(speech, 16_000))
    monkeypatch.setattr(_yamnet, "_BLOCK_S", 0.7)
    parts = _yamnet.shared().hear(scene(speech, 16_000))
    np.testing.assert_array_equal(whole.scores, parts.scores)
    np.testing.assert_allclose(whole.mel, parts.mel, atol=1e-5)
    np.testing.assert_allclose(whole.level_db, parts.level_db, atol=1e-3)


def test_it_tells_how_far_it_is_and_stops(yamnet: YamNet) -> None:
    clip = Audio((0.1 * pink(25 * RATE, 0))[None], RATE)
    fractions: list[float] = []
    detect(yamnet, clip, progress=fractions.append)
    assert fractions == sorted(fractions)
    assert len(fractions) >= 3
    assert fractions[-1] == 1

    def stop(fraction: float) -> None:
        raise Cancelled("Stopped.")

    with pytest.raises(Cancelled):
        detect(yamnet, clip, progress=stop)


def test_silence_and_nothing_are_refused(yamnet: YamNet) -> None:
    with pytest.raises(BadInput, match="silent"):
        detect(yamnet, Audio(np.zeros((1, RATE), np.float32), RATE))
    with pytest.raises(BadInput, match="empty"):
        detect(yamnet, Audio(np.zeros((1, 0), np.float32), RATE))


def test_only_the_known_weights_are_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_yamnet, "SHA256", "0" * 64)
    with pytest.raises(NoModel, match="damaged"):
        _yamnet.YamNet()
    monkeypatch.setattr(_yamnet, "_PACKAGE", "no_such_package")
    assert "no_such_package" in (YamNet.missing(Settings(_env_file=None)) or "")
    with pytest.raises(NoModel, match="not installed"):
        _yamnet.YamNet()


# Events


def test_a_sound_lasts_from_where_half_of_it_is_in_the_window_to_where_half_of_it_is_left() -> None:
    row = np.zeros(40, np.float32)
    row[10:21] = [0.2, 0.4, 0.9, 1, 1, 1, 1, 1, 0.9, 0.45, 0.2]
    ((start, end, confidence),) = spans(row, heard(10))
    assert start == pytest.approx(11.5 * STEP_S)
    assert end == pytest.approx(18.5 * STEP_S)
    assert confidence == 1


def test_an_edge_is_where_the_clip_becomes_loud_or_quiet_if_that_is_near() -> None:
    row = np.zeros(40, np.float32)
    row[12:19] = 1
    levels = np.full(1000, -60, np.float32)
    levels[220:500] = -20
    ((start, end, _),) = spans(row, replace(heard(10), level_db=levels))
    assert start == pytest.approx(2.2, abs=0.03)
    assert end == pytest.approx(5.0, abs=0.03)
    levels[100:800] = -20  # too far from the edges to belong to them
    ((start, end, _),) = spans(row, replace(heard(10), level_db=levels))
    assert (start, end) == (pytest.approx(11.5 * STEP_S), pytest.approx(18.5 * STEP_S))


def test_hysteresis_bridges_what_is_weak_and_drops_what_never_is_sure() -> None:
    assert len(list(spans(np.array([0, 0.8, 0.2, 0.2, 0.8, 0], np.float32), heard(2)))) == 1
    assert len(list(spans(np.array([0, 0.8, 0, 0, 0, 0, 0.8, 0], np.float32), heard(2)))) == 2
    assert not list(spans(np.array([0, 0.2, 0.29, 0.2, 0], np.float32), heard(2)))


def test_the_narrowest_certain_name_is_told() -> None:
    sure = [0.9] * 6
    assert labels(events(heard(animal=sure, dog=sure, bark=[0.8] * 6))) == ["barking"]
    assert labels(events(heard(animal=sure, dog=sure, bark=[0.2] * 6))) == ["dog"]
    assert labels(events(heard(animal=sure, dog=[0.1] * 6))) == ["animal"]
    assert labels(events(heard(animal=sure, dog=[*[0.0] * 20, *sure]))) == ["animal", "dog"]
    assert labels(events(heard(silence=sure, inside=sure, speech=[0.5] * 6))) == ["speech"]


def test_of_what_is_easily_taken_for_one_another_the_best_two_are_told() -> None:
    row = [0.9] * 6
    assert set(labels(events(heard(quack=[0.95] * 6, honk=row, caw=row, meow=[0.5] * 6)))) <= {
        "quacking",
        "honking",
        "cawing",
    }
    assert len(events(heard(quack=row, honk=row, caw=row))) == 2
    assert len(events(heard(quack=row, speech=row, thunder=row))) == 3


def test_kinds_are_those_of_the_ontology() -> None:
    index = {short_name(i): i for i in reversed(range(len(class_names())))}
    above = {short_name(i) for i in ancestors(index["barking"])}
    assert above == {"animal", "a pet", "dog", "a dog or wolf", "wild animals"}
    assert {short_name(i) for i in ancestors(index["violin"])} == {
        "music",
        "musical instrument",
        "bowed string instrument",
    }
    assert not ancestors(index["speech"])


def test_the_tags_of_a_clip_are_its_likeliest_sounds_without_their_kinds() -> None:
    found = tags(heard(animal=[1], dog=[0.9], bark=[0.8], music=[0.3], speech=[0.1]).scores, 3)
    assert [label for label, _ in found] == ["barking", "music", "speech"]


# The words


def event(label: str, start_s: float = 0, end_s: float = 1, confidence: float = 0.9) -> Event:
    return Event(0, label, start_s, end_s, confidence)


def test_the_sentence_says_what_is_unsure_as_such() -> None:
    assert sentence([event("speech")], 4) == "In these 4.0 s I hear speech."
    both = [event("speech"), event("music", confidence=0.4), event("music", confidence=0.3), event("dog")]
    assert sentence(both, 4) == "In these 4.0 s I hear speech and dog, and perhaps music."
    assert sentence([event("dog", confidence=0.4)], 65) == "In these 1 min 5 s I hear perhaps dog."
    assert "nothing that I can name" in sentence([], 4)
    many = sentence([event(str(n)) for n in range(9)], 4)
    assert many.endswith("3, 4, 5 and 3 more kinds of sound.")


def test_times_are_in_seconds_or_by_the_clock() -> None:
    assert span(0.52, 1.2) == "0.5–1.2 s"
    assert span(59, 61.4) == "0:59–1:01"
    assert span(3605, 7325) == "1:00:05–2:02:05"


def test_many_events_are_in_a_file_too(yamnet: YamNet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.models.sound.yamnet.events", lambda heard: [event("dog", n, n + 0.5) for n in range(40)])
    output = detect(yamnet, tone(440, 1))
    assert output.text is not None
    assert output.text.splitlines()[-1] == "... and 25 more in the file"
    (file,) = [made.media for made in output.media if isinstance(made.media, File)]
    assert len(file.content.decode().splitlines()) == 40
    assert len(output.facts["events"]) == 40


# The picture


def test_the_picture_has_a_bar_where_a_sound_is() -> None:
    mel = np.random.default_rng(0).standard_normal((200, 64)).astype(np.float32)
    pixels = timeline(mel, [event("one", 0, 5, 1.0), event("two", 5, 10, 1.0)], 10).pixels.astype(int)
    assert pixels.shape[1] == 1080
    assert pixels[0, 0].sum() < 150  # a dark ground of its own
    blue = np.argwhere((abs(pixels - [0x5E, 0xC6, 0xFF]) < 8).all(axis=2))
    orange = np.argwhere(
        (abs(pixels - [0xFF, 0xB0, 0x48]) < 8).all(axis=2) & (np.arange(pixels.shape[0]) > 400)[:, None]
    )
    assert blue[:, 0].mean() < orange[:, 0].mean()
    assert blue[:, 1].max() <= 666 <= orange[:, 1].min() + 2
    assert blue[:, 1].min() < 290 and orange[:, 1].max() > 1040


def test_the_picture_has_room_for_so_many_kinds_and_for_none() -> None:
    mel = np.zeros((1, 64), np.float32)
    many = [event(f"a very long name of a sound {n}", n, n + 1, 0.5) for n in range(20)]
    most, none = timeline(mel, many, 20).pixels, timeline(mel, [], 0.01).pixels
    assert most.shape[0] == timeline(mel, many[:ROWS], 20).pixels.shape[0] > none.shape[0]
    assert isinstance(timeline(mel, [], 1), Picture)
