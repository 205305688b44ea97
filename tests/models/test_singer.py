"""Singing: the words are there, on their notes and on their beats, whoever wrote the tune."""

from __future__ import annotations

from typing import Any

import jiwer
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from swift_f0 import SwiftF0

from bench.sentences import normalise
from core.capabilities import RecogniseArgs, SingArgs
from core.errors import BadInput, Cancelled, MissingInput, OverLimit
from core.media import Audio
from core.models.base import Call, Output
from core.models.music import _soundfont
from core.models.music._harmony import Key, chords, key_of, moved, notes_of, read_key
from core.models.music._lyrics import syllables
from core.models.music._melody import compose
from core.models.music._pinyin import is_pinyin
from core.models.music._score import Note, Rest, Score, Sung, hertz, lay, note_name, read_tune
from core.models.music._singing import LEAD_S
from core.models.music.singer import Singer
from core.models.speech.faster_whisper import FasterWhisper
from core.settings import Settings

ROW = "Row row row your boat gently down the stream"
ROW_NOTES = "C4 | C4 | C4 | D4 | E4 | E4 | D4 | E4 | F4 | G4"
ROW_SECONDS = ".6 | .6 | .4 | .2 | .6 | .4 | .2 | .4 | .2 | 1.2"


@pytest.fixture(scope="module")
def singer(local: Settings) -> Singer:
    model = Singer(local)
    model.load("cpu")
    return model


def sung(singer: Singer, lyrics: str, melody: Audio | None = None, seed: int = 0, **args: Any) -> Output:
    inputs = {"melody": (melody,)} if melody else {}
    given_args = SingArgs(lyrics=lyrics, melody="clip" if melody else None, **args)
    return singer.run(Call(given_args, inputs, seed=seed))


def sound(output: Output) -> Audio:
    media = output.media[0].media
    assert isinstance(media, Audio)
    return media


def hum(notes: list[tuple[float, float]], rate: int = 22_050) -> Audio:
    """Pitches in MIDI with seconds, 0 for silence, as somebody might hum them: a little sharp throughout."""
    parts = []
    for midi, seconds in notes:
        t = np.arange(round(seconds * rate)) / rate
        edge = np.clip(np.minimum(t, seconds - t) / 0.03, 0, 1)
        hz = hertz(midi + 0.3)
        parts.append(edge * (np.sin(2 * np.pi * hz * t) + 0.4 * np.sin(4 * np.pi * hz * t)) * (0.3 if midi else 0))
    return Audio(np.concatenate(parts)[None].astype(np.float32), rate)


def cents_off(clip: Audio, notes: list[tuple[float, float, float]]) -> list[float]:
    """Of notes as start in s, seconds and MIDI, how far the pitch heard in their middle is from them."""
    heard = SwiftF0(threads=1).detect(clip.samples.mean(0), clip.sample_rate)
    off = []
    for start, seconds, midi in notes:
        middle = (heard.timestamps > start + 0.1 + 0.1 * seconds) & (heard.timestamps < start + 0.75 * seconds)
        sure = middle & (heard.confidence > 0.5)
        assert sure.any(), f"no pitch in the note at {start:.2f} s"
        off.append(float(1200 * np.log2(np.median(heard.pitch_hz[sure]) / hertz(midi))))
    return off


def test_the_words_are_sung_on_their_notes(singer: Singer, whisper: FasterWhisper) -> None:
    output = sung(singer, ROW, notes=ROW_NOTES, durations=ROW_SECONDS, voice="male")
    clip = sound(output)
    lengths = [float(s) for s in ROW_SECONDS.split(" | ")]
    starts = LEAD_S + np.concatenate([[0.0], np.cumsum(lengths)[:-1]])
    midi = [n.midi for n in notes_of(lay(read_tune(ROW_NOTES, None, 100), syllables("ɹO " * 10)))]
    long = [(s, d, m) for s, d, m in zip(starts, lengths, midi, strict=True) if d > 0.3]
    assert np.median(np.abs(cents_off(clip, long))) < 10
    assert max(np.abs(cents_off(clip, long))) < 35
    text = whisper.run(Call(RecogniseArgs(audio="a", language="en"), {"audio": (clip,)})).text
    assert jiwer.wer(normalise(ROW), normalise(text or "")) <= 0.2
    assert clip.samples.shape[0] == 2
    assert 0.5 < np.abs(clip.samples).max() <= 0.9
    assert output.facts["key"] == "C major"


