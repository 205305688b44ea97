from __future__ import annotations

from typing import Any

import pytest

from core.artifacts import Kind
from core.capabilities import BUILT_IN
from core.embedded.languages import source_language, target_language
from core.embedded.quantities import duration, moments, times
from core.errors import RefusalKind
from core.plans import Item

CAPABILITIES = {c.id: c for c in BUILT_IN}
VOICE = Item("a", Kind.AUDIO, "voice.wav", duration_s=30.0)
MUSIC = Item("b", Kind.AUDIO, "music.mp3", duration_s=60.0)
PICTURE = Item("i", Kind.IMAGE, "cat.jpg")
OLD = Item("o", Kind.AUDIO, "old.wav", duration_s=9.0, current=False)
NOTE = Item("n", Kind.AUDIO, "note.ogg", duration_s=4.0, voice=True)

EDIT, SAY = "audio_editing", "text_to_speech"
ONE_STEP: list[tuple[str, tuple[Item, ...], str, dict[str, Any]]] = [
    ("trim to the first 10 s", (VOICE,), EDIT, {"operation": "trim", "start_s": 0.0, "end_s": 10.0}),
    ("remove the last 5 seconds", (VOICE,), EDIT, {"operation": "trim", "start_s": 0.0, "end_s": 25.0}),
    ("keep from 1:05 to 1:20", (MUSIC,), EDIT, {"operation": "trim", "start_s": 65.0, "end_s": 80.0}),
    ("trim it from 3 to 5.5 seconds", (VOICE,), EDIT, {"operation": "trim", "start_s": 3.0, "end_s": 5.5}),
    ("second half only", (VOICE,), EDIT, {"operation": "trim", "start_s": 15.0}),
    ("quita los primeros 5 segundos", (VOICE,), EDIT, {"operation": "trim", "start_s": 5.0}),
    ("把音频剪到前10秒", (VOICE,), EDIT, {"operation": "trim", "end_s": 10.0}),
    ("сократи до первых 10 секунд", (VOICE,), EDIT, {"operation": "trim", "end_s": 10.0}),
    ("make it half as loud", (VOICE,), EDIT, {"operation": "gain", "gain_db": -6.0}),
    ("mach es 6 dB lauter", (VOICE,), EDIT, {"operation": "gain", "gain_db": 6.0}),
    ("make it twice as fast", (VOICE,), EDIT, {"operation": "speed", "factor": 2.0}),
    ("20% slower please", (VOICE,), EDIT, {"operation": "speed", "factor": 0.8}),
    ("speed it up by a factor of 1.5", (VOICE,), EDIT, {"operation": "speed", "factor": 1.5}),
    ("pitch it up two semitones", (VOICE,), EDIT, {"operation": "pitch", "semitones": 2.0}),
    ("an octave lower", (VOICE,), EDIT, {"operation": "pitch", "semitones": -12.0}),
    ("fade in over 3 seconds", (VOICE,), EDIT, {"operation": "fade", "fade_in_s": 3.0}),
    ("normalise to -14 LUFS", (VOICE,), EDIT, {"operation": "normalise", "loudness_lufs": -14.0}),
    ("reverse it", (OLD,), EDIT, {"operation": "reverse", "audios": ("o",)}),
    ("join them", (VOICE, MUSIC), EDIT, {"operation": "join", "audios": ("a", "b")}),
    ("mix the music under my voice", (VOICE, MUSIC), EDIT, {"operation": "mix", "audios": ("a", "b")}),
    ("say 'hello there, friend' very slowly", (), SAY, {"text": "hello there, friend", "speed": 0.7}),
    ("read this aloud: bread, milk and two eggs", (), SAY, {"text": "bread, milk and two eggs"}),
    ("Sag bitte: Guten Abend zusammen", (), SAY, {"text": "Guten Abend zusammen"}),
    ("朗读：今天天气很好", (), SAY, {"text": "今天天气很好"}),
    ("今日はいい天気ですね、と言って", (), SAY, {"text": "今日はいい天気ですね"}),
    ("Say good morning with the voice Kumo", (), SAY, {"text": "good morning", "voice": "kumo"}),
    ("say 'good morning everyone' in kumo's voice", (), SAY, {"text": "good morning everyone", "voice": "kumo"}),
    ("use the voice nezumi to say hello there", (), SAY, {"text": "hello there", "voice": "nezumi"}),
    ("read this aloud with a male voice: it is late", (), SAY, {"text": "it is late", "voice": "male"}),
    ("Sag guten Morgen mit einer Frauenstimme", (), SAY, {"text": "guten Morgen", "voice": "female"}),
    ("Di buenos días con voz de hombre", (), SAY, {"text": "buenos días", "voice": "male"}),
    ("record a voice message that says I am late", (), SAY, {"text": "I am late", "voice": None}),
    ("Read aloud in Japanese: 今日は", (), SAY, {"text": "今日は", "language": "ja"}),
    ("make a vtt subtitle file", (VOICE,), "speech_recognition", {"audio": "a", "format": "vtt"}),
    ("transcribe the second one", (VOICE, MUSIC), "speech_recognition", {"audio": "b"}),
    ("transcribe voice.wav", (VOICE, MUSIC), "speech_recognition", {"audio": "a"}),
    ("who said what?", (VOICE,), "speech_recognition", {"by_speaker": True, "speakers": None}),
    (
        "transcribe it, there are three speakers, and say who says what",
        (VOICE,),
        "speech_recognition",
        {"by_speaker": True, "speakers": 3},
    ),
    ("transcribe the meeting with speaker labels", (VOICE,), "speech_recognition", {"by_speaker": True}),
    ("quién dijo qué", (VOICE,), "speech_recognition", {"by_speaker": True}),
    ("schreib auf, wer was sagt", (VOICE,), "speech_recognition", {"by_speaker": True}),
    ("谁说了什么", (VOICE,), "speech_recognition", {"by_speaker": True}),
    ("who speaks when?", (VOICE,), "speaker_diarization", {"speakers": None}),
    ("tell me who spoke when, there are 2 speakers", (VOICE,), "speaker_diarization", {"speakers": 2}),
    ("give me the transcript as .txt", (VOICE,), "speech_recognition", {"format": "txt", "by_speaker": None}),
    ("transcribe it from Spanish", (VOICE,), "speech_recognition", {"language": "es"}),
    ("separate the 3 speakers", (VOICE,), "speech_separation", {"speakers": 3}),
    ("dub this in Italian", (VOICE,), "speech_translation", {"target_language": "it", "output": "speech"}),
    (
        "translate this from Spanish to English",
        (VOICE,),
        "speech_translation",
        {"audio": "a", "source_language": "es", "target_language": "en", "output": None},
    ),
    ("translate it into English speech", (VOICE,), "speech_translation", {"output": "speech"}),
    ("Traduce este audio al portugués en voz alta", (VOICE,), "speech_translation", {"output": "speech"}),
    (
        "Traduza para o inglês: a casa é grande",
        (),
        "text_translation",
        {"text": "a casa é grande", "target_language": "en"},
    ),
    ("translate 'good morning' into german", (), "text_translation", {"text": "good morning", "target_language": "de"}),
    ("make the sound come from 30 degrees to the right", (VOICE,), "mono_to_binaural", {"azimuth_deg": -30.0}),
    ("move it from left to right", (VOICE,), "mono_to_binaural", {"motion": "left_to_right"}),
    ("move this from my right ear to my left ear", (VOICE,), "mono_to_binaural", {"motion": "right_to_left"}),
    ("walk around me", (VOICE,), "mono_to_binaural", {"motion": "circle", "azimuth_deg": None}),
    (
        "let it circle around me, starting on my left",
        (VOICE,),
        "mono_to_binaural",
        {"motion": "circle", "azimuth_deg": 90},
    ),
    ("put it behind me on the left", (VOICE,), "mono_to_binaural", {"azimuth_deg": 135.0, "motion": None}),
    ("put the voice directly behind me", (VOICE,), "mono_to_binaural", {"azimuth_deg": 180.0}),
    ("place it slightly left", (VOICE,), "mono_to_binaural", {"azimuth_deg": 30.0}),
    ("put this at 60 degrees on the left", (VOICE,), "mono_to_binaural", {"azimuth_deg": 60.0}),
    ("spatialize this at azimuth -45", (VOICE,), "mono_to_binaural", {"azimuth_deg": -45.0}),
    ("make it 3D", (VOICE,), "mono_to_binaural", {"motion": "circle"}),
    ("mets-le derrière moi à droite", (VOICE,), "mono_to_binaural", {"azimuth_deg": -135.0}),
    ("lass es um meinen Kopf kreisen", (VOICE,), "mono_to_binaural", {"motion": "circle"}),
    ("把声音放在我左边", (VOICE,), "mono_to_binaural", {"azimuth_deg": 90.0}),
    (
        "sing 'la la la' with notes C4 E4 rest G4 and durations 0.5 0.5 1 1 at 100 bpm",
        (),
        "text_to_sing",
        {"lyrics": "la la la", "notes": "C4 | E4 | rest | G4", "durations": "0.5 | 0.5 | 1 | 1", "tempo_bpm": 100.0},
    ),
    ("10 seconds of rain on a tin roof", (), "text_to_audio", {"description": "rain on a tin roof", "seconds": 10.0}),
    ("нарисуй лису на снегу", (), "text_to_image", {"description": "лису на снегу"}),
    ("i want the dog barking only", (VOICE,), "sound_extraction", {"target": "dog barking"}),
    ("fill the gap between 2.5 and 3 seconds", (VOICE,), "audio_inpainting", {"start_s": 2.5, "end_s": 3.0}),
    ("make the portrait say 'hi there'", (PICTURE,), "talking_head", {"image": "i", "text": "hi there"}),
    ("clean up my recording", (NOTE,), "speech_enhancement", {"audio": "n"}),
    ("clean up this recording", (NOTE, OLD), "speech_enhancement", {"audio": "o"}),
]


