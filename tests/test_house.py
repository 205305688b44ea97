"""The house rules that no linter checks."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from paths import ROOT

SOURCES = sorted(p for top in ("core", "bots", "bench", "training") for p in (ROOT / top).rglob("*.py"))
PAGE = sorted((ROOT / "bots" / "web" / "static").rglob("*.*s"))
MOST_LINES = 450
MOST_FUNCTION_LINES = 60


@pytest.mark.parametrize("path", [*SOURCES, *PAGE], ids=lambda p: str(p.relative_to(ROOT)))
def test_no_file_is_long(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= MOST_LINES


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_no_function_is_long(path: Path) -> None:
    long = [
        f"{node.name} ({node.end_lineno - node.lineno + 1} lines)"
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno + 1 > MOST_FUNCTION_LINES
    ]
    assert long == []


def test_core_reads_the_environment_in_one_place() -> None:
    readers = {p.name for p in (ROOT / "core").rglob("*.py") if "os.environ" in p.read_text()}
    assert readers <= {"settings.py"}


def test_no_weights_over_5_mb() -> None:
    heavy = [p for top in ("core", "bots", "training") for p in (ROOT / top).rglob("*") if p.is_file()]
    assert [str(p) for p in heavy if p.stat().st_size > 5_000_000] == []
