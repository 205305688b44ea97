"""Speech in the style of a reference, and a recording in another voice: nearer to it, and every word still there."""

from __future__ import annotations

from typing import Any

import jiwer
import numpy as np
import pytest
import pyworld
from manners import disguised
from scipy.signal import butter, sosfiltfilt
from tones import Say, pink, tone

from bench.sentences import normalise
from core.capabilities import ConvertVoiceArgs, RecogniseArgs, StyledSpeakArgs
from core.errors import BadInput, Cancelled
from core.media import Audio
from core.models.base import Call, Output
from core.models.speech import conversion as conversion_module
from core.models.speech._speaker import shared
from core.models.speech._style import Style
from core.models.speech._traits import Traits, reference_speech, traits
from core.models.speech.conversion import WorldConversion
from core.models.speech.faster_whisper import FasterWhisper
from core.models.speech.style import StyleTransfer
from core.settings import Settings

FIT = "Rice is often served in round bowls. The juice of lemons makes fine punch. The box was thrown beside the truck."
HELD_OUT = "The hogs were fed chopped corn and garbage. Four hours of steady work faced us all day."
TEXT = (
    "The children were playing in the garden when it started to rain. There is a small park behind the railway station."
)
MAN, CHILD = (0.55, 0.84, 1.0), (1.6, 1.24, 0.9)
VOICES = pytest.mark.parametrize("voice", [MAN, CHILD], ids=["man", "child"])


@pytest.fixture(scope="module")
def style(local: Settings) -> StyleTransfer:
    model = StyleTransfer(local)
    model.load("cpu")
    return model


@pytest.fixture(scope="module")
def conversion(local: Settings) -> WorldConversion:
    model = WorldConversion(local)
    model.load("cpu")
    return model


@pytest.fixture(scope="module")
def people(say: Say) -> dict[Any, tuple[Audio, Audio]]:
    """Two recordings of each voice: one to go by, one to judge by."""
    fit, held_out = say(FIT), say(HELD_OUT)
    return {voice: (disguised(fit, *voice), disguised(held_out, *voice)) for voice in (MAN, CHILD)}


def sound(output: Output) -> Audio:
    media = output.media[0].media
    assert isinstance(media, Audio)
    assert media.samples.shape[0] == 1
    assert np.isfinite(media.samples).all()
    assert 0.05 < np.abs(media.samples).max() <= 0.9
    return media


def said(style: StyleTransfer, text: str, reference: Audio, seed: int = 0) -> Audio:
    return sound(style.run(Call(StyledSpeakArgs(text=text, reference="r"), {"reference": (reference,)}, seed)))


def changed(conversion: WorldConversion, clip: Audio, reference: Audio) -> Output:
    inputs = {"audio": (clip,), "reference": (reference,)}
    return conversion.run(Call(ConvertVoiceArgs(audio="a", reference="r"), inputs))


def darker(clip: Audio) -> Audio:
    """The same voice with less above 1.5 kHz, as behind a curtain."""
    low = sosfiltfilt(butter(2, 1500, fs=clip.sample_rate, output="sos"), clip.samples)
    return Audio((0.7 * low + 0.3 * clip.samples).astype(np.float32), clip.sample_rate)


def alike(one: Audio, other: Audio) -> float:
    """By a network that knows nothing of styles; a conversion picks its way by it, but on other words."""
    return float(shared().embed(one.mono(), one.sample_rate) @ shared().embed(other.mono(), other.sample_rate))


def errors(whisper: FasterWhisper, clip: Audio) -> float:
    heard = whisper.run(Call(RecogniseArgs(audio="c", language="en"), {"audio": (clip,)})).text or ""
    return float(jiwer.wer(normalise(TEXT), normalise(heard)))


def measured(clip: Audio) -> Traits:
    return traits(reference_speech(clip))


def apart(one: Audio, other: Audio) -> float:
    """How far the pitches are from each other, in nepers; by another tracker than the model's."""
    pitches = [pyworld.harvest(c.samples[0].astype(np.float64), c.sample_rate)[0] for c in (one, other)]
    return abs(float(np.log(np.median(pitches[0][pitches[0] > 0]) / np.median(pitches[1][pitches[1] > 0]))))