@pytest.mark.parametrize(("text", "items", "capability", "wanted"), ONE_STEP, ids=[case[0] for case in ONE_STEP])
async def test_one_request_gets_its_arguments(ask: Any, text: str, items: Any, capability: str, wanted: Any) -> None:
    decision = await ask(text, *items)
    assert decision.refusal is None
    (step,) = decision.steps
    assert step.capability == capability
    assert {name: step.args.get(name) for name in wanted} == wanted
    CAPABILITIES[capability].args.model_validate(step.args)


MINE = Item("m", Kind.AUDIO, "note.ogg", duration_s=9.0, current=False, own=True)
STYLE, CONVERT = "style_transfer_tts", "voice_conversion"
IMITATED: list[tuple[str, tuple[Item, ...], str, dict[str, Any]]] = [
    ("say 'good morning' in this voice", (VOICE,), STYLE, {"text": "good morning", "reference": "a"}),
    ("make this voice say happy birthday to you", (VOICE,), STYLE, {"text": "happy birthday to you"}),
    ("この声で「おはよう」と言って", (VOICE,), STYLE, {"text": "おはよう", "reference": "a"}),
    ("say good morning in my own voice", (OLD, MINE), STYLE, {"text": "good morning", "reference": "m"}),
    ("sag 'guten Morgen' mit meiner Stimme", (MINE,), STYLE, {"text": "guten Morgen", "reference": "m"}),
    ("dis « bonjour » avec ma voix", (MINE,), STYLE, {"text": "bonjour", "reference": "m"}),
    ("say good night in my voice", (NOTE,), STYLE, {"text": "good night", "reference": "n"}),
    ("make the first one sound like the second", (VOICE, MUSIC), CONVERT, {"audio": "a", "reference": "b"}),
    ("make this sound like me", (VOICE, MINE), CONVERT, {"audio": "a", "reference": "m"}),
    ("convert it to my voice", (VOICE, OLD), CONVERT, {"audio": "a", "reference": "o"}),
]


