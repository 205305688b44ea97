from __future__ import annotations

import asyncio
import wave
from base64 import b64encode
from dataclasses import replace
from pathlib import Path

import numpy as np

from bots.web.adapter import WebAdapter
from core import media
from core.artifacts import Artifact, ArtifactStore, Kind, Recipe
from core.errors import Cancelled, NoModel, Refused
from core.ingest import ingest
from core.messages import ConversationKey, Message, Outgoing, Piece, Ran, Reply, Shown, Stage, Status, Way
from core.policy import Granted
from core.settings import Settings
from core.store import Store

ROOM = "a-room-of-tests-0123456789"


def clip(path: Path, seconds: float = 0.5, period: int = 80) -> Path:
    """A square wave at 8 kHz: whole numbers only, so that its bytes are the same everywhere."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(
            b"".join(
                (6000 if n % period < period // 2 else -6000).to_bytes(2, "little", signed=True)
                for n in range(int(8000 * seconds))
            )
        )
    return path


def pieces(job: str = "a-job", seconds: float = 10.0) -> list[Piece]:
    """The beginning of some long speech: two stretches of hiss."""
    hiss = np.random.default_rng(0).uniform(-0.1, 0.1, (2, 1, round(seconds * 24_000))).astype(np.float32)
    sounds = [b64encode(media.mp3(media.Audio(part, 24_000))).decode() for part in hiss]
    return [Piece(job, number, seconds, mp3) for number, mp3 in enumerate(sounds, start=1)]


class FakeDesk:
    """Keeps attachments as the real desk does, and answers by simple rules instead of models."""

    def __init__(self, settings: Settings, store: Store, files: ArtifactStore, spoken: Artifact) -> None:
        self.settings, self.store, self.bytes, self.spoken = settings, store, files, spoken
        self.messages: list[Message] = []
        self.uploads: list[bytes] = []
        self.turns: dict[str, asyncio.Task[None]] = {}
        self.made = asyncio.Event()
        """Whether what is heard aloud is there as a whole."""
        self.adapter = WebAdapter(self, settings)

    async def granted(self, person: str, place: str) -> Granted:
        return Granted(frozenset({"text_to_speech", "speech_enhancement"}), frozenset())

    async def receive(self, message: Message) -> bool:
        if any(m.id == message.id for m in self.messages):
            return False
        self.messages.append(message)
        kept: list[Artifact] = []
        fault: Refused | None = None
        for attachment in message.attachments:
            self.uploads.append(b"".join([chunk async for chunk in attachment.chunks()]))
            try:
                kept.append(await ingest(attachment, self.settings, self.bytes, person=message.author.id))
                await self.store.keep(kept[-1], str(message.key))
            except Refused as refused:
                fault = refused
        self.turns[message.id] = asyncio.create_task(self._turn(message, kept, fault))
        return True

    async def stop_turn(self, key: ConversationKey, message_id: str) -> bool:
        return message_id in self.turns and self.turns[message_id].cancel()

    async def _turn(self, message: Message, kept: list[Artifact], fault: Refused | None) -> None:
        try:
            reply = await self._reply(message, kept)
        except asyncio.CancelledError:
            reply = Reply("Stopped.", refusal=Cancelled("Stopped.").refusal)
        if fault is not None:
            reply = Reply(fault.message, refusal=fault.refusal)
        outgoing = Outgoing(f"{message.key}#{message.id}", message.key, message.id, reply)
        await self.store.post(outgoing)
        await self.adapter.deliver(outgoing)

    async def _reply(self, message: Message, kept: list[Artifact]) -> Reply:
        async def show(stage: Stage, **more: object) -> None:
            status = Status(stage, "speech_enhancement", "deepfilternet3", **more)  # type: ignore[arg-type]
            await self.adapter.show(message.key, message.id, status)

        await show(Stage.QUEUED, place=2)
        if "slowly" in message.text:
            await show(Stage.RUNNING, fraction=0.42)
            await asyncio.sleep(60)
        if "aloud" in message.text:
            await show(Stage.RUNNING, fraction=0.1)
            for piece in pieces():
                await show(Stage.RUNNING, piece=piece)
            await self.made.wait()
        if "music" in message.text:
            refused = NoModel("I can't make music here yet: that needs a worker with the hub model configured.")
            return Reply(refused.message, refusal=refused.refusal)
        heard = "Please clean this up." if any(a.voice for a in kept) else ""
        own = [Shown(a, Way.AUDIO) for a in kept if a.kind is Kind.AUDIO and not a.voice]
        ran = Ran("text_to_speech", "hibari", {"text": f"You said: {message.text}"}, 812.0, 790.0)
        spoken = replace(self.spoken, recipe=Recipe("text_to_speech", "hibari"))
        await self.store.keep(spoken, str(message.key))
        return Reply(f"You said: {message.text or heard}", (Shown(spoken, Way.VOICE), *own), None, (ran,), heard, 830.0)
