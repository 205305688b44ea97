"""What the parts of `core.store` have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import Connection

T = TypeVar("T")


class StorePart(ABC):
    """Reads and writes by what `Store` gives it."""

    @abstractmethod
    async def _read(self, query: sa.Select[Any]) -> list[sa.Row[Any]]:
        """The rows of a query."""

    @abstractmethod
    async def _write(self, operation: Callable[[Connection], T]) -> T:
        """What an operation gives, once it is committed."""
