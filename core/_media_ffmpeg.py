"""One ffmpeg child: fed from an open file, held to a time limit, always reaped, its log kept from people."""

from __future__ import annotations

import io
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

import ffmpeg
import imageio_ffmpeg

from core._media_types import MEDIA_TYPES
from core.errors import Broken, OverLimit
from core.sayings import saying

TIME_LIMIT_S = 300.0
"""Wall-clock seconds for one ffmpeg; two hours of mp3 take about 20 on a slow core."""

DEMUXERS = ",".join(MEDIA_TYPES)
"""What ffmpeg may take an input for: no playlist, no image sequence, no device, no text."""

_LOG_PART = 32 * 1024
_MAX_ALLOC = 1 << 29
"""The largest single allocation, bytes."""
_MAX_PIXELS = 8192 * 8192


class Child:
    """A running ffmpeg. `log` and `returncode` are complete once its block has ended."""

    def __init__(self, process: subprocess.Popen[bytes], limit_s: float) -> None:
        assert process.stderr is not None
        self.stdout: IO[bytes] = process.stdout or io.BytesIO()
        """Empty where nothing is read from it."""
        self.timed_out = False
        self._process = process
        self._head = b""
        self._tail = b""
        self._drain = threading.Thread(target=self._keep_log, args=(process.stderr,), daemon=True)
        self._timer = threading.Timer(limit_s, self._expire)
        self._timer.daemon = True
        self._drain.start()
        self._timer.start()

    @property
    def log(self) -> str:
        """The first and the last lines that ffmpeg wrote, 32 KiB each at most."""
        return (self._head + self._tail).decode("utf-8", "replace")

    @property
    def returncode(self) -> int:
        """The exit status."""
        return self._process.wait()

    def write(self, content: bytes) -> None:
        """Hand it more of its input. One that ended early takes nothing, and its status tells."""
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):
            self._process.stdin.write(content)

    def close(self, *, kill: bool) -> None:
        """Reap the child and let go of its pipes. A child that nobody reads any more is killed."""
        if kill:
            self._process.kill()
        if self._process.stdin is not None:
            with suppress(BrokenPipeError):
                self._process.stdin.close()
        self.stdout.close()
        self._process.wait()
        self._timer.cancel()
        self._timer.join()
        self._drain.join()

    def _expire(self) -> None:
        self.timed_out = True
        self._process.kill()

    def _keep_log(self, stderr: IO[bytes]) -> None:
        with stderr:
            while chunk := stderr.read1(4096):  # type: ignore[attr-defined]  # a BufferedReader has it
                room = _LOG_PART - len(self._head)
                self._head += chunk[:room]
                self._tail = (self._tail + chunk[room:])[-_LOG_PART:] if room < len(chunk) else self._tail


def source(**options: Any) -> Any:
    """The input node of an ffmpeg graph: the open file on the child's standard input, and nothing else.

    The `fd` protocol can seek in it, and with that protocol alone allowed nothing inside the file can name another.
    """
    return ffmpeg.input(
        "fd:",
        protocol_whitelist="fd",
        format_whitelist=DEMUXERS,
        max_pixels=_MAX_PIXELS,
        threads=1,
        **options,
    )


@contextmanager
def running(graph: Any, path: Path, *, limit_s: float | None = None) -> Iterator[Child]:
    """Run an ffmpeg-python graph over the file at `path` for as long as the block reads its standard output.

    Raises:
        OverLimit: the wall-clock limit passed.
        Broken: ffmpeg cannot be started, or the file cannot be opened.
    """
    try:
        with path.open("rb") as file:
            process = subprocess.Popen(_command(graph), stdin=file, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    except (OSError, RuntimeError) as error:
        raise Broken(f"ffmpeg cannot be started: {type(error).__name__}") from error
    with _reaped(Child(process, limit_s or TIME_LIMIT_S)) as child:
        yield child


@contextmanager
def feeding(graph: Any, *, limit_s: float) -> Iterator[Child]:
    """Run a graph that reads what the block writes to its standard input.

    Raises:
        OverLimit: the wall-clock limit passed.
        Broken: ffmpeg cannot be started.
    """
    try:
        pipe = subprocess.PIPE
        process = subprocess.Popen(_command(graph), stdin=pipe, stdout=subprocess.DEVNULL, stderr=pipe)
    except (OSError, RuntimeError) as error:
        raise Broken(f"ffmpeg cannot be started: {type(error).__name__}") from error
    with _reaped(Child(process, limit_s)) as child:
        yield child


def _command(graph: Any) -> Sequence[str]:
    flags = ("-nostdin", "-hide_banner", "-nostats", "-loglevel", "info", "-max_alloc", str(_MAX_ALLOC))
    return list(graph.global_args(*flags).compile(cmd=imageio_ffmpeg.get_ffmpeg_exe()))


@contextmanager
def _reaped(child: Child) -> Iterator[Child]:
    try:
        yield child
    except BaseException:
        child.close(kill=True)
        raise
    child.close(kill=False)
    if child.timed_out:
        raise OverLimit(saying("file_slow"))


def ffmpeg_version() -> str:
    """The version of the ffmpeg that is used.

    Raises:
        Broken: it cannot be started.
    """
    try:
        return str(imageio_ffmpeg.get_ffmpeg_version())
    except (OSError, RuntimeError, subprocess.SubprocessError) as error:
        raise Broken(f"ffmpeg cannot be started: {type(error).__name__}") from error
