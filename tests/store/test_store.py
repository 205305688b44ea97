"""The database, on SQLite and on Postgres."""

from __future__ import annotations

import asyncio
import sqlite3
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import create_async_engine

import core.store
from core.artifacts import Artifact, Facts, Kind, Recipe
from core.errors import BadInput, StoreLost, WrongUse
from core.messages import ConversationKey, Outgoing, Person, Ran, Reply, Shown, Turn, Way
from core.migrations import tables
from core.store import Store

KEY = ConversationKey("web", "", "room/1", "")
OTHER = ConversationKey("web", "", "room/2", "")
MIGRATIONS = Path(core.store.__file__).parent / "migrations"


def artifact(letter: str = "a", name: str = "clip.wav") -> Artifact:
    return Artifact(letter * 24, Kind.AUDIO, name, Facts("audio/wav", 10, 1.5), recipe=Recipe(parents=("b" * 24,)))


def outgoing(number: int = 1, key: ConversationKey = KEY) -> Outgoing:
    ran = Ran("text_to_speech", "hibari", {"text": "hi", "speed": 1.5}, 12.5, 10.0)
    reply = Reply("Here ✓", (Shown(artifact(), Way.VOICE),), BadInput("No.").refusal, (ran,), "said", 13.0)
    return Outgoing(f"o{number}", key, f"m{number}", reply)


async def test_a_message_is_accepted_once(store: Store) -> None:
    assert await store.accept("web", "m1", KEY, {"text": "hi"})
    assert not await store.accept("web", "m1", KEY, {"text": "hi"})
    assert await store.accept("slack", "m1", KEY, {"text": "hi"})
    results = await asyncio.gather(*(store.accept("web", "m2", KEY, {}) for _ in range(20)))
    assert sum(results) == 1


async def test_what_was_accepted_is_unanswered_until_it_is_posted(store: Store) -> None:
    for number in (1, 2, 3):
        await store.accept("web", f"m{number}", KEY, {"n": number, "text": "ü"})
    await store.accept("slack", "m1", KEY, {"n": 9})
    assert [p["n"] for p in await store.unanswered("web")] == [1, 2, 3]
    await store.post(outgoing(2))
    assert [p["n"] for p in await store.unanswered("web")] == [1, 3]
    assert not await store.accept("web", "m2", KEY, {})
    await store.forget_inbox("web", "m1")
    assert await store.unanswered("web") == [{"n": 3, "text": "ü"}]
    assert await store.accept("web", "m1", KEY, {"n": 1})


async def test_a_reply_waits_until_it_is_delivered(store: Store) -> None:
    await store.post(outgoing(1))
    await store.post(outgoing(2))
    await store.post(Outgoing("o1", KEY, "m1", Reply("another")))
    assert await store.undelivered("web") == [outgoing(1), outgoing(2)]
    assert await store.undelivered("slack") == []
    await store.attempted("o1")
    await store.attempted("o1")
    await store.delivered("o1", ("p1", "p2"))
    assert await store.undelivered("web") == [outgoing(2)]
    found = await store.outgoing("o1")
    assert found is not None
    assert (found.attempts, found.platform_ids, found.reply) == (2, ("p1", "p2"), outgoing(1).reply)
    assert await store.outgoing("o9") is None


async def test_memory_gives_the_last_turns_in_order(store: Store) -> None:
    at = datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=UTC) - timedelta(days=1)
    said = [Turn("user", f"line {i}", ("a" * 24,), Person("7", "Ana"), f"m{i}", at) for i in range(5)]
    for turn in said:
        await store.remember(KEY, turn)
    await store.remember(OTHER, Turn("bot", "elsewhere"))
    assert await store.turns(KEY, 3) == said[2:]
    assert await store.turns(KEY, 99) == said
    assert await store.turns(ConversationKey("web", "", "room", "1"), 9) == []


async def test_any_text_is_remembered(store: Store) -> None:
    odd = "NUL \x00, lone \udc80, 'quotes'; DROP TABLE turns -- 𝄞 \u202e"
    await store.remember(KEY, Turn("user", odd))
    assert [t.text for t in await store.turns(KEY, 1)] == [odd]


