"""What people keep: the database's rows and the bytes that belong to them, together."""

from __future__ import annotations

from core.artifacts import Artifact, ArtifactStore
from core.errors import StoreLost
from core.store import Store

ORPHAN_S = 86_400.0
"""A day, in seconds: longer than any job may take, or be waited for."""


class Library:
    """Artifacts with their bytes. An owner is `str(ConversationKey)`; the same bytes may have several.

    Every method raises `StoreLost` when the database or the artifact store cannot be reached.
    """

    def __init__(self, store: Store, bytes_store: ArtifactStore) -> None:
        self._store = store
        self._bytes = bytes_store

    async def keep(self, artifact: Artifact, owner: str) -> None:
        """Let an owner keep an artifact whose bytes were put before.

        Raises:
            StoreLost: its bytes are not there, as another owner dropped them just now. Put them again.
        """
        await self._store.keep(artifact, owner)
        if not await self._bytes.exists(artifact.id):
            await self._store.release(artifact.id, owner)
            raise StoreLost("an artifact's bytes were gone before it was kept")

    async def artifact(self, id: str, owner: str | None = None) -> Artifact | None:
        """An artifact as its owner keeps it; with no owner, as it was kept last by anyone."""
        return await self._store.artifact(id, owner)

    async def drop(self, id: str, owner: str) -> bool:
        """An owner keeps it no more. True when its bytes were deleted, as nobody else keeps it."""
        gone = await self._store.release(id, owner)
        return gone and await self._delete(id)

    async def forget(self, owner: str) -> list[str]:
        """Erase a conversation, and the bytes that nobody else keeps. Returns the ids of those."""
        return [gone for gone in await self._store.forget_conversation(owner) if await self._delete(gone)]

    async def forget_person(self, owner: str, platform: str, person: str) -> None:
        """Erase what one person said, sent and got in a conversation. `person` is their id on the platform."""
        for gone in await self._store.forget_person_in(owner, platform, person):
            await self._delete(gone)

    async def sweep(self) -> int:
        """Delete bytes that were put and never kept, as a process ended in between. Returns how many.

        Younger ones than `ORPHAN_S` are left: a job or a message that is on its way may be about to keep them.
        """
        old = await self._bytes.ids(older_than_s=ORPHAN_S)
        orphans = set(old) - await self._store.kept(old)
        return sum([await self._delete(orphan) for orphan in sorted(orphans)])

    async def _delete(self, id: str) -> bool:
        """Delete bytes unless somebody began to keep them in the meantime."""
        if await self._store.artifact(id) is not None:
            return False
        await self._bytes.delete(id)
        return True