def loudness(clip: Audio) -> np.ndarray:
    """Logarithm of the mean square of each tenth of a second."""
    frames = clip.samples[0, : clip.samples.shape[1] // 2400 * 2400].reshape(-1, 2400)
    return np.log(np.square(frames).mean(axis=1) + 1e-6)


@VOICES
def test_style_comes_nearer_to_a_part_of_the_voice_that_it_did_not_hear(
    style: StyleTransfer, whisper: FasterWhisper, say: Say, people: dict[Any, tuple[Audio, Audio]], voice: Any
) -> None:
    fit, held_out = people[voice]
    styled = said(style, TEXT, fit)
    assert alike(styled, held_out) > alike(say(TEXT), held_out) + 0.02
    assert errors(whisper, styled) <= 0.05
    assert apart(styled, fit) < 0.4 * apart(say(TEXT), fit)


@VOICES
def test_a_recording_comes_nearer_to_another_voice_and_keeps_its_words_and_timing(
    conversion: WorldConversion,
    whisper: FasterWhisper,
    say: Say,
    people: dict[Any, tuple[Audio, Audio]],
    voice: Any,
) -> None:
    fit, held_out = people[voice]
    clip = say(TEXT)
    output = changed(conversion, clip, fit)
    converted = sound(output)
    assert converted.samples.shape == clip.samples.shape
    assert alike(converted, held_out) > alike(clip, held_out) + 0.03
    assert errors(whisper, converted) <= 0.06
    assert apart(converted, fit) < 0.2 * apart(clip, fit)
    assert np.corrcoef(loudness(clip), loudness(converted))[0, 1] > 0.8


def test_where_the_pitch_is_the_same_the_spectrum_alone_is_changed(
    conversion: WorldConversion, whisper: FasterWhisper, say: Say
) -> None:
    fit, held_out = (darker(say(text)) for text in (FIT, HELD_OUT))
    clip = say(TEXT)
    output = changed(conversion, clip, fit)
    converted = sound(output)
    before, after = output.facts["pitch_hz"]
    assert before == after and output.facts["formants"] == 1
    assert apart(converted, clip) < 0.02
    assert converted.samples.shape == clip.samples.shape
    assert alike(converted, held_out) > alike(clip, held_out)
    assert errors(whisper, converted) <= 0.06


@pytest.mark.parametrize("pitch", [0.6, 1.15])
def test_of_two_ways_the_one_that_comes_nearer_is_taken(
    conversion: WorldConversion, say: Say, monkeypatch: pytest.MonkeyPatch, pitch: float
) -> None:
    fit, clip = disguised(say(FIT), pitch, 1.0 if pitch < 1 else pitch), say(TEXT)
    taken = sound(changed(conversion, clip, fit))
    ways = []
    for margin in (-2.0, 2.0):
        monkeypatch.setattr(conversion_module, "_CLEARLY", margin)
        ways.append(sound(changed(conversion, clip, fit)))
    moved, filtered = ways
    assert not np.array_equal(moved.samples, filtered.samples)
    better = moved if alike(moved, fit) > alike(filtered, fit) else filtered
    assert np.array_equal(taken.samples, better.samples)


def test_pitch_range_tempo_and_spectrum_follow_one_by_one(say: Say) -> None:
    own = measured(say(FIT))
    low = Style.between(own, measured(disguised(say(FIT), 0.6, 1.0)))
    assert low.warp < 0.9
    assert low.new_pitch(np.array([0.0, own.f0_hz]))[0] == 0
    assert low.new_pitch(np.array([own.f0_hz]))[0] == pytest.approx(0.6 * own.f0_hz, rel=0.05)
    wide = Style.between(own, measured(disguised(say(FIT), 1.0, 1.0, 1.5)))
    assert wide.pitch[2] == pytest.approx(1.5, rel=0.15)
    assert Style.between(own, measured(say(FIT, speed=1.3))).tempo > 1.05
    assert Style.between(own, measured(say(FIT, speed=0.75))).tempo < 0.95
    same = Style.between(own, own)
    assert same.warp == 1 and same.tempo == 1
    np.testing.assert_allclose(same.voiced, 0, atol=1e-9)
    np.testing.assert_allclose(same.spread, 0, atol=1e-6)


def test_the_same_again_is_the_same(style: StyleTransfer, people: dict[Any, tuple[Audio, Audio]]) -> None:
    fit, _ = people[MAN]
    first, second = said(style, "Good morning.", fit, 3), said(style, "Good morning.", fit, 3)
    assert np.array_equal(first.samples, second.samples)
    assert not np.array_equal(first.samples, said(style, "Good morning.", people[CHILD][0], 3).samples)


def test_any_rate_and_channels_and_facts(style: StyleTransfer, people: dict[Any, tuple[Audio, Audio]]) -> None:
    fit, _ = people[MAN]
    stereo = Audio(np.repeat(fit.samples[:, ::3], 2, axis=0), 8000)
    fractions: list[float] = []
    args = StyledSpeakArgs(text="Good morning. How are you?", reference="r")
    output = style.run(Call(args, {"reference": (stereo,)}, progress=fractions.append))
    sound(output)
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1
    assert output.facts["pitch_hz"][1] == pytest.approx(measured(fit).f0_hz, rel=0.08)
    assert output.facts["reference_s"] > 4


def test_long_recordings_are_changed_block_by_block(
    conversion: WorldConversion, say: Say, people: dict[Any, tuple[Audio, Audio]]
) -> None:
    clip = say(TEXT)
    long = Audio(np.tile(clip.samples, (1, 6)), clip.sample_rate)
    fractions: list[float] = []
    inputs = {"audio": (long,), "reference": (people[MAN][0],)}
    call = Call(ConvertVoiceArgs(audio="a", reference="r"), inputs, progress=fractions.append)
    assert sound(conversion.run(call)).samples.shape == long.samples.shape
    assert fractions == sorted(fractions)
    assert sum(f > 0.2 for f in fractions) >= 3

    def stop(fraction: float) -> None:
        if fraction > 0.3:
            raise Cancelled("Stopped.")

    with pytest.raises(Cancelled):
        conversion.run(Call(call.args, inputs, progress=stop))


def test_refuses_what_holds_no_voice(style: StyleTransfer, conversion: WorldConversion, say: Say) -> None:
    noise = Audio((0.1 * pink(5 * 16_000, 1))[None], 16_000)
    music = tone(440, 5)
    short = say("Hello.")
    for reference in (noise, music, short, Audio(np.zeros((1, 80_000), np.float32), 16_000)):
        with pytest.raises(BadInput, match="at least 3 seconds"):
            said(style, "Good morning.", reference)
        with pytest.raises(BadInput, match="at least 3 seconds"):
            changed(conversion, reference, say(FIT))
    with pytest.raises(BadInput):
        said(style, "Доброе утро, друзья", say(FIT))
    with pytest.raises(BadInput, match="nothing to say"):
        said(style, "...", say(FIT))