async def test_owners_keep_artifacts_each_in_their_own_words(store: Store) -> None:
    mine, yours = artifact(name="mine.wav"), artifact(name="yours.wav")
    await store.keep(mine, "me")
    await store.keep(artifact("c"), "me")
    await store.keep(yours, "you")
    assert [a.id[0] for a in await store.artifacts("me", 9)] == ["c", "a"]
    await store.keep(mine, "me")
    assert [a.id[0] for a in await store.artifacts("me", 9)] == ["a", "c"]
    assert await store.artifacts("me", 1) == [mine]
    assert await store.artifact(mine.id, "me") == mine
    assert await store.artifact(mine.id, "you") == yours
    assert await store.artifact(mine.id, "nobody") is None
    many = [f"{n:024x}" for n in range(600)]
    assert await store.kept([mine.id, "f" * 24, *many]) == {mine.id}
    assert await store.artifact("f" * 24) is None


async def test_the_last_owner_to_let_go_is_told(store: Store) -> None:
    for owner in ("me", "you"):
        await store.keep(artifact(), owner)
    assert not await store.release(artifact().id, "stranger")
    assert not await store.release(artifact().id, "me")
    assert await store.release(artifact().id, "you")
    assert not await store.release(artifact().id, "you")
    assert await store.artifact(artifact().id) is None


async def test_a_timeline_is_numbered_once_and_in_order(store: Store) -> None:
    assert await store.last_event("r") == 0
    first = await store.append_event("r", "u1", {"n": 1})
    assert first is not None
    assert await store.append_event("r", "u1", {"n": 2}) is None
    await asyncio.gather(*(store.append_event("r", f"x{i}", {"n": i}) for i in range(30)))
    assert await store.append_event("other", "u1", {"n": 3}) is not None
    found = await store.events("r", 0, 100)
    assert found[0] == (first, {"n": 1})
    numbers = [n for n, _ in found]
    assert len(numbers) == 31
    assert numbers == sorted(set(numbers))
    assert await store.last_event("r") == numbers[-1]
    assert await store.events("r", numbers[4], 2) == found[5:7]


async def test_a_forgotten_conversation_is_gone(store: Store) -> None:
    for key in (KEY, OTHER):
        await store.accept("web", f"in {key.channel}", key, {"text": "secret"})
        await store.post(outgoing(1 if key is KEY else 2, key))
        await store.remember(key, Turn("user", "secret"))
        await store.keep(artifact("a"), str(key))
        await store.append_event(str(key), "u", {"text": "secret"})
    await store.keep(artifact("c"), str(KEY))
    before = await store.last_event(str(KEY))
    assert await store.forget_conversation(str(KEY)) == [artifact("c").id]
    assert await store.turns(KEY, 9) == []
    assert await store.outgoing("o1") is None
    assert await store.artifacts(str(KEY), 9) == []
    assert await store.events(str(KEY), 0, 9) == []
    assert len(await store.unanswered("web")) == 1
    assert len(await store.turns(OTHER, 9)) == len(await store.events(str(OTHER), 0, 9)) == 1
    after = await store.append_event(str(KEY), "u", {})
    assert after is not None
    assert after > before
    assert await store.forget_conversation("nobody") == []


async def test_one_spoiled_write_fails_its_caller_alone(store: Store) -> None:
    row = {"id": "o1", "platform": "web", "owner": "x", "outgoing": {}, "attempts": 0, "platform_ids": []}
    bad = sa.insert(tables.outbox).values({**row, "posted_at": datetime.now(UTC)})
    await store.post(outgoing(1))
    writes = [store.remember(KEY, Turn("user", str(i))) for i in range(20)]
    spoiled = store._write(lambda c: c.execute(bad).rowcount)
    results = await asyncio.gather(*writes[:10], spoiled, *writes[10:], return_exceptions=True)
    assert isinstance(results[10], StoreLost)
    assert isinstance(results[10].__cause__, IntegrityError)
    assert [r for r in results if r is not None] == [results[10]]
    assert sorted(int(t.text) for t in await store.turns(KEY, 99)) == list(range(20))


