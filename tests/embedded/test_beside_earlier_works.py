"""What is asked for anew is not drawn to what was made before."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from core.artifacts import Kind
from core.plans import Item, Line


def made(name: str, by: str, caption: str = "", text: str = "") -> Item:
    return Item(f"id-{by}", Kind.AUDIO, name, caption, 10.0, text, current=False, mine=True, made=by)


SOUND = made("sound.wav", "text_to_audio", "thunder, glass breaking", "thunder and breaking glass")
LOOP = made("sound.wav", "text_to_audio", "fire, crickets", "loop of a campfire")
SPEECH = made("speech.wav", "text_to_speech", text="The train leaves at nine.")


@pytest.mark.parametrize("earlier", [(), (SOUND,), (LOOP,), (SPEECH,), (SOUND, SPEECH)], ids=str)
@pytest.mark.parametrize(
    ("text", "capability", "args"),
    [
        (
            "make the sound of applause and a laughing crowd",
            "text_to_audio",
            {"description": "applause and a laughing crowd"},
        ),
        ("the sound of rain", "text_to_audio", {"description": "rain"}),
        ("play the sound of a dog barking", "text_to_audio", {"description": "a dog barking"}),
        ("a seamless loop of ocean waves, 8 seconds", "text_to_audio", {"seconds": 8.0}),
        (
            "Hazme el ruido de una tormenta con viento fuerte",
            "text_to_audio",
            {"description": "Hazme el ruido de una tormenta con viento fuerte"},
        ),
        ("An old typewriter, as a sound effect please", "text_to_audio", {"description": "old typewriter"}),
        ('use a woman\'s voice and say "mind the gap"', "text_to_speech", {"text": "mind the gap", "voice": "female"}),
        ("Put a melody to these words and sing them: rain on the roof", "text_to_sing", {"lyrics": "rain on the roof"}),
        ('voice the following line for my video: "One pot."', "text_to_speech", {"text": "One pot."}),
    ],
)
async def test_a_request_of_its_own(
    ask: Any, text: str, capability: str, args: dict[str, Any], earlier: tuple[Item, ...]
) -> None:
    (step,) = (await ask(text, *earlier)).steps
    assert step.capability == capability
    assert {name: step.args.get(name) for name in args} == args
    assert not {"audio", "audios", "melody", "reference"} & set(step.args)


@pytest.mark.parametrize(
    ("text", "capability"),
    [
        ("make the sound louder", "audio_editing"),
        ("say good night in this woman's voice", "style_transfer_tts"),
        ('sing "la la la" to the tune of this', "text_to_sing"),
        ("reverse the sound", "audio_editing"),
    ],
)
async def test_what_means_an_earlier_work_still_does(ask: Any, text: str, capability: str) -> None:
    (step,) = (await ask(text, SOUND)).steps
    assert step.capability == capability
    assert SOUND.id in {value for arg in step.args.values() for value in (arg if isinstance(arg, tuple) else (arg,))}


ATTACHED = Item("a", Kind.AUDIO, "rec.m4a", duration_s=30.0, mine=True)
PHOTO = Item("p", Kind.IMAGE, "photo.jpg", mine=True)
SONG = made("song.wav", "text_to_sing", text="twinkle twinkle")
SENT = Item("i", Kind.AUDIO, "interview.mp3", duration_s=300.0, current=False, mine=True)


@pytest.mark.parametrize("earlier", [(), (SOUND,), (SONG, SENT)], ids=str)
@pytest.mark.parametrize(
    ("text", "attached", "capability"),
    [
        ("Make a karaoke track from my song", ATTACHED, "music_separation"),
        ("I played something on the piano, get me the notes of it", ATTACHED, "music_transcription"),
        ("put the sound behind me, like 180 degrees", ATTACHED, "mono_to_binaural"),
        ("What kind of scene is that, going by the sound?", ATTACHED, "audio_captioning"),
        ("Mettimi per iscritto quello che dice l'idraulico", ATTACHED, "speech_recognition"),
        ("Which sounds would you hear at this place? Make them", PHOTO, "image_to_audio"),
        ("Haz que se oiga lo que sale en la foto", PHOTO, "image_to_audio"),
        ("Unterleg das Foto mit dem, was man dort hören würde", PHOTO, "image_to_audio"),
    ],
)
async def test_what_is_attached_is_meant(
    ask: Any, text: str, attached: Item, capability: str, earlier: tuple[Item, ...]
) -> None:
    (step,) = (await ask(text, attached, *earlier)).steps
    assert step.capability == capability
    assert attached.id in (step.args.get("audio"), step.args.get("image"))


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("mix this with my song", {ATTACHED.id, SONG.id}),
        ("join this and the song from earlier", {ATTACHED.id, SONG.id}),
        ("put this under my song", {ATTACHED.id, SONG.id}),
    ],
)
async def test_an_earlier_work_goes_with_what_is_attached(ask: Any, text: str, ids: set[str]) -> None:
    (step,) = (await ask(text, ATTACHED, SONG, SENT)).steps
    assert set(step.args["audios"]) == ids


async def test_a_picture_from_earlier_says_what_was_just_made(ask: Any) -> None:
    reversed_ = made("reversed.wav", "audio_editing")
    photo, clip = replace(PHOTO, current=False), replace(ATTACHED, current=False)
    history = (
        Line("user", "whats on this photo", artifacts=(photo.id,)),
        Line("bot", "A dog."),
        Line("user", "reverse this haha", artifacts=(clip.id,)),
        Line("bot", "Here it is: reversed.", artifacts=(reversed_.id,)),
    )
    (step,) = (await ask("now make him say what you just made", reversed_, clip, photo, history=history)).steps
    assert (step.capability, step.args["image"], step.args["audio"]) == ("talking_head", photo.id, reversed_.id)
