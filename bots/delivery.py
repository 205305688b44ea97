"""A reply on its way to a platform: message by message, each written to the ledger before it is posted and after.

The ladder of a piece of media: its native form, a plainer form, re-encoded to fit, a signed link, words that say why.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bots.adapter import Gone, Unclear
from bots.layout import RESEND, Button, Limits, Part, lay_out
from bots.links import Links
from bots.renditions import Rendition, rendition, rungs
from bots.wording import UNSURE, linked, not_taken, too_large
from core.artifacts import ArtifactStore
from core.errors import BadInput, Broken
from core.messages import ConversationKey, Outgoing
from core.store import Post, Store

log = logging.getLogger("audiogpt.delivery")

_NOTICE = "?"
"""Behind a part's name: the message that says that the part may not have arrived."""


class Why(StrEnum):
    """Why a platform does not take a form."""

    TOO_LARGE = "too_large"
    FORM = "form"
    """Not this form: voice messages are forbidden, files of this kind are switched off."""


class Rejected(Exception):
    """The platform surely did not post it, and will not in this form."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why = why


class CannotTell(Exception):
    """The platform gives no way to see whether an unclear message arrived."""


@dataclass(frozen=True)
class Posting:
    """One message to post."""

    outgoing: Outgoing
    part: str
    text: str
    buttons: tuple[Button, ...]
    media: Rendition | None
    note: str
    """What `keep` noted at an earlier try of the same message; empty at the first."""
    keep: Callable[[str], Awaitable[None]]
    """Note something in the ledger before the next request: an upload's id."""

    @property
    def key(self) -> ConversationKey:
        """Where it goes."""
        return self.outgoing.key

    @property
    def token(self) -> str:
        """The same for every try of this message, another for any other: an idempotency key of 24 hex digits."""
        return token(self.outgoing.id, self.part)


def token(outgoing: str, part: str) -> str:
    """The idempotency key of a message of a reply."""
    return hashlib.sha256(f"{outgoing}#{part}".encode()).hexdigest()[:24]


class Poster(Protocol):
    """What a platform gives for delivery."""

    platform: str
    limits: Limits

    async def max_bytes(self, key: ConversationKey) -> int:
        """The largest file that this place takes."""

    async def slot(self, key: ConversationKey) -> None:
        """Wait until the chat's budget lets an answer through."""

    async def post(self, posting: Posting) -> str:
        """Post one message; returns the platform's id.

        Raises:
            Rejected: not posted, and never in this form.
            Broken: not posted; worth another try.
            Unclear: perhaps posted.
            Gone: nobody is there.
        """

    async def find(self, posting: Posting, since: datetime) -> str | None:
        """Look for a message whose `post` was unclear; None when it surely is not there.

        Raises:
            CannotTell: the platform gives no way to see.
            Broken, Gone: as `post`.
        """


class Delivery:
    """Delivers replies through a platform's `Poster`."""

    def __init__(self, poster: Poster, store: Store, files: ArtifactStore, links: Links) -> None:
        self._poster = poster
        self._store = store
        self._files = files
        self._links = links

    async def deliver(self, outgoing: Outgoing) -> tuple[str, ...]:
        """Post what is not posted yet, in order; returns the platform's ids of all.

        Raises:
            Broken: it is not all there; another call goes on where this one stopped.
            Gone: nobody is there.
        """
        ids: list[str] = []
        for part in lay_out(outgoing.reply, self._poster.limits):
            known = {post.part: post for post in await self._store.posts_of(outgoing.id)}
            ids += await self._part(outgoing, part, known)
        return tuple(ids)

    async def resend(self, outgoing: Outgoing, notice: str) -> None:
        """Post again a part whose arrival was unclear, because its person says that it did not come.

        Raises:
            Broken, Gone: as `deliver`.
        """
        name = notice.removesuffix(_NOTICE)
        part = next((p for p in lay_out(outgoing.reply, self._poster.limits) if p.name == name), None)
        if part is not None and notice.endswith(_NOTICE):
            await self._store.drop_post(outgoing.id, part.name)
            await self._climb(outgoing, part)

    async def _part(self, outgoing: Outgoing, part: Part, known: dict[str, Post]) -> list[str]:
        notice = known.get(part.name + _NOTICE)
        begun = known.get(part.name)
        if notice is not None:
            return [notice.id] if notice.id else []
        if begun is not None and begun.id:
            return [begun.id]
        if begun is None:
            return [await self._climb(outgoing, part)]
        posting = self._posting(outgoing, part, note=begun.note)
        try:
            found = await self._poster.find(posting, begun.begun_at)
        except CannotTell:
            return [await self._notice(outgoing, part)]
        if found is None:
            return [await self._climb(outgoing, part)]
        await self._store.end_post(outgoing.id, part.name, found)
        return [found]

    async def _notice(self, outgoing: Outgoing, part: Part) -> str:
        """Say once that a part may be missing. Should this very line be unclear too, it is left at that."""
        asked = Part(part.name + _NOTICE, UNSURE, buttons=(RESEND,))
        try:
            return await self._put(outgoing, asked, None)
        except Unclear:
            log.warning("neither a message nor the notice of it is known to have arrived")
            return ""

    async def _climb(self, outgoing: Outgoing, part: Part) -> str:
        """The first rung that the platform takes."""
        if part.artifact is None:
            return await self._put(outgoing, part, None)
        most = await self._poster.max_bytes(outgoing.key)
        larger = False
        for rung in rungs(part.artifact, part.way, self._poster.limits):
            try:
                async with rendition(part.artifact, rung, self._poster.limits, most, self._files) as made:
                    if made is not None:
                        return await self._put(outgoing, part, made)
                    larger = True
            except Rejected as rejected:
                await self._store.drop_post(outgoing.id, part.name)
                larger = larger or rejected.why is Why.TOO_LARGE
                log.info("a rung is not taken: %s %s", rung.way, rejected.why)
            except BadInput:  # the bytes are gone, or this form cannot be made of them
                log.info("a rung cannot be made: %s", rung.way)
        return await self._instead(outgoing, part, most, larger)

    async def _instead(self, outgoing: Outgoing, part: Part, most: int, larger: bool) -> str:
        """The last two rungs: a link where there is a page to link to, and words."""
        artifact = part.artifact
        assert artifact is not None
        kept = await self._files.exists(artifact.id)
        if self._links.offered and kept:
            said = linked(artifact.name, self._links.make(artifact), self._links.days)
        elif larger:
            said = too_large(artifact.name, artifact.facts.size, most)
        else:
            said = not_taken(artifact.name)
        text = f"{part.text}\n{said}".strip()
        return await self._put(outgoing, Part(part.name, text, buttons=part.buttons), None)

    async def _put(self, outgoing: Outgoing, part: Part, made: Rendition | None) -> str:
        await self._poster.slot(outgoing.key)
        await self._store.begin_post(self._poster.platform, str(outgoing.key), outgoing.id, part.name)
        try:
            post = await self._poster.post(self._posting(outgoing, part, made))
        except (Broken, Gone) as fault:
            if not isinstance(fault, Unclear):  # surely not posted: the next try need not look for it
                await self._store.drop_post(outgoing.id, part.name)
            raise
        await self._store.end_post(outgoing.id, part.name, post)
        return post

    def _posting(self, outgoing: Outgoing, part: Part, made: Rendition | None = None, note: str = "") -> Posting:
        async def keep(noted: str) -> None:
            await self._store.begin_post(self._poster.platform, str(outgoing.key), outgoing.id, part.name, noted)

        return Posting(outgoing, part.name, part.text, part.buttons, made, note, keep)
