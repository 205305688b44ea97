"""The database's errors as ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError

from core.errors import StoreLost


def unreachable(error: Exception) -> bool:
    """The database itself is at fault, so trying each write alone would only wait as many times."""
    lost = isinstance(error, DBAPIError) and error.connection_invalidated
    return lost or isinstance(error, OperationalError | InterfaceError | OSError)


@contextmanager
def mapped() -> Iterator[None]:
    """The one boundary where the database's errors become ours.

    Raises:
        StoreLost: in place of whatever SQLAlchemy or the system raises.
    """
    try:
        yield
    except (SQLAlchemyError, OSError) as error:
        raise StoreLost(f"database: {type(error).__name__}") from error