def test_an_octave_up_is_the_same_song_twice_as_high(singer: Singer) -> None:
    low = sound(sung(singer, "la la la", notes="C4 D4 E4", durations="0.8"))
    high = sound(sung(singer, "la la la", notes="C5 D5 E5", durations="0.8"))
    for clip, octave in ((low, 0), (high, 12)):
        notes = [(LEAD_S + 0.8 * n, 0.8, 60 + step + octave) for n, step in enumerate((0, 2, 4))]
        assert np.median(np.abs(cents_off(clip, notes))) < 10


def test_the_papers_own_prompt_is_sung(singer: Singer) -> None:
    notes = (
        "C#4/Db4 | rest | F#4/Gb4 | G#4/Ab4 | A#4/Bb4 F#4/Gb4 | F#4/Gb4 C#4/Db4 | C#4/Db4 | rest | C#4/Db4 | A#4/Bb4"
    )
    durations = (
        "0.407140 | 0.2 | 0.376190 | 0.242180 | 0.509550 0.183420 | 0.315400 0.235020 | 0.361660 | 0.223070"
        " | 0.377270 | 0.340550"
    )
    output = sung(singer, "I AP love you more than words can say", notes=notes, durations=durations)
    assert output.facts["notes"] == "C#4 | rest | F#4 | Ab4 | Bb4 F#4 | F#4 C#4 | C#4 | rest | C#4 | Bb4"
    seconds = sound(output).samples.shape[1] / sound(output).sample_rate
    assert seconds == pytest.approx(LEAD_S + 3.7714 + 0.4, abs=0.01)


def test_the_tune_is_taken_from_humming(singer: Singer) -> None:
    tune = [(60, 0.4), (62, 0.4), (64, 0.4), (60, 0.8), (0, 0.4), (64, 0.4), (65, 0.4), (67, 0.9)]
    output = sung(singer, "Are you sleeping, brother John", melody=hum(tune))
    assert output.facts["notes"] == "C4 | D4 | E4 | C4 | rest | E4 | F4 | G4"
    assert output.facts["melody"] == "from the clip"
    notes = [(LEAD_S + 1.2, 0.8, 60.0), (LEAD_S + 3.2, 0.9, 67.0)]
    assert max(np.abs(cents_off(sound(output), notes))) < 35


@pytest.mark.parametrize("clip", [hum([(0, 2.0)]), hum([(60, 0.05)])], ids=["silence", "a blip"])
def test_a_clip_without_a_tune_is_refused(singer: Singer, clip: Audio) -> None:
    with pytest.raises(BadInput, match="no tune"):
        sung(singer, "la la", melody=clip)


def test_words_without_a_tune_get_one_that_ends_at_home(singer: Singer) -> None:
    first = sung(singer, "Come along and dance with me\nUnderneath the apple tree", seed=1)
    assert first.facts["melody"] == "composed"
    key = read_key(first.facts["key"])
    last = first.facts["notes"].split(" | ")[-1]
    assert last[:-1] == note_name(key.midi(0))[:-1]
    again = sung(singer, "Come along and dance with me\nUnderneath the apple tree", seed=1)
    assert np.array_equal(sound(first).samples, sound(again).samples)
    other = sung(singer, "Come along and dance with me\nUnderneath the apple tree", seed=2)
    assert other.facts["notes"] != first.facts["notes"]


def test_a_second_voice_sings_a_third_away(singer: Singer) -> None:
    clip = sound(sung(singer, "la", notes="C4", durations="2", key="C major", harmony="thirds"))
    middle = clip.samples.mean(0)[round((LEAD_S + 0.6) * clip.sample_rate) :][: clip.sample_rate]
    spectrum = np.abs(np.fft.rfft(middle * np.hanning(len(middle))))

    def level(midi: float) -> float:
        at = round(hertz(midi))
        return float(spectrum[at - 6 : at + 7].max())

    assert level(64) > 8 * max(level(62), level(65.5))
    assert level(60) > 8 * level(62)


def test_a_choir_stands_wide(singer: Singer) -> None:
    solo = sound(sung(singer, "Hallelujah", seed=4)).samples
    choir = sound(sung(singer, "Hallelujah", seed=4, harmony="choir")).samples

    def apart(sides: np.ndarray) -> float:
        return float(np.std(sides[0] - sides[1]) / np.std(sides[0] + sides[1]))

    assert apart(choir) > 2 * apart(solo)


