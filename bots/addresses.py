"""Addresses of a platform's API as operators write them."""

from __future__ import annotations

from urllib.parse import urlsplit


def completed(address: str, usual: str, path: str) -> str:
    """`address`, or `usual` where none is set; with the platform's own path where it names a host alone.

    `completed("http://127.0.0.1:8081", "...", "/bot")` is `http://127.0.0.1:8081/bot`.
    """
    if not address:
        return usual
    return address.rstrip("/") + path if urlsplit(address).path in ("", "/") else address
