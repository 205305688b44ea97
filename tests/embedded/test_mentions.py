"""Earlier clips by what is in them, in few words: "the waltz a bit quieter", "dat havengeluid 6 dB zachter"."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.artifacts import Kind
from core.embedded.mentions import mentioned
from core.plans import Item, Line

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HISTORY = (Line("user", "a waltz please"), Line("bot", "Here it is."))


def clip(name: str, minute: int, text: str = "", *parents: str, **more: Any) -> Item:
    at = NOON + timedelta(minutes=minute)
    return Item(name, Kind.AUDIO, name, current=False, at=at, text=text, parents=parents, **more)


def three(language: dict[str, str]) -> tuple[Item, ...]:
    return (
        clip("speech-1.wav", 3, language["speech"], made="text_to_speech"),
        clip("sound-1.wav", 2, language["sound"], made="text_to_audio"),
        clip("music-1.wav", 1, language["music"], made="text_to_music"),
    )


EN = three({"music": "compose a waltz for two violins", "sound": "waves on a beach", "speech": "say dinner is ready"})
DE = three({"music": "komponier einen Walzer", "sound": "Regen auf einem Dach", "speech": "sag: das Essen ist fertig"})
FR = three({"music": "compose une valse", "sound": "des vagues sur la plage", "speech": "dis : le dîner est prêt"})
ES = three({"music": "compón un vals lento", "sound": "olas en la playa", "speech": "di: la cena está lista"})
PT = three({"music": "faz um samba animado", "sound": "ondas na praia", "speech": "diz: o jantar está pronto"})
IT = three({"music": "componi un valzer", "sound": "pioggia sul tetto", "speech": "di': la cena è pronta"})
NL = three({"music": "maak een wals", "sound": "regen op een dak", "speech": "zeg: het eten is klaar"})


@pytest.mark.parametrize(
    ("items", "text", "name"),
    [
        (EN, "make the waltz 4 dB quieter", "music-1.wav"),
        (EN, "fade out the waves over 3 seconds", "sound-1.wav"),
        (EN, "add some reverb to the waltz", "music-1.wav"),
        (EN, "make it 4 dB quieter", "speech-1.wav"),
        (EN, "reverse the dinner announcement", "speech-1.wav"),
        (DE, "mach den Walzer 4 dB leiser", "music-1.wav"),
        (DE, "blende das Regengeräusch über 3 Sekunden aus", "sound-1.wav"),
        (DE, "mach das 4 dB leiser", "speech-1.wav"),
        (FR, "baisse la valse de 4 dB", "music-1.wav"),
        (FR, "mets un fondu de sortie de 3 secondes sur les vagues", "sound-1.wav"),
        (ES, "baja el vals 4 dB", "music-1.wav"),
        (ES, "ponle reverb a las olas", "sound-1.wav"),
        (PT, "abaixa o samba em 4 dB", "music-1.wav"),
        (PT, "volta no samba: põe um fade de 3 segundos no final", "music-1.wav"),
        (IT, "abbassa il valzer di 4 dB", "music-1.wav"),
        (NL, "zet de wals 4 dB zachter", "music-1.wav"),
        (NL, "dat regengeluid 4 dB zachter", "sound-1.wav"),
    ],
)
async def test_a_clip_is_named_by_what_is_in_it(ask: Any, items: tuple[Item, ...], text: str, name: str) -> None:
    decision = await ask(text, *items, history=HISTORY)
    assert [step.capability for step in decision.steps] == ["audio_editing"], decision
    assert tuple(decision.steps[0].args["audios"]) == (name,)


@pytest.mark.parametrize(
    ("text", "operation", "name"),
    [
        ("do condomínio deixa só os primeiros 20 segundos", "trim", "reuniao_condominio.mp3"),
        ("ok fondu de sortie 2 s sur celle que tu as faite", "fade", "tia.mp3"),
        ("그거 20초까지만 남겨줘", "trim", "tia.mp3"),
        ("reverse the condominio thing", "reverse", "reuniao_condominio.mp3"),
    ],
)
async def test_what_names_an_earlier_clip_is_no_wish_for_a_new_one(
    ask: Any, text: str, operation: str, name: str
) -> None:
    sent = [clip("tia.mp3", 2, duration_s=60.0), clip("reuniao_condominio.mp3", 1, duration_s=60.0)]
    decision = await ask(text, *sent, history=HISTORY)
    assert [step.args.get("operation") for step in decision.steps] == [operation], decision
    assert tuple(decision.steps[0].args["audios"]) == (name,)


@pytest.mark.parametrize("text", ["draw the train at night", "a song about the sea", "compose a waltz for the harp"])
async def test_a_wish_for_something_new_stays_one(ask: Any, text: str) -> None:
    decision = await ask(text, *EN, history=HISTORY)
    assert [step.capability for step in decision.steps][0].startswith("text_to_"), decision


async def test_words_that_only_join_others_name_no_file(ask: Any) -> None:
    sent = [clip("louder-music-with-a-man.wav", 1, duration_s=9.0), clip("sheep.wav", 0, duration_s=9.0)]
    decision = await ask("make a vertical video with captions of it", EN[0], *sent, history=HISTORY)
    assert [step.args["audio"] for step in decision.steps] == ["speech-1.wav"], decision


def test_what_a_piece_was_made_from_names_it_too() -> None:
    made = clip("picture-sound.wav", 1, "", "p", made="image_to_audio")
    assert mentioned([EN[0], made], "dat havengeluid zachter", {"p": "uitzicht_haven.jpg"}) is made


@pytest.mark.parametrize("words", ["louder, please", "the end a bit quieter", "fade the last 3 seconds", "the train"])
def test_what_names_nothing_leaves_the_newest(words: str) -> None:
    assert mentioned(EN, words, {}) is None


def test_what_the_newest_has_too_is_the_newest() -> None:
    later = clip("later.wav", 4, "waves at night", made="text_to_audio")
    assert mentioned([later, *EN], "the waves 3 dB louder", {}) is None


@pytest.mark.parametrize(
    ("text", "operation", "args"),
    [
        ("それを3dB下げて", "gain", {"gain_db": -3.0}),
        ("그거 소리 5dB 줄여줘", "gain", {"gain_db": -5.0}),
        ("아까 그거 10dB 올려줘", "gain", {"gain_db": 10.0}),
        ("把这个调低4分贝", "gain", {"gain_db": -4.0}),
        ("die Aufnahme 6 dB lauter bitte", "gain", {"gain_db": 6.0}),
        ("põe um fade de 4 segundos no final", "fade", {"fade_out_s": 4.0}),
    ],
)
async def test_decibels_and_borrowed_names_leave_no_doubt(
    ask: Any, text: str, operation: str, args: dict[str, float]
) -> None:
    decision = await ask(text, EN[0], history=HISTORY)
    assert [step.capability for step in decision.steps] == ["audio_editing"], decision
    given = decision.steps[0].args
    assert given["operation"] == operation
    assert {name: given.get(name) for name in args} == args
