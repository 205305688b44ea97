"""Runs a second client of a platform in its own environment: `make judges` made it."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest
from paths import ROOT

PYTHON = ROOT / ".venv-judges" / "bin" / "python"
FOLDER = Path(__file__).parent


async def judged(script: str, *args: str, given: bytes = b"") -> str:
    """What a script says; the test fails with its words where it ends with an error.

    Skipped where the environment was not made: `make test` makes it.
    """
    if not PYTHON.exists():
        pytest.skip("the second clients are not installed: `make judges` does that")
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    process = await asyncio.create_subprocess_exec(
        PYTHON,
        FOLDER / script,
        *args,
        env=environment,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await asyncio.wait_for(process.communicate(given), 90)
    assert process.returncode == 0, said.decode()
    return said.decode()
