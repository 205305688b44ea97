"""A portrait that talks: the right face, lips that follow what is heard, a video that plays and says what it is."""

from __future__ import annotations

import io
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soxr
from paths import ROOT
from PIL import Image
from tones import Say, tone

from core.capabilities import TalkingHeadArgs
from core.errors import Ambiguous, BadInput, Cancelled, MissingInput, OverLimit
from core.media import Audio, Picture, measure
from core.models.base import Call, File, Output
from core.models.speech._hibari_frames import OpenNetwork
from core.models.speech._timed_speech import timed
from core.models.video._choosing import chosen
from core.models.video._faces import Face, FaceFinder
from core.models.video._mark import Mark
from core.models.video._motion import SHAPES, Spoken, poses
from core.models.video._mouth import Shape
from core.models.video._portrait import Portrait, Pose
from core.models.video.talking_head import TalkingHead
from core.settings import Settings

PORTRAIT = ROOT / "tests" / "data" / "astronaut.jpg"
"""Eileen Collins, NASA 1995: in the public domain."""
UPPER, LOWER = 13, 14


@pytest.fixture(scope="module")
def head(local: Settings) -> TalkingHead:
    model = TalkingHead(local)
    model.load("cpu")
    return model


@pytest.fixture(scope="module")
def finder() -> FaceFinder:
    return FaceFinder()


def photograph(side: int = 256) -> Picture:
    return Picture(np.asarray(Image.open(PORTRAIT).convert("RGB").resize((side, side)), np.uint8))


def beside(*pictures: Picture) -> Picture:
    return Picture(np.hstack([p.pixels for p in pictures]))


def opening(face: Face) -> float:
    """How far the lips are apart, in heights of the face."""
    points = face.points[:, :2]
    return float(np.linalg.norm(points[LOWER] - points[UPPER]) / face.height)


def asked(head: TalkingHead, picture: Picture, audio: Audio | None = None, **args: Any) -> Output:
    inputs: dict[str, Any] = {"image": (picture,)} | ({"audio": (audio,)} if audio else {})
    given = TalkingHeadArgs(image="i", audio="a" if audio else None, **args)
    return head.run(Call(given, inputs, seed=3))


def frames_of(video: bytes, folder: Path) -> np.ndarray:
    """Every frame as RGB."""
    import av

    with av.open(io.BytesIO(video)) as opened:
        return np.stack([frame.to_ndarray(format="rgb24") for frame in opened.decode(video=0)])


def content(output: Output) -> bytes:
    made = output.media[0].media
    assert isinstance(made, File)
    return made.content


def test_a_face_is_found_where_it_is_and_at_every_size(finder: FaceFinder) -> None:
    for side in (96, 256, 900):
        (face,) = finder.faces(photograph(side))
        assert face.score > 0.9
        assert np.allclose(face.centre / side, (0.53, 0.48), atol=0.04)
        assert face.yaw_deg < 10


@pytest.mark.parametrize(
    "pixels", [np.full((200, 300, 3), 128), np.random.default_rng(0).integers(0, 256, (300, 200, 3))]
)
def test_no_face_is_seen_where_there_is_none(head: TalkingHead, pixels: np.ndarray) -> None:
    with pytest.raises(BadInput, match="no face"):
        asked(head, Picture(pixels.astype(np.uint8)), text="Hello")


def test_lips_take_every_shape_and_the_rest_of_the_face_stays(finder: FaceFinder) -> None:
    picture = photograph(512)
    (face,) = finder.faces(picture)
    portrait = Portrait(picture, face)
    seen = {}
    for name, (open_, wide, rounded) in SHAPES.items():
        frame = portrait.draw(Pose(Shape(open_, wide, rounded)))
        assert np.array_equal(frame[:100], portrait.pixels[:100])
        (drawn,) = finder.faces(Picture(frame))
        assert drawn.score > 0.9, name
        seen[name] = drawn
    assert opening(seen["lips"]) < 0.03 < 0.07 < opening(seen["open"])
    assert opening(seen["rest"]) < 0.04 < opening(face), "the smile of the picture does not freeze"

    def width(drawn: Face) -> float:
        return float(np.linalg.norm(drawn.points[291, :2] - drawn.points[61, :2]))

    assert width(seen["pursed"]) < 0.85 * width(seen["rest"])
    assert width(seen["spread"]) > 1.05 * width(seen["rest"])


