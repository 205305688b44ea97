"""Words between Slack and us."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from platforms.slack import rules, visible
from platforms.slack.shapes import rich_text
from platforms.slack.state import Post, Team
from platforms.slack.visible import escaped as as_slack_escapes

from bots.layout import AGAIN, STOP, WHY
from bots.slack import texts

BOT = "U0BOT"
NAMES = {"U0BOB": "Bob"}
TEAM = Team.make(1)


def shown(text: str, *buttons: Any) -> str:
    post = Post("1.2", "U0BOT", texts.fallback(text), True, blocks=texts.blocks_of(text, buttons))
    return visible.shown_text(TEAM, post)


def read(text: str, **more: Any) -> str:
    return texts.plain({"text": text, **more}, BOT, lambda user: NAMES.get(user, user))


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("<@U0BOT> say hi", "say hi"),
        ("say hi <@U0BOT|audiogpt>", "say hi"),
        ("tell <@U0BOB> and <@U0EVE>", "tell @Bob and @U0EVE"),
        ("a &lt; b &amp;&amp; c &gt; d", "a < b && c > d"),
        ("&amp;lt;", "&lt;"),
        ("see <https://example.org/a?b=1|here> <http://x.org>", "see https://example.org/a?b=1 http://x.org"),
        ("<mailto:a@b.org|a@b.org>", "a@b.org"),
        ("in <#C1|general> and <#C2>", "in #general and #channel"),
        ("<!here> <!channel|channel> <!subteam^S1|@team>", "@here @channel @team"),
        ("<!date^1392734382^{date}|Feb 18>", "Feb 18"),
        ("two\n\nparagraphs  here", "two\n\nparagraphs here"),
        ("", ""),
    ],
)
def test_what_comes_without_blocks_is_read_from_its_markup(typed: str, plain: str) -> None:
    assert read(typed) == plain


def test_what_comes_from_the_composer_is_read_without_its_marks() -> None:
    bold = {"type": "text", "text": "loud", "style": {"bold": True}}
    elements = [
        {"type": "user", "user_id": BOT},
        {"type": "text", "text": " say *this* "},
        bold,
        {"type": "text", "text": " to "},
        {"type": "user", "user_id": "U0BOB"},
        {"type": "text", "text": " "},
        {"type": "emoji", "name": "smile", "unicode": "1f604"},
        {"type": "emoji", "name": "ours"},
        {"type": "link", "url": "https://example.org", "text": "here"},
        {"type": "broadcast", "range": "channel"},
    ]
    listed = {
        "type": "rich_text_list",
        "elements": [
            {"type": "rich_text_section", "elements": [{"type": "text", "text": item}]} for item in ("one", "two")
        ],
    }
    section = {"type": "rich_text_section", "elements": elements}
    blocks = [{"type": "rich_text", "elements": [section, listed]}]
    assert read("*loud*", blocks=blocks) == (
        "say *this* loud to @Bob \U0001f604:ours:https://example.org@channel\none\ntwo"
    )


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=["C", "Z"], exclude_characters="<>@`*[]") | st.sampled_from(" \n")))
def test_what_a_person_types_is_what_is_read(typed: str) -> None:
    wanted = "\n".join(" ".join(p for p in line.split(" ") if p) for line in typed.splitlines()).strip()
    assert read(as_slack_escapes(typed)) == wanted
    assert read("", blocks=rich_text(typed)) == wanted


@settings(deadline=None)
@given(st.text(st.characters(exclude_characters="`*[]", exclude_categories=["Cs"]), min_size=1, max_size=texts.MOST))
def test_whatever_is_said_is_shown_as_it_is_and_slack_takes_it(said: str) -> None:
    blocks = texts.blocks_of(said, (AGAIN, WHY))
    assert list(rules.faults_of_blocks(blocks)) == []
    assert list(rules.faults_of_call("chat.postMessage", {"channel": "C00000", "text": texts.fallback(said)})) == []
    assert shown(said, AGAIN, WHY) == said
    assert "<" not in texts.fallback(said)


def test_marks_of_markdown_become_styles() -> None:
    text = "**Bold** and `code`, [a link](https://a.org/b) or https://c.org/d?e=f.\n```python\nx = 1 < 2\n```\nend"
    blocks = texts.blocks_of(text)
    assert list(rules.faults_of_blocks(blocks)) == []
    section, code, end = blocks[0]["elements"]
    assert section["elements"][0] == {"type": "text", "text": "Bold", "style": {"bold": True}}
    assert {"type": "text", "text": "code", "style": {"code": True}} in section["elements"]
    assert {"type": "link", "url": "https://a.org/b", "text": "a link"} in section["elements"]
    assert {"type": "link", "url": "https://c.org/d?e=f"} in section["elements"]
    assert code == {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "x = 1 < 2"}]}
    assert end["elements"] == [{"type": "text", "text": "end"}]
    assert "```" not in shown(text)


@pytest.mark.parametrize("said", ["2 * 3 ** 4", "``", "**", "[x](y)", "a ** b **", "```", "** spaced **"])
def test_what_only_looks_like_markdown_stays(said: str) -> None:
    assert shown(said) == said or said == "```"


def test_buttons_say_what_they_do() -> None:
    (actions,) = texts.blocks_of("", (STOP, AGAIN))
    assert [(b["action_id"], b.get("style")) for b in actions["elements"]] == [
        ("audiogpt:stop", "danger"),
        ("audiogpt:again", None),
    ]


@given(st.text(max_size=6000))
def test_a_fallback_is_never_too_long_and_never_empty(said: str) -> None:
    told = texts.fallback(said)
    assert 0 < len(told) <= rules.MOST_TEXT
    assert not told.endswith(("&", "&a", "&am", "&amp", "&l", "&lt", "&g", "&gt"))
