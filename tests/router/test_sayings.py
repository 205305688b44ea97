"""What is said to people: the same names and places in every language, and nothing in the code without its words."""

from __future__ import annotations

import ast
import copy
import pickle
import re
import tomllib
from collections.abc import Iterator
from string import Formatter

import pytest
from paths import ROOT

from core.artifacts import Kind
from core.capabilities import BUILT_IN
from core.claims import untrue
from core.embedded.phrases import PHRASES
from core.errors import BadInput, ConsentNeeded, Refusal, RefusalKind
from core.languages import NAMES
from core.sayings import LANGUAGES, SOURCE, Language, Saying, in_language, language, read, saying
from core.steps import _article
from core.wording import worded

OTHERS = [code for code in LANGUAGES if code != SOURCE]
ENGLISH = language(SOURCE)
MOST_HEARD = ("English", "Spanish", "French", "German", "Italian", "Portuguese", "Russian", "Chinese", "Japanese")
ANYTHING = {"limit": 90, "wait": 120, "sure": 0.5, "less": 0.3}
"""Places whose form wants a number; the others take one too, or a word."""


def fields(words: str) -> set[tuple[str, str]]:
    """The places of a sentence, with those forms that ask a language for words."""
    found = [(name, form or "") for _, name, form, _ in Formatter().parse(words) if name]
    return {(name, form if form in ("term", "duration") else "") for name, form in found}


def shared(words: str, english: str) -> float:
    """Which part of a sentence's words stand in the English one too, beside its places and what is to be typed."""
    mine, source = (re.findall(r"[^\W\d_]+", re.sub(r"`[^`]*`|{[^}]*}", "", t.lower())) for t in (words, english))
    return sum(word in source for word in mine) / len(mine)


def filled(words: Language, name: str) -> str:
    forms = [(place, form or "") for _, place, form, _ in Formatter().parse(ENGLISH.said[name]) if place]
    numbers = {place for place, form in forms if form and form != "term"}
    return words.words(name, {place: ANYTHING.get(place, 7 if place in numbers else "C4") for place, _ in forms})


