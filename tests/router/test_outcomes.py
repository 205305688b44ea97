"""What a model gives back that is empty, silent or cannot be read is no result."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from router.broken_toys import tone
from router.turns import ANN, KEY, opened, step, turn

from core import media
from core.app import App
from core.errors import RefusalKind
from core.ingest import FileAttachment, ingest
from core.plans import Decision
from core.settings import Settings


@pytest.fixture
async def app(settings: Settings) -> AsyncIterator[App]:
    async with opened(settings) as made:
        yield made


@pytest.mark.parametrize("capability", ["hum", "click", "blank", "garbled"])
async def test_what_nobody_could_hear_or_see_is_a_failure(app: App, capability: str) -> None:
    """-75 dBFS; a tenth of a second of nothing; no sample at all; no video. Each says of itself that it succeeded."""
    reply, script, _ = await turn(app, "go", Decision((step(capability),)), Decision(text="That did not work."))
    (result,) = script.seen[1]
    assert result.refusal is not None
    assert result.refusal.kind is RefusalKind.MODEL_FAILED
    assert (result.artifacts, reply.shown) == ((), ())
    assert reply.refusal == result.refusal


@pytest.mark.parametrize(
    ("capability", "args", "pieces"),
    [("whisper", {}, 1), ("stems", {}, 2), ("hum", {"text": "a minute of silence"}, 1)],
    ids=["-60 dBFS", "one silent piece of two", "silence that was asked for"],
)
async def test_what_is_faint_or_was_asked_for_is_a_result(
    app: App, capability: str, args: dict[str, str], pieces: int
) -> None:
    reply, _, _ = await turn(app, "go", Decision((step(capability, **args),)), Decision(text="Here is the sound."))
    assert (len(reply.shown), reply.refusal) == (pieces, None)


async def test_silence_made_from_silence_is_a_result(app: App, tmp_path: Path) -> None:
    path = tmp_path / "still.wav"
    media.write_wav(tone(1.0, 0.0), path)
    still = await ingest(FileAttachment(path), app.settings, app.bytes, person=f"{KEY.platform}:{ANN.id}")
    await app.library.keep(still, str(KEY))
    reply, _, _ = await turn(
        app, "go", Decision((step("through", audio=still.id),)), Decision(text="Here is the clip.")
    )
    assert (len(reply.shown), reply.refusal) == (1, None)


async def test_what_needed_such_a_piece_fails_with_it(app: App) -> None:
    chain = Decision((step("hum"), step("through", audio="$1")))
    _, script, _ = await turn(app, "go", chain, Decision(text="That did not work."))
    kinds = [r.refusal.kind if r.refusal else None for r in script.seen[1]]
    assert kinds == [RefusalKind.MODEL_FAILED, RefusalKind.MODEL_FAILED]
