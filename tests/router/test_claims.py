"""The claim gate against lies and honest replies in nine languages, and against what really is there."""

from __future__ import annotations

import time
from collections import Counter

import pytest
from router.claims import HONEST, LIES

from core.artifacts import Artifact, Facts, Kind
from core.claims import denies, evidence, untrue
from core.embedded.phrases import PHRASES
from core.sayings import LANGUAGES
from core.sayings import language as words_in

TONGUES = {"en", "es", "fr", "de", "it", "pt", "ru", "zh", "ja"}
ALL = frozenset(Kind)


def test_the_lists_are_long_and_in_all_languages() -> None:
    for texts in (LIES, HONEST):
        counted = Counter(language for language, _ in texts)
        assert set(counted) == TONGUES
        assert min(counted.values()) >= 8
        assert len(set(texts)) == len(texts) >= 150


@pytest.mark.parametrize(("language", "text"), LIES)
def test_a_lie_is_found(language: str, text: str) -> None:
    assert untrue(text, ()) is not None


@pytest.mark.parametrize(("language", "text"), HONEST)
def test_honest_words_pass(language: str, text: str) -> None:
    assert untrue(text, ()) is None


@pytest.mark.parametrize(("language", "text"), LIES)
def test_the_same_words_are_true_where_the_media_are_there(language: str, text: str) -> None:
    assert untrue(text, ALL) is None


@pytest.mark.parametrize(
    ("text", "there", "true"),
    [
        ("Here is your song.", {Kind.AUDIO}, True),
        ("Here is your song.", {Kind.IMAGE}, False),
        ("I drew a cat for you.", {Kind.AUDIO}, True),  # a drawing that is not named by a noun of media
        ("I drew a picture of a cat.", {Kind.AUDIO}, False),
        ("Here is the song and a picture of the band.", {Kind.AUDIO}, False),
        ("Here is the song and a picture of the band.", {Kind.AUDIO, Kind.IMAGE}, True),
        ("Here is your clip.", {Kind.AUDIO}, True),
        ("Here is your clip.", {Kind.VIDEO}, True),
        ("Here is your clip.", {Kind.IMAGE}, False),
        ("I've attached the file.", {Kind.MIDI}, True),
        ("I've attached the file.", set(), False),
        ("I've written down the notes. The video is ready.", {Kind.MIDI}, False),
    ],
)
def test_a_claim_wants_media_of_its_kind(text: str, there: set[Kind], true: bool) -> None:
    assert (untrue(text, there) is None) is true


def test_what_is_quoted_or_said_by_others_claims_nothing() -> None:
    words = "Here is the song that I made for you all."
    assert untrue(words, ()) is not None
    assert untrue(f"They say: “{words}”", ()) is None
    assert untrue(f"They say: {words}", (), known=[words]) is None
    assert untrue(f"They say: {words} And here is your audio.", (), known=[words]) is not None


def test_the_sentence_that_is_untrue_is_named() -> None:
    text = "Good morning! I recorded a song for you. Have a nice day."
    assert untrue(text, ()) == "I recorded a song for you."


@pytest.mark.parametrize("language", sorted(PHRASES))
def test_what_the_embedded_router_says_without_media_passes(language: str) -> None:
    """`here` is said only where something is shown."""
    false = {name: told for name, words in PHRASES[language].items() if (told := untrue(words, ()))}
    assert set(false) <= {"here"}


@pytest.mark.parametrize("language", sorted(TONGUES))
def test_what_stands_in_for_untrue_words_is_true_and_admits_it(language: str) -> None:
    nothing = words_in(language).said["nothing"]
    assert language in LANGUAGES
    assert untrue(nothing, ()) is None
    assert denies(nothing)


def test_evidence_is_what_was_measured() -> None:
    def made(kind: Kind, **facts: object) -> Artifact:
        return Artifact("0" * 24, kind, "x", Facts("x/x", 9, **facts))  # type: ignore[arg-type]  # as a test gives them

    assert evidence([]) == frozenset()
    assert evidence([made(Kind.AUDIO, duration_s=0.0), made(Kind.AUDIO)]) == frozenset()
    assert evidence([made(Kind.IMAGE), made(Kind.VIDEO, duration_s=0.0)]) == frozenset()
    assert evidence([made(Kind.AUDIO, duration_s=1.0)]) == {Kind.AUDIO}
    assert evidence([made(Kind.IMAGE, width=1, height=1)]) == {Kind.IMAGE}
    assert evidence([made(Kind.VIDEO, duration_s=1.0)]) == {Kind.VIDEO, Kind.IMAGE}
    assert evidence([made(Kind.VIDEO, duration_s=1.0, has_audio=True)]) == {Kind.VIDEO, Kind.IMAGE, Kind.AUDIO}


@pytest.mark.parametrize("text", ["I made " + "the " * 5000, "a " * 10_000, "![" * 10_000, "“" * 20_000, "«" * 20_000])
def test_no_text_takes_long_to_read(text: str) -> None:
    """20,000 characters take under a second; what grew with their square would take minutes."""
    started = time.process_time()
    untrue(text, ())
    assert time.process_time() - started < 20