@pytest.mark.parametrize(("text", "items", "capability", "wanted"), IMITATED, ids=[case[0] for case in IMITATED])
async def test_whose_voice_is_meant(ask: Any, text: str, items: Any, capability: str, wanted: Any) -> None:
    decision = await ask(text, *items)
    assert decision.refusal is None
    (step,) = decision.steps
    assert step.capability == capability
    assert {name: step.args.get(name) for name in wanted} == wanted


async def test_a_voice_that_nobody_sent_is_asked_for(ask: Any) -> None:
    decision = await ask("say 'good morning' in my voice")
    assert decision.refusal.kind is RefusalKind.MISSING_INPUT


async def test_steps_build_on_each_other(ask: Any) -> None:
    decision = await ask("describe this picture, translate the description into German and read it aloud", PICTURE)
    assert [(s.capability, s.args) for s in decision.steps] == [
        ("image_captioning", {"image": "i"}),
        ("text_translation", {"text": "$1", "target_language": "de"}),
        ("text_to_speech", {"text": "$2", "language": "de"}),
    ]


@pytest.mark.parametrize(
    ("text", "items", "planned"),
    [
        (
            "Say good morning in Portuguese",
            (),
            [
                ("text_translation", {"text": "good morning", "target_language": "pt"}),
                ("text_to_speech", {"text": "$1", "language": "pt"}),
            ],
        ),
        (
            "translate to portuguese and read it aloud: The house is big",
            (),
            [
                ("text_translation", {"text": "The house is big", "target_language": "pt"}),
                ("text_to_speech", {"text": "$1", "language": "pt"}),
            ],
        ),
        (
            "Translate this into Portuguese and say it",
            (VOICE,),
            [
                ("speech_translation", {"audio": "a", "target_language": "pt"}),
                ("text_to_speech", {"text": "$1", "language": "pt"}),
            ],
        ),
        (
            "Translate this into English in my own voice",
            (VOICE,),
            [
                ("speech_translation", {"audio": "a", "target_language": "en"}),
                ("style_transfer_tts", {"text": "$1", "reference": "a"}),
            ],
        ),
    ],
)
async def test_what_is_translated_can_be_said(ask: Any, text: str, items: Any, planned: Any) -> None:
    decision = await ask(text, *items)
    assert [(s.capability, s.args) for s in decision.steps] == planned