def test_round_lips_open_as_far_as_asked_and_no_wider(finder: FaceFinder) -> None:
    picture = photograph(512)
    (face,) = finder.faces(picture)
    portrait = Portrait(picture, face)
    box = finder.boxes(Picture(portrait.pixels))[0]

    def drawn(open_: float, wide: float, rounded: float) -> float:
        return opening(finder.mesh(Picture(portrait.draw(Pose(Shape(open_, wide, rounded)))), box))

    for open_ in (0.0, 0.05, 0.15):
        assert drawn(open_, -0.3, 1.0) < drawn(open_, 0.0, 0.0) + 0.025
    assert drawn(0.2, -0.3, 1.0) > drawn(0.0, -0.3, 1.0) + 0.03


def test_lids_close_and_open(finder: FaceFinder) -> None:
    picture = photograph(512)
    (face,) = finder.faces(picture)
    portrait = Portrait(picture, face)

    def lids(frame: np.ndarray) -> float:
        (drawn,) = finder.faces(Picture(frame))
        return float(np.linalg.norm(drawn.points[159, :2] - drawn.points[145, :2]) / drawn.height)

    assert lids(portrait.draw(Pose(closed=1.0))) < 0.8 * lids(portrait.draw(Pose()))
    assert lids(portrait.draw(Pose(closed=0.0))) == pytest.approx(lids(portrait.pixels), rel=0.1)


def follows(output: Output, sound: Audio, finder: FaceFinder, folder: Path) -> float:
    """How the opening of the lips that is seen goes with the level of what is heard: correlation."""
    frames = frames_of(content(output), folder)
    assert frames.shape[1:] == (512, 512, 3)
    assert len(frames) == pytest.approx(output.facts["seconds"] * 25, abs=1)
    box = finder.boxes(Picture(frames[0]))[0]
    mouths = np.array([opening(finder.mesh(Picture(frame), box)) for frame in frames])
    edges = ((np.arange(len(mouths) + 2) - 0.5).clip(0) / 25 * sound.sample_rate).astype(int)
    power = np.array([np.mean(sound.samples[0][a:b] ** 2) for a, b in pairwise(edges)])[: len(mouths)]
    level = np.convolve(np.sqrt(power), [0.25, 0.5, 0.25], "same")
    return float(np.corrcoef(mouths, level)[0, 1])


def test_the_lips_follow_the_speech(head: TalkingHead, finder: FaceFinder, say: Say, tmp_path: Path) -> None:
    sound = say("Hello there. This is a portrait, and it talks about the weather.")
    output = asked(head, photograph(), sound)
    assert output.facts["lips"] == "by sound"
    assert follows(output, sound, finder, tmp_path) > 0.75


def test_the_lips_follow_the_words_that_it_says_itself(head: TalkingHead, finder: FaceFinder, tmp_path: Path) -> None:
    words = "My brother moves the old wooden boat."
    output = asked(head, photograph(), text=words)
    assert output.facts["lips"] == "by phonemes"
    network = OpenNetwork()
    sound = Audio(timed(network, words, 3).samples[None], network.sample_rate)
    assert follows(output, sound, finder, tmp_path) > 0.7


