"""The judges of made artifacts: each lets the right thing pass and stops the wrong one. Models are not needed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import numpy as np
import pytest

from core import media
from core.app import App
from core.artifacts import Artifact, Facts, Kind
from core.capabilities import BUILT_IN
from core.evaluation.cases import DATA, Task, read
from core.evaluation.drawings import clock
from core.evaluation.judges import JUDGES, Made
from core.evaluation.materials import _MADE, GAP_S, NOTES, RATE, Material, _note, _pink, _sound, material
from core.evaluation.measures import gain_db, pitches_hz, rms_db, si_sdr_db, word_error_rate
from core.evaluation.stage import EMBEDDED, open_stage
from core.media import Audio
from core.messages import Reply, Shown, Way
from core.settings import Settings


@pytest.fixture(scope="module")
async def stage() -> AsyncIterator[App]:
    async with open_stage(Settings(_env_file=None), EMBEDDED) as app:  # type: ignore[call-arg]
        yield app


async def judged(
    stage: App, capability: str, sounds: list[Any], truth: dict[str, Any], text: str = "", **told: Any
) -> Made:
    shown = [Shown(await _sound(stage, f"{n}.wav", s), Way.AUDIO) for n, s in enumerate(sounds)]
    given = Material(Artifact("a" * 24, Kind.AUDIO, "a.wav", Facts("audio/wav", 1)), truth=truth)
    made = Made(stage, told, [given], Reply(text, tuple(shown)))
    await JUDGES[capability](made)
    return made


def test_every_capability_has_a_judge_and_a_task() -> None:
    tasks = [task for _, task in read("capability", Task, [DATA])]
    assert {c.id for c in BUILT_IN} == set(JUDGES) == {task.capability for task in tasks}
    assert {name for task in tasks for name in task.materials} <= set(_MADE)


def test_words_are_counted_as_an_edit_distance() -> None:
    assert word_error_rate("a b c d", "A, b, c: d!") == 0
    assert word_error_rate("a b c d", "a x c") == 0.5
    assert word_error_rate("a b", "a b c d e") == 1.5


def test_likeness_ignores_level_and_knows_noise() -> None:
    tone, noise = _note(60, 1.0), _pink(RATE, 3)
    assert si_sdr_db(tone, 0.1 * tone) > 60
    mixed = tone + noise * float(np.sqrt(np.mean(tone**2)))
    assert si_sdr_db(tone, mixed) == pytest.approx(0, abs=1)
    assert gain_db([tone, noise], [noise, tone], mixed) > 50
    assert rms_db(noise) == pytest.approx(0, abs=0.1)


@pytest.mark.parametrize("midi", [48, 60, 69, 76])
def test_pitch_is_found_to_a_few_cents(midi: int) -> None:
    hz = float(np.median(pitches_hz(_note(midi, 1.0), RATE)))
    assert 1200 * abs(np.log2(hz / (440 * 2 ** ((midi - 69) / 12)))) < 10


async def test_a_cut_must_be_exact(stage: App) -> None:
    tone = (await material(stage, "tone")).truth["sound"]
    right = await judged(stage, "audio_editing", [tone[2 * RATE : 5 * RATE]], {"sound": tone}, from_to_s=[2, 5])
    assert right.faults == []
    late = await judged(stage, "audio_editing", [tone[2 * RATE + 1 : 5 * RATE]], {"sound": tone}, from_to_s=[2, 5])
    assert late.faults == ["samples_off is 1, not at most 0"]
    back = await judged(stage, "audio_editing", [tone[5 * RATE : 2 * RATE : -1]], {"sound": tone}, from_to_s=[2, 5])
    assert "si_sdr_db" in back.faults[0]


async def test_separated_clips_may_come_in_any_order(stage: App) -> None:
    sources = [_note(60, 1.0), 0.2 * _pink(RATE, 4)]
    truth = {"sources": sources, "mix": sources[0] + sources[1]}
    assert (await judged(stage, "speech_separation", sources[::-1], truth)).faults == []
    assert (await judged(stage, "speech_separation", [truth["mix"]] * 2, truth)).faults != []
    assert (await judged(stage, "speech_separation", sources[:1], truth)).faults == ["clips is 1, not at least 2"]


async def test_noise_must_go(stage: App) -> None:
    clean = _note(60, 2.0)
    truth = {"clean": clean, "mix": clean + 0.05 * _pink(len(clean), 5)}
    assert (await judged(stage, "speech_enhancement", [clean], truth)).faults == []
    assert (await judged(stage, "speech_enhancement", [truth["mix"]], truth)).faults != []


async def test_a_mended_gap_must_sound_like_what_was_there(stage: App) -> None:
    whole = (await material(stage, "gap")).truth["whole"]
    silent = whole.copy()
    silent[round(GAP_S[0] * RATE) : round(GAP_S[1] * RATE)] = 0
    assert (await judged(stage, "audio_inpainting", [whole], {"whole": whole})).faults == []
    assert (await judged(stage, "audio_inpainting", [silent], {"whole": whole})).faults != []


async def test_a_place_is_heard_in_both_ears(stage: App, tmp_path: Any) -> None:
    noise = 0.1 * _pink(2 * RATE, 6)
    right = np.roll(noise, round(0.0006 * RATE)) * 0.5
    for name, ears, well in (("l.wav", [noise, right], True), ("r.wav", [right, noise], False)):
        path = tmp_path / name
        media.write_wav(Audio(np.stack(ears).astype(np.float32), RATE), path)
        made = Artifact(await stage.bytes.put(path), Kind.AUDIO, name, Facts("audio/wav", 1))
        judged_one = Made(stage, {}, [], Reply("", (Shown(made, Way.AUDIO),)))
        await JUDGES["mono_to_binaural"](judged_one)
        assert (judged_one.faults == []) is well


async def test_a_sung_note_is_held_against_the_one_that_was_asked_for(stage: App) -> None:
    assert (await judged(stage, "text_to_sing", [_note(69, 1.0)], {}, hz=440)).faults == []
    assert (await judged(stage, "text_to_sing", [_note(70, 1.0)], {}, hz=440)).faults != []


async def test_words_are_judged_by_pattern(stage: App) -> None:
    assert (await judged(stage, "image_captioning", [], {}, "A wall clock.", words="clock")).faults == []
    assert (await judged(stage, "image_captioning", [], {}, "A cat.", words="clock")).faults != []
    letter = {"text": "the boat leaves at nine"}
    assert (await judged(stage, "speech_recognition", [], letter, "The boat leaves at nine.\n\nHint")).faults == []
    assert (await judged(stage, "speech_recognition", [], letter, "The goat sleeps at nine.")).faults != []


async def test_nothing_shown_is_told_apart_from_a_bad_thing(stage: App) -> None:
    with pytest.raises(IndexError):
        await judged(stage, "audiogram", [], {})


def test_materials_are_the_same_each_time() -> None:
    assert np.array_equal(_pink(500, 1), _pink(500, 1))
    assert len(_note(NOTES[0], 0.5)) == RATE // 2
    assert clock().size == (480, 480)
