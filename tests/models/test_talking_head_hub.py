"""MuseTalk on tiny networks that are built here: what it cuts, hears, makes and pastes; the rest is as in face-warp."""

from __future__ import annotations

import io
import math
import pickle
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from tiny_musetalk import LAYERS, RATE, SIDE, STRETCH_S, WIDTH, Trap, hum, photograph, placed, tiny_musetalk
from tones import Say, tone

from core.capabilities import TalkingHeadArgs
from core.errors import Ambiguous, BadInput, Cancelled, MissingInput, NoModel, OverLimit
from core.media import Audio, Picture
from core.models.base import Call, File, Output
from core.models.video import talking_head
from core.models.video._faces import Face, FaceFinder
from core.models.video._musetalk import Cut, MuseTalk, positions, windows
from core.models.video._portrait import framed
from core.models.video.musetalk_hub import MuseTalkHub
from core.settings import Settings

LIPS, BRIDGE, CHIN, BROW = 13, (195, 5), 152, 10
MARKED = (slice(460, None), slice(380, None))
"""Where the mark is in a frame of 512 pixels a side."""


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hub")
    tiny_musetalk(folder)
    return folder


@pytest.fixture(scope="module")
def head(local: Settings, weights: Path) -> MuseTalkHub:
    model = MuseTalkHub(placed(local, weights))
    model.load("cpu")
    return model


@pytest.fixture(scope="module")
def networks(head: MuseTalkHub) -> MuseTalk:
    assert head._musetalk is not None
    return head._musetalk


@pytest.fixture(scope="module")
def face() -> Face:
    (found,) = FaceFinder().faces(photograph())
    return found


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[np.ndarray]:
    """The frames as they are handed to the encoder, which loses some of them."""
    seen: list[np.ndarray] = []
    write = talking_head.write_video

    def kept(frames: Iterable[np.ndarray]) -> Iterable[np.ndarray]:
        for frame in frames:
            seen.append(frame.copy())
            yield frame

    def writing(frames: Iterable[np.ndarray], *rest: Any, **options: Any) -> None:
        write(kept(frames), *rest, **options)

    monkeypatch.setattr(talking_head, "write_video", writing)
    return seen


def asked(head: MuseTalkHub, sound: Audio | None, picture: Picture | None = None, **args: Any) -> Output:
    seed, progress = args.pop("seed", 3), args.pop("progress", lambda fraction: None)
    inputs: dict[str, Any] = {"image": (picture or photograph(),)} | ({"audio": (sound,)} if sound else {})
    given = TalkingHeadArgs(image="i", audio="a" if sound else None, **args)
    return head.run(Call(given, inputs, seed=seed, progress=progress))


def content(output: Output) -> bytes:
    made = output.media[0].media
    assert isinstance(made, File)
    return made.content


# What the network hears


def test_a_frame_hears_the_ten_steps_about_its_moment_and_silence_beyond_the_ends() -> None:
    steps, layers, width = 30, 3, 2
    features = (
        np.arange(1, steps + 1)[:, None, None] * 100 + np.arange(layers)[:, None] * 10 + np.arange(width)
    ).astype(np.float32)

    def heard(frame: int, fps: float = 25) -> list[int]:
        """Steps from 0 on, -1 for silence; that all layers of each come together and in order is checked."""
        (window,) = windows(features, frame, 1, fps)
        assert window.shape == (10 * layers, width)
        told = []
        for step in window.reshape(10, layers, width):
            number = round(float(step[0, 0]) / 100) - 1
            expected = features[number] if number >= 0 else np.zeros((layers, width))
            assert np.array_equal(step, expected)
            told.append(number)
        return told

    assert heard(0) == [-1, -1, -1, -1, 0, 1, 2, 3, 4, 5]
    assert heard(1) == [-1, -1, 0, 1, 2, 3, 4, 5, 6, 7]
    assert heard(5) == list(range(6, 16))
    assert heard(14) == [24, 25, 26, 27, 28, 29, -1, -1, -1, -1]
    assert heard(4, fps=30) == list(range(2, 12)), "floor(4 * 50 / 30) = 6"
    many = windows(features, 3, 5, 25)
    assert np.array_equal(many[2], windows(features, 5, 1, 25)[0])


