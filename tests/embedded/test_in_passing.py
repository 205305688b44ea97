"""Small things of conversations: too much of it, which language, the second take, a part of a name, talk in between."""

from __future__ import annotations

from typing import Any

import pytest

from core.artifacts import Kind
from core.capabilities import BUILT_IN
from core.errors import RefusalKind
from core.plans import Item, Line


def clip(name: str, *, current: bool = False, **more: Any) -> Item:
    return Item(name, Kind.AUDIO, name, current=current, **more)


def steps(decision: Any) -> list[tuple[str, dict[str, Any]]]:
    return [(s.capability, dict(s.args)) for s in decision.steps]


SERMON = clip("sermon.m4a", duration_s=60.0)


@pytest.mark.parametrize(
    "text",
    ["oh dear, not that much", "too much!", "half of that", "zu viel", "c'est trop", "no tanto", "troppo", "太大了"],
)
async def test_too_much_is_half_of_it_on_what_it_was_done_to(ask: Any, text: str) -> None:
    history = (
        Line("user", "make it louder please", artifacts=("sermon.m4a",)),
        Line("bot", "Here it is: louder.", artifacts=("a.wav",)),
    )
    made = clip("a.wav", made="audio_editing", how="gain+", parents=("sermon.m4a",))
    decision = await ask(text, made, SERMON, history=history)
    assert steps(decision) == [("audio_editing", {"operation": "gain", "gain_db": 3.0, "audios": ("sermon.m4a",)})]


async def test_a_thing_of_its_own_is_not_too_much_of_the_last(ask: Any) -> None:
    history = (Line("user", "make it louder please", artifacts=("sermon.m4a",)), Line("bot", "Here it is."))
    decision = await ask("there is too much noise in it, remove the noise", SERMON, history=history)
    assert [s.capability for s in decision.steps] == ["speech_enhancement"]


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Translate: School is closed on Friday because of the storm.", "Into which language"),
        ("Übersetze: Die Schule ist am Freitag wegen des Sturms geschlossen.", "In welche Sprache"),
    ],
)
async def test_words_in_ones_own_language_need_another_to_be_translated_into(ask: Any, text: str, asked: str) -> None:
    decision = await ask(text, locale=text[:1] == "Ü" and "de" or "en")
    assert decision.refusal is not None and decision.refusal.kind is RefusalKind.MISSING_INPUT
    assert asked in decision.refusal.message


async def test_foreign_words_are_translated_into_ones_own_language(ask: Any) -> None:
    decision = await ask('translate "das Haus am See ist leider nicht mehr zu haben"', locale="en")
    assert [(s.capability, s.args["target_language"]) for s in decision.steps] == [("text_translation", "en")]


TAKES = tuple(clip(f"take{n}.wav", current=True, duration_s=10.0) for n in (1, 2, 3))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("2テイク目にリバーブかけて", "take2.wav"),
        ("3番目を逆再生して", "take3.wav"),
        ("keer de tweede om", "take2.wav"),
        ("odwróć trzecie nagranie", "take3.wav"),
    ],
)
async def test_places_are_counted_in_more_languages(ask: Any, text: str, name: str) -> None:
    decision = await ask(text, *TAKES)
    assert [tuple(s.args["audios"]) for s in decision.steps] == [(name,)], decision


SONGS = (clip("paper_boats_final2.mp3", current=True), clip("midnight_train_master.mp3", current=True))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("split the one about boats into vocals and backing", "paper_boats_final2.mp3"),
        ("take the vocals out of the train song", "midnight_train_master.mp3"),
    ],
)
async def test_a_part_of_a_name_picks_one_of_what_is_attached(ask: Any, text: str, name: str) -> None:
    assert steps(await ask(text, *SONGS)) == [("music_separation", {"audio": name})]


async def test_a_sign_of_a_chinese_name_picks_one(ask: Any) -> None:
    songs = (clip("慢歌.mp3", current=True), clip("快歌.mp3", current=True))
    assert steps(await ask("快的那首把人声和伴奏分开", *songs)) == [("music_separation", {"audio": "快歌.mp3"})]
    undecided = await ask("把人声和伴奏分开", *songs)
    assert undecided.refusal is not None and undecided.refusal.kind is RefusalKind.AMBIGUOUS


async def test_talk_may_stand_between_a_question_and_its_answer(ask: Any) -> None:
    gramps = Item("gramps.jpg", Kind.IMAGE, "gramps.jpg", current=False)
    asked = (
        Line("user", "can you get gramps here to talk? for the family zoom", artifacts=("gramps.jpg",)),
        Line("bot", "What should the portrait say?"),
        Line("user", "hold on asking my sister what he always said"),
        Line("bot", "Sure."),
    )
    decision = await ask('"Who ate my last toffee?" that\'s it', gramps, history=asked)
    assert steps(decision) == [("talking_head", {"image": "gramps.jpg", "text": "Who ate my last toffee?"})]


