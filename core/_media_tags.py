"""A file's own metadata: what it says of how it was made, written and read in each container's way."""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import ffmpeg

from core._media_ffmpeg import running, source
from core._media_types import About
from core.errors import Broken, OverLimit

_PNG, _JPEG, _MIDI = b"\x89PNG\r\n\x1a\n", b"\xff\xd8", b"MThd"
_PNG_HEAD = 33
"""Signature and IHDR, which comes first."""
_XMP_NAME = b"http://ns.adobe.com/xap/1.0/\0"
_XMP_BOX = UUID("be7acfcb-97a9-42e8-9c71-999491e3afac").bytes
"""Where XMP lies in an MP4 (Adobe, XMP specification part 3)."""
_FORMS = {  # media types whose files ffmpeg writes anew with other metadata, the streams as they are
    "audio/flac": ("flac", ".flac"), "audio/mp4": ("ipod", ".m4a"), "audio/mpeg": ("mp3", ".mp3"),
    "audio/ogg": ("ogg", ".ogg"), "video/mp4": ("mp4", ".mp4"),
}  # fmt: skip


def written(about: About) -> dict[str, Any]:
    """The options of an ffmpeg output that write it into the file. The numbers only make two options of one."""
    return {"metadata:g:0": f"comment={about.recipe}", "metadata:g:1": f"keywords={about.mark}"}


def tag(path: Path, media_type: str, about: About) -> None:
    """Write into a finished file how it was made. A container that has no place for it, as plain text, stays as it is.

    Raises:
        OverLimit, Broken: a file that ffmpeg has to write is not written.
    """
    content = path.read_bytes() if media_type not in _FORMS else b""
    if content[:4] == b"RIFF":
        path.write_bytes(_wav(content, about))
    elif content.startswith(_PNG):
        path.write_bytes(_png(content, about))
    elif content.startswith(_JPEG):
        path.write_bytes(_jpeg(content, about))
    elif content.startswith(_MIDI):
        path.write_bytes(_midi(content, about))
    elif media_type in _FORMS:
        _rewrite(path, media_type, about)


def tagged_jpeg(content: bytes, about: About) -> bytes:
    """A JPEG that says how it was made."""
    return _jpeg(content, about)


def read_tag(path: Path) -> str | None:
    """What a file says of how it was made; None where it says nothing that is understood."""
    with path.open("rb") as file:
        head = file.read(12)
        if head[:4] == b"RIFF" and head[8:] == b"WAVE":
            return _read_wav(head + file.read())
        if head.startswith(_MIDI):
            return _read_midi(head + file.read())
    if head.startswith((_PNG, _JPEG)):
        return _read_picture(path)
    return _read_comment(path, "0") or _read_comment(path, "0:s:0")


def _read_comment(path: Path, where: str) -> str | None:
    """The comment in a container that ffmpeg reads: of the file, or of its first stream, where Ogg has it."""
    graph = ffmpeg.output(source(), "pipe:", format="ffmetadata", map_metadata=where)
    try:
        with running(graph, path) as child:
            told = child.stdout.read().decode("utf-8", "replace")
    except (OverLimit, Broken):
        return None  # it is not known what it says
    found = re.search(r"^comment=((?:\\.|[^\\\n])*)$", told, re.MULTILINE | re.DOTALL | re.IGNORECASE)
    return re.sub(r"\\(.)", r"\1", found[1], flags=re.DOTALL) if found else None


def _rewrite(path: Path, media_type: str, about: About) -> None:
    form, suffix = _FORMS[media_type]
    target = path.with_name(f"tagged{suffix}")
    movflags = {"movflags": "+faststart"} if form in ("mp4", "ipod") else {}
    options = {"map": 0, "c": "copy", "map_metadata": -1, "bitexact": None, **movflags, **written(about)}
    graph = ffmpeg.output(source(), f"file:{target.absolute()}", format=form, **options).overwrite_output()
    with running(graph, path) as child:
        child.stdout.read()
    if child.returncode or not target.stat().st_size:
        target.unlink(missing_ok=True)
        raise Broken(f"ffmpeg cannot write {form} with its metadata: status {child.returncode}")
    if form == "mp4":
        xmp = _xmp(about)
        with target.open("ab") as file:
            file.write(struct.pack(">I4s", 8 + 16 + len(xmp), b"uuid") + _XMP_BOX + xmp)
    target.replace(path)


