"""Long texts are cut where one would pause, and nothing is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.splitting import split, utf16


def squeezed(text: str) -> str:
    return "".join(text.split())


def test_a_short_text_is_one_part_and_an_empty_one_none() -> None:
    assert split("Hello there.", 100) == ["Hello there."]
    assert split("  \n ", 100) == []


def test_parts_end_with_sentences() -> None:
    text = " ".join(f"This is sentence number {n}." for n in range(40))
    parts = split(text, 100)
    assert all(part.endswith(".") and part.startswith("This") for part in parts)
    assert " ".join(parts) == text


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("One two three.\n\nFour five six. Seven eight nine.", "three."),
        ("He said “no.” Then he left the room and went away.", "”"),
        ("今日は天気がいい。明日は雨でしょう。明後日は雪かもしれない。", "。"),
    ],
)
def test_a_pause_is_where_a_reader_makes_one(text: str, end: str) -> None:
    assert split(text, 26)[0].endswith(end)


def test_a_word_without_end_is_cut_all_the_same() -> None:
    parts = split("a" * 95, 30)
    assert "".join(parts) == "a" * 95
    assert max(map(len, parts)) <= 30


def test_a_code_block_is_closed_and_opened_again() -> None:
    text = "Look:\n```python\n" + "\n".join(f"line_{n} = {n}" for n in range(30)) + "\n```\nDone."
    parts = split(text, 120)
    assert len(parts) > 2
    assert all(part.count("```") % 2 == 0 for part in parts)
    assert all(part.startswith("```python") for part in parts[1:-1])
    assert all(f"line_{n} = {n}" in "\n".join(parts) for n in range(30))


def test_one_visible_character_is_not_torn() -> None:
    family = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
    thumb = "\U0001f44d\U0001f3fd"
    for text in ("a" * 28 + family * 3, "a" * 29 + thumb * 3):
        parts = split(text, 30)
        assert "".join(parts) == text
        assert not any(part.startswith(("\u200d", "\U0001f3fd")) or part.endswith("\u200d") for part in parts)


def test_telegram_counts_utf16() -> None:
    assert utf16("a\U0001f600") == 3
    parts = split("\U0001f600" * 100, 50, utf16)
    assert max(utf16(part) for part in parts) <= 50
    assert "".join(parts) == "\U0001f600" * 100


@given(st.text(alphabet="ab .!\n,。\U0001f600é", max_size=400), st.integers(12, 80))
def test_nothing_is_lost_and_nothing_is_too_long(text: str, most: int) -> None:
    parts = split(text, most, utf16)
    assert squeezed("".join(parts)) == squeezed(text)
    assert all(0 < utf16(part) <= most for part in parts)
