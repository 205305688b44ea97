"""What a description asks of the composer, in nine languages."""

from __future__ import annotations

import pytest

from core.errors import BadInput, OverLimit
from core.models.music._brief import Brief, read
from core.models.music._harmony import Key
from core.models.music.composer import checked


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("a waltz in D minor", Key(2, minor=True)),
        ("pop in Bb major", Key(10)),
        ("something in the key of G", Key(7)),
        ("rock in F#m", Key(6, minor=True)),
        ("a tune in E flat major", Key(3)),
        ("ein Stück in d-Moll", Key(2, minor=True)),
        ("ein Stück in B-Dur", Key(10)),
        ("ein Stück in fis-Moll", Key(6, minor=True)),
        ("une valse en fa dièse mineur", Key(6, minor=True)),
        ("un vals en si bemol mayor", Key(10)),
        ("uma valsa em dó menor", Key(0, minor=True)),
        ("un valzer in la minore", Key(9, minor=True)),
        ("вальс в ре миноре", Key(2, minor=True)),
        ("вальс си-бемоль мажор", Key(10)),
        ("降B大调的爵士", Key(10)),
        ("嬰ヘ短調のワルツ", Key(6, minor=True)),
        ("folk in D dorian", Key(2, minor=True, mode="dorian")),
        ("jazz in G mixolydian", Key(7, mode="mixolydian")),
        ("a happy pop song", None),
        ("a sad song about a major event in a minor key", None),
    ],
)
def test_keys_are_read_in_every_language(words: str, key: Key | None) -> None:
    assert read(words).key == key


@pytest.mark.parametrize(
    ("words", "genre", "mood"),
    [
        ("a happy pop song", "pop", "happy"),
        ("traurige Klaviermusik", None, "sad"),
        ("une valse triste", "waltz", "sad"),
        ("una bossa nova alegre", "bossa nova", "happy"),
        ("um samba alegre", "bossa nova", "happy"),
        ("musica jazz rilassante", "jazz", "calm"),
        ("весёлый рок", "rock", "happy"),
        ("欢快的摇滚", "rock", "happy"),
        ("悲しいジャズ", "jazz", "sad"),
        ("epic orchestral music", "orchestral", "epic"),
        ("lo-fi for studying", "lo-fi", "calm"),
        ("some drum and bass", "drum and bass", None),
    ],
)
def test_genre_and_mood_are_read_in_every_language(words: str, genre: str | None, mood: str | None) -> None:
    brief = read(words)
    assert (brief.genre, brief.mood) == (genre, mood)


@pytest.mark.parametrize(
    ("words", "tempo"),
    [
        ("pop at 120 bpm", 120),
        ("jazz, tempo 96", 96),
        ("テンポ140のロック", 140),
        ("рок, темп 130", 130),
        ("a march, quarter note = 112", 112),
        ("un tango, 118 ppm", 118),
        ("pop in C at 110", 110),
        ("rock at about 140, with two guitars", 140),
        ("pop", None),
        ("music at 44.1 kHz", None),
        ("jazz at 50 seconds", None),
    ],
)
def test_a_tempo_is_read(words: str, tempo: float | None) -> None:
    assert read(words).tempo_bpm == tempo


@pytest.mark.parametrize(
    ("words", "seconds"),
    [
        ("30 seconds of jazz", 30),
        ("a two minute waltz", 120),
        ("1 minute and 20 seconds of rock", 80),
        ("30 Sekunden Jazz", 30),
        ("jazz, 1:30 long", 90),
        ("30秒のジャズ", 30),
        ("джаз на 20 секунд", 20),
        ("half a minute of funk", 30),
        ("pop in 3/4", None),
    ],
)
def test_a_length_is_read(words: str, seconds: float | None) -> None:
    assert read(words).seconds == seconds


def test_what_is_not_wanted_is_told_from_what_is() -> None:
    brief = read("jazz with piano and saxophone but without drums or bass")
    assert set(brief.instruments) == {"piano", "saxophone"}
    assert {"drums", "bass", "double bass"} <= brief.without
    assert "drums" in read("une valse sans batterie").without
    assert "drums" in read("不要鼓的爵士").without
    assert "drums" in read("ドラムなしのジャズ").without
    assert read("solo piano").only
    assert not read("piano and drums").only
    assert read("rock with intro, verse, chorus and outro").form == ("intro", "verse", "chorus", "outro")
    assert read("techno with a fade-out").ending == "fade"


def test_a_musician_is_told_from_a_genre() -> None:
    assert read("a song in the style of Taylor Swift").artist == "Taylor Swift"
    assert read("a song in the style of Jazz").artist is None


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("a pop song with these lyrics: hello my love", "sing"),
        ("play happy birthday", "new pieces"),
        ("a song in the style of Taylor Swift", "imitate"),
    ],
)
def test_what_is_not_composed_is_refused_with_what_is(words: str, told: str) -> None:
    with pytest.raises(BadInput, match=told):
        checked(read(words), None)


def test_limits_are_named() -> None:
    with pytest.raises(OverLimit, match="5 minutes"):
        checked(Brief(), 301)
    with pytest.raises(OverLimit, match="260"):
        checked(Brief(tempo_bpm=400), None)
    assert checked(read("pop without vocals, 20 seconds"), None).seconds == 20