def test_words_are_spoken_phoneme_by_phoneme_into_a_video_that_says_what_it_is(
    head: TalkingHead, tmp_path: Path
) -> None:
    output = asked(head, photograph(), text="Bob may buy a boat.")
    assert output.facts["lips"] == "by phonemes"
    path = tmp_path / "head.mp4"
    path.write_bytes(content(output))
    kind, facts = measure(path, max_duration_s=60)
    assert (kind.value, facts.media_type, facts.has_audio) == ("video", "video/mp4", True)
    assert facts.duration_s == pytest.approx(output.facts["seconds"], abs=0.15)
    whole = path.read_bytes()
    assert 0 < whole.index(b"moov") < whole.index(b"mdat"), "it starts before it is loaded"
    assert b"AI-made" in whole
    assert whole == content(asked(head, photograph(), text="Bob may buy a boat."))


def test_the_mark_is_on_every_frame_and_readable() -> None:
    for level in (0, 128, 255):
        frame = np.full((512, 512, 3), level, np.uint8)
        marked = Mark((512, 512)).put(frame.copy())
        changed = np.argwhere(np.any(marked != frame, axis=2))
        assert changed.min(0)[0] > 440 and changed.min(0)[1] > 350
        assert marked[440:, 350:].max() > 150
        assert np.ptp(marked[440:, 350:]) > 90


def test_a_p_closes_the_lips_between_two_vowels() -> None:
    sound = Audio(np.full((1, 24_000), 0.2, np.float32) * np.sin(np.arange(24_000) * 0.2).astype(np.float32), 24_000)
    spoken = [Spoken("ɑ", 0.0, 0.4), Spoken("p", 0.4, 0.5), Spoken("ɑ", 0.5, 1.0)]
    opened = [pose.shape.open for pose in poses(sound, 100, 0, spoken)]
    assert min(opened[36:50]) < 0.03
    assert max(opened[10:30]) > 0.15
    assert max(opened[60:90]) > 0.15
    assert [pose.shape.round for pose in poses(sound, 25, 0, [Spoken("u", 0.0, 1.0)])][12] > 0.9


def test_a_consonant_between_round_vowels_is_round_too() -> None:
    def rounded(spoken: list[Spoken]) -> float:
        return [pose.shape.round for pose in poses(tone(200, 0.6), 100, 0, spoken)][29]

    spoon = rounded([Spoken("u", 0.0, 0.25), Spoken("n", 0.25, 0.33), Spoken("u", 0.33, 0.6)])
    clean = rounded([Spoken("i", 0.0, 0.25), Spoken("n", 0.25, 0.33), Spoken("i", 0.33, 0.6)])
    assert spoon > 0.7
    assert clean < 0.05


def test_lips_begin_and_stop_with_the_sound_and_words_run_together() -> None:
    rate = 24_000
    time = np.arange(3 * rate) / rate
    sound = Audio((0.3 * np.sin(2 * np.pi * 300 * time) * ((time > 1) & (time < 2)))[None].astype(np.float32), rate)
    spoken = [Spoken("ɑ", 1.0, 1.45), Spoken(" ", 1.45, 1.5), Spoken("ɑ", 1.5, 2.0), Spoken(".", 2.0, 3.0)]
    for words in ((), spoken):
        opened = np.array([pose.shape.open for pose in poses(sound, 100, 0, words)])
        assert opened[:85].max() < 0.03
        assert opened[115:185].min() > 0.15
        assert opened[215:].max() < 0.03


def test_a_diphthong_goes_from_one_shape_to_another() -> None:
    opened = [pose.shape.open for pose in poses(tone(200, 0.6), 100, 0, [Spoken("I", 0.0, 0.6)])]
    assert opened[15] > 1.4 * opened[52]


def test_a_smile_does_not_come_back_between_two_words() -> None:
    sound = tone(200, 6)
    samples = sound.samples.copy()
    rate = sound.sample_rate
    samples[:, 2 * rate : round(2.5 * rate)] = 0
    samples[:, 4 * rate :] = 0
    relaxed = [pose.shape.relaxed for pose in poses(Audio(samples, rate), 25, 0)]
    assert min(relaxed[40:75]) > 0.95
    assert relaxed[-1] < 0.5


