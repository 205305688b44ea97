"""Logs: one line an event, each with the id of the turn that it belongs to. Never what people wrote or said."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_turn: ContextVar[str] = ContextVar("turn", default="-")


@contextmanager
def turn(correlation_id: str) -> Iterator[None]:
    """Mark the log lines of this block, and of tasks started in it, with a correlation id."""
    token = _turn.set(correlation_id)
    try:
        yield
    finally:
        _turn.reset(token)


class _WithTurn(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.turn = _turn.get()
        return True


def set_up(level: str) -> None:
    """Log to standard error: standard output belongs to a command's answer."""
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(_WithTurn())
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s [%(turn)s] %(name)s: %(message)s"))
    root = logging.getLogger("audiogpt")
    root.handlers = [handler]
    root.propagate = False
    root.setLevel(level.upper())
