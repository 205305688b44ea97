"""Text both ways, for any text: nothing is lost, nothing is too long, nothing is torn."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from platforms.telegram.textparse import typed, units
from telegram import MessageEntity, User
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bots.adapter import Gone, Unclear
from bots.delivery import Rejected, Why
from bots.telegram.faults import translated
from bots.telegram.names import key_from, key_of, name_of, number_of
from bots.telegram.words import heard, length, said
from core.errors import Broken

ME = User(7, "Bot", True, username="The_Bot")
ODD = st.text(alphabet=st.sampled_from("ab @🎺*`[]()\n_~&<>/.:é\u2060"), max_size=60)


@given(ODD, st.booleans())
def test_entities_lie_within_their_words(text: str, hushed: bool) -> None:
    plain, entities = said(text, hushed=hushed)
    assert units(plain) <= length(text)
    assert all(e.offset >= 0 and e.length > 0 and e.offset + e.length <= units(plain) for e in entities)


@given(ODD)
def test_nobody_is_called_outside_of_code(text: str) -> None:
    plain, entities = said(text, hushed=True)
    code = [(e.offset, e.offset + e.length) for e in entities if e.type in ("code", "pre")]
    called = [e for e in typed(plain) if e["type"] == "mention"]
    assert all(any(start <= e["offset"] < end for start, end in code) for e in called)


@pytest.mark.parametrize(
    ("text", "plain", "kinds"),
    [
        ("plain", "plain", []),
        ("**a** b", "a b", ["bold"]),
        ("2 ** 3 ** 4", "2 ** 3 ** 4", []),
        ("`a` and ``", "a and ``", ["code"]),
        ("```\nx = 1\n```", "x = 1", ["pre"]),
        ("```py\nx\n``` and ```\ny", "x and ```\ny", ["pre"]),
        ("[a](https://b.example/c)", "a", ["text_link"]),
        ("[a](javascript:x)", "[a](javascript:x)", []),
    ],
)
def test_marks(text: str, plain: str, kinds: list[str]) -> None:
    found, entities = said(text, hushed=False)
    assert found == plain
    assert [e.type for e in entities] == kinds


@pytest.mark.parametrize(
    ("text", "offset", "long", "plain", "mentioned"),
    [
        ("@the_bot, do it", 0, 8, "do it", True),
        ("🎺 @the_bot do it", 3, 8, "🎺 do it", True),
        ("do it @The_Bot", 6, 8, "do it", True),
        ("@the_bots do it", 0, 9, "@the_bots do it", False),
    ],
)
def test_the_bots_own_mention_is_no_word(text: str, offset: int, long: int, plain: str, mentioned: bool) -> None:
    assert heard(text, [MessageEntity("mention", offset, long)], ME) == (plain, mentioned)


def test_a_mention_without_a_user_name() -> None:
    entities = [
        MessageEntity("text_mention", 0, 3, user=ME),
        MessageEntity("text_mention", 4, 3, user=User(8, "B", False)),
    ]
    assert heard("Bot Bob", entities, ME) == ("@Bob", True)


def test_names() -> None:
    assert number_of(name_of(-100, 5)) == 5
    assert number_of("-100:press/77") is None
    for key in (key_of(5), key_of(-100, 7)):
        assert key_from(str(key)) == key


@pytest.mark.parametrize(
    ("error", "handed_over", "media", "kind"),
    [
        (Forbidden("bot was blocked by the user"), True, False, Gone),
        (BadRequest("Chat not found"), True, True, Gone),
        (BadRequest("Message thread not found"), True, True, Gone),
        (BadRequest("Not enough rights to send text messages to the chat"), True, True, Gone),
        (BadRequest("Not enough rights to send music to the chat"), True, True, Rejected),
        (BadRequest("Voice_messages_forbidden"), True, True, Rejected),
        (BadRequest("A new word of Telegram's"), True, True, Rejected),
        (BadRequest("A new word of Telegram's"), True, False, Gone),
        (NetworkError("Request Entity Too Large"), True, True, Rejected),
        (RetryAfter(1), True, True, Broken),
        (InvalidToken(), True, True, Broken),
        (TimedOut(), True, True, Unclear),
        (NetworkError("Bad Gateway"), True, False, Unclear),
        (TelegramError("Invalid server response"), True, False, Unclear),
        (ChatMigrated(-5), True, False, Broken),
    ],
    ids=str,
)
def test_what_an_error_means(error: TelegramError, handed_over: bool, media: bool, kind: type[Exception]) -> None:
    found = translated(error, handed_over=handed_over, media=media)
    assert type(found) is kind
    if isinstance(found, Rejected):
        assert found.why is (Why.TOO_LARGE if "Large" in str(error) else Why.FORM)
