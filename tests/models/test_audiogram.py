"""A sound video: bars that follow the sound, words when they are said, over a cover, in a file that plays."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tones import Say, tone

from core.capabilities import AudiogramArgs
from core.errors import BadInput, Cancelled, OverLimit
from core.media import Audio, Picture, measure
from core.models.base import Call, File, Output
from core.models.speech.faster_whisper import FasterWhisper
from core.models.video._captions import Captions, Word, lines
from core.models.video.audiogram import Audiogram
from core.settings import Settings


@pytest.fixture(scope="module")
def audiogram(local: Settings, whisper: FasterWhisper) -> Audiogram:
    model = Audiogram(local)
    model._ears = whisper
    return model


def made(model: Audiogram, audio: Audio, image: Picture | None = None, **args: Any) -> Output:
    inputs: dict[str, Any] = {"audio": (audio,)} | ({"image": (image,)} if image else {})
    return model.run(Call(AudiogramArgs(audio="a", image="i" if image else None, **args), inputs))


def frames(output: Output) -> np.ndarray:
    import av

    media = output.media[0].media
    assert isinstance(media, File)
    with av.open(io.BytesIO(media.content)) as opened:
        return np.stack([frame.to_ndarray(format="rgb24") for frame in opened.decode(video=0)])


def test_words_appear_when_they_are_said(audiogram: Audiogram, say: Say, tmp_path: Path) -> None:
    first, second = say("Good morning."), say("The weather is fine.")
    pause = np.zeros((1, 2 * first.sample_rate), np.float32)
    sound = Audio(np.concatenate([first.samples, pause, second.samples], axis=1), first.sample_rate)
    output = made(audiogram, sound, language="en")
    starts = {text.strip(".,").lower(): start for start, _, text in output.facts["captions"]}
    begins = (first.samples.shape[1] + pause.shape[1]) / sound.sample_rate
    assert starts["good"] < 0.6
    assert starts["weather"] == pytest.approx(begins + 0.3, abs=0.4)
    shown = frames(output)
    assert shown.shape[1:] == (720, 720, 3)
    lower = shown[:, 475:600].astype(int)
    written = ((lower > 235).all(3) | ((lower[..., 0] > 230) & (lower[..., 2] < 120))).sum((1, 2))
    silent = round((first.samples.shape[1] / sound.sample_rate + 1.2) * 25)
    assert written[silent] < 30 < 300 < written[round((starts["weather"] + 0.2) * 25)]
    path = tmp_path / "v.mp4"
    media = output.media[0].media
    assert isinstance(media, File)
    path.write_bytes(media.content)
    kind, facts = measure(path, max_duration_s=60)
    assert (kind.value, facts.has_audio, facts.width) == ("video", True, 720)
    assert 0 < media.content.index(b"moov") < media.content.index(b"mdat")


def test_bars_follow_the_sound_and_the_cover_is_behind_them(audiogram: Audiogram) -> None:
    sound = tone(440, 2.0)
    half = Audio(np.concatenate([sound.samples, np.zeros_like(sound.samples)], axis=1), sound.sample_rate)
    red = Picture(np.tile(np.array([250, 10, 10], np.uint8), (90, 160, 1)))
    shown = frames(made(audiogram, half, red, captions=False, shape="vertical"))
    assert shown.shape[1:] == (1280, 720, 3)
    corner = shown[10, 20, 20].astype(int)
    assert corner[0] > 90 > 40 > corner[1]
    white = (shown[:, 380:700].min(3) > 150).sum((1, 2))
    assert white[20:40].mean() > 2 * white[70:95].mean()


def test_music_without_words_has_a_video_too(audiogram: Audiogram) -> None:
    output = made(audiogram, tone(300, 1.5))
    assert output.facts["captions"] == []
    assert output.media[0].caption == "a sound video"
    assert output.text == "It has no captions. I hear no speech in this clip."


def test_why_there_are_no_captions_is_said(audiogram: Audiogram, say: Say) -> None:
    spoken = say("The weather is lovely today.")
    args = AudiogramArgs(audio="a", language="xx")
    output = audiogram.run(Call(args, {"audio": (spoken,)}))
    assert output.facts["captions"] == []
    assert output.text is not None and output.text.startswith("It has no captions. ") and "language" in output.text
    assert audiogram.run(Call(AudiogramArgs(audio="a", captions=False), {"audio": (spoken,)})).text is None


def test_what_cannot_be_shown_is_refused(audiogram: Audiogram) -> None:
    with pytest.raises(BadInput, match="nothing to be heard"):
        made(audiogram, Audio(np.zeros((1, 8000), np.float32), 8000))
    with pytest.raises(OverLimit, match="15 minutes"):
        made(audiogram, Audio(np.full((1, 901 * 100), 0.1, np.float32), 100))


def test_it_stops_when_told(audiogram: Audiogram) -> None:
    def stop(fraction: float) -> None:
        if fraction > 0.5:
            raise Cancelled("Stopped.")

    with pytest.raises(Cancelled):
        audiogram.run(Call(AudiogramArgs(audio="a", captions=False), {"audio": (tone(300, 6),)}, progress=stop))


def words(text: str, each: float = 0.3) -> list[Word]:
    return [Word(n * each, n * each + 0.25, word) for n, word in enumerate(text.split())]


def test_captions_come_in_lines_that_fit_and_end_with_sentences() -> None:
    found = lines(words("One two three. Four five six seven eight nine ten eleven twelve thirteen"))
    assert [" ".join(w.text for w in line.words) for line in found] == [
        "One two three.", "Four five six seven eight nine ten", "eleven twelve thirteen",
    ]  # fmt: skip
    assert all(a.until_s <= b.start_s for a, b in zip(found, found[1:], strict=False))
    late = lines([Word(0, 0.2, "now"), Word(5, 5.2, "then")])
    assert len(late) == 2 and late[0].until_s < 1.0


def test_the_word_that_is_said_is_brighter_and_long_words_stay_inside() -> None:
    captions = Captions(words("alpha beta " + "x" * 60), 720)
    first, second = captions.at(0.1), captions.at(0.35)
    assert first is not None and second is not None
    assert not np.array_equal(first, second)
    assert first.shape[1] == 720
    assert captions.at(60.0) is None
