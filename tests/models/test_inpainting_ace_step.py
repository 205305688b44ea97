"""ACE-Step's repaint task on a tiny pipeline that is built here; it is loaded and called in the real way."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tiny_ace_step import save_tiny
from tones import tone

from core.capabilities import InpaintArgs
from core.errors import Cancelled, NoModel, OverLimit
from core.media import Audio, Picture, Samples
from core.models.base import Call, Output
from core.models.sound.ace_step_repaint_hub import AceStepRepaintHub
from core.settings import Settings

RATE = 8000
GAP = slice(4 * RATE, 5 * RATE)
BESIDE = round(0.1 * RATE)
pytestmark = pytest.mark.filterwarnings("ignore:.*weight_norm. is deprecated:FutureWarning")  # diffusers, of torch


@pytest.fixture(scope="module")
def repaint(tmp_path_factory: pytest.TempPathFactory) -> AceStepRepaintHub:
    folder = tmp_path_factory.mktemp("hub")
    save_tiny(folder / AceStepRepaintHub.source)
    model = AceStepRepaintHub(Settings(_env_file=None, hub_dir=folder, data_dir=folder / "data"))
    model.load("cpu")
    return model


@pytest.fixture(scope="module")
def spoilt() -> Audio:
    """Twelve seconds of two different notes, a second of which is lost."""
    left, right = (tone(hz, 12.0, RATE, 0.2).samples[0] for hz in (220.0, 330.0))
    samples = np.stack([left, right]).astype(np.float32)
    samples[:, GAP] = 0
    return Audio(samples, RATE)


def mend(model: AceStepRepaintHub, clip: Audio, seed: int = 0, **args: float) -> Output:
    return model.run(Call(InpaintArgs(audio="clip", **args), {"audio": (clip,)}, seed=seed))


def sound(output: Output) -> Samples:
    media = output.media[0].media
    assert isinstance(media, Audio)
    return media.samples


def test_the_gap_is_made_anew_and_all_else_stays(repaint: AceStepRepaintHub, spoilt: Audio) -> None:
    output = mend(repaint, spoilt, start_s=4.0, end_s=5.0)
    samples = sound(output)
    assert samples.shape == spoilt.samples.shape
    assert np.array_equal(samples[:, : GAP.start - BESIDE], spoilt.samples[:, : GAP.start - BESIDE])
    assert np.array_equal(samples[:, GAP.stop + BESIDE :], spoilt.samples[:, GAP.stop + BESIDE :])
    assert np.abs(samples[:, GAP]).max() > 0.01
    assert [gap["method"] for gap in output.facts["gaps"]] == ["repaint"]
    assert "made anew by a network" in (output.text or "")
    assert isinstance(output.media[1].media, Picture)


def test_what_is_made_is_as_loud_as_the_clip_beside_it(repaint: AceStepRepaintHub, spoilt: Audio) -> None:
    quiet = Audio(spoilt.samples * np.float32(0.1), RATE)
    loud, soft = (np.std(sound(mend(repaint, clip, start_s=4.0, end_s=5.0))[:, GAP]) for clip in (spoilt, quiet))
    assert loud / soft == pytest.approx(10, rel=0.2)


def test_a_dropout_is_found_by_itself(repaint: AceStepRepaintHub, spoilt: Audio) -> None:
    (gap,) = mend(repaint, spoilt).facts["gaps"]
    assert (gap["start_s"], gap["end_s"]) == pytest.approx((4.0, 5.0), abs=0.02)


def test_speech_and_clicks_are_filled_as_the_mender_fills_them(
    repaint: AceStepRepaintHub, spoilt: Audio, monkeypatch: pytest.MonkeyPatch
) -> None:
    (click,) = mend(repaint, spoilt, start_s=2.0, end_s=2.02).facts["gaps"]
    assert click["method"] == "interpolation"
    monkeypatch.setattr(AceStepRepaintHub, "_spoken", lambda self, samples, rate, gap: True)
    (spoken,) = mend(repaint, spoilt, start_s=4.0, end_s=5.0).facts["gaps"]
    assert spoken["method"] in ("continuation", "patch")


def test_the_same_seed_gives_the_same_and_another_another(repaint: AceStepRepaintHub, spoilt: Audio) -> None:
    first, again, other = (sound(mend(repaint, spoilt, seed, start_s=4.0, end_s=5.0)) for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_a_short_mono_clip_of_another_rate(repaint: AceStepRepaintHub) -> None:
    clip = Audio(tone(220.0, 3.0, 11_025, 0.2).samples, 11_025)
    samples = sound(mend(repaint, clip, start_s=1.0, end_s=1.5))
    assert samples.shape == clip.samples.shape
    assert np.array_equal(samples[:, : round(0.9 * 11_025)], clip.samples[:, : round(0.9 * 11_025)])
    assert not np.array_equal(samples[:, 11_025 : round(1.5 * 11_025)], clip.samples[:, 11_025 : round(1.5 * 11_025)])


def test_half_a_minute_at_most(repaint: AceStepRepaintHub) -> None:
    clip = Audio(np.tile(tone(220.0, 1.0, RATE, 0.2).samples, 90), RATE)
    with pytest.raises(OverLimit, match="30"):
        mend(repaint, clip, start_s=10.0, end_s=45.0)


def test_a_person_can_stop_it(repaint: AceStepRepaintHub, spoilt: Audio) -> None:
    steps = 0

    def progress(fraction: float) -> None:
        nonlocal steps
        steps += 1
        if steps > 4:
            raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        call = Call(InpaintArgs(audio="clip", start_s=4.0, end_s=5.0), {"audio": (spoilt,)}, progress=progress)
        repaint.run(call)


def test_without_weights_it_says_what_to_do(tmp_path: Path) -> None:
    settings = Settings(_env_file=None, hub_dir=tmp_path, data_dir=tmp_path)
    assert AceStepRepaintHub.source in (AceStepRepaintHub.missing(settings) or "")
    with pytest.raises(NoModel):
        AceStepRepaintHub(settings).load("cpu")
