"""What a file is by its first bytes, found independently of the product."""

from __future__ import annotations

_MIMETYPES = {
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "mp4": "video/mp4",
    "ogg": "audio/ogg",
    "wav": "audio/wav",
    "webm": "video/webm",
    "flac": "audio/flac",
    "png": "image/png",
    "jpg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "html": "text/html",
}

ALIKE = {"m4a": {"m4a", "mp4"}, "mp4": {"mp4", "m4a", "mov"}, "jpg": {"jpg", "jpeg"}, "ogg": {"ogg", "oga", "opus"}}
"""Extensions that are right for a kind, where there is more than the kind's own name."""


def sniffed(content: bytes) -> str:
    """`mp3`, `m4a`, `mp4`, `ogg`, `wav`, `webm`, `flac`, `png`, `jpg`, `gif`, `webp`, `html`; empty when unknown."""
    head = content[:64]
    if head[4:8] == b"ftyp":
        return "mp4" if b"vide" in content else "m4a"
    if head[:4] == b"RIFF":
        return {b"WAVE": "wav", b"WEBP": "webp"}.get(head[8:12], "")
    starts = {
        b"OggS": "ogg",
        b"fLaC": "flac",
        b"\x1aE\xdf\xa3": "webm",
        b"\x89PNG": "png",
        b"\xff\xd8\xff": "jpg",
        b"GIF8": "gif",
        b"ID3": "mp3",
    }
    for start, kind in starts.items():
        if head.startswith(start):
            return kind
    if len(head) > 1 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0:
        return "mp3"
    return "html" if head.lstrip()[:9].lower() in (b"<!doctype", b"<html>") else ""


def type_of(name: str, content: bytes) -> tuple[str, str]:
    """What Slack says of a file: (mimetype, filetype)."""
    kind = sniffed(content)
    extension = name.rpartition(".")[2].lower() if "." in name else ""
    return _MIMETYPES.get(kind, "application/octet-stream"), kind or extension or "binary"