def test_a_face_blinks_and_moves_a_little_and_never_twice_the_same() -> None:
    sound = tone(200, 20)
    first, second = (list(poses(sound, 25, seed)) for seed in (1, 2))
    blinks = sum(b.closed > 0.9 >= a.closed for a, b in pairwise(first))
    assert 3 <= blinks <= 12
    assert 0.005 < max(abs(p.turn) for p in first) < 0.06
    assert [p.turn for p in first] != [p.turn for p in second]
    assert [p.turn for p in first] == [p.turn for p in poses(sound, 25, 1)]


def test_of_several_faces_one_is_chosen_by_words_or_asked_for(head: TalkingHead, finder: FaceFinder) -> None:
    three = beside(photograph(), photograph(), photograph())
    faces = finder.faces(three)
    assert len(faces) == 3
    for words, index in {"the left one": 0, "middle": 1, "right": 2, "second from the left": 1, "3": 2}.items():
        assert chosen(faces, words) is faces[index], words
    assert chosen(faces, "second from the right") is faces[1]
    with pytest.raises(Ambiguous, match="3 faces.*left, middle or right"):
        asked(head, three, text="Hello")
    with pytest.raises(Ambiguous, match="left"):
        chosen(faces, "the happy one")
    with pytest.raises(BadInput, match="only 3"):
        chosen(faces, "fifth from the left")


def test_a_drawing_a_small_face_and_one_turned_aside_are_refused_with_the_reason(finder: FaceFinder) -> None:
    picture = photograph(512)
    (face,) = finder.faces(picture)
    flat = Image.fromarray(picture.pixels).quantize(8).convert("RGB")
    with pytest.raises(BadInput, match="drawing"):
        Portrait(Picture(np.asarray(flat, np.uint8)), face)
    small = Face(face.points * 0.1, face.score)
    with pytest.raises(BadInput, match="too small"):
        Portrait(picture, small)
    turned = face.points.copy()
    turned[:, 2] += 0.8 * (turned[:, 0] - turned[:, 0].mean())
    with pytest.raises(BadInput, match="aside"):
        Portrait(picture, Face(turned, face.score))


def test_what_it_needs_is_asked_for(head: TalkingHead) -> None:
    with pytest.raises(MissingInput, match="What shall it say"):
        asked(head, photograph())
    with pytest.raises(BadInput, match="nothing to be heard"):
        asked(head, photograph(), Audio(np.zeros((1, 16_000), np.float32), 16_000))
    with pytest.raises(OverLimit, match="10 minutes"):
        asked(head, photograph(), Audio(np.full((1, 601 * 100), 0.1, np.float32), 100))
    with pytest.raises(BadInput):
        asked(head, photograph(), text="...!")


def test_stereo_at_any_rate_is_kept_and_an_uneven_picture_too(head: TalkingHead, say: Say, tmp_path: Path) -> None:
    said = say("Hi.")
    stereo = np.repeat(soxr.resample(said.samples[0], said.sample_rate, 44_100)[None], 2, 0)
    picture = Picture(photograph(301).pixels[:, 20:257])
    output = asked(head, picture, Audio(stereo, 44_100))
    assert (output.facts["height"], output.facts["width"] % 2) == (512, 0)
    assert frames_of(content(output), tmp_path).shape[1:] == (512, output.facts["width"], 3)


def test_it_says_how_far_it_is_and_stops_when_told(head: TalkingHead) -> None:
    heard: list[float] = []

    def stop(fraction: float) -> None:
        heard.append(fraction)
        if fraction > 0.4:
            raise Cancelled("Stopped.")

    picture, sound = photograph(), tone(300, 6)
    with pytest.raises(Cancelled):
        head.run(Call(TalkingHeadArgs(image="i", audio="a"), {"image": (picture,), "audio": (sound,)}, progress=stop))
    assert heard == sorted(heard)
    assert len(heard) > 3