def test_the_places_of_what_is_heard_are_told_by_sines_and_cosines() -> None:
    encoded = positions(7, 6)
    for at in range(7):
        for pair in range(3):
            turn = at / 10_000 ** (2 * pair / 6)
            assert encoded[at, 2 * pair] == pytest.approx(math.sin(turn), abs=1e-6)
            assert encoded[at, 2 * pair + 1] == pytest.approx(math.cos(turn), abs=1e-6)


def test_the_ears_give_every_layer_fifty_times_a_second_over_any_length(networks: MuseTalk, weights: Path) -> None:
    from transformers import WhisperFeatureExtractor, WhisperModel

    sound = hum(3.5)
    told: list[float] = []
    heard = networks.listen(sound, told.append)
    assert heard.shape == (175, LAYERS + 1, WIDTH)
    assert told == [0, pytest.approx(STRETCH_S / 3.5)]
    source = weights / "openai/whisper-tiny"
    ears = WhisperModel.from_pretrained(source).eval().encoder
    second = sound.samples[0][STRETCH_S * RATE :]
    mel = WhisperFeatureExtractor.from_pretrained(source)(second, sampling_rate=RATE, return_tensors="pt")
    with torch.inference_mode():
        states = ears(mel.input_features, output_hidden_states=True)
    assert np.allclose(heard[100:, -1], states.last_hidden_state[0, :75].numpy(), atol=1e-4)
    assert np.allclose(heard[100:, 0], states.hidden_states[0][0, :75].numpy(), atol=1e-4)


def test_it_hears_both_channels_at_any_rate(networks: MuseTalk) -> None:
    mono = hum(1.0)
    stereo = Audio(np.repeat(tone(200, 1.0, 44_100, 0.3).samples, 2, 0), 44_100)
    first, second = (networks.listen(sound, lambda part: None) for sound in (mono, stereo))
    assert first.shape == second.shape == (50, LAYERS + 1, WIDTH)
    other = networks.listen(hum(1.0, 1500.0), lambda part: None)
    assert np.abs(first - second).mean() < 0.2 * np.abs(first - other).mean()


# What it sees and where it puts what it makes


def test_the_cut_has_the_bridge_of_the_nose_in_its_middle_and_room_below_the_chin(face: Face) -> None:
    cut = Cut.of(face.points, 512, 512)
    bridge, chin = face.points[BRIDGE, 1].mean(), face.points[CHIN, 1]
    assert cut.top == pytest.approx(bridge - (chin - bridge), abs=1)
    assert cut.bottom == pytest.approx(chin + 10 / 256 * (chin - cut.top), abs=2)
    assert (cut.left, cut.right) == pytest.approx((face.points[:, 0].min(), face.points[:, 0].max()), abs=1)


@pytest.mark.parametrize(("up", "aside"), [(0, 0), (170, 0), (-170, 0), (0, 240), (0, -200)])
def test_what_is_taken_is_put_back_where_it_was_also_at_the_edges_of_the_picture(
    face: Face, up: int, aside: int
) -> None:
    pixels = np.roll(photograph().pixels, (-up, -aside), (0, 1))
    points = face.points - (aside, up, 0)
    cut = Cut.of(points, 512, 512)
    for side in (256, 128):
        taken = cut.taken(pixels, side)
        assert taken.shape == (side, side, 3)
        again = cut.pasted(pixels, taken)
        inside = cut.mask > 0.5
        assert inside.sum() > 3000
        apart = np.abs(again[inside].astype(int) - pixels[inside])
        assert apart.mean() < 4 * 256 / side
        assert np.array_equal(again[cut.mask == 0], pixels[cut.mask == 0])
    slope = np.repeat(np.linspace(0, 255, 512)[:, None, None], 512, 1).repeat(3, 2).astype(np.uint8)
    assert np.diff(cut.taken(slope, 128).astype(int), axis=0).min() > -3, "it repeats the edge, and not the other side"
    assert np.diff(cut.taken(slope.transpose(1, 0, 2), 128).astype(int), axis=1).min() > -3
    flat = cut.pasted(pixels, np.full((SIDE, SIDE, 3), 7, np.uint8))
    assert np.all(flat[cut.mask == 1] == 7)