async def test_waiting_writes_share_a_commit(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    commits = []
    commit = store._commit

    async def counted(batch: list[core.store._Pending]) -> None:
        commits.append(len(batch))
        await commit(batch)

    monkeypatch.setattr(store, "_commit", counted)
    await asyncio.gather(*(store.remember(KEY, Turn("user", str(i))) for i in range(200)))
    assert sum(commits) == 200
    assert len(commits) <= 4


async def test_a_caller_that_gives_up_harms_nobody(store: Store) -> None:
    tasks = [asyncio.create_task(store.remember(KEY, Turn("user", str(i)))) for i in range(10)]
    await asyncio.sleep(0)
    tasks[3].cancel()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert isinstance(results[3], asyncio.CancelledError)
    assert len(await store.turns(KEY, 99)) >= 9


async def test_everything_is_there_after_a_restart(url: str) -> None:
    store = await Store.open(url)
    pending = [asyncio.create_task(store.remember(KEY, Turn("user", str(i)))) for i in range(50)]
    await asyncio.sleep(0)
    await store.close()
    await asyncio.gather(*pending)
    await store.close()
    with pytest.raises(StoreLost, match="closed"):
        await store.turns(KEY, 1)
    with pytest.raises(StoreLost, match="closed"):
        await store.remember(KEY, Turn("user", "late"))
    again = await Store.open(url)
    assert [t.text for t in await again.turns(KEY, 99)] == [str(i) for i in range(50)]
    await again.close()


async def test_the_revisions_make_the_tables_that_the_store_uses(store: Store, url: str) -> None:
    engine = create_async_engine(url)
    async with engine.connect() as connection:
        differences = await connection.run_sync(
            lambda c: compare_metadata(MigrationContext.configure(c), tables.metadata)
        )
    await engine.dispose()
    assert differences == []
    assert ScriptDirectory(str(MIGRATIONS)).get_heads() == [core.store.HEAD]


_OPEN = """
import asyncio, sys
from core.messages import ConversationKey, Turn
from core.store import Store

async def main():
    store = await Store.open(sys.argv[1])
    await asyncio.gather(*(store.append_event("r", f"{sys.argv[2]} {i}", {}) for i in range(50)))
    await store.close()

asyncio.run(main())
"""


async def test_processes_may_open_a_new_database_at_once(url: str) -> None:
    root = MIGRATIONS.parent.parent
    command = [sys.executable, "-W", "error", "-c", _OPEN, url]
    pipe = asyncio.subprocess.PIPE
    start = asyncio.create_subprocess_exec
    children = [await start(*command, str(i), cwd=root, stdout=pipe, stderr=pipe) for i in range(3)]
    outputs = await asyncio.gather(*(c.communicate() for c in children))
    assert [(c.returncode, err.decode()) for c, (_, err) in zip(children, outputs, strict=True)] == [(0, "")] * 3
    store = await Store.open(url)
    events = await store.events("r", 0, 999)
    assert len({n for n, _ in events}) == 150
    await store.close()


async def test_a_database_from_the_future_is_refused(url: str) -> None:
    await (await Store.open(url)).close()
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        await connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    await engine.dispose()
    with pytest.raises(WrongUse, match="newer version"):
        await Store.open(url)


@pytest.mark.parametrize("url", ["", "nonsense", "mysql://x/y", "redis://x"])
async def test_a_url_that_is_none_is_wrong_use(url: str) -> None:
    with pytest.raises(WrongUse, match="AUDIOGPT_DATABASE_URL"):
        await Store.open(url)


async def test_a_database_out_of_reach_is_lost(tmp_path: Path) -> None:
    with pytest.raises(StoreLost):
        await Store.open(f"postgresql+asyncpg://u:secret@/db?host={tmp_path}")
    (tmp_path / "file").write_text("this is no database, but it is long enough to look like a header")
    with pytest.raises(StoreLost) as caught:
        await Store.open(f"sqlite+aiosqlite:///{tmp_path / 'file'}")
    assert "secret" not in str(caught.value)


async def test_sqlite_is_in_wal_mode_and_waits_for_others(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    store = await Store.open(f"sqlite+aiosqlite:///{path}")
    other = sqlite3.connect(path, isolation_level=None)
    assert other.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    other.execute("BEGIN IMMEDIATE")
    write = asyncio.create_task(store.remember(KEY, Turn("user", "hi")))
    await asyncio.sleep(0.2)
    assert not write.done()
    assert await store.turns(KEY, 1) == []
    other.execute("ROLLBACK")
    other.close()
    await write
    assert len(await store.turns(KEY, 1)) == 1
    await store.close()
