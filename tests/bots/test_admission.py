"""Who is answered, where, and when: decided before a file is touched."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from bots.admission import Admission, Heard, Mode, Verdict
from core.errors import WrongUse
from core.messages import ConversationKey, Turn
from core.settings import Settings
from core.store import Store

GROUP = ConversationKey("discord", "guild", "general")
THREAD = ConversationKey("discord", "guild", "general", "t1")


@pytest.fixture
async def store(settings: Settings) -> AsyncIterator[Store]:
    opened = await Store.open(settings.database)
    yield opened
    await opened.close()


def admission(settings: Settings, store: Store, **changes: object) -> Admission:
    return Admission(settings.model_copy(update=changes), store)


@pytest.mark.parametrize(
    ("heard", "verdict"),
    [
        (Heard(GROUP, "ann"), Verdict.IGNORE),
        (Heard(GROUP, "ann", addressed=True), Verdict.ANSWER),
        (Heard(GROUP, "ann", private=True), Verdict.ANSWER),
        (Heard(THREAD, "ann"), Verdict.IGNORE),
    ],
)
async def test_in_groups_on_mention_in_private_always(
    settings: Settings, store: Store, heard: Heard, verdict: Verdict
) -> None:
    assert await admission(settings, store).verdict(heard) is verdict


async def test_a_thread_stays_alive_for_a_while_after_an_answer(settings: Settings, store: Store) -> None:
    await store.remember(THREAD, Turn("bot", "hi", at=datetime.now(UTC) - timedelta(minutes=30)))
    assert await admission(settings, store).verdict(Heard(THREAD, "bob")) is Verdict.ANSWER
    assert await admission(settings, store, keep_alive_min=10).verdict(Heard(THREAD, "bob")) is Verdict.IGNORE
    only = admission(settings, store, channels="discord/guild/general=mention")
    assert await only.verdict(Heard(THREAD, "bob")) is Verdict.IGNORE


async def test_channels_have_rules_and_the_most_specific_wins(settings: Settings, store: Store) -> None:
    rules = "discord=off, discord/guild=mention, discord/guild/studio=all, slack=all"
    found = admission(settings, store, channels=rules)
    assert found.mode(ConversationKey("discord", "other", "x")) is Mode.OFF
    assert found.mode(GROUP) is Mode.MENTION
    assert await found.verdict(Heard(ConversationKey("discord", "guild", "studio"), "ann")) is Verdict.ANSWER
    assert await found.verdict(Heard(ConversationKey("discord", "other", "x"), "ann", addressed=True)) is Verdict.IGNORE
    assert found.mode(ConversationKey("telegram", "1", "1")) is Mode.THREAD


async def test_only_who_is_allowed_is_served(settings: Settings, store: Store) -> None:
    found = admission(settings, store, people="discord:ann, slack/T1")
    assert await found.verdict(Heard(GROUP, "ann", addressed=True)) is Verdict.ANSWER
    assert await found.verdict(Heard(GROUP, "bob", addressed=True)) is Verdict.REFUSE
    assert await found.verdict(Heard(GROUP, "bob")) is Verdict.IGNORE
    assert await found.verdict(Heard(ConversationKey("slack", "T1", "C"), "x", private=True)) is Verdict.ANSWER
    assert await found.verdict(Heard(ConversationKey("slack", "T2", "C"), "x", private=True)) is Verdict.REFUSE


@pytest.mark.parametrize("rule", ["discord", "discord=loud", "=", "discord/x=all,,y"])
def test_a_rule_that_does_not_parse_is_named(settings: Settings, rule: str) -> None:
    with pytest.raises(WrongUse, match="AUDIOGPT_CHANNELS"):
        Admission(settings.model_copy(update={"channels": rule}), None)  # type: ignore[arg-type]