def test_only_the_lower_face_is_made_anew_and_it_fades_in(face: Face) -> None:
    import cv2

    cut = Cut.of(face.points, 512, 512)
    xy = face.points[:, :2]
    rows = np.arange(512)
    assert not cut.mask[rows < xy[BRIDGE, 1].mean()].any()
    assert not cut.mask[rows >= cut.bottom].any()
    outline = np.zeros((512, 512), np.uint8)
    cv2.fillConvexPoly(outline, cv2.convexHull(np.rint(xy).astype(np.int32)), 1)
    chin = round(float(xy[CHIN, 1]))
    room = cut.bottom - chin
    assert not (cut.mask * (1 - cv2.dilate(outline, np.ones((2 * room + 1, 3), np.uint8)))).any()
    column, row = np.rint(xy[LIPS]).astype(int)
    assert cut.mask[row, column] == 1
    assert cut.mask[chin, column] > 0.3, "the jaw drops"
    assert np.abs(np.diff(cut.mask, axis=0)).max() < 0.25
    assert np.abs(np.diff(cut.mask, axis=1)).max() < 0.25


def test_the_network_is_given_the_masked_face_the_whole_one_and_what_is_heard_at_step_nought(
    head: MuseTalkHub, networks: MuseTalk, face: Face, weights: Path
) -> None:
    from diffusers import AutoencoderKL

    sound, given = hum(0.5), []
    hook = networks._unet.register_forward_pre_hook(lambda _, *taken: given.append(taken), with_kwargs=True)
    try:
        asked(head, sound)
    finally:
        hook.remove()
    assert [len(args[0]) for args, _ in given] == [8, 4]
    (sample, step), options = given[1]
    assert not step.any()
    pixels, points = framed(photograph().pixels, face)
    taken = Cut.of(points, 512, 512).taken(pixels, SIDE)
    whole = torch.from_numpy(taken.astype(np.float32)).permute(2, 0, 1)[None] / 255
    masked = whole * (torch.arange(SIDE) < SIDE // 2)[:, None]
    vae = AutoencoderKL.from_pretrained(weights / "stabilityai/sd-vae-ft-mse", low_cpu_mem_usage=False)
    with torch.inference_mode():
        seen = [0.25 * vae.encode(2 * part - 1).latent_dist.mode() for part in (masked, whole)]
    expected = torch.cat(seen, 1)
    assert expected.shape == (1, 8, SIDE // 8, SIDE // 8)
    assert not torch.allclose(seen[0], seen[1], atol=1e-3)
    assert torch.allclose(sample, expected.expand_as(sample), atol=1e-4)
    heard = windows(networks.listen(sound, lambda part: None), 8, 4, 25)
    assert np.allclose(options["encoder_hidden_states"], heard + positions(10 * (LAYERS + 1), WIDTH), atol=1e-4)


def test_what_the_network_gives_is_decoded_at_the_scale_of_the_autoencoder(networks: MuseTalk, face: Face) -> None:
    whole = Cut.of(face.points, 512, 512).taken(photograph().pixels, SIDE)
    latents = networks.latents(whole)
    heard = windows(networks.listen(hum(1.0), lambda part: None), 0, 3, 25)
    with torch.inference_mode():
        tokens = torch.from_numpy(heard + positions(*heard.shape[1:]))
        spoken = networks._unet(latents.expand(3, -1, -1, -1), 0, encoder_hidden_states=tokens).sample
        expected = (networks._vae.decode(spoken / 0.25).sample / 2 + 0.5).clamp(0, 1) * 255
    made = networks.faces(latents, heard)
    assert made.shape == (3, SIDE, SIDE, 3)
    assert np.abs(made - expected.permute(0, 2, 3, 1).numpy()).max() <= 0.51


def test_in_half_precision_as_on_a_gpu_it_makes_nearly_the_same(
    networks: MuseTalk, face: Face, local: Settings, weights: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.models.hub.dtype", lambda device: torch.float16)
    half = MuseTalk(placed(local, weights), "cpu")
    for network in (half._ears, half._vae, half._unet):
        assert {weight.dtype for weight in network.parameters()} == {torch.float16}
    whole = Cut.of(face.points, 512, 512).taken(photograph().pixels, SIDE)
    made = []
    for each in (networks, half):
        heard = windows(each.listen(hum(0.5), lambda part: None), 0, 3, 25)
        made.append(each.faces(each.latents(whole), heard).astype(int))
    assert np.abs(made[0] - made[1]).mean() < 2
    assert made[0].std() > 20


# The whole


def test_the_video_is_h264_and_aac_of_the_sound_s_length_and_says_what_it_is(head: MuseTalkHub) -> None:
    import av

    output = asked(head, hum(2.3))
    whole = content(output)
    with av.open(io.BytesIO(whole)) as opened:
        picture, sound = opened.streams.video[0], opened.streams.audio[0]
        assert (picture.codec_context.name, sound.codec_context.name) == ("h264", "aac")
        assert picture.average_rate == 25
        assert opened.duration / 1e6 == pytest.approx(2.3, abs=0.1)
        frames = [frame.to_ndarray(format="rgb24") for frame in opened.decode(video=0)]
    assert len(frames) == int(2.3 * 25)
    assert frames[0].shape == (512, 512, 3)
    assert 0 < whole.index(b"moov") < whole.index(b"mdat")
    assert b"musetalk-1.5" in whole and b"AI-made" in whole
    assert {k: output.facts[k] for k in ("fps", "seconds", "lips", "mark")} == {
        "fps": 25, "seconds": 2.3, "lips": "by sound", "mark": "AI-made",
    }  # fmt: skip


def test_only_the_mouth_moves_and_every_frame_is_marked(head: MuseTalkHub, face: Face, shown: list[np.ndarray]) -> None:
    asked(head, hum(1.0))
    pixels, points = framed(photograph().pixels, face)
    mask = Cut.of(points, 512, 512).mask
    changed = np.stack(shown) != pixels
    for frame in changed:
        assert frame[MARKED].any()
        frame[MARKED] = False
        assert not frame[mask == 0].any()
        assert frame[mask == 1].any(-1).mean() > 0.9
    assert len(shown) == 25


def test_what_is_heard_decides_how_the_mouth_looks_and_when(head: MuseTalkHub, shown: list[np.ndarray]) -> None:
    low, high = hum(4.0).samples[0], hum(4.0, 1500.0).samples[0]
    half = STRETCH_S * RATE
    for sound in (low, np.concatenate([low[:half], high[half:]])):
        asked(head, Audio(sound[None], RATE))
    first, second = np.stack(shown[:100]), np.stack(shown[100:])
    differs = np.any(first != second, axis=(1, 2, 3))
    # A frame hears up to step 2 n + 5; the ears take 100 steps at once, and the second hundred differ.
    assert differs.tolist() == [n >= 48 for n in range(100)]
    assert np.abs(first[60:].astype(int) - second[60:]).max() > 10
    assert np.any(first[10] != first[11]), "the mouth moves while the sound goes on"


def test_the_same_call_gives_the_same_video(head: MuseTalkHub) -> None:
    first = content(asked(head, hum(0.6)))
    assert first == content(asked(head, hum(0.6)))
    assert first != content(asked(head, hum(0.6, 1500.0)))


def test_words_are_spoken_first(head: MuseTalkHub, shown: list[np.ndarray]) -> None:
    output = asked(head, None, text="Bob may buy a boat.")
    assert output.facts["lips"] == "by sound" and output.facts["voice"]
    assert len(shown) == pytest.approx(25 * output.facts["seconds"], abs=1)


def test_speech_in_stereo_at_any_rate_and_an_uneven_picture(
    head: MuseTalkHub, say: Say, shown: list[np.ndarray]
) -> None:
    sound = say("Hi.")
    picture = Picture(photograph(301).pixels[:, 20:257])
    output = asked(head, Audio(np.repeat(sound.samples, 2, 0), sound.sample_rate), picture)
    assert (output.facts["height"], output.facts["width"] % 2) == (512, 0)
    assert shown[0].shape == (512, output.facts["width"], 3)


def test_it_says_how_far_it_is_and_stops_between_two_batches(head: MuseTalkHub, shown: list[np.ndarray]) -> None:
    heard: list[float] = []
    asked(head, hum(3.0), progress=heard.append)
    assert heard == sorted(heard) and heard[-1] == 1
    assert len(heard) == 1 + 2 + 10 + 1, "the face, two stretches of sound, ten batches, the end"
    shown.clear()

    def stop(fraction: float) -> None:
        if fraction > 0.5:
            raise Cancelled("Stopped.")

    with pytest.raises(Cancelled):
        asked(head, hum(3.0), progress=stop)
    assert len(shown) == 32, "four of ten batches: the next would begin beyond the half"


def test_of_several_faces_the_one_that_is_asked_for_talks(head: MuseTalkHub, shown: list[np.ndarray]) -> None:
    one = photograph(300)
    two = Picture(np.hstack([one.pixels[:, ::-1], one.pixels]))
    with pytest.raises(Ambiguous, match="2 faces.*left or right"):
        asked(head, hum(0.3), two)
    assert not shown
    finder = FaceFinder()
    faces = finder.faces(two)
    for words, index in (("left", 0), ("right", 1)):
        shown.clear()
        asked(head, hum(0.3), two, face=words)
        pixels, points = framed(two.pixels, faces[index])
        still = Cut.of(points, *pixels.shape[:2]).mask == 0
        still[MARKED] = False
        assert all(np.array_equal(frame[still], pixels[still]) for frame in shown)
        assert np.any(shown[0] != pixels)


def test_what_it_cannot_do_is_refused(head: MuseTalkHub) -> None:
    with pytest.raises(BadInput, match="no face"):
        asked(head, hum(0.3), Picture(np.full((200, 300, 3), 128, np.uint8)))
    with pytest.raises(BadInput, match="nothing to be heard"):
        asked(head, Audio(np.zeros((1, RATE), np.float32), RATE))
    with pytest.raises(MissingInput, match="What shall it say"):
        asked(head, None)
    with pytest.raises(OverLimit, match="10 minutes"):
        asked(head, Audio(np.full((1, 601 * 100), 0.1, np.float32), 100))
    flat = Image.fromarray(photograph().pixels).quantize(8).convert("RGB")
    with pytest.raises(BadInput, match="drawing"):
        asked(head, hum(0.3), Picture(np.asarray(flat, np.uint8)))


# The weights


def test_what_is_missing_is_said_one_after_the_other(
    local: Settings, weights: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = placed(local, tmp_path)
    wanted = "hf download TMElyralab/MuseTalk musetalkV15/unet.pth musetalkV15/musetalk.json"
    assert wanted in (MuseTalkHub.missing(settings) or "")
    with pytest.raises(NoModel, match="cannot run here: .*hf download"):
        MuseTalkHub(settings).load("cpu")
    folder = tmp_path / "TMElyralab/MuseTalk/musetalkV15"
    folder.mkdir(parents=True)
    for file in ("musetalk.json", "unet.pth"):
        assert wanted in (MuseTalkHub.missing(settings) or "")
        (folder / file).write_bytes((weights / "TMElyralab/MuseTalk/musetalkV15" / file).read_bytes())
    for other in ("stabilityai/sd-vae-ft-mse", "openai/whisper-tiny"):
        reason = MuseTalkHub.missing(settings) or ""
        assert reason.startswith(f"the weights of {other} are not on this machine") and f"hf download {other}" in reason
        (tmp_path / other).parent.mkdir()
        (tmp_path / other).symlink_to(weights / other)
    assert MuseTalkHub.missing(settings) is None
    for module, said in (("core.models.hub", "install .*diffusers"), ("core.models.video._faces", "mediapipe")):
        with monkeypatch.context() as patch, pytest.raises(NoModel, match=said):
            patch.setattr(f"{module}.find_spec", lambda name: None)
            MuseTalkHub(settings).load("cpu")


def test_weights_that_are_not_whole_or_not_weights_are_refused(local: Settings, weights: Path, tmp_path: Path) -> None:
    tiny_musetalk(tmp_path / "hub")
    target = tmp_path / "hub/TMElyralab/MuseTalk/musetalkV15"
    whole, config = (target / "unet.pth").read_bytes(), (target / "musetalk.json").read_text()
    some = dict(list(torch.load(target / "unet.pth", weights_only=True).items())[:-1])

    def refused() -> None:
        with pytest.raises(NoModel, match="not whole"):
            MuseTalkHub(placed(local, tmp_path / "hub")).load("cpu")

    for broken in (whole[: len(whole) // 2], b"", pickle.dumps(Trap(tmp_path / "sprung"), 2)):
        (target / "unet.pth").write_bytes(broken)
        refused()
    torch.save(Trap(tmp_path / "sprung"), target / "unet.pth")
    refused()
    assert not (tmp_path / "sprung").exists()
    torch.save(some, target / "unet.pth")
    refused()
    (target / "unet.pth").write_bytes(whole)
    (target / "musetalk.json").write_text(config.replace("[8, 16]", "[8, 24]"))
    refused()
    (target / "musetalk.json").write_text(config[:-5])
    refused()
    (target / "musetalk.json").write_text(config)
    MuseTalkHub(placed(local, tmp_path / "hub")).load("cpu")


def test_it_is_what_it_says() -> None:
    assert MuseTalkHub.capability.id == "talking_head"
    assert (MuseTalkHub.tier, MuseTalkHub.licence, MuseTalkHub.source) == (
        "hub",
        "MIT AND Apache-2.0",
        "TMElyralab/MuseTalk",
    )
