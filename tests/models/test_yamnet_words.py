"""A sound that is named in free words: which classes the words mean, and when one of them is heard, or that none is."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tones import pink, tone

from core.capabilities import TargetArgs
from core.errors import BadInput
from core.media import Audio, Picture
from core.models.base import Call, Output
from core.models.sound import _matching
from core.models.sound._anchors import anchors
from core.models.sound._events import ON
from core.models.sound._finding import answer
from core.models.sound._matching import Matcher, heard_as
from core.models.sound._presence import features, learnt, present
from core.models.sound._sounds import is_event, short_name
from core.models.sound._yamnet import Heard, class_names
from core.models.sound.yamnet_words import YamNetWords
from core.settings import Settings

RATE = 24_000


@pytest.fixture(scope="module")
def finder(local: Settings) -> YamNetWords:
    model = YamNetWords(local)
    model.load("cpu")
    return model


@pytest.fixture(scope="module")
def matcher(finder: YamNetWords) -> Matcher:
    return _matching.shared()


@pytest.fixture(scope="module")
def scene(speech: Audio) -> Audio:
    """Speech from 2 to 4 s, beeps from 6 to 8 s, quiet noise throughout."""
    samples = 1e-3 * pink(8 * RATE, 3)
    samples[2 * RATE : 4 * RATE] += speech.samples[0, : 2 * RATE]
    samples[6 * RATE :] += tone(1000, 2, RATE, 0.4).samples[0] * (np.arange(2 * RATE) // (RATE // 4) % 2 == 0)
    return Audio(samples.astype(np.float32)[None], RATE)


def find(model: YamNetWords, clip: Audio, target: str) -> Output:
    return model.run(Call(TargetArgs(audio="clip", target=target), {"audio": (clip,)}))


@pytest.mark.parametrize(
    "words",
    [
        "somebody talking",
        "the voice",
        "voz",
        "quelqu'un qui parle",
        "Stimme",
        "la voce",
        "fala",
        "说话",
        "話し声",
        "речь",
    ],
)
def test_speech_is_found_by_what_nine_languages_call_it(finder: YamNetWords, scene: Audio, words: str) -> None:
    output = find(finder, scene, words)
    assert output.facts["found"] is True
    (time,) = output.facts["times"]
    assert time["start_s"] == pytest.approx(2, abs=0.5)
    assert time["end_s"] == pytest.approx(4, abs=0.5)
    assert output.text is not None
    assert f"“{words}” is heard at " in output.text
    assert "I listened for speech" in output.text
    assert isinstance(output.media[0].media, Picture)


@pytest.mark.parametrize("words", ["the doggo", "applaudissements", "Donner", "玻璃碎", "сирена", "a cat"])
def test_what_is_not_there_is_said_not_to_be(finder: YamNetWords, scene: Audio, words: str) -> None:
    output = find(finder, scene, words)
    assert output.facts["found"] is False
    assert output.facts["times"] == []
    assert output.text is not None
    assert output.text.startswith(f"“{words}” is not there: in these 8.0 s I listened for ")
    assert "What I hear is" in output.text and "speech" in output.text
    assert not output.media


def test_the_picture_names_words_in_other_letters_by_what_was_listened_for() -> None:
    heard = Heard(np.zeros((3, 521), np.float32), np.zeros((10, 64), np.float32), np.zeros(100, np.float32), 1.0)
    pictures = [
        answer(t, [(0.0, 1.0, 0.9)], ["speech"], heard, 0.9, ()).media[0].media for t in ("说话", "speech", "voz")
    ]
    chinese, english, spanish = (p.pixels for p in pictures if isinstance(p, Picture))
    np.testing.assert_array_equal(chinese, english)
    assert not np.array_equal(spanish, english)


def test_words_that_mean_no_sound_are_refused_with_the_nearest(finder: YamNetWords, scene: Audio) -> None:
    with pytest.raises(BadInput, match=r"don't know what “the universe” sounds like\. The nearest .+: \w+"):
        find(finder, scene, "the universe")


def test_silence_and_nothing_are_refused(finder: YamNetWords) -> None:
    with pytest.raises(BadInput, match="silent"):
        find(finder, Audio(np.zeros((1, RATE), np.float32), RATE), "a dog")
    with pytest.raises(BadInput, match="empty"):
        find(finder, Audio(np.zeros((1, 0), np.float32), RATE), "a dog")


def test_often_heard_is_told_in_lines(finder: YamNetWords, speech: Audio) -> None:
    word = speech.samples[0, :RATE]
    clip = np.concatenate([part for _ in range(4) for part in (word, 1e-4 * pink(3 * RATE, 1))])
    output = find(finder, Audio(clip.astype(np.float32)[None], RATE), "speech")
    assert output.text is not None
    assert output.text.startswith("“speech” is heard 4 times (I listened for speech")
    assert len(output.text.splitlines()) == 2 + 4
    starts = [time["start_s"] for time in output.facts["times"]]
    assert starts == pytest.approx([0, 4, 8, 12], abs=0.5)


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("doggo", {"dog", "barking"}),
        ("les chiens aboient", {"dog", "barking"}),
        ("ladridos de perros", {"dog", "barking"}),
        ("the sound of thunder", {"thunder"}),
        ("el ruido del trueno", {"thunder"}),
        ("applaudissements", {"applause"}),
        ("观众鼓掌", {"applause", "clapping"}),
        ("telefone tocando", {"telephone", "telephone bell ringing"}),
        ("der Wecker klingelt", {"alarm clock"}),
        ("車のクラクション", {"vehicle horn"}),
        ("шум дождя", {"rain"}),
        ("a police siren", {"siren", "police car"}),
    ],
)
def test_free_words_mean_the_class_of_the_sound(matcher: Matcher, words: str, meant: set[str]) -> None:
    found = [short_name(index) for index in matcher.meant(words)]
    assert found[0] in meant
    assert list(matcher.meant(words).values())[0] == 1


@pytest.mark.parametrize("words", ["mathematics", "the president of France", "quantum physics", "Freiheit"])
def test_other_words_mean_none(matcher: Matcher, words: str) -> None:
    assert matcher.meant(words) == {}


def test_a_class_is_heard_in_its_kinds_and_in_what_it_is_a_kind_of() -> None:
    index = {name: i for i, name in enumerate(class_names())}
    bark = heard_as({index["Bark"]: 1.0})
    assert bark[index["Dog"]] == pytest.approx(0.8)
    assert index["Animal"] not in bark
    dog: dict[int, Any] = heard_as({index["Dog"]: 0.9})
    assert dog[index["Bark"]] == dog[index["Howl"]] == 0.9
    assert index["Meow"] not in dog


def test_the_same_score_says_more_of_a_class_that_is_silent_elsewhere() -> None:
    known = learnt()
    order = np.argsort(known.mean)
    order = [int(i) for i in order if is_event(int(i)) and len(heard_as({int(i): 1.0})) == 1]
    silent, everywhere = order[0], order[-1]
    scores = np.zeros((3, len(class_names())), np.float32)
    scores[:, [silent, everywhere]] = np.array([[0.001], [0.1], [0.95]])
    seldom, often = (present(scores, {index: 1.0}) for index in (silent, everywhere))
    assert seldom[1] > ON > often[1]
    for heard in (seldom, often):
        assert np.all(np.diff(heard) > 0) and heard[0] < 0.02
    assert seldom[2] > 0.9


def test_an_event_begins_at_the_evidence_that_was_learnt() -> None:
    known = learnt()
    assert known.mean.shape == known.spread.shape == (len(class_names()),)
    assert (known.spread > 0).all() and (known.weights[:2] > 0).all()
    scores = np.linspace(0, 1, 2000, dtype=np.float32)[:, None] * np.ones(len(class_names()), np.float32)
    meant = {class_names().index("Bark"): 1.0}
    evidence = features(scores, meant, known.mean, known.spread) @ known.weights[:2] + known.weights[2]
    np.testing.assert_array_equal(present(scores, meant) >= ON, evidence >= known.on)


def test_every_anchor_belongs_to_a_class() -> None:
    assert set(anchors()) <= set(class_names())
    assert all(word for words in anchors().values() for word in words)
    assert len(anchors()) > 90