async def test_what_is_wrong_with_a_clip_is_no_edit_of_its_own(ask: Any) -> None:
    base = clip("base.mp3", current=True, duration_s=30.0)
    decision = await ask("it's too high for the sopranos... lower this track by a semitone", base)
    assert [s.args["operation"] for s in decision.steps] == ["pitch"]
    decision = await ask("sube el volumen, baja el tono 2 semitonos", base)
    assert [s.args["operation"] for s in decision.steps] == ["gain", "pitch"]


@pytest.mark.parametrize(
    ("text", "plan"),
    [
        ("pan this whisper all the way to the left", "audio_editing"),
        ("przetłumacz mi to nagranie na ukraiński", "speech_translation"),
        ("vertaal deze opname naar het Engels", "speech_translation"),
        ("переведи голосовое в текст", "speech_recognition"),
    ],
)
async def test_words_that_settle_what_is_asked(ask: Any, text: str, plan: str) -> None:
    assert [s.capability for s in (await ask(text, clip("a.wav", current=True))).steps] == [plan]


async def test_a_train_goes_by_in_dutch(ask: Any) -> None:
    train = clip("trein.wav", current=True)
    decision = await ask("laat de trein van links naar rechts rijden voor de koptelefoon", train)
    assert steps(decision) == [("mono_to_binaural", {"audio": "trein.wav", "motion": "left_to_right"})]


async def test_a_word_or_two_before_a_request_are_no_request(ask: Any) -> None:
    decision = await ask('ok shorter. say "see you at nine"')
    assert steps(decision) == [("text_to_speech", {"text": "see you at nine"})]


async def test_the_language_may_come_later(ask: Any) -> None:
    asked = "Translate for the parents' group: School is closed on Friday because of the storm."
    history = (Line("user", asked), Line("bot", "Into which language should I translate it?"))
    decision = await ask("into Polish, forgot to say", history=history)
    text = "School is closed on Friday because of the storm."
    assert steps(decision) == [("text_translation", {"text": text, "target_language": "pl"})]


async def test_what_is_quoted_tells_no_length_and_is_for_the_voice(ask: Any) -> None:
    decision = await ask('shop announcement: "We close in ten minutes, please come to the till", female voice')
    assert steps(decision) == [
        ("text_to_speech", {"text": "We close in ten minutes, please come to the till", "voice": "female"})
    ]
    decision = await ask('generate a sound of "a train that passes for ten minutes"')
    assert "seconds" not in decision.steps[0].args


async def test_what_is_said_before_a_drawing_is_not_drawn(ask: Any) -> None:
    decision = await ask("Ah! Right. Draw a blue suitcase for our notice board.")
    assert [s.args["description"] for s in decision.steps] == ["blue suitcase for our notice board"]


async def test_another_one_of_its_kind_is_told_how(ask: Any) -> None:
    history = (Line("user", "15 seconds of cafe jazz please"), Line("bot", "Here it is.", artifacts=("jazz.wav",)))
    jazz = clip("jazz.wav", made="text_to_music")
    decision = await ask("and another one, more bossa nova, same length", jazz, history=history)
    assert steps(decision) == [("text_to_music", {"description": "cafe jazz, more bossa nova", "seconds": 15.0})]


async def test_a_clip_is_laid_over_another_and_not_taken_out(ask: Any) -> None:
    said, rain = clip("said.wav", made="text_to_speech"), clip("rain.wav", made="text_to_audio", text="gentle rain")
    decision = await ask("and lay that over the rain", said, rain)
    assert [(s.args["operation"], sorted(s.args["audios"])) for s in decision.steps] == [
        ("mix", ["rain.wav", "said.wav"])
    ]


TALK_CLIP = clip("talk.mp3", duration_s=60.0)
BOTH = (
    Line("user", "transcribe this and then make a waveform video out of it", artifacts=("talk.mp3",)),
    Line("bot", "That did not work this time."),
)


@pytest.mark.parametrize(
    ("text", "plan"), [("just the video again please", "audiogram"), ("only the transcript then", "speech_recognition")]
)
async def test_one_of_two_things_alone_is_wanted(ask: Any, text: str, plan: str) -> None:
    assert steps(await ask(text, TALK_CLIP, history=BOTH)) == [(plan, {"audio": "talk.mp3"})]


async def test_another_length_is_told_in_a_sentence(ask: Any) -> None:
    history = (Line("user", "compose a big dramatic piece, 3 minutes"), Line("bot", "Stopped."))
    decision = await ask("actually 20 seconds of it is enough", history=history)
    assert [(s.capability, s.args["seconds"]) for s in decision.steps] == [("text_to_music", 20.0)]


async def test_make_that_one_slower_corrects_no_other_number(ask: Any) -> None:
    history = (
        Line("user", "drop this by 3 semitones", artifacts=("ballad.mp3",)),
        Line("bot", "Here it is: lower.", artifacts=("low.wav",)),
    )
    low = clip("low.wav", made="audio_editing", how="pitch-", parents=("ballad.mp3",), duration_s=20.0)
    decision = await ask("can you make that one 10% slower too", low, clip("ballad.mp3"), history=history)
    assert steps(decision) == [("audio_editing", {"operation": "speed", "factor": 0.9, "audios": ("low.wav",)})]