def calls() -> Iterator[tuple[str, ast.Call, str]]:
    """Every name that the code says, with the call and where it is."""
    for path in sorted(p for top in ("core", "bots") for p in (ROOT / top).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and node.args:
                called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                if called in ("saying", "_words"):
                    first = node.args[0]
                    either = [first.body, first.orelse] if isinstance(first, ast.IfExp) else [first]
                    named = [part.value for part in either if isinstance(part, ast.Constant)]
                    yield from ((name, node, f"{path.relative_to(ROOT)}:{node.lineno}") for name in named)


SAID = list(calls())


def test_the_languages_are_those_of_the_embedded_router() -> None:
    assert set(LANGUAGES) == set(PHRASES)


@pytest.mark.parametrize("code", OTHERS)
def test_every_language_has_the_same_names_and_places(code: str) -> None:
    words = language(code)
    assert list(words.said) == list(ENGLISH.said)
    for name, english in ENGLISH.said.items():
        assert fields(words.said[name]) == fields(english), name
        assert words.said[name] != english, name


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_kind_of_refusal_has_a_sentence(code: str) -> None:
    kinds = language(code).kinds
    assert set(kinds) == set(RefusalKind)
    assert len(set(kinds.values())) == len(RefusalKind)
    assert not any(fields(sentence) for sentence in kinds.values())


@pytest.mark.parametrize("code", OTHERS)
def test_every_language_has_the_same_terms(code: str) -> None:
    terms = language(code).terms
    assert set(terms) == set(language(OTHERS[0]).terms) > set(ENGLISH.terms)
    wanted = {c.title for c in BUILT_IN} | {_article(k) for k in Kind} | {str(k) for k in Kind} | set(MOST_HEARD)
    assert wanted <= set(terms)
    assert {term for term in terms if term[0].isupper()} <= set(NAMES.values())


@pytest.mark.parametrize("code", OTHERS)
def test_no_sentence_is_left_in_english(code: str) -> None:
    words = language(code)
    pairs = [(words.said[name], english) for name, english in ENGLISH.said.items()]
    pairs += [(words.kinds[kind], english) for kind, english in ENGLISH.kinds.items()]
    assert [theirs for theirs, english in pairs if shared(theirs, english) > 0.5] == []


def test_what_the_code_says_has_words_and_its_places() -> None:
    assert len(SAID) > 100
    for name, call, where in SAID:
        assert name in ENGLISH.said, where
        given = {keyword.arg for keyword in call.keywords}
        assert given == {place for place, _ in fields(ENGLISH.said[name])}, where


def test_nothing_has_words_that_the_code_never_says() -> None:
    assert set(ENGLISH.said) - {name for name, _, _ in SAID} == set()


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_refusal_claims_media(code: str) -> None:
    """A reply that says one is not taken for a lie."""
    words = language(code)
    said = {name: filled(words, name) for name in words.said}
    assert {name: told for name, text in {**said, **words.kinds}.items() if (told := untrue(text, ()))} == {}


@pytest.mark.parametrize(
    ("seconds", "english", "german", "russian"),
    [
        (7200, "2 hours", "2 Stunden", "2 ч"),
        (60, "1 minute", "1 Minute", "1 мин"),
        (90, "90 seconds", "90 Sekunden", "90 с"),
        (1, "1 second", "1 Sekunde", "1 с"),
        (0.5, "0.5 seconds", "0.5 Sekunden", "0.5 с"),
    ],
)
def test_durations(seconds: float, english: str, german: str, russian: str) -> None:
    told = [language(code).duration(seconds) for code in ("en", "de", "ru")]
    assert told == [english, german, russian]


def test_a_saying_is_its_english_words_and_keeps_its_name() -> None:
    said = saying("clip_long", limit=1800)
    assert said == "That clip is longer than 30 minutes, which is my limit."
    for copied in (said, copy.deepcopy(said), pickle.loads(pickle.dumps(said))):
        assert isinstance(copied, Saying)
        assert (copied.name, copied.places) == ("clip_long", {"limit": 1800})
    with pytest.raises(KeyError):
        saying("no_such_words")
    with pytest.raises(KeyError):
        saying("clip_long")


def test_a_refusal_keeps_the_name_both_ways() -> None:
    refusal = ConsentNeeded(saying("voice_not_allowed"), "test:ben").refusal
    assert type(refusal.message) is str
    assert (refusal.saying, refusal.places, refusal.who) == ("voice_not_allowed", {}, "test:ben")
    again = refusal.error.refusal
    assert (again, again.saying, again.places) == (refusal, refusal.saying, refusal.places)


def test_terms_and_lists_of_them() -> None:
    there = saying("language_unread", language="Polish", languages="English, Quechua, Japanese")
    assert there == "I cannot read Polish aloud here. I have: English, Quechua, Japanese."
    german, japanese = (in_language(code, there.name, there.places) or "" for code in ("de", "ja"))
    assert german.endswith("Polnisch. Ich habe: Englisch, Quechua, Japanisch.")
    assert japanese.endswith("英語、Quechua、日本語。")


def test_words_without_a_translation_stand_behind_a_sentence_of_their_kind() -> None:
    refusal = BadInput("That is too purple.").refusal
    assert worded(refusal, "en") == refusal
    for code in OTHERS:
        assert worded(refusal, code).message == f"{language(code).kinds['bad_input']}\n(That is too purple.)"
    assert worded(refusal, "nl").message == refusal.message


@pytest.mark.parametrize(
    "refusal",
    [
        Refusal(RefusalKind.OVER_LIMIT, "Of a newer worker.", "", "words_of_next_year", {}),
        Refusal(RefusalKind.OVER_LIMIT, "Of a newer worker.", "", "clip_long", {"most": 3}),
        Refusal(RefusalKind.OVER_LIMIT, "Of a newer worker.", "", "clip_long", {"limit": "long"}),
    ],
)
def test_words_of_another_version_are_told_as_far_as_they_are_understood(refusal: Refusal) -> None:
    assert worded(refusal, "es").message == f"{language('es').kinds['over_limit']}\n(Of a newer worker.)"


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_refusal_without_words_has_those_of_its_kind(code: str) -> None:
    assert worded(Refusal(RefusalKind.CANCELLED, ""), code).message == language(code).kinds["cancelled"]


@pytest.mark.parametrize(
    "text",
    [
        "[kinds]\n[said]\n",
        "[kinds]\n[terms]\n[said]\n[more]\n",
        "[kinds]\n[terms]\n[said]\nhello = 3\n",
        "[kinds]\n[terms]\n[said]\nhello = ' '\n",
        "[kinds]\n[terms]\n[said]\n[said.hello]\nyou = 'there'\n",
    ],
)
def test_a_file_of_words_holds_three_tables_of_texts(text: str) -> None:
    with pytest.raises(ValueError, match=r"tables|no words"):
        read(text)


def test_a_file_that_is_no_toml_is_none() -> None:
    with pytest.raises(tomllib.TOMLDecodeError):
        read("[kinds]\nbad_input = 'a'\nbad_input = 'b'\n[terms]\n[said]\n")