@pytest.mark.parametrize(
    ("args", "error", "words"),
    [
        ({"lyrics": "!!! ..."}, BadInput, "no words"),
        ({"lyrics": "Guten Morgen, wie geht es dir heute mein lieber Freund"}, BadInput, "German"),
        ({"lyrics": "小酒窝长睫毛"}, BadInput, "English.*Chinese"),
        ({"lyrics": "小酒窝长睫毛AP是你最美的记号"}, BadInput, "English.*Chinese"),
        ({"lyrics": "xiǎo jiǔ wō cháng jié máo"}, BadInput, "English.*Chinese"),
        ({"lyrics": "la", "notes": "Q4"}, BadInput, "Q4"),
        ({"lyrics": "la", "notes": "C9"}, OverLimit, "range"),
        ({"lyrics": "la", "notes": "rest | rest"}, MissingInput, "no notes"),
        ({"lyrics": "la la", "notes": "C4 | D4", "durations": "1 | 1 | 1"}, BadInput, "durations"),
        ({"lyrics": "la", "notes": "C4", "durations": "100"}, BadInput, "0.03 to 30"),
        ({"lyrics": "la", "key": "H sharp"}, BadInput, "H sharp"),
        ({"lyrics": "la " * 2000}, OverLimit, "characters"),
    ],
)
def test_what_cannot_be_sung_is_refused_with_the_reason(
    singer: Singer, args: dict[str, Any], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        singer.run(Call(SingArgs(**args)))


@pytest.mark.parametrize(
    "words",
    [
        "xiao jiu wo chang jie mao",
        "wo3 ai4 ni3 zhong1 guo2",
        "Yueliang daibiao wo de xin",
        "dong fang hong tai yang sheng",
        "shuo hua jue de peng you dou zai",
    ],
)
def test_pinyin_is_known_for_what_it_is(words: str) -> None:
    assert is_pinyin(words)


@pytest.mark.parametrize(
    "words",
    [
        "la da ba du na ma",
        "do re mi fa so la ti do",
        "You can lie and she can die",
        "bang bang, she sang a song, rang a gong",
        "Mama mia, here I go again",
        "Rain, rain, go away, come again another day",
    ],
)
def test_nonsense_and_english_that_look_like_pinyin_are_sung(words: str) -> None:
    assert not is_pinyin(words)


@pytest.mark.skipif(_soundfont.missing(Settings(_env_file=None)) is not None, reason="left out: no soundfont is here")
def test_instruments_play_the_tunes_chords_under_the_voice(singer: Singer) -> None:
    notes = "C4 E4 G4 E4 F4 A4 C5 A4 G4 B4 D5 B4 C5 G4 E4 C4"
    asked = {"lyrics": "la " * 16, "notes": notes, "durations": "0.5", "key": "C major"}
    alone, together = sound(sung(singer, **asked)), sound(sung(singer, **asked, backing=True))
    assert (alone.sample_rate, together.sample_rate) == (24_000, 48_000)
    assert together.samples.shape[1] / 48_000 >= alone.samples.shape[1] / 24_000

    def bass_hz(bar: int) -> float:
        """The strongest tone below the voice early in a bar."""
        start = round((LEAD_S + 2.0 * bar + 0.1) * 48_000)
        part = together.samples.mean(0)[start : start + 36_000]
        spectrum = np.abs(np.fft.rfft(part * np.hanning(len(part)), 8 * len(part)))
        hz = np.fft.rfftfreq(8 * len(part), 1 / 48_000)
        low = (hz > 55) & (hz < 130)
        return float(hz[low][np.argmax(spectrum[low])])

    for bar, root in enumerate((36, 41, 43, 36)):
        assert abs(1200 * np.log2(bass_hz(bar) / hertz(root))) < 40, bar
    off = cents_off(together, [(LEAD_S + 0.5 * n, 0.5, 60.0 + s) for n, s in ((4, 5), (8, 7))])
    assert max(np.abs(off)) < 35, "the voice is heard above them"


def test_without_a_soundfont_the_voice_sings_alone_and_says_why(
    singer: Singer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_soundfont, "missing", lambda settings: "install a soundfont")
    output = sung(singer, "la la", backing=True)
    assert "voice alone" in (output.text or "") and "install a soundfont" in (output.text or "")
    assert sound(output).sample_rate == 24_000
    assert sung(singer, "la la").text is None


def test_it_stops_when_told(singer: Singer) -> None:
    def stop(fraction: float) -> None:
        if fraction > 0.3:
            raise Cancelled("Stopped.")

    with pytest.raises(Cancelled):
        singer.run(Call(SingArgs(lyrics="one two three.\nfour five six.\nseven eight nine.\nten."), progress=stop))


@pytest.mark.parametrize(
    ("phonemes", "found"),
    [
        ("hˈæpi bˈɜɹθdˌA", ["hæ", "pi", "bɜɹθ", "dA"]),
        ("stɹˈɛŋθ bˈʌtn", ["stɹɛŋθ", "bʌ", "tn"]),
        ("ˈɛkstɹə əmˈAzɪŋ", ["ɛk", "stɹə", "ə", "mA", "zɪŋ"]),
        ("sˈɪŋɪŋ ɹˈɪðəm, pɹˈɪzəm!", ["sɪŋ", "ɪŋ", "ɹɪ", "ðəm", "pɹɪ", "zəm"]),
    ],
)
def test_words_fall_into_syllables(phonemes: str, found: list[str]) -> None:
    assert [s.onset + s.nucleus + s.coda for s in syllables(phonemes)] == found


def score(notes: str, words: str) -> Score:
    return lay(read_tune(notes, None, 60), syllables(words))


def test_a_short_tune_is_sung_again_and_a_long_one_moves_on_the_last_syllable() -> None:
    twice = score("C4 D4", "lˈɑ lˈɑ lˈɑ lˈɑ")
    assert [n.midi for n in notes_of(twice)] == [60, 62, 60, 62]
    held = score("C4 D4 E4 F4", "lˈɑ lˈɑ")
    assert [[n.midi for n in part.notes] for part in held if isinstance(part, Sung)] == [[60], [62, 64, 65]]


def test_fire_is_one_syllable_where_the_tune_has_but_one_note_for_it() -> None:
    sung_parts = [part for part in score("C4 D4", "fˈIəɹ nˈW") if isinstance(part, Sung)]
    assert [part.syllable.coda for part in sung_parts] == ["əɹ", ""]
    assert len([part for part in score("C4 D4 E4", "fˈIəɹ nˈW") if isinstance(part, Sung)]) == 3


@given(st.integers(0, 11), st.booleans(), st.integers(48, 76), st.sampled_from([-2, 2, 4, 7]))
def test_a_note_of_the_scale_moves_to_one_of_the_scale(tonic: int, minor: bool, midi: int, steps: int) -> None:
    key = Key(tonic, minor)
    inside = (midi - tonic) % 12 in key.scale
    shifted = key.shifted(midi, steps)
    assert not inside or ((shifted - tonic) % 12 in key.scale and key.shifted(shifted, -steps) == midi)


@settings(max_examples=40)
@given(st.integers(0, 11), st.booleans())
def test_the_key_of_a_scale_is_found(tonic: int, minor: bool) -> None:
    key = Key(tonic, minor)
    tune = [Note(key.midi(degree), 1.0) for degree in (0, 1, 2, 3, 4, 5, 6, 4, 2, 4, 2, 0, 0)]
    assert key_of(tune) == key
    assert read_key(key.name) == key


@settings(max_examples=60)
@given(st.lists(st.integers(1, 13), min_size=1, max_size=6), st.integers(0, 99), st.booleans())
def test_a_composed_melody_fits_its_words(sizes: list[int], seed: int, minor: bool) -> None:
    lines = [syllables("lˈɑ tə " * (size // 2) + "lˈɑ " * (size % 2)) for size in sizes]
    made = compose(lines, seed, "", Key(9, minor), 100.0)
    sung_parts = [part for part in made.score if isinstance(part, Sung)]
    assert [part.syllable for part in sung_parts] == [s for line in lines for s in line]
    assert all(part.seconds > 0.1 for part in made.score if isinstance(part, Sung))
    assert all(part.seconds > 0 for part in made.score if isinstance(part, Rest))
    heights = [note.midi for note in notes_of(made.score)]
    assert max(heights) - min(heights) <= 21
    assert all((midi - 9) % 12 in made.key.scale for midi in heights)
    assert heights[-1] % 12 == 9
    bar_s = 60 / 100 * 4
    total = sum(part.seconds for part in made.score)
    assert total <= len(made.chords) * bar_s + 1e-6


def test_chords_hold_the_notes_above_them() -> None:
    tune = score("C4 E4 G4 C5 F4 A4 C5 F4 G4 B4 D5 G4 C4 E4 G4 C4", "lˈɑ " * 16)
    found = chords(tune, Key(0), 1.0)
    assert [classes[0] for _, classes in found] == [0, 5, 7, 0]
    assert [start for start, _ in found] == [0.0, 4.0, 8.0, 12.0]
    assert moved(tune, Key(0), 2)[0] == Sung(tune[0].syllable, (Note(64.0, 1.0),))  # type: ignore[union-attr]