def _xmp(about: About) -> bytes:
    """XMP with the one property of IPTC's extension schema that tells what made a picture or a video."""
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""'
        ' xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/">'
        f"<Iptc4xmpExt:DigitalSourceType>{about.source_type}</Iptc4xmpExt:DigitalSourceType>"
        '</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
    ).encode()


def _wav(content: bytes, about: About) -> bytes:
    """With a LIST of INFO behind the samples (Microsoft RIFF)."""
    info = b"INFO" + b"".join(
        struct.pack("<4sI", name, len(text) + 1) + text + b"\0" * (1 + (len(text) + 1) % 2)
        for name, text in ((b"ICMT", about.recipe.encode()), (b"IKEY", about.mark.encode()))
    )
    whole = content + b"\0" * (len(content) % 2) + struct.pack("<4sI", b"LIST", len(info)) + info
    return whole[:4] + struct.pack("<I", len(whole) - 8) + whole[8:]


def _read_wav(content: bytes) -> str | None:
    for name, at, size in _riff(content, 12, len(content)):
        if name == b"LIST" and content[at : at + 4] == b"INFO":
            for inner, begin, long in _riff(content, at + 4, at + size):
                if inner == b"ICMT":
                    return content[begin : begin + long].rstrip(b"\0").decode("utf-8", "replace")
    return None


def _riff(content: bytes, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Name, place and size of each chunk."""
    while at + 8 <= end:
        name, size = struct.unpack_from("<4sI", content, at)
        yield name, at + 8, size
        at += 8 + size + size % 2


def _png(content: bytes, about: About) -> bytes:
    """With international text behind the header (PNG, third edition, 11.3.3)."""
    texts = {b"Comment": about.recipe.encode(), b"Description": about.mark.encode(), b"XML:com.adobe.xmp": _xmp(about)}
    chunks = b"".join(_png_chunk(name + b"\0\0\0\0\0" + text) for name, text in texts.items())
    return content[:_PNG_HEAD] + chunks + content[_PNG_HEAD:]


def _png_chunk(data: bytes) -> bytes:
    body = b"iTXt" + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))


def _jpeg(content: bytes, about: About) -> bytes:
    """With a comment and an APP1 of XMP, behind the APP0 that must come first."""
    at = 2
    while content[at : at + 2] in (b"\xff\xe0", b"\xff\xe1"):
        at += 2 + int.from_bytes(content[at + 2 : at + 4])
    parts = {b"\xff\xe1": _XMP_NAME + _xmp(about), b"\xff\xfe": about.recipe.encode()}
    more = b"".join(mark + struct.pack(">H", 2 + len(data)) + data for mark, data in parts.items())
    return content[:at] + more + content[at:]


def _read_picture(path: Path) -> str | None:
    from PIL import Image

    try:
        with Image.open(path, formats=("PNG", "JPEG")) as image:
            found = image.info.get("Comment") or image.info.get("comment")
    except (OSError, SyntaxError, ValueError):
        return None  # no picture after all
    return found.decode("utf-8", "replace") if isinstance(found, bytes) else found


def _midi(content: bytes, about: About) -> bytes:
    """With a text event at the start of the first track (Standard MIDI Files 1.0)."""
    at = content.index(b"MTrk")
    event = b"".join(b"\0\xff\x01" + _variable(len(t)) + t for t in (about.recipe.encode(), about.mark.encode()))
    size = int.from_bytes(content[at + 4 : at + 8]) + len(event)
    return content[: at + 4] + struct.pack(">I", size) + event + content[at + 8 :]


def _variable(number: int) -> bytes:
    """A length in groups of seven bits, the highest first."""
    groups = [number & 0x7F]
    while number := number >> 7:
        groups.insert(0, 0x80 | number & 0x7F)
    return bytes(groups)


def _read_midi(content: bytes) -> str | None:
    found = content.find(b"\0\xff\x01")
    if found < 0:
        return None
    at, size = found + 3, 0
    while content[at : at + 1] and content[at] & 0x80:
        size, at = size << 7 | content[at] & 0x7F, at + 1
    if at >= len(content):
        return None
    size, at = size << 7 | content[at], at + 1
    return content[at : at + size].decode("utf-8", "replace")
