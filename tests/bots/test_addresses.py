"""Operators write addresses with a platform's path or without it."""

from __future__ import annotations

import pytest

from bots.addresses import completed


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("", "https://usual.example/bot"),
        ("http://127.0.0.1:8081", "http://127.0.0.1:8081/bot"),
        ("http://127.0.0.1:8081/", "http://127.0.0.1:8081/bot"),
        ("http://127.0.0.1:8081/bot", "http://127.0.0.1:8081/bot"),
        ("https://proxy.example/telegram/bot", "https://proxy.example/telegram/bot"),
    ],
)
def test_the_usual_path_is_filled_in(written: str, meant: str) -> None:
    assert completed(written, "https://usual.example/bot", "/bot") == meant
