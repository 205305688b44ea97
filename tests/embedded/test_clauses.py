from __future__ import annotations

import pytest

from core.embedded.clauses import gist, given_text, negated, pieces, quotations

SPLIT = [
    ("clean it up and then transcribe it", ["clean it up", "transcribe it"]),
    ("limpia el audio y luego tradúcelo al inglés", ["limpia el audio", "tradúcelo al inglés"]),
    ("nettoie le son puis transcris-le", ["nettoie le son", "transcris-le"]),
    ("entrausche es und dann schreib es auf", ["entrausche es", "schreib es auf"]),
    ("pulisci l'audio e poi trascrivilo", ["pulisci l'audio", "trascrivilo"]),
    ("limpa o áudio e depois traduz para inglês", ["limpa o áudio", "traduz para inglês"]),
    ("убери шум, а потом запиши текст", ["убери шум", "запиши текст"]),
    ("去掉噪音，然后转成文字", ["去掉噪音", "转成文字"]),
    ("ノイズを消して、それから書き起こして", ["ノイズを消して", "書き起こして"]),
    ("say 'stop, and then go' and draw a cat", ["say 'stop, and then go'", "draw a cat"]),
    ("read “bread and butter” aloud", ["read “bread and butter” aloud"]),
    ("read this: milk, and then eggs; and bread", ["read this: milk, and then eggs; and bread"]),
    ("don't stop it", ["don't stop it"]),
]


@pytest.mark.parametrize(("text", "wanted"), SPLIT)
def test_joints_are_found_outside_of_given_words(text: str, wanted: list[str]) -> None:
    assert [p.text for p in pieces(text)] == wanted


def test_a_story_is_not_cut() -> None:
    assert len(pieces("one. two. three. four. five. six. seven. eight.")) == 1


def test_quotes_of_every_style() -> None:
    text = "“a b” «c d» „e f“ 「g」 'it's so' \"h\""
    assert quotations(text) == ["a b", "c d", "e f", "g", "it's so", "h"]
    assert given_text("notes C4 D4: are you sleeping") == "are you sleeping"
    assert given_text("from 1:05 to 1:20") == ""


def test_long_quotations_do_not_drown_the_request() -> None:
    words = " ".join(["word"] * 50)
    assert len(gist(f'say "{words}" slowly').split()) < 15


@pytest.mark.parametrize(
    "text",
    ["don't translate it", "please do not touch it", "no lo traduzcas", "ne traduis rien", "不要翻译", "не трогай это"],
)
def test_what_is_not_wanted(text: str) -> None:
    assert negated(text)


@pytest.mark.parametrize("text", ["translate this", "need this in writing", "note it down", "nimm das Rauschen weg"])
def test_what_is_wanted(text: str) -> None:
    assert not negated(text)