async def test_praise_before_a_request_is_no_part_of_it(ask: Any) -> None:
    history = (Line("user", "draw a cat in space"), Line("bot", "Here it is."))
    decision = await ask("haha nice! and a dog on the moon", history=history)
    assert [(s.capability, s.args["description"]) for s in decision.steps] == [("text_to_image", "dog on the moon")]
    assert (await ask("haha nice!", history=history)).steps == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("would you read him that translation aloud?", "I lost my blue suitcase at the station."),
        ("lê a tradução com voz masculina", "I lost my blue suitcase at the station."),
    ],
)
async def test_what_was_found_out_is_read_and_no_talk_since(ask: Any, text: str, said: str) -> None:
    history = (
        Line("user", "what is she saying in English?", artifacts=("desk.ogg",)),
        Line("bot", said),
        Line("user", "we get nine suitcases a week"),
        Line("bot", "No language model is connected, so I understand requests for my tools only."),
    )
    decision = await ask(text, clip("desk.ogg"), history=history)
    assert [(s.capability, s.args["text"]) for s in decision.steps] == [("text_to_speech", said)]


async def test_each_is_each_although_one_is_named(ask: Any) -> None:
    clips = [clip(name, current=True) for name in ("Leo.m4a", "Maya.m4a")]
    decision = await ask("type out what each of these says please (Leo is the boy, Maya the girl)", *clips)
    assert steps(decision) == [("speech_recognition", {"audio": c.name}) for c in clips]


async def test_my_note_is_a_voice_note(ask: Any) -> None:
    assert [s.capability for s in (await ask("write down my note", clip("n.ogg", current=True))).steps] == [
        "speech_recognition"
    ]


async def test_a_part_of_an_earlier_name_settles_which(ask: Any) -> None:
    earlier = [clip(n) for n in ("entrevista_prefeito.mp3", "reuniao_condominio.mp3", "audio_da_tia.ogg")]
    decision = await ask("tira o ruído do áudio da tia", *earlier)
    assert [s.args["audio"] for s in decision.steps] == ["audio_da_tia.ogg"]
    noisy = [clip("talk.wav"), clip("noise_test.wav")]
    assert [s.args["audio"] for s in (await ask("remove the noise from it", *noisy)).steps] == ["talk.wav"]


@pytest.mark.parametrize(
    "text",
    [
        "this is the recording from the meeting, I'll let you know what I need in a minute",
        "two more files, instructions follow",
        "das ist die Aufnahme von gestern, ich sag dir gleich, was ich brauche",
        "voilà le fichier, je te dis après ce qu'il me faut",
        "aquí va el audio, luego te digo qué hacer",
        "ecco la registrazione, poi ti dico cosa serve",
        "guarda essa gravação, já já te falo o que eu preciso",
        "вот запись, потом скажу, что с ней делать",
        "先发给你，待会儿再告诉你怎么弄",
        "録音を送ります。あとで伝えます",
    ],
)
async def test_what_is_told_later_is_not_worked_on_now(ask: Any, text: str) -> None:
    decision = await ask(text, clip("a.wav", current=True, duration_s=90.0))
    assert decision.steps == () and decision.refusal is None


@pytest.mark.parametrize(
    "text",
    ["transcribe this, I'll tell you later what to translate", 'say "I\'ll tell you later"', "say i'll tell you later"],
)
async def test_what_is_asked_beside_it_is(ask: Any, text: str) -> None:
    decision = await ask(text, clip("a.wav", current=True, duration_s=90.0))
    assert [s.capability for s in decision.steps] in (["speech_recognition"], ["text_to_speech"])


async def test_a_wish_that_cannot_be_had_repeats_nothing_else(ask: Any) -> None:
    """ "draw a sheep" beside a sheep.wav once made it slower again."""
    slow = clip("speed.wav", made="audio_editing", how="speed-", parents=("back.wav",))
    back = clip("back.wav", made="audio_editing", how="reverse", parents=("sheep.wav",))
    history = (
        Line("user", "reverse this", artifacts=("sheep.wav",)),
        Line("bot", "Here it is: reversed.", artifacts=("back.wav",)),
        Line("user", "make it slower"),
        Line("bot", "Here it is: slower.", artifacts=("speed.wav",)),
    )
    served = frozenset(c.id for c in BUILT_IN) - {"text_to_image"}
    decision = await ask("draw a sheep", slow, back, clip("sheep.wav"), history=history, served=served)
    assert [s.capability for s in decision.steps] == ["text_to_image"]
    assert decision.refusal is not None and decision.refusal.kind is RefusalKind.NO_MODEL


async def test_talk_may_stand_before_a_change_too(ask: Any) -> None:
    history = (
        Line("user", 'say "mind the step" in a man\'s voice'),
        Line("bot", "Here it is: spoken.", artifacts=("speech.wav",)),
        Line("user", "what a lovely voice he has"),
        Line("bot", "Thanks."),
    )
    decision = await ask("and as a lady", clip("speech.wav", made="text_to_speech"), history=history)
    assert steps(decision) == [("text_to_speech", {"text": "mind the step", "voice": "female"})]
