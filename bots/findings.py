"""What a look at a platform's settings finds: lines of `audiogpt doctor`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One line."""

    ok: bool
    message: str
    """What is so, or what to do; holds no secret."""
