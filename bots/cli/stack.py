"""Where the running stack is: what `audiogpt run` writes down for other commands on this machine."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from core.jobs.server import alive
from core.settings import Settings


@dataclass(frozen=True)
class Stack:
    """What `audiogpt run` writes down for other commands on this machine."""

    pid: int
    nats_url: str
    web_url: str


def _file(settings: Settings) -> Path:
    return settings.data_dir / "run.json"


def note(settings: Settings, stack: Stack) -> None:
    """Write down that the stack runs."""
    path = _file(settings)
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(asdict(stack)))
    os.replace(fresh, path)


def forget(settings: Settings) -> None:
    """The stack has stopped."""
    _file(settings).unlink(missing_ok=True)


def running(settings: Settings) -> Stack | None:
    """The stack that runs on this data folder, if one does."""
    try:
        stack = Stack(**json.loads(_file(settings).read_text()))
    except (OSError, ValueError, TypeError):
        return None
    return stack if alive(stack.pid) else None


def queue_url(settings: Settings) -> str:
    """The NATS URL of the set or running stack; empty when there is none."""
    stack = running(settings)
    return settings.nats_url or (stack.nats_url if stack else "")
