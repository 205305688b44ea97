from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from core.capabilities import RecogniseArgs, SpeakArgs
from core.errors import BadInput, NoModel
from core.media import Audio
from core.models.base import Call
from core.models.speech import _kokoro
from core.models.speech.faster_whisper import FasterWhisper
from core.models.speech.kokoro import Kokoro
from core.settings import Settings


@pytest.fixture(scope="session")
def kokoro(local: Settings) -> Kokoro:
    model = Kokoro(local)
    model.load("cpu")
    return model


def said(model: Kokoro, text: str, **args: object) -> Audio:
    media = model.run(Call(SpeakArgs(text=text, **args))).media[0].media
    assert isinstance(media, Audio)
    return media


def heard(whisper: FasterWhisper, clip: Audio, language: str) -> str:
    text = whisper.run(Call(RecogniseArgs(audio="clip", language=language), {"audio": (clip,)})).text or ""
    return re.sub(r"[\W_]", "", text)


def test_speaks_japanese_that_is_understood(kokoro: Kokoro, whisper: FasterWhisper) -> None:
    output = kokoro.run(Call(SpeakArgs(text="今日はとても良い天気ですね。")))
    clip = output.media[0].media
    assert isinstance(clip, Audio)
    assert (output.facts["voice"], output.facts["language"]) == ("alpha", "ja")
    assert (clip.sample_rate, clip.samples.shape[0], clip.samples.dtype) == (24_000, 1, np.float32)
    assert 0.05 < np.abs(clip.samples).max() <= 10 ** (-1 / 20)
    assert heard(whisper, clip, "ja") == "今日はとても良い天気ですね"


def test_speaks_english_with_another_voice_than_hibari(kokoro: Kokoro, whisper: FasterWhisper) -> None:
    clip = said(kokoro, "The train leaves at nine.", voice="male")
    assert heard(whisper, clip, "en").lower() in ("thetrainleavesatnine", "thetrainleavesat9")


def test_a_male_voice_is_lower_than_a_female_one(kokoro: Kokoro) -> None:
    import pyworld

    def pitch(voice: str) -> float:
        clip = said(kokoro, "こんにちは。", voice=voice)
        f0, _ = pyworld.harvest(clip.samples[0].astype(np.float64), clip.sample_rate)
        return float(np.median(f0[f0 > 0]))

    assert pitch("kumo") < 0.75 * pitch("alpha")


def test_the_same_text_gives_the_same_samples_and_speed_counts(kokoro: Kokoro) -> None:
    first, second, slow = (said(kokoro, "はい。", speed=speed).samples for speed in (2.0, 2.0, 0.5))
    assert np.array_equal(first, second)
    assert slow.shape[1] > 1.3 * first.shape[1]


@pytest.mark.parametrize(
    ("text", "phonemes"),
    [
        ("5月3日", "ɡoɡaʦɨ mʲiʔka"),
        ("3匹と1本", "saɴ bʲikʲi to iʔpoɴ"),
        ("1,234円", "seɴ ɲi çakɯ saɲʥɨːjo eɴ"),
        ("3.14", "saɴ teɴ iʨi joɴ"),
        ("¥500", "ɡoçakɯ eɴ"),
        ("10km", "ʥɨʔkʲiɾomeːtoɾɯ"),
        ("25℃", "ɲiʥɨːɡo do"),
        ("10:30", "ʥɨːʥi saɲʥɨʔpɯɴ"),
        ("AI", "eːai"),
        ("OK！", "oːkei!"),
        ("々ゝ", ""),
        ("안녕", ""),
    ],
)
def test_numbers_dates_money_and_letters_get_their_japanese_readings(kokoro: Kokoro, text: str, phonemes: str) -> None:
    assert kokoro._phonemes["ja"](text) == phonemes


@pytest.mark.parametrize("text", ["電話は03-1234-5678です😀", "（笑）", "ﾊﾛｰ\nワールド", "A", "7"])
def test_odd_japanese_is_read_all_the_same(kokoro: Kokoro, text: str) -> None:
    samples = said(kokoro, text, language="ja").samples
    assert np.isfinite(samples).all()
    assert samples.shape[1] > 2400


def test_long_sentences_go_in_several_passes() -> None:
    listed, endless = "ato, " * 200, "a" * 900
    assert "".join(_kokoro._passes(endless)) == endless
    assert " ".join(_kokoro._passes(listed)) == listed.strip()
    for text in (listed, endless):
        assert max(len(part) for part in _kokoro._passes(text)) <= 400
    assert all(part.endswith(",") for part in _kokoro._passes(listed))
    assert list(_kokoro._passes("")) == []


def test_pauses_follow_the_punctuation(kokoro: Kokoro) -> None:
    plain, sentence, paragraph = (
        said(kokoro, text).duration_s for text in ("はい。", "はい。はい。", "はい。\n\nはい。")
    )
    assert sentence == pytest.approx(2 * plain + kokoro.gap_s, abs=0.01)
    assert paragraph == pytest.approx(sentence + 0.5, abs=0.01)


def test_what_no_phoneme_says_is_nothing_to_say(kokoro: Kokoro) -> None:
    with pytest.raises(BadInput, match="nothing to say"):
        kokoro.run(Call(SpeakArgs(text="안녕", language="ja")))


def test_damaged_weights_are_no_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_kokoro, "SHA256", "0" * 64)
    with pytest.raises(NoModel, match="kokoro .*damaged"):
        Kokoro(Settings(_env_file=None, data_dir=tmp_path)).load("cpu")
    assert list((tmp_path / "weights").iterdir()) == []
