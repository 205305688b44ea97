"""Signed links to artifacts that are too large for a chat: whoever has one may fetch that one file until it expires."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from core.artifacts import Artifact
from core.settings import Settings

_KEY_BYTES = 32
PATH = "/f"


class Links:
    """Makes and checks links. The key is made once and lies in the data folder."""

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.time) -> None:
        self._base = settings.public_url.rstrip("/")
        self._days = settings.link_days
        self._file = settings.data_dir / "link.key"
        self._clock = clock
        self._key: bytes | None = None

    @property
    def offered(self) -> bool:
        """Whether the page can be reached from outside, so that a link would lead somewhere."""
        return bool(self._base)

    @property
    def days(self) -> float:
        """For how long a link works."""
        return self._days

    def make(self, artifact: Artifact) -> str:
        """The address of an artifact under the name that it has in its conversation."""
        until = int(self._clock() + self._days * 86_400)
        signature = self._sign(artifact.id, until)
        return f"{self._base}{PATH}/{artifact.id}/{until}/{signature}/{quote(artifact.name, safe='')}"

    def check(self, artifact_id: str, until: str, signature: str) -> bool:
        """Whether a link was made here and has not expired."""
        if not (until.isascii() and until.isdigit()) or len(until) > 12 or int(until) < self._clock():
            return False
        return hmac.compare_digest(self._sign(artifact_id, int(until)).encode(), signature.encode())

    def _sign(self, artifact_id: str, until: int) -> str:
        said = f"{artifact_id}/{until}".encode()
        return hmac.new(self._secret(), said, hashlib.sha256).hexdigest()[:40]

    def _secret(self) -> bytes:
        if self._key is None:
            self._key = _read_or_make(self._file)
        return self._key


def _read_or_make(file: Path) -> bytes:
    """The key; of two processes that make one at once, one wins and both use it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_name(f".{secrets.token_hex(8)}")
    fresh.touch(mode=0o600)
    fresh.write_bytes(secrets.token_bytes(_KEY_BYTES))
    try:
        file.hardlink_to(fresh)
    except FileExistsError:
        pass  # the key is there already
    finally:
        fresh.unlink()
    return file.read_bytes()
