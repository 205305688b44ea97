from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from paths import ROOT

from core import media


@pytest.mark.parametrize(
    ("seconds", "rate", "channels", "level"),
    [(3.0, 24000, 1, 0.3), (1.0, 48000, 2, 0.05), (0.2, 16000, 1, 0.5), (2.0, 22050, 1, 0.0)],
)
def test_in_process_facts_are_those_of_ffmpeg(
    tmp_path: Path, seconds: float, rate: int, channels: int, level: float
) -> None:
    noise = np.random.default_rng(1).standard_normal((channels, int(seconds * rate))).astype(np.float32)
    media.write_wav(media.Audio(np.clip(noise * level, -1, 1), rate), tmp_path / "made.wav")
    media.warm()
    kind, facts = media.measure_wav(tmp_path / "made.wav")
    other_kind, other = media.measure(tmp_path / "made.wav", max_duration_s=float("inf"))
    assert kind is other_kind
    assert facts.loudness_lufs == pytest.approx(other.loudness_lufs, abs=0.2)
    same = ("media_type", "size", "duration_s", "sample_rate_hz", "channels", "has_audio")
    assert [getattr(facts, n) for n in same] == [getattr(other, n) for n in same]


def test_a_script_does_not_pay_for_the_import() -> None:
    code = "import sys; from core import media; sys.exit('pyloudnorm' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0
