"""What can go wrong on the way to Telegram and back, scripted by tests."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from enum import StrEnum

from platforms.telegram.errors import ApiError, too_many

FILE = "file"
"""In place of a method: the download of a file."""


class Act(StrEnum):
    """What happens to a request."""

    REFUSE = "refuse"
    """Read, then answered with an error, without effect."""
    CUT = "cut"
    """The connection ends after some bytes of the body were read; no effect."""
    ACCEPT = "accept"
    """It takes effect, and then its answer is lost."""
    SLOW = "slow"
    """Read at a crawl, then as ever."""
    TRUNCATE = "truncate"
    """A download that ends early although it promised more."""


@dataclass
class Fault:
    """One scripted fault."""

    act: Act
    method: str
    """`*` is any but `getUpdates`."""
    times: int = 1
    """How many requests it hits."""
    skip: int = 0
    """How many it lets through before."""
    error: ApiError | None = None
    status: int = 0
    """A gateway's error page instead of an answer: 502, 504. 0 after `ACCEPT`: the connection just ends."""
    silent: bool = False
    """After `ACCEPT`: no answer ever, on an open connection."""
    read: int = 0
    """Bytes of the body that are read before the cut."""
    seconds: float = 0.0
    """How long a slow request takes longer."""
    hits: int = 0

    def takes(self, method: str) -> bool:
        """Whether it hits this request; counts."""
        if self.hits >= self.times or (self.method != method and (self.method != "*" or method == "getUpdates")):
            return False
        if self.skip:
            self.skip -= 1
            return False
        self.hits += 1
        return True


@dataclass
class _Flood:
    """429 until a time, to everybody or to one chat."""

    until: float
    chat: int | None
    told: list[float] = field(default_factory=list)


class Faults:
    """The script of one server. Every method returns the fault, whose `hits` tells whether it came about."""

    def __init__(self) -> None:
        self._script: list[Fault] = []
        self._floods: list[_Flood] = []

    def _add(self, fault: Fault) -> Fault:
        self._script.append(fault)
        return fault

    def refuse(self, method: str, error: ApiError, *, times: int = 1, skip: int = 0) -> Fault:
        """Answer with one of Telegram's own errors."""
        return self._add(Fault(Act.REFUSE, method, times, skip, error=error))

    def gateway(self, method: str, status: int = 502, *, times: int = 1, skip: int = 0) -> Fault:
        """Answer with a gateway's HTML page, without effect; 500 is told in Telegram's JSON."""
        if status == 500:
            return self.refuse(method, ApiError(500, "Internal Server Error"), times=times, skip=skip)
        return self._add(Fault(Act.REFUSE, method, times, skip, status=status))

    def cut(self, method: str, *, read: int = 0, times: int = 1, skip: int = 0) -> Fault:
        """End the connection after `read` bytes of the body: 0 is before it, more is in the middle of an upload."""
        return self._add(Fault(Act.CUT, method, times, skip, read=read))

    def accepted(self, method: str, *, silent: bool = False, status: int = 0, times: int = 1, skip: int = 0) -> Fault:
        """Carry the request out, then lose the answer: cut, silent for good, or a gateway's page."""
        return self._add(Fault(Act.ACCEPT, method, times, skip, silent=silent, status=status))

    def slow(self, method: str, seconds: float, *, times: int = 1, skip: int = 0) -> Fault:
        """Take that much longer to read the request."""
        return self._add(Fault(Act.SLOW, method, times, skip, seconds=seconds))

    def truncate(self, *, times: int = 1) -> Fault:
        """Break a download off in the middle."""
        return self._add(Fault(Act.TRUNCATE, FILE, times))

    def flood(self, seconds: float, *, chat: int | None = None) -> None:
        """Answer 429 for so long, to everything that is sent (or, with `chat`, to what is sent there)."""
        self._floods.append(_Flood(time.monotonic() + seconds, chat))

    def take(self, method: str) -> Fault | None:
        """The fault that hits a request, if any."""
        return next((f for f in self._script if f.takes(method)), None)

    def flooded(self, chat: int | None, at: float) -> tuple[ApiError | None, bool]:
        """429 if one is in force, and whether its chat was told so long enough ago to have known better."""
        for flood in self._floods:
            if at < flood.until and flood.chat in (None, chat):
                known = any(at - told > 0.7 for told in flood.told)
                flood.told.append(at)
                return too_many(max(1, -int(-(flood.until - at) // 1))), known
        return None, False
