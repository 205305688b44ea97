"""Rules of the Bot API that stand in its prose, not in its types.

What Telegram refuses raises `ApiError` with its words; what it takes but shows wrongly (or what only it may change its
mind about) is returned as faults, which fail the test.
"""

from __future__ import annotations

import re
from typing import Any

from platforms.telegram.call import Call, Part
from platforms.telegram.errors import ApiError, bad
from platforms.telegram.textparse import units
from platforms.telegram.uploads import Probe, probe

MiB = 1 << 20
TEXT_LENGTH = 4096
CAPTION_LENGTH = 1024
ANSWER_LENGTH = 200
UPLOAD_SIZE = 50 * MiB
PHOTO_SIZE = 10 * MiB
DOWNLOAD_SIZE = 20 * MiB
BUBBLE_SIZE = 1 * MiB
"""A larger voice note is shown as a file."""

ACTIONS = {
    *("typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "upload_document"),
    *("choose_sticker", "find_location", "record_video_note", "upload_video_note"),
}
_SMILES = (
    "👍 👎 ❤ 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 🌚 🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 🖕 "
    "😈 😴 😭 🤓 👻 👀 🎃 🙈 😇 😨 🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 😡"
)
REACTIONS = frozenset(_SMILES.split())
CAPTIONED = {"voice", "audio", "video", "photo", "document", "animation"}


def text(said: str, *, caption: bool) -> list[str]:
    """A message's text or a medium's caption, after entities are parsed."""
    most = CAPTION_LENGTH if caption else TEXT_LENGTH
    if not caption and not said.strip():
        raise bad("message text is empty")
    if len(said) > most:
        raise bad("message caption is too long" if caption else "message is too long")
    if units(said) > most:
        return [f"a text of {units(said)} UTF-16 units, of which {most} are sure to be taken"]
    return []


def buttons(markup: Any) -> list[list[dict[str, Any]]]:
    """The rows of an inline keyboard."""
    if markup is None or markup == {}:
        return []
    if not isinstance(markup, dict) or "inline_keyboard" not in markup:
        raise bad("this server plays inline keyboards only")
    rows: list[list[dict[str, Any]]] = [row for row in markup["inline_keyboard"] if row]
    for button in (b for row in rows for b in row):
        if not button.get("text"):
            raise bad('can\'t parse inline keyboard button: Field "text" must be non-empty')
        if button.get("url"):
            if not re.match(r"(https?|tg)://\S+$", button["url"]):
                raise bad(f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL")
        elif not button.get("callback_data"):
            raise bad("Text buttons are unallowed in the inline keyboard")
        elif len(button["callback_data"].encode()) > 64:
            raise bad("BUTTON_DATA_INVALID")
    if sum(map(len, rows)) > 100:
        raise bad("reply markup is too long")
    return rows


def commands(given: Any) -> None:
    """What `setMyCommands` takes."""
    if len(given) > 100:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    for command in given:
        if not re.fullmatch(r"[a-z0-9_]{1,32}", command["command"]):
            raise bad("BOT_COMMAND_INVALID")
        if not 1 <= len(command["description"]) <= 256:
            raise bad("BOT_COMMAND_DESCRIPTION_INVALID")


async def upload(kind: str, part: Part, call: Call) -> tuple[Probe, list[str]]:
    """An uploaded medium against what its method asks for."""
    if not part.content:
        raise bad("file must be non-empty")
    if len(part.content) > UPLOAD_SIZE:
        raise ApiError(413, "Request Entity Too Large")
    faults = [] if part.filename and "." in part.filename else [f"{kind}: no file name, so no type: {part.filename!r}"]
    if part.filename == "application.octet-stream":
        faults.append(f"{kind}: uploaded as plain bytes, without a name")
    found = await probe(part.content)
    check = {
        "voice": _voice,
        "audio": _audio,
        "video": _video,
        "animation": _video,
        "video_note": _video_note,
        "photo": _photo,
    }.get(kind)
    if check is not None:
        faults += check(part, found, call)
    return found, [f"{call.method}: {fault}" for fault in faults]


def _claims(call: Call, found: Probe, *, needs_duration: bool) -> list[str]:
    """Lengths and sizes that the bot tells beside a medium must be the medium's own."""
    faults = []
    told = call.text("duration")
    if needs_duration and not told:
        faults.append("no duration")
    if told and not told.isdigit():
        faults.append(f"duration is not in whole seconds: {told!r}")
    elif told and abs(int(told) - found.seconds) > 1:
        faults.append(f"says that it plays {told} s and plays {found.seconds:.1f} s")
    real = {"width": found.width, "height": found.height}
    return faults + [
        f"says that its {name} is {call.text(name)}, which is {value}"
        for name, value in real.items()
        if call.number(name) not in (None, value)
    ]


def _voice(part: Part, found: Probe, call: Call) -> list[str]:
    faults = _claims(call, found, needs_duration=True)
    if (found.container, found.audio) != ("ogg", "opus"):
        faults.append(f"{found.container or 'no medium'}/{found.audio or 'no sound'} is no OGG/Opus: no waveform")
    if found.channels != 1 or found.rate != 48000:
        faults.append(f"{found.channels} channels at {found.rate} Hz, where clients send mono at 48 kHz")
    if not part.content_type.startswith("audio/"):
        faults.append(f"part of type {part.content_type!r}")
    if len(part.content) > BUBBLE_SIZE:
        faults.append(f"{len(part.content)} bytes: shown as a file, not as a voice message")
    return faults


def _audio(part: Part, found: Probe, call: Call) -> list[str]:
    faults = _claims(call, found, needs_duration=True)
    if (found.container, found.audio) != ("mp3", "mp3") and (found.container[:3], found.audio) != ("mov", "aac"):
        faults.append(f"{found.container or 'no medium'}/{found.audio or 'no sound'} is neither MP3 nor M4A")
    if not part.filename.lower().endswith((".mp3", ".m4a")):
        faults.append(f"named {part.filename!r}: clients go by the extension")
    return faults


def _video(part: Part, found: Probe, call: Call) -> list[str]:
    faults = _claims(call, found, needs_duration=True)
    if found.container[:3] != "mov" or found.video not in ("h264", "hevc", "mpeg4"):
        faults.append(f"{found.container or 'no medium'}/{found.video or 'no picture'} is no MPEG4: shown as a file")
    if not part.filename.lower().endswith(".mp4"):
        faults.append(f"named {part.filename!r}: clients go by the extension")
    return faults


def _video_note(part: Part, found: Probe, call: Call) -> list[str]:
    faults = _video(part, found, call)
    if found.width != found.height:
        faults.append(f"{found.width}x{found.height} is not square")
    if found.seconds > 60.5:
        faults.append(f"plays {found.seconds:.1f} s, longer than a minute")
    if call.number("length") not in (None, found.width):
        faults.append(f"says that its length is {call.text('length')}, which is {found.width}")
    return faults


def _photo(part: Part, found: Probe, call: Call) -> list[str]:
    if not found.width:
        raise bad("IMAGE_PROCESS_FAILED")
    if found.width + found.height > 10_000 or max(found.width, found.height) > 20 * min(found.width, found.height):
        raise bad("PHOTO_INVALID_DIMENSIONS")
    if len(part.content) > PHOTO_SIZE:
        raise bad("file is too big")
    return []


async def thumbnail(part: Part) -> list[str]:
    """A cover picture: a JPEG under 200 kB, at most 320 pixels a side."""
    found = await probe(part.content)
    if not part.content.startswith(b"\xff\xd8") or len(part.content) > 200_000 or max(found.width, found.height) > 320:
        return [f"a thumbnail of {len(part.content)} bytes, {found.width}x{found.height}, that is ignored"]
    return []


def webhook(call: Call) -> None:
    """What `setWebhook` takes."""
    url = call.text("url")
    found = re.fullmatch(r"https://[^/:]+(?::(\d+))?(/.*)?", url)
    if url and not found:
        raise bad("bad webhook: An HTTPS URL must be provided for webhook")
    if found and found[1] not in (None, "443", "80", "88", "8443"):
        raise bad("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
    secret = call.text("secret_token")
    if len(secret) > 256:
        raise bad("secret token is too long")
    if not re.fullmatch(r"[A-Za-z0-9_-]*", secret):
        raise bad("secret token contains unallowed characters")