async def test_an_edit_of_an_edit(ask: Any) -> None:
    decision = await ask("make this louder then reverse it", VOICE)
    assert [s.args["audios"] for s in decision.steps] == [("a",), ("$1",)]


async def test_it_refuses_to_guess_which_part_of_a_clip_is_meant(ask: Any) -> None:
    decision = await ask("cut it shorter", VOICE)
    assert decision.refusal.kind is RefusalKind.MISSING_INPUT


def test_times_in_many_forms() -> None:
    assert [t.seconds for t in times("1:05 to 1:20")] == [65.0, 80.0]
    assert [t.seconds for t in moments("from 3 to 5.5 seconds")] == [3.0, 5.5]
    assert duration("500ms") == 0.5
    assert duration("half a minute of wind") == 30.0
    assert duration("les dix premières secondes") == 10.0
    assert duration("первые десять секунд") == 10.0
    assert duration("前10秒") == 10.0
    assert duration("a creaky door, as audio") is None


def test_languages_by_their_role() -> None:
    assert target_language("what does this Japanese announcement mean in English?") == "en"
    assert source_language("what does this Japanese announcement mean in English?") == "ja"
    assert target_language("traduis-le en allemand") == "de"
    assert target_language("翻译成日语") == "ja"
    assert target_language("英語に訳して") == "en"
    assert target_language("переведи на французский") == "fr"
    assert target_language("translate it") is None
