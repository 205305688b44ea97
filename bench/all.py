"""Every benchmark, one after the other, each in a process of its own."""

from __future__ import annotations

import subprocess
import sys

ALL = (
    "plumbing",
    "platforms",
    "voice",
    "speech",
    "voices",
    "listening",
    "separation",
    "imitation",
    "memory",
    "sounds",
    "extraction",
    "mending",
    "making",
    "scenes",
    "singing",
    "music",
    "videos",
    "routing",
    "evaluation",
    "start",
)


def main() -> int:
    failed = [name for name in ALL if subprocess.run([sys.executable, "-m", f"bench.{name}"]).returncode]
    if failed:
        print("failed:", ", ".join(failed))
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
